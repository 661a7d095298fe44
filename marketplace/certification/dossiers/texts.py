"""Reading what offices and producers write beside a dossier."""

from marketplace.certification.dossiers.errors import InvalidDossier
from marketplace.text import clean_lines, one_line

LONGEST_REASONS = 2000


def read_words(field: str, text: str, most: int) -> str | None:
    """Return words of several lines, None for none; raises InvalidDossier when too long."""
    words = clean_lines(text)
    if len(words) > most:
        raise InvalidDossier(field=field, most=most)
    return words or None


def required_words(field: str, text: str, most: int) -> str:
    """Return words of several lines; raises InvalidDossier when there are none or too many."""
    words = read_words(field, text, most)
    if words is None:
        raise InvalidDossier(field=field)
    return words


def required_line(field: str, text: str, most: int) -> str:
    """Return a text in one line; raises InvalidDossier when there is none or it is too long."""
    line = one_line(text)
    if not line or len(line) > most:
        raise InvalidDossier(field=field, most=most)
    return line
