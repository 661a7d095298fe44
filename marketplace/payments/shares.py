"""Whole đồng divided without losing one: pure arithmetic."""

from collections.abc import Mapping


def split(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Divide an amount in proportion to weights, by largest remainder; the parts add up to it exactly.

    Of equal remainders the smaller key comes first. Raises ZeroDivisionError when nothing has weight.
    """
    whole = sum(weights.values())
    parts = {key: amount * weight // whole for key, weight in weights.items()}
    left = amount - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: (-(amount * weights[key] % whole), key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts


def share(amount: int, part: int, whole: int) -> int:
    """Return `amount x part / whole` in whole đồng, half up; of nothing the share is nothing."""
    return (2 * amount * part + whole) // (2 * whole) if whole else 0
