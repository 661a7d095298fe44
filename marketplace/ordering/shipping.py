"""What sending a parcel costs and how long it takes; amounts in đồng, weights in grams."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Zone(StrEnum):
    """How far a parcel goes."""

    SAME_PROVINCE = "same_province"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Rate:
    """The price of a zone: steps of (weight up to, fee), then so much for every kilogram begun.

    From `free_over` worth of goods the parcel travels free; None means never.
    """

    steps: tuple[tuple[int, int], ...]
    further_kilogram: int
    free_over: int | None
    days: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Shipping:
    """What one parcel costs to send, and the working days it takes, from and to."""

    zone: Zone
    fee: int
    days_from: int
    days_to: int


RATES: dict[Zone, Rate] = {
    Zone.SAME_PROVINCE: Rate(
        steps=((1_000, 20_000), (3_000, 26_000)), further_kilogram=3_000, free_over=500_000, days=(1, 2)
    ),
    Zone.ELSEWHERE: Rate(
        steps=((1_000, 32_000), (3_000, 42_000)), further_kilogram=6_000, free_over=1_500_000, days=(2, 5)
    ),
}
"""Our own rate table, which is published: it prices the parcels of sellers without a rule of their own."""


def zone_between(origin_province_id: int | None, destination_province_id: int | None) -> Zone:
    """Return the zone between two provinces; an unknown one is taken to be another province."""
    known = origin_province_id is not None and destination_province_id is not None
    same = known and origin_province_id == destination_province_id
    return Zone.SAME_PROVINCE if same else Zone.ELSEWHERE


def quote_shipping(
    zone: Zone, weight_g: int, goods_total: int, rates: Mapping[Zone, Rate] = RATES
) -> Shipping:
    """Return the fee and the days of a parcel of a weight with goods of a worth."""
    rate = rates[zone]
    free = rate.free_over is not None and goods_total >= rate.free_over
    return Shipping(zone, 0 if free else _fee(rate, weight_g), *rate.days)


def _fee(rate: Rate, weight_g: int) -> int:
    for up_to, fee in rate.steps:
        if weight_g <= up_to:
            return fee
    heaviest, fee = rate.steps[-1]
    kilograms_begun = -(-(weight_g - heaviest) // 1_000)
    return fee + kilograms_begun * rate.further_kilogram
