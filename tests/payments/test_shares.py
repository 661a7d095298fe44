"""Whole đồng divided: nothing is lost, nothing is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payments.shares import share, split


@given(
    amount=st.integers(0, 10**10),
    weights=st.dictionaries(st.integers(), st.integers(1, 10**10), min_size=1, max_size=12),
)
def test_parts_add_up_and_are_within_a_dong_of_the_exact_share(amount: int, weights: dict[int, int]) -> None:
    parts = split(amount, weights)
    whole = sum(weights.values())

    assert sum(parts.values()) == amount
    assert all(abs(parts[key] * whole - amount * weight) < whole for key, weight in weights.items())


def test_the_largest_remainder_gets_the_dong_left_over() -> None:
    assert split(100, {1: 1, 2: 1, 3: 1}) == {1: 34, 2: 33, 3: 33}
    assert split(10, {1: 19, 2: 81}) == {1: 2, 2: 8}


def test_nothing_has_weight() -> None:
    with pytest.raises(ZeroDivisionError):
        split(1, {1: 0})


def test_a_share_is_rounded_half_up_and_of_nothing_it_is_nothing() -> None:
    assert [share(5, 1, 2), share(4, 1, 3), share(7, 0, 3), share(7, 3, 3), share(7, 0, 0)] == [3, 1, 0, 7, 0]
