"""Order numbers: drawn by chance, checked by their last character, readable over the telephone."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 13
_LENGTH = RANDOM_CHARACTERS + 1
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})


def draw_number() -> str:
    """Return a new order number: 65 random bits in Crockford's base 32 and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return body + check_character(body)


def write_number(number: str) -> str:
    """Return a number in groups, as people read it out: 7K4M2-PQX8V-3T9B."""
    return "-".join((number[:5], number[5:10], number[10:]))


def read_number(text: str) -> str | None:
    """Return the number somebody typed, or None when a character is wrong, swapped or missing."""
    return read_characters(text, _LENGTH)


def read_characters(text: str, length: int) -> str | None:
    """Return so many characters with a check character last, as somebody typed them, or None."""
    typed = "".join(letter for letter in text.upper().translate(_MISREAD) if letter not in " -–.")
    if len(typed) != length or any(letter not in ALPHABET for letter in typed):
        return None
    return typed if check_character(typed[:-1]) == typed[-1] else None


def check_character(body: str) -> str:
    """Return the check character by Luhn's algorithm in base 32."""
    total = 0
    for place, letter in enumerate(reversed(body)):
        value = ALPHABET.index(letter) * (2 if place % 2 == 0 else 1)
        total += value // 32 + value % 32
    return ALPHABET[-total % 32]
