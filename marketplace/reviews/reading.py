"""Reading what people typed: NFC, lines kept, nothing that does not print, lengths within bounds."""

from marketplace.reviews.errors import InvalidVoice
from marketplace.text import clean, clean_lines, one_line

LONGEST_REVIEW = 2_000
LONGEST_AUTHOR = 60
LONGEST_REPLY = 1_000
SHORTEST_QUESTION, LONGEST_QUESTION = 10, 500
SHORTEST_REPORT, LONGEST_REPORT = 10, 500
RATINGS = range(1, 6)
DIGITS_OF_A_PHONE = 8
"""A name with so many digits is no name: a telephone number would be public."""


def read_words(field: str, text: str, shortest: int, longest: int) -> str:
    """Return words of several lines; raises InvalidVoice."""
    words = clean_lines("\n".join(one_line(line) for line in text.splitlines()))
    if not shortest <= len(words) <= longest:
        raise InvalidVoice(field=field, shortest=shortest, most=longest)
    return words


def read_author(text: str) -> str:
    """Return the name that a buyer wants to be called by; raises InvalidVoice, also for a telephone."""
    name = one_line(text)
    digits = sum(letter.isdigit() for letter in name)
    named = any(letter.isalpha() for letter in name)
    if not named or len(name) > LONGEST_AUTHOR or digits >= DIGITS_OF_A_PHONE or "@" in name:
        raise InvalidVoice(field="author", shortest=1, most=LONGEST_AUTHOR)
    return name


def read_rating(text: str) -> int:
    """Return a rating from 1 to 5; raises InvalidVoice."""
    if text not in {str(rating) for rating in RATINGS}:
        raise InvalidVoice(field="rating")
    return int(text)


def propose_author(name: str) -> str:
    """Return how a buyer might be called: the given name and the first letter of the family name, An T."""
    words = [word for word in clean(name).split() if word[0].isalpha()]
    if not words:
        return ""
    initial = f" {words[0][0].upper()}." if len(words) > 1 else ""
    return words[-1][: LONGEST_AUTHOR - len(initial)] + initial
