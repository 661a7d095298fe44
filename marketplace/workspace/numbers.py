"""Numbers as people in Vietnam type them: dots between thousands, a comma before decimals."""

import re
from decimal import Decimal

from marketplace.errors import InvalidInput
from marketplace.text import read_number

_MONEY = re.compile(r"(đ|₫|vnd|vnđ)$")


def read_decimal(field: str, text: str) -> Decimal:
    """Return a number that is not negative, with at most three decimals.

    Raises InvalidInput naming the field.
    """
    try:
        return read_number(_MONEY.sub("", text.strip().lower()))
    except ValueError as error:
        raise InvalidInput(field=field) from error


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
