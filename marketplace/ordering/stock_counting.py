"""Counting many shelves at once: in a few statements, all of them or none."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product, Variant
from marketplace.errors import NotFound
from marketplace.ordering.errors import BelowPromised, InvalidQuantity, StockChanged
from marketplace.ordering.models import MovementKind, StockItem, StockMovement
from marketplace.ordering.stock import stock_phrase
from marketplace.ordering.stock_keeping import MOST_ON_HAND, StockReason
from marketplace.register import raise_version


@dataclass(frozen=True, slots=True)
class Count:
    """What was counted of a variant, why it differs, and what the person saw there before."""

    variant_id: int
    counted: int
    reason: StockReason
    seen: int


@dataclass(frozen=True, slots=True)
class _Shelf:
    on_hand: int = 0
    promised: int = 0


def count_all(
    session: Session, actor: Actor, producer_id: int, counts: Sequence[Count], at: datetime
) -> None:
    """Set shelves of a producer to what was counted there, all or none; locks come before all checks.

    Raises NotFound for a variant of somebody else, StockChanged, InvalidQuantity and BelowPromised.
    """
    if not counts:
        return
    shelves = _lock(session, producer_id, sorted(count.variant_id for count in counts))
    for count in counts:
        _check(count, shelves.get(count.variant_id, _Shelf()))
    _write(session, counts, shelves, at)
    if any(_says_else(count, shelves.get(count.variant_id, _Shelf())) for count in counts):
        raise_version(session)
    _record(session, actor, producer_id, counts, at)


def _lock(session: Session, producer_id: int, ids: Sequence[int]) -> Mapping[int, _Shelf]:
    """Lock variants, then their shelves, as every deed upon stock does; return those that there are."""
    own = (
        sa.select(Variant.id)
        .join(Variant.product)
        .where(Product.producer_id == producer_id, Variant.id.in_(ids))
        .order_by(Variant.id)
    )
    found = session.scalars(own.with_for_update(key_share=True, of=Variant)).all()
    if list(found) != list(ids):
        raise NotFound(variants=len(ids))
    items = (
        sa.select(StockItem.variant_id, StockItem.on_hand, StockItem.allocated + StockItem.reserved)
        .where(StockItem.variant_id.in_(ids))
        .order_by(StockItem.variant_id)
    )
    locked = session.execute(items.with_for_update())
    return {variant_id: _Shelf(on_hand, promised) for variant_id, on_hand, promised in locked}


def _check(count: Count, shelf: _Shelf) -> None:
    if shelf.on_hand != count.seen:
        raise StockChanged(on_hand=shelf.on_hand)
    if not 0 <= count.counted <= MOST_ON_HAND:
        raise InvalidQuantity(field="quantity", most=MOST_ON_HAND)
    if count.counted < shelf.promised:
        raise BelowPromised(variant_id=count.variant_id)


def _write(session: Session, counts: Iterable[Count], shelves: Mapping[int, _Shelf], at: datetime) -> None:
    known = [{"key": one.variant_id, "counted": one.counted} for one in counts if one.variant_id in shelves]
    new = [
        {"variant_id": one.variant_id, "on_hand": one.counted, "allocated": 0, "reserved": 0, "sample": False}
        for one in counts
        if one.variant_id not in shelves
    ]
    counted = sa.update(StockItem).where(StockItem.variant_id == sa.bindparam("key"))
    if known:
        session.connection().execute(counted.values(on_hand=sa.bindparam("counted"), sample=False), known)
    if new:
        session.execute(sa.insert(StockItem), new)
    session.execute(
        sa.insert(StockMovement), [_movement(one, one.variant_id in shelves, at) for one in counts]
    )


def _movement(count: Count, known: bool, at: datetime) -> dict[str, object]:
    kind = MovementKind.ADJUSTED if known else MovementKind.RECEIVED
    by = count.counted - count.seen
    return {
        "variant_id": count.variant_id,
        "kind": kind,
        "quantity": by,
        "reason": count.reason.value,
        "at": at,
    }


def _says_else(count: Count, shelf: _Shelf) -> bool:
    """Return whether a product page would now say something else of the stock."""
    return stock_phrase(shelf.on_hand - shelf.promised) != stock_phrase(count.counted - shelf.promised)


def _record(session: Session, actor: Actor, producer_id: int, counts: Iterable[Count], at: datetime) -> None:
    scope = Scope(ScopeKind.PRODUCER, producer_id)
    for count in counts:
        data = {"by": count.counted - count.seen, "cause": count.reason}
        journal.record(session, actor, "stock:adjust", "variant", count.variant_id, scope, at=at, data=data)
