"""Numbers as people in Vietnam type them: dots between thousands, a comma before decimals."""

import re
from decimal import Decimal

from marketplace.errors import InvalidInput

LONGEST = 20
_GROUPED = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII)
_PLAIN = re.compile(r"\d+([.,]\d+)?", re.ASCII)


def read_decimal(field: str, text: str) -> Decimal:
    """Return a number that is not negative, with at most three decimals.

    Raises InvalidInput naming the field.
    """
    typed = re.sub(r"[\s_]|(đ|₫|vnd|vnđ)$", "", text.strip().lower())
    if len(typed) > LONGEST:
        raise InvalidInput(field=field)
    if _GROUPED.fullmatch(typed):
        typed = typed.replace(".", "")
    elif not _PLAIN.fullmatch(typed):
        raise InvalidInput(field=field)
    number = Decimal(typed.replace(",", "."))
    if number != number.quantize(Decimal("0.001")):
        raise InvalidInput(field=field)
    return number


def read_whole(field: str, text: str) -> int:
    """Return a whole number that is not negative, such as đồng; raises InvalidInput naming the field."""
    number = read_decimal(field, text)
    if number != number.to_integral_value():
        raise InvalidInput(field=field)
    return int(number)


def write_decimal(number: Decimal | int) -> str:
    """Return a number as it is typed: no zeros at the end, a comma before decimals."""
    text = f"{Decimal(number):f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")
