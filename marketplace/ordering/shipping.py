"""What sending a parcel costs and how long it takes; amounts in đồng, weights in grams."""

from dataclasses import dataclass
from enum import StrEnum


class Zone(StrEnum):
    """How far a parcel goes, by the marketplace's own table."""

    SAME_PROVINCE = "same_province"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of a zone: steps of (weight up to, fee), then so much for every kilogram begun.

    From `free_over` worth of goods the parcel travels free; None means never. `days` are working days.
    """

    steps: tuple[tuple[int, int], ...]
    further_kilogram: int
    free_over: int | None
    days: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shipping:
    """What one parcel costs to send, and the working days it takes, from and to."""

    fee: int
    days_from: int
    days_to: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """A seller's rates: of zones, each some provinces, and of the rest of the country."""

    zones: tuple[tuple[frozenset[int], Rate], ...]
    rest: Rate

    def rate_to(self, province_id: int | None) -> Rate:
        """Return the rate to a province; one not told yet is taken to lie in the rest of the country."""
        for provinces, rate in self.zones:
            if province_id in provinces:
                return rate
        return self.rest


RATES: dict[Zone, Rate] = {
    Zone.SAME_PROVINCE: Rate(
        steps=((1_000, 20_000), (3_000, 26_000)), further_kilogram=3_000, free_over=500_000, days=(1, 2)
    ),
    Zone.ELSEWHERE: Rate(
        steps=((1_000, 32_000), (3_000, 42_000)), further_kilogram=6_000, free_over=1_500_000, days=(2, 5)
    ),
}
"""Our own rate table, which is published: it prices the parcels of sellers without zones of their own."""

FETCHED = Shipping(fee=0, days_from=1, days_to=2)
"""A parcel that its buyer fetches: it costs nothing, and stands ready within these working days."""


def common_tariff(home_province_id: int | None) -> Tariff:
    """Return the marketplace's own tariff for a seller of a province; without one all is elsewhere."""
    near = () if home_province_id is None else (
        (frozenset({home_province_id}), RATES[Zone.SAME_PROVINCE]),
    )  # fmt: skip
    return Tariff(near, RATES[Zone.ELSEWHERE])


def quote_shipping(rate: Rate, weight_g: int, goods_total: int) -> Shipping:
    """Return the fee and the days of a parcel of a weight with goods of a worth."""
    free = rate.free_over is not None and goods_total >= rate.free_over
    return Shipping(0 if free else _fee(rate, weight_g), *rate.days)


def _fee(rate: Rate, weight_g: int) -> int:
    for up_to, fee in rate.steps:
        if weight_g <= up_to:
            return fee
    heaviest, fee = rate.steps[-1]
    kilograms_begun = -(-(weight_g - heaviest) // 1_000)
    return fee + kilograms_begun * rate.further_kilogram
