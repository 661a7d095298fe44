"""Global trade item numbers, kept as GTIN-14."""

from biip import ParseError
from biip.gtin import Gtin

from marketplace.catalogue.errors import InvalidGtin


def gtin14(text: str) -> str:
    """Return a GTIN-8, -12, -13 or -14 as 14 digits; raises InvalidGtin for all else (GS1 check digit)."""
    try:
        return Gtin.parse(text.strip()).as_gtin_14()
    except ParseError as error:
        raise InvalidGtin(field="gtin", gtin=text) from error
