"""Writing only what differs, so that importing twice changes nothing."""

from collections.abc import Mapping
from typing import Any


def assign(entity: object, values: Mapping[str, Any]) -> bool:
    """Set those attributes whose value differs; say whether any did."""
    different = {name: value for name, value in values.items() if getattr(entity, name) != value}
    for name, value in different.items():
        setattr(entity, name, value)
    return bool(different)


def fill(entity: object, values: Mapping[str, Any]) -> bool:
    """Set those attributes that are still empty; say whether any was."""
    empty = {name: value for name, value in values.items() if getattr(entity, name) is None}
    return assign(entity, {name: value for name, value in empty.items() if value is not None})
