import pytest

from marketplace.ordering.shipping import RATES, Rate, Zone, quote_shipping, zone_between


@pytest.mark.parametrize(
    ("origin", "destination", "zone"),
    [(1, 1, Zone.SAME_PROVINCE), (1, 2, Zone.ELSEWHERE), (None, 1, Zone.ELSEWHERE),
     (1, None, Zone.ELSEWHERE), (None, None, Zone.ELSEWHERE)],
)  # fmt: skip
def test_an_unknown_province_is_another_one(origin: int | None, destination: int | None, zone: Zone) -> None:
    assert zone_between(origin, destination) is zone


@pytest.mark.parametrize(
    ("weight_g", "fee"),
    [(1, 20_000), (1_000, 20_000), (1_001, 26_000), (3_000, 26_000), (3_001, 29_000), (4_000, 29_000),
     (4_001, 32_000), (20_000, 77_000)],
)  # fmt: skip
def test_every_kilogram_begun_counts(weight_g: int, fee: int) -> None:
    assert quote_shipping(Zone.SAME_PROVINCE, weight_g, 1_000).fee == fee


def test_goods_of_enough_worth_travel_free() -> None:
    free_over = RATES[Zone.ELSEWHERE].free_over
    assert free_over is not None
    assert quote_shipping(Zone.ELSEWHERE, 500, free_over - 1).fee == 32_000
    assert quote_shipping(Zone.ELSEWHERE, 500, free_over).fee == 0
    assert quote_shipping(Zone.ELSEWHERE, 500, free_over).days_to == 5


def test_a_rate_may_know_no_free_delivery(monkeypatch: pytest.MonkeyPatch) -> None:
    rate = Rate(steps=((1_000, 9_000),), further_kilogram=1, free_over=None, days=(1, 1))
    monkeypatch.setitem(RATES, Zone.ELSEWHERE, rate)
    assert quote_shipping(Zone.ELSEWHERE, 10, 10**9).fee == 9_000


def test_fees_never_fall_with_weight() -> None:
    for zone in Zone:
        fees = [quote_shipping(zone, weight_g, 0).fee for weight_g in range(1, 12_000, 137)]
        assert fees == sorted(fees)
