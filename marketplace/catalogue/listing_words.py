"""Words that producers and officers write: cleaned, and no longer than a page can bear."""

from marketplace.catalogue.errors import InvalidWords
from marketplace.text import clean_lines

LONGEST_NAME = 200
LONGEST_TEXT = 4_000
LONGEST_NOTE = 1_000
LONGEST_SHELF_LIFE_DAYS = 3_650


def tidied(field: str, text: str | None, most: int = LONGEST_NAME, *, required: bool = False) -> str | None:
    """Return text in NFC with its lines kept, None for none; raises InvalidWords naming the field."""
    kept = clean_lines(text or "")
    if len(kept) > most or (required and not kept):
        raise InvalidWords(field=field, most=most)
    return kept or None


def days(field: str, number: int | None) -> int | None:
    """Return a number of days of 1 to 3,650, or None; raises InvalidWords naming the field."""
    if number is not None and not 1 <= number <= LONGEST_SHELF_LIFE_DAYS:
        raise InvalidWords(field=field, most=LONGEST_SHELF_LIFE_DAYS)
    return number
