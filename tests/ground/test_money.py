"""Whole đồng, written and divided as the trade does."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace import money


@pytest.mark.parametrize(
    ("amount", "written"),
    [(0, "0"), (999, "999"), (1_000, "1.000"), (1_250_000, "1.250.000"), (-45_500, "-45.500")],
)
def test_amounts_are_written_with_points_and_the_sign_of_the_dong(amount: int, written: str) -> None:
    assert money.format_vnd(amount) == f"{written}\u00a0₫"


@pytest.mark.parametrize(
    ("gross", "rate", "vat"),
    [
        (110_000, 10, 10_000),
        (108_000, 8, 8_000),
        (100_000, 8, 7_407),
        (105, 5, 5),
        (21, 5, 1),
        (99_000, 0, 0),
    ],
)
def test_the_vat_contained_is_rounded_half_up(gross: int, rate: int, vat: int) -> None:
    assert money.vat_included(gross, rate) == vat


@given(gross=st.integers(0, 10**12), rate=st.sampled_from([0, 5, 8, 10]))
def test_net_and_vat_make_the_gross_to_within_half_a_dong(gross: int, rate: int) -> None:
    vat = money.vat_included(gross, rate)
    assert abs((gross - vat) * rate - vat * 100) <= (100 + rate) / 2


@pytest.mark.parametrize(
    ("price", "quantity", "each"),
    [(150_000, "0.5", 300_000), (100_000, "3", 33_333), (5, "2", 3), (0, "0.7", 0)],
)
def test_the_price_of_a_unit_is_rounded_half_up(price: int, quantity: str, each: int) -> None:
    assert money.per_unit(price, Decimal(quantity)) == each


def test_nothing_has_no_price_a_unit() -> None:
    with pytest.raises(ZeroDivisionError):
        money.per_unit(1_000, Decimal(0))
