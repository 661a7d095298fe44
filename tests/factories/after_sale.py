"""Orders on their way, for tests: each step in a unit of work of its own, at the time of the clock."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering import fulfillment
from marketplace.ordering.after_sale_models import Return, ReturnReason
from marketplace.ordering.models import Fulfillment, MovementKind, Order, StockItem, StockMovement
from marketplace.ordering.news import JOB
from marketplace.ordering.order_lock import lock_order
from marketplace.ordering.returns import ask_return
from marketplace.places.models import AdminUnit
from tests.factories.ordering import ordered

T = TypeVar("T")


def step(act: Callable[..., T], *given: Any, **named: Any) -> T:
    """Do an action now, in a unit of work of its own."""
    with unit_of_work() as session:
        return act(session, *given, **named, at=clock.now())


def confirmed(quantities: Mapping[int, int], commune: AdminUnit, **changes: Any) -> list[Order]:
    """Order variants and have their sellers take the orders on; return them by position."""
    group = ordered(quantities, commune, **changes)
    numbers = [order.id for order in group.orders]
    for number in numbers:
        step(fulfillment.confirm_order, number)
    return [reload(number) for number in numbers]


def sent(order_id: int, quantities: Mapping[int, int] | None = None, **named: Any) -> Fulfillment:
    """Send an order, or units of it by line."""
    return step(fulfillment.ship, order_id, quantities, "Viettel Post", "VTP123456", **named)


def delivered_orders(quantities: Mapping[int, int], commune: AdminUnit, **changes: Any) -> list[Order]:
    """Order variants, and have every parcel sent whole and delivered; return the orders by position."""
    orders = confirmed(quantities, commune, **changes)
    for order in orders:
        step(fulfillment.mark_delivered, sent(order.id).id, order.total)
    return [reload(order.id) for order in orders]


def returned(
    order: Order, units: int = 1, reason: ReturnReason = ReturnReason.DAMAGED, words: str = "Quả bị dập."
) -> Return:
    """Ask to give units of the first line of an order back."""
    return step(ask_return, order.id, {order.lines[0].id: units}, reason, words, [])


def reload(order_id: int) -> Order:
    """Return an order as it stands now, with all that belongs to it."""
    with unit_of_work() as session:
        return lock_order(session, order_id)


def shelf(variant_id: int) -> tuple[int, int]:
    """Return what is on the shelf of a variant, and what of it is promised."""
    db.session.rollback()
    item = sa.select(StockItem.on_hand, StockItem.allocated).where(StockItem.variant_id == variant_id)
    on_hand, allocated = db.session.execute(item).one()
    return on_hand, allocated


def movements(variant_id: int) -> list[tuple[MovementKind, int, str | None]]:
    """Return the movements of a variant in their order: kind, quantity, cause."""
    db.session.rollback()
    wanted = sa.select(StockMovement.kind, StockMovement.quantity, StockMovement.cause)
    of_variant = wanted.where(StockMovement.variant_id == variant_id).order_by(StockMovement.id)
    return [(kind, quantity, cause) for kind, quantity, cause in db.session.execute(of_variant)]


def news() -> list[tuple[str, int]]:
    """Return the news left behind in their order: what, and of which row."""
    db.session.rollback()
    waiting = db.session.scalars(sa.select(Job).where(Job.kind == JOB).order_by(Job.id))
    return [(job.payload["news"], job.payload["about"]) for job in waiting]
