"""Telephone numbers: one way to keep them, one to write them, one to hide them."""

import re

from marketplace.accounts.errors import InvalidPhone

_SEPARATORS = re.compile(r"[\s.\-()]+", re.ASCII)
_NATIONAL = re.compile(r"0[0-9]{9}")
_COUNTRY = re.compile(r"(?:\+|00)84(?=[0-9])|^84(?=[0-9]{9}$)")


def read_phone(text: str) -> str:
    """Return a Vietnamese number in its ten digits, however it was typed: 0912…, +84 912…, 0084….

    Raises InvalidPhone; its `missing` is how many digits are missing (negative: too many), or None
    when something else is wrong.
    """
    digits = _SEPARATORS.sub("", text.replace("\u00a0", " "))
    national = "0" + _COUNTRY.sub("", digits, count=1).removeprefix("0") if _COUNTRY.match(digits) else digits
    if _NATIONAL.fullmatch(national):
        return national
    counts = national.isascii() and national.isdigit() and national.startswith("0")
    raise InvalidPhone(field="phone", missing=10 - len(national) if counts and len(national) != 10 else None)


def mask_phone(phone: str) -> str:
    """Return a number of ten digits with its middle hidden, as order pages show it."""
    return f"{phone[:4]} ••• {phone[-3:]}"


def write_phone(phone: str) -> str:
    """Return a number of ten digits in groups: 0912 345 678."""
    return f"{phone[:4]} {phone[4:7]} {phone[7:]}"
