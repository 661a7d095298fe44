"""How facts are written that are hashed: a fact a line, so that anybody gets the hash from `sha256sum`."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal

_ONE_LINE = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r"})


def write_lines(facts: Iterable[tuple[str, object]]) -> str:
    """Return facts a line each, none for absent ones."""
    return "".join(
        f"{name}: {str(value).translate(_ONE_LINE)}\n" for name, value in facts if value is not None
    )


def write_instant(at: datetime) -> str:
    """Return an instant in UTC, to the microsecond."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"


def write_number(quantity: Decimal | None) -> str | None:
    """Return a number in its shortest form."""
    return None if quantity is None else f"{quantity.normalize():f}"


def digest(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()
