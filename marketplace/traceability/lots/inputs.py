"""What goes into a lot: material from zones, from other lots, or bought in."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit
from marketplace.text import clean
from marketplace.traceability.lots.errors import InvalidLot, RecalledInput
from marketplace.traceability.lots.models import Lot, LotInput, MeasureUnit
from marketplace.traceability.zones.models import MaterialZone

MOST_INPUTS = 40
MOST_MATERIAL = 10_000_000
"""How much of a material goes into a lot at most, in its unit."""
LONGEST_MATERIAL, LONGEST_SELLER = 120, 160


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFacts:
    """What is to be recorded of an input; the fields are those of LotInput.

    Exactly one of `zone_id`, `source_lot_id` and `bought_from` says where it came from; `commune_id` and
    `province_id` are of bought-in material alone.
    """

    material: str
    zone_id: int | None = None
    source_lot_id: int | None = None
    bought_from: str | None = None
    commune_id: int | None = None
    province_id: int | None = None
    harvested_on: date | None = None
    quantity: Decimal | None = None
    uom: MeasureUnit | None = None


def read_inputs(session: Session, producer_id: int, given: Iterable[InputFacts]) -> list[LotInput]:
    """Return the rows of a new lot's inputs.

    A lot is made of lots that are there before it, so that no circle can close. They are locked: a recall
    of one waits until it sees what was made of it. Zones are held before the register is, as by who gives
    them another name. Raises InvalidLot, NotFound for zones and lots of others, and RecalledInput.
    """
    facts = [_checked(one) for one in given]
    if len(facts) > MOST_INPUTS:
        raise InvalidLot(field="inputs", most=MOST_INPUTS)
    zones = {one.zone_id for one in facts if one.zone_id}
    lots = {one.source_lot_id for one in facts if one.source_lot_id}
    living = sa.select(MaterialZone.id).where(
        MaterialZone.producer_id == producer_id, MaterialZone.retired_at.is_(None)
    )
    _require(session, living.with_for_update(read=True, key_share=True), zones)
    _require(session, sa.select(Lot.id).where(Lot.producer_id == producer_id), lots)
    _refuse_recalled(session, lots)
    return [LotInput(**asdict(_placed(session, one))) for one in facts]


def _checked(facts: InputFacts) -> InputFacts:
    material, seller = clean(facts.material), clean(facts.bought_from or "") or None
    if not 0 < len(material) <= LONGEST_MATERIAL or len(seller or "") > LONGEST_SELLER:
        raise InvalidLot(field="inputs")
    if sum(source is not None for source in (facts.zone_id, facts.source_lot_id, seller)) != 1:
        raise InvalidLot(field="inputs")
    if (facts.quantity is None) != (facts.uom is None) or (
        facts.quantity is not None and not 0 < facts.quantity <= MOST_MATERIAL
    ):
        raise InvalidLot(field="inputs")
    if seller is None:
        return replace(facts, material=material, bought_from=None, commune_id=None, province_id=None)
    return replace(facts, material=material, bought_from=seller)


def _require(session: Session, own: sa.Select[int], wanted: set[int]) -> None:
    if not wanted:
        return
    column = own.selected_columns[0]
    missing = wanted - set(session.scalars(own.where(column.in_(wanted))))
    if missing:
        raise NotFound(inputs=sorted(missing))


def _refuse_recalled(session: Session, lots: set[int]) -> None:
    if not lots:
        return
    locked = sa.select(Lot.code, Lot.recalled_at).where(Lot.id.in_(lots)).order_by(Lot.id)
    for code, recalled_at in session.execute(locked.with_for_update(read=True)):
        if recalled_at is not None:
            raise RecalledInput(lot_code=code)


def _placed(session: Session, facts: InputFacts) -> InputFacts:
    """Add the province of a commune that bought-in material came from."""
    if facts.commune_id is None:
        return facts
    commune = session.get(AdminUnit, facts.commune_id)
    if commune is None:
        raise InvalidLot(field="inputs")
    return replace(facts, province_id=commune.parent_id)
