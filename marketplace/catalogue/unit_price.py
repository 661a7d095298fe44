"""The price of a kilogram, litre or piece, so that packs of different sizes compare."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from marketplace.catalogue.models import Uom
from marketplace.money import per_unit


class Measure(StrEnum):
    """What a unit price is the price of."""

    KILOGRAM = "kg"
    LITRE = "l"
    PIECE = "piece"


_MEASURES = {
    Uom.GRAM: (Measure.KILOGRAM, Decimal(1000)),
    Uom.MILLILITRE: (Measure.LITRE, Decimal(1000)),
    Uom.PIECE: (Measure.PIECE, Decimal(1)),
}


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """So many whole đồng for one measure."""

    amount: int
    measure: Measure


def unit_price(price: int, content: Decimal, uom: Uom) -> UnitPrice:
    """Return what a kilogram, litre or piece costs, of a pack at `price` đồng holding `content`."""
    measure, size = _MEASURES[uom]
    return UnitPrice(per_unit(price, content / size), measure)
