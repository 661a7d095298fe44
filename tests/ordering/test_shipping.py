"""What a parcel costs: steps of weight, kilograms begun, free over a worth, and whose province is which."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.ordering.shipping import RATES, Rate, Tariff, Zone, common_tariff, quote_shipping

NEAR, FAR = RATES[Zone.SAME_PROVINCE], RATES[Zone.ELSEWHERE]


@pytest.mark.parametrize(
    ("origin", "destination", "rate"),
    [(1, 1, NEAR), (1, 2, FAR), (None, 1, FAR), (1, None, FAR), (None, None, FAR)],
)
def test_an_unknown_province_is_another_one(origin: int | None, destination: int | None, rate: Rate) -> None:
    assert common_tariff(origin).rate_to(destination) is rate


def test_a_province_that_no_zone_names_lies_in_the_rest() -> None:
    north = Rate(((1_000, 9_000),), 1_000, None, (1, 2))
    tariff = Tariff(((frozenset({1, 2}), north), (frozenset({3}), NEAR)), FAR)
    assert [tariff.rate_to(province) for province in (1, 2, 3, 4, None)] == [north, north, NEAR, FAR, FAR]


@pytest.mark.parametrize(
    ("weight_g", "fee"),
    [(1, 20_000), (1_000, 20_000), (1_001, 26_000), (3_000, 26_000), (3_001, 29_000), (4_000, 29_000),
     (4_001, 32_000), (20_000, 77_000)],
)  # fmt: skip
def test_every_kilogram_begun_counts(weight_g: int, fee: int) -> None:
    assert quote_shipping(NEAR, weight_g, 1_000).fee == fee


def test_goods_of_enough_worth_travel_free() -> None:
    free_over = FAR.free_over
    assert free_over is not None
    assert quote_shipping(FAR, 500, free_over - 1).fee == 32_000
    assert quote_shipping(FAR, 500, free_over).fee == 0
    assert quote_shipping(FAR, 500, free_over).days_to == 5


def test_a_rate_may_know_no_free_delivery() -> None:
    rate = Rate(steps=((1_000, 9_000),), further_kilogram=1, free_over=None, days=(1, 1))
    assert quote_shipping(rate, 10, 10**9).fee == 9_000


def _rates() -> st.SearchStrategy[Rate]:
    weights = st.lists(st.integers(1, 100_000), min_size=1, max_size=6, unique=True).map(sorted)
    fees = st.lists(st.integers(0, 500_000), min_size=6, max_size=6).map(sorted)
    steps = st.tuples(weights, fees).map(lambda pair: tuple(zip(*pair, strict=False)))
    return st.builds(
        Rate, steps=steps, further_kilogram=st.integers(0, 50_000), free_over=st.none(), days=st.just((1, 2))
    )


@given(_rates(), st.integers(1, 200_000), st.integers(0, 50_000))
def test_fees_never_fall_with_weight(rate: Rate, weight_g: int, more: int) -> None:
    assert quote_shipping(rate, weight_g, 0).fee <= quote_shipping(rate, weight_g + more, 0).fee


def test_our_own_table_never_falls_with_weight() -> None:
    for rate in RATES.values():
        fees = [quote_shipping(rate, weight_g, 0).fee for weight_g in range(1, 12_000, 137)]
        assert fees == sorted(fees)
