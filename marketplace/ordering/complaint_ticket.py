"""Codes of complaints: drawn by chance, checked by their last character, readable over the telephone."""

import secrets

from marketplace.ordering.order_number import ALPHABET, check_character, read_characters

RANDOM_CHARACTERS = 9
PREFIX = "KN"


def draw_ticket() -> str:
    """Return a new code: 45 random bits in Crockford's base 32 and a check character."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM_CHARACTERS))
    return body + check_character(body)


def write_ticket(ticket: str) -> str:
    """Return a code as people read it out: KN-7K4M2-PQX8V."""
    return f"{PREFIX}-{ticket[:5]}-{ticket[5:]}"


def read_ticket(text: str) -> str | None:
    """Return the code somebody typed, or None when a character is wrong, swapped or missing."""
    typed = text.strip().upper()
    told = read_characters(typed, RANDOM_CHARACTERS + 1)
    return told or read_characters(typed.removeprefix(PREFIX), RANDOM_CHARACTERS + 1)
