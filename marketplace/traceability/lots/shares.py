"""How much of a lot's material comes from its own commune and province (criteria 1.1 and 1.2)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from marketplace.traceability.lots.models import LotInput, MeasureUnit

WHOLE = Decimal(100)
_TENTH = Decimal("0.1")
_WEIGHED = {MeasureUnit.KILOGRAM, MeasureUnit.LITRE}

Inputs = Mapping[int, Sequence[LotInput]]


@dataclass(frozen=True, slots=True)
class Shares:
    """Percent of the material; that of the commune is part of that of the province.

    What is left of a hundred is known to come from elsewhere. They are rounded down to a tenth: no share
    is claimed that the records do not bear out.
    """

    commune: Decimal
    province: Decimal
    unknown: Decimal

    @property
    def elsewhere(self) -> Decimal:
        """Return the percentage that is known to come from another province."""
        return WHOLE - self.province - self.unknown


NOTHING_KNOWN = Shares(Decimal(0), Decimal(0), WHOLE)


def share_of_material(lot_id: int, inputs: Inputs, commune_id: int | None, province_id: int | None) -> Shares:
    """Return the shares of a lot's material, through source lots down to where it grew.

    `inputs` are by lot; the units are those of the lot's home. A litre counts as a kilogram. Where some
    quantity is missing, or pieces are mixed with weights, nothing is known unless all comes from one place.
    """
    return _rounded(_Reckoning(inputs, commune_id, province_id, {}).of_lot(lot_id))


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """The shares of lots on the way to one, each reckoned once; a circle would meet itself as unknown."""

    inputs: Inputs
    commune_id: int | None
    province_id: int | None
    known: dict[int, Shares]

    def of_lot(self, lot_id: int) -> Shares:
        if lot_id not in self.known:
            self.known[lot_id] = NOTHING_KNOWN
            self.known[lot_id] = self._weighed(self.inputs.get(lot_id, ()))
        return self.known[lot_id]

    def _weighed(self, inputs: Sequence[LotInput]) -> Shares:
        parts = [(one.quantity or Decimal(0), self._of_input(one)) for one in inputs]
        if len({part for _, part in parts}) == 1:
            return parts[0][1]
        if not _comparable(inputs):
            return NOTHING_KNOWN
        total = sum((quantity for quantity, _ in parts), Decimal(0))
        return Shares(
            sum((quantity * part.commune for quantity, part in parts), Decimal(0)) / total,
            sum((quantity * part.province for quantity, part in parts), Decimal(0)) / total,
            sum((quantity * part.unknown for quantity, part in parts), Decimal(0)) / total,
        )

    def _of_input(self, one: LotInput) -> Shares:
        if one.source_lot_id is not None:
            return self.of_lot(one.source_lot_id)
        place = one.zone if one.zone is not None else one
        if place.province_id is None:
            return NOTHING_KNOWN
        in_province = place.province_id == self.province_id
        in_commune = in_province and self.commune_id is not None and place.commune_id == self.commune_id
        return Shares(WHOLE if in_commune else Decimal(0), WHOLE if in_province else Decimal(0), Decimal(0))


def _comparable(inputs: Sequence[LotInput]) -> bool:
    units = {one.uom if one.quantity is not None else None for one in inputs}
    return bool(units) and None not in units and (units <= _WEIGHED or len(units) == 1)


def _rounded(shares: Shares) -> Shares:
    return Shares(
        *(
            share.quantize(_TENTH, ROUND_DOWN).normalize() + 0
            for share in (shares.commune, shares.province, shares.unknown)
        )
    )
