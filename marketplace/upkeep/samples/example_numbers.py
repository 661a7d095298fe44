"""Numbers that GS1 keeps for examples: nobody's goods and nobody's places."""

from biip.checksums import gs1_standard_check_digit

EXAMPLE_PREFIX = "952"


def example_gtin(number: int) -> str:
    """Return a GTIN-13 of the example prefix 952 for a number up to nine digits."""
    digits = f"{EXAMPLE_PREFIX}{number:09d}"
    return f"{digits}{gs1_standard_check_digit(digits)}"


def example_gln(number: int) -> str:
    """Return a location number of the example prefix for a number up to nine digits: they are made alike."""
    return example_gtin(number)
