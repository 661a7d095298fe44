"""Where the material of a product comes from, over all its lots of a time: what a dossier is scored by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_DOWN, Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product
from marketplace.producers.models import Producer
from marketplace.traceability.lots.models import Lot, LotInput, LotPaper
from marketplace.traceability.lots.shares import NOTHING_KNOWN, Shares, share_of_material
from marketplace.traceability.zones.models import MaterialZone

MOST_LOTS = 100
_TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Material:
    """The shares of material over lots, weighted by their packs, the zones that it came from, and papers."""

    lots: Sequence[Lot]
    shares: Shares
    zones: Sequence[MaterialZone]
    papers: Sequence[LotPaper]


def material_of(session: Session, product: Product, producer: Producer, since: date) -> Material:
    """Return where the material of a product's newest lots since a day comes from, in three statements.

    Home is the product's own commune and province, else its producer's.
    """
    wanted = sa.select(Lot).where(Lot.product_id == product.id, Lot.made_on >= since)
    lots = session.scalars(wanted.order_by(Lot.made_on.desc(), Lot.id.desc()).limit(MOST_LOTS)).all()
    inputs = _inputs_of(session, [lot.id for lot in lots])
    home = product if product.province_id else producer
    shares = [
        (lot.quantity, share_of_material(lot.id, inputs, home.commune_id, home.province_id)) for lot in lots
    ]
    zones = {one.zone.id: one.zone for several in inputs.values() for one in several if one.zone is not None}
    return Material(
        lots, _mean(shares), sorted(zones.values(), key=lambda zone: zone.name), _papers_of(session, lots)
    )


def _inputs_of(session: Session, lot_ids: Sequence[int]) -> dict[int, list[LotInput]]:
    """Return the inputs of lots and, through source lots, the inputs of those, by lot."""
    reached = sa.select(Lot.id).where(Lot.id.in_(lot_ids)).cte("reached", recursive=True)
    further = sa.select(LotInput.source_lot_id).join(reached, reached.c.id == LotInput.lot_id)
    reached = reached.union(further.where(LotInput.source_lot_id.is_not(None)))
    zone = joinedload(LotInput.zone)
    wanted = (
        sa.select(LotInput)
        .where(LotInput.lot_id.in_(sa.select(reached.c.id)))
        .options(zone.joinedload(MaterialZone.commune), zone.joinedload(MaterialZone.province))
        .order_by(LotInput.id)
    )
    found: dict[int, list[LotInput]] = {}
    for one in session.scalars(wanted):
        found.setdefault(one.lot_id, []).append(one)
    return found


def _papers_of(session: Session, lots: Sequence[Lot]) -> Sequence[LotPaper]:
    wanted = sa.select(LotPaper).where(LotPaper.lot_id.in_([lot.id for lot in lots]))
    return session.scalars(wanted.order_by(LotPaper.issued_on.desc(), LotPaper.id)).all()


def _mean(shares: Sequence[tuple[Decimal, Shares]]) -> Shares:
    total = sum((quantity for quantity, _ in shares), Decimal(0))
    if not total:
        return NOTHING_KNOWN

    def mean(name: str) -> Decimal:
        share = sum((quantity * getattr(one, name) for quantity, one in shares), Decimal(0)) / total
        return share.quantize(_TENTH, ROUND_DOWN).normalize() + 0

    return Shares(mean("commune"), mean("province"), mean("unknown"))
