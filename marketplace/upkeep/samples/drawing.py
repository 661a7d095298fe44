"""Drawing lots that fall the same way every time: from a name, never from a clock."""

import hashlib
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


def lot(name: str, purpose: str, sides: int) -> int:
    """Return a number from 0 to `sides` - 1 that depends on nothing but the name and the purpose."""
    digest = hashlib.sha256(f"{purpose}\x1f{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % sides


def pick(name: str, purpose: str, choices: Sequence[T]) -> T:
    """Return one of the choices, always the same one for a name and purpose."""
    return choices[lot(name, purpose, len(choices))]
