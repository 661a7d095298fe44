"""Global location numbers: 13 digits, the last of which checks the others."""

from biip import ParseError
from biip.gln import Gln

from marketplace.traceability.errors import InvalidGln

SEPARATORS = str.maketrans("", "", " -.")
LENGTH = 13


def read_gln(text: str) -> str:
    """Return a location number as 13 digits, as GS1 Application Identifier 414 writes it.

    Raises InvalidGln for what has another length, other characters or a wrong check digit (GS1 General
    Specifications, 7.9.1).
    """
    digits = text.strip().translate(SEPARATORS)
    if not (digits.isascii() and digits.isdigit() and len(digits) == LENGTH):
        raise InvalidGln(field="gln", gln=text)
    try:
        return Gln.parse(digits).value
    except ParseError as error:
        raise InvalidGln(field="gln", gln=text) from error
