"""Tax codes (mã số thuế) of organisations: ten digits, the last of which follows from the others."""

import re

_TAX_CODE = re.compile(r"([0-9]{10})(?:-?([0-9]{3}))?", re.ASCII)
_WEIGHTS = (31, 29, 23, 19, 17, 13, 7, 5, 3)


def read_tax_code(text: str) -> str | None:
    """Return a Vietnamese tax code as it is printed, `0100109106` or, for a branch, `0100109106-001`.

    None for what has another number of digits, or a check digit that does not follow from the others.
    """
    parts = _TAX_CODE.fullmatch("".join(text.split()))
    if parts is None:
        return None
    code, branch = parts.groups()
    sum_of_digits = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, code, strict=False))
    if 10 - sum_of_digits % 11 != int(code[9]):
        return None
    return f"{code}-{branch}" if branch else code
