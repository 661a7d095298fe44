"""What may happen to parcels and to returns, for drill S3: one unit of one seller, sent and given back."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering import fulfillment, returns
from marketplace.ordering.after_sale_models import Return
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.models import CancelReason, Fulfillment, Order
from marketplace.ordering.status import ParcelState, parcel_state
from marketplace.places.models import AdminUnit
from tests.drills.story import Story, changes_nothing, leads
from tests.factories.after_sale import delivered_orders, returned
from tests.factories.ordering import ordered, stocked

HONEY = 4
PARCEL = {
    **leads("confirm", waiting="confirmed"),
    **changes_nothing("confirm", "confirmed", "packed", "shipped", "delivered", "failed", "back"),
    **leads("pack", confirmed="packed"),
    **changes_nothing("pack", "packed", "shipped", "delivered", "failed", "back"),
    **leads("send", confirmed="shipped", packed="shipped", back="shipped"),
    **changes_nothing("send", "shipped", "delivered", "failed"),
    **leads("deliver", shipped="delivered"),
    **changes_nothing("deliver", "delivered"),
    **leads("fail", shipped="failed"),
    **changes_nothing("fail", "failed", "back", "called off"),
    **leads("come back", shipped="back", failed="back"),
    **changes_nothing("come back", "back", "called off"),
    **leads("cancel", waiting="canceled", confirmed="canceled", packed="canceled", back="called off"),
    **changes_nothing("cancel", "canceled", "called off"),
    **leads("give up", confirmed="canceled", packed="canceled", back="called off"),
    **changes_nothing("give up", "shipped", "delivered", "failed", "canceled", "called off"),
}
RETURN = {
    **leads("approve", requested="approved"),
    **changes_nothing("approve", "approved", "received", "refunded"),
    **leads("decline", requested="declined"),
    **changes_nothing("decline", "declined"),
    **leads("receive", approved="received"),
    **changes_nothing("receive", "received", "refunded"),
    **leads("refund", received="refunded"),
    **changes_nothing("refund", "refunded"),
    **leads("take back", requested="canceled", approved="canceled"),
    **changes_nothing("take back", "canceled", "declined"),
}


def parcel_story(commune: AdminUnit, at: datetime) -> Story:
    """Tell of a parcel, from the buyer's order to delivery or back."""

    def begin(number: int) -> int:
        with unit_of_work() as session:
            variant = stocked(session, f"Na {number}")
        return ordered({variant.id: 1}, commune, phone=f"09{number:08d}").orders[0].id

    return Story(
        "parcel",
        begin,
        _parcel,
        {
            "confirm": lambda session, number: fulfillment.confirm_order(session, number, at),
            "pack": lambda session, number: fulfillment.pack_order(session, number, at),
            "send": lambda session, number: fulfillment.ship(session, number, None, None, None, at),
            "deliver": partial(_last, act=partial(fulfillment.mark_delivered, collected=None, at=at)),
            "fail": partial(_last, act=partial(fulfillment.mark_failed, at=at)),
            "come back": partial(_last, act=partial(fulfillment.came_back, restock=True, at=at)),
            "cancel": lambda session, number: cancel_order(session, number, CancelReason.CUSTOMER, at),
            "give up": lambda session, number: fulfillment.cancel_rest(session, number, at),
        },
        PARCEL,
    )


def return_story(commune: AdminUnit, at: datetime) -> Story:
    """Tell of a return, from the buyer's question to the money."""

    def begin(number: int) -> int:
        with unit_of_work() as session:
            variant = stocked(session, f"Mật ong {number}", set_number=HONEY)
        return returned(delivered_orders({variant.id: 1}, commune, phone=f"08{number:08d}")[0]).id

    return Story(
        "return",
        begin,
        _return,
        {
            "approve": lambda session, number: returns.approve_return(session, number, at),
            "decline": lambda session, number: returns.decline_return(session, number, "Không lỗi.", at),
            "receive": lambda session, number: returns.receive_return(session, number, True, at),
            "refund": lambda session, number: returns.mark_return_refunded(session, number, at),
            "take back": lambda session, number: returns.cancel_return(session, number, at),
        },
        RETURN,
    )


def _parcel(session: Session, number: int) -> str:
    whole = (selectinload(Order.lines), selectinload(Order.fulfillments).selectinload(Fulfillment.lines))
    order = session.get_one(Order, number, options=whole, populate_existing=True)
    state = parcel_state(order)
    if state is ParcelState.FAILED and order.fulfillments[-1].came_back_at is not None:
        return "back"
    if state is ParcelState.CANCELED and order.fulfillments:
        return "called off"
    return state.value


def _return(session: Session, number: int) -> str:
    asked = session.get_one(Return, number, populate_existing=True)
    return "declined" if returns.is_declined(asked) else asked.state.value


def _last(session: Session, number: int, *, act: Callable[..., Any]) -> None:
    """Do something to the last sending of an order; raises NotFound where there is none."""
    of_order = sa.select(sa.func.max(Fulfillment.id)).where(Fulfillment.order_id == number)
    sending = session.scalar(of_order)
    if sending is None:
        raise NotFound
    act(session, sending)
