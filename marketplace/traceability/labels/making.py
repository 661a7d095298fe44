"""Ordering labels for a lot: first prints, and new ones for labels that were spoilt."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Publication
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.codes.serial_states import living_numbers, replace
from marketplace.traceability.codes.serials import Minted, mint, next_number
from marketplace.traceability.errors import NoSuchLabels
from marketplace.traceability.labels.errors import InvalidLabels, NotForPrinting
from marketplace.traceability.labels.formats import get_format
from marketplace.traceability.lots.models import Lot

MOST_LABELS = 2_000
"""Labels of one batch: about as many as are drawn in three seconds."""


@dataclass(frozen=True, slots=True)
class LabelOrder:
    """Labels asked for: the code of their format, one serial each or one code for all, how many.

    `form_key` is the identity of the form they were asked for with; orders without one are never the same.
    """

    format: str
    level: LabelLevel
    count: int
    with_pins: bool = False
    form_key: str = ""

    def key_for(self, lot_id: int) -> str | None:
        """Return what tells this order of a lot from all others, also from another out of the same form."""
        if not self.form_key:
            return None
        said = f"{lot_id}\n{self.form_key}\n{self.format}\n{self.level}\n{self.count}\n{self.with_pins}"
        return sha256(said.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class MadeLabels:
    """A batch and its serials, none when all its labels are alike; PINs are told here and never again.

    `known` says that the batch was there before: the order came twice.
    """

    batch: LabelBatch
    minted: list[Minted]
    known: bool = False


def make_labels(
    session: Session, actor: Actor | None, lot: Lot, order: LabelOrder, at: datetime
) -> MadeLabels:
    """Order labels for a lot; its row stands for ever from then on. An order that came before is that one.

    Raises InvalidLabels and NotForPrinting.
    """
    _check_order(order)
    first, key = next_number(session, lot.id), order.key_for(lot.id)
    same = sa.select(LabelBatch).where(LabelBatch.order_key == key, LabelBatch.lot_id == lot.id)
    if key is not None and (known := session.scalar(same)) is not None:
        return MadeLabels(known, [], known=True)
    batch = _write(session, actor, lot, order, first, at)
    minted: list[Minted] = []
    if order.level is LabelLevel.ITEM:
        minted = mint(session, lot, batch.id, order.count, order.with_pins, at)
    _record(session, actor, "labels:make", batch, at)
    return MadeLabels(batch, minted)


def reprint_labels(
    session: Session,
    actor: Actor | None,
    lot: Lot,
    spoilt: LabelBatch,
    numbers: tuple[int, int],
    at: datetime,
    *,
    with_pins: bool = False,
) -> MadeLabels:
    """Order new labels for the spoilt ones of a batch, from the first number to the last.

    The spoilt ones are void then; the new ones have numbers of their own.
    Raises NoSuchLabels, InvalidLabels and NotForPrinting.
    """
    first = max(numbers[0], spoilt.first_number)
    last = min(numbers[1], spoilt.first_number + spoilt.count - 1)
    living = living_numbers(session, lot.id, first, last) if first <= last else []
    if spoilt.lot_id != lot.id or not living:
        raise NoSuchLabels
    order = LabelOrder(spoilt.format, LabelLevel.ITEM, len(living), with_pins)
    _check_order(order)
    batch = _write(session, actor, lot, order, next_number(session, lot.id), at)
    batch.reprint_of_id = spoilt.id
    minted = replace(session, lot, living, batch.id, with_pins, at)
    _record(session, actor, "labels:reprint", batch, at, spoilt=living)
    return MadeLabels(batch, minted)


def _check_order(order: LabelOrder) -> None:
    form = get_format(order.format)
    if not 0 < order.count <= MOST_LABELS:
        raise InvalidLabels(field="count", most=MOST_LABELS)
    if order.with_pins and not (form.pins and order.level is LabelLevel.ITEM):
        raise InvalidLabels(field="with_pins")


def _write(
    session: Session, actor: Actor | None, lot: Lot, order: LabelOrder, first: int, at: datetime
) -> LabelBatch:
    """Write the batch after the lot was locked: what was recalled meanwhile is not printed."""
    session.refresh(lot, ["recalled_at", "printed_at"])
    product = session.get(Product, lot.product_id) if lot.product_id else None
    day = clock.local_date(at)
    if product is None or product.publication is Publication.DRAFT or lot.recalled_at or lot.is_past_use(day):
        raise NotForPrinting(lot=lot.id)
    batch = LabelBatch(
        lot=lot,
        level=order.level,
        format=order.format,
        first_number=first,
        count=order.count,
        stars=product.live_stars(day),
        made_at=at,
        made_by=actor.person_id if actor else None,
        order_key=order.key_for(lot.id),
    )
    session.add(batch)
    lot.printed_at = lot.printed_at or at
    session.flush()
    return batch


def _record(
    session: Session, actor: Actor | None, deed: str, batch: LabelBatch, at: datetime, **more: object
) -> None:
    producer = session.get_one(Producer, batch.lot.producer_id)
    data = {"lot": batch.lot_id, "first": batch.first_number, "count": batch.count, **more}
    journal.record(session, actor, deed, "label_batch", batch.id, scope_of(producer), at=at, data=data)
