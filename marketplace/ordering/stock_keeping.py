"""What a producer does with its own shelf: takes goods in, counts again, and says why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication, Variant
from marketplace.errors import NotFound
from marketplace.ordering import stock
from marketplace.ordering.errors import InvalidQuantity, StockChanged
from marketplace.ordering.models import StockItem, StockMovement

MOST_ON_HAND = 1_000_000
NEWEST_MOVEMENTS = 20


class StockReason(StrEnum):
    """Why a shelf holds more or less than before; kept with the movement."""

    PRODUCED = "produced"
    RETURNED = "returned"
    SOLD_ELSEWHERE = "sold_elsewhere"
    DAMAGED = "damaged"
    GIVEN_AWAY = "given_away"
    MISCOUNTED = "miscounted"
    RECALLED = "recalled"
    RECALL_LIFTED = "recall_lifted"


REASONS_IN = (StockReason.PRODUCED, StockReason.RETURNED)
REASONS_COUNTED = (
    StockReason.MISCOUNTED,
    StockReason.SOLD_ELSEWHERE,
    StockReason.DAMAGED,
    StockReason.GIVEN_AWAY,
)


@dataclass(frozen=True, slots=True)
class Shelved:
    """A variant, its product loaded, with what is on the shelf; None before anything was."""

    variant: Variant
    item: StockItem | None

    @property
    def on_hand(self) -> int:
        """Return how many are on the shelf."""
        return self.item.on_hand if self.item else 0

    @property
    def promised(self) -> int:
        """Return how many of them belong to orders already."""
        return self.item.allocated + self.item.reserved if self.item else 0

    @property
    def available(self) -> int:
        """Return how many can still be sold."""
        return self.on_hand - self.promised


def list_shelf(session: Session, producer_id: int) -> list[Shelved]:
    """Return what a producer sells and how much there is, by product and pack."""
    wanted = _shelved(producer_id).where(Variant.active, Product.publication != Publication.WITHDRAWN)
    rows = session.execute(wanted.order_by(Product.name_folded, Product.id, Variant.position, Variant.id))
    return [Shelved(variant, item) for variant, item in rows]


def get_shelved(session: Session, producer_id: int, variant_id: int) -> Shelved:
    """Return a variant of a producer with its stock, read anew; raises NotFound for those of others."""
    wanted = _shelved(producer_id).where(Variant.id == variant_id)
    found = session.execute(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound(variant=variant_id)
    return Shelved(found[0], found[1])


def list_movements(session: Session, variant_id: int) -> Sequence[StockMovement]:
    """Return the newest changes of a shelf, newest first."""
    newest = sa.select(StockMovement).where(StockMovement.variant_id == variant_id)
    return session.scalars(newest.order_by(StockMovement.id.desc()).limit(NEWEST_MOVEMENTS)).all()


def take_in(
    session: Session,
    actor: Actor,
    producer_id: int,
    variant_id: int,
    quantity: int,
    reason: StockReason,
    *,
    seen: int,
    at: datetime,
) -> None:
    """Put goods on the shelf; `seen` is what the page showed there, so that a form sent twice counts once.

    Raises NotFound, StockChanged and InvalidQuantity.
    """
    shelved = _lock(session, producer_id, variant_id, seen)
    if not 1 <= quantity <= MOST_ON_HAND - shelved.on_hand:
        raise InvalidQuantity(field="quantity", most=MOST_ON_HAND - shelved.on_hand)
    stock.receive(session, variant_id, quantity, reason.value, at)
    _record(session, actor, "stock:receive", producer_id, variant_id, quantity, reason, at)


def count_again(
    session: Session,
    actor: Actor,
    producer_id: int,
    variant_id: int,
    counted: int,
    reason: StockReason,
    *,
    seen: int,
    at: datetime,
) -> None:
    """Set the shelf to what was counted there; a figure of the demo becomes a true one.

    Raises NotFound, StockChanged, InvalidQuantity, and BelowPromised when orders need more.
    """
    shelved = _lock(session, producer_id, variant_id, seen)
    if not 0 <= counted <= MOST_ON_HAND:
        raise InvalidQuantity(field="quantity", most=MOST_ON_HAND)
    by = counted - shelved.on_hand
    if shelved.item is None:
        stock.receive(session, variant_id, counted, reason.value, at)
    else:
        stock.adjust(session, variant_id, by, reason.value, at)
        shelved.item.sample = False
    _record(session, actor, "stock:adjust", producer_id, variant_id, by, reason, at)


def _shelved(producer_id: int) -> sa.Select[Variant, StockItem | None]:
    return (
        sa.select(Variant, StockItem)
        .join(Variant.product)
        .outerjoin(StockItem, StockItem.variant_id == Variant.id)
        .where(Product.producer_id == producer_id)
        .options(contains_eager(Variant.product))
    )


def _lock(session: Session, producer_id: int, variant_id: int, seen: int) -> Shelved:
    """Let changes of one shelf, made by hand, come one after the other, the first one included."""
    session.execute(sa.select(Variant.id).where(Variant.id == variant_id).with_for_update(key_share=True))
    shelved = get_shelved(session, producer_id, variant_id)
    if shelved.on_hand != seen:
        raise StockChanged(on_hand=shelved.on_hand)
    return shelved


def _record(
    session: Session,
    actor: Actor,
    action: str,
    producer_id: int,
    variant_id: int,
    by: int,
    reason: StockReason,
    at: datetime,
) -> None:
    scope = Scope(ScopeKind.PRODUCER, producer_id)
    data = {"by": by, "cause": reason}
    journal.record(session, actor, action, "variant", variant_id, scope, at=at, data=data)
