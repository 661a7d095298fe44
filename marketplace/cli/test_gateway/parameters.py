"""Reads the parameters of a request as Stripe's clients write them: `line_items[0][quantity]=2`."""

import re
from collections.abc import Iterable
from typing import Any

_PART = re.compile(r"\[([^\]]*)\]")


def read_parameters(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return nested parameters; lists come as mappings by their position."""
    parameters: dict[str, Any] = {}
    for name, value in pairs:
        head, *rest = name.split("[", 1)
        path = [head, *(_PART.findall("[" + rest[0]) if rest else [])]
        place = parameters
        for part in path[:-1]:
            place = place.setdefault(part, {})
        place[path[-1]] = value
    return parameters


def items_of(parameters: dict[str, Any], name: str) -> list[Any]:
    """Return the items of a list among parameters, in order."""
    return list(parameters.get(name, {}).values())
