from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from marketplace.ordering.models import Fulfillment, FulfillmentLine, Order, OrderLine, OrderStatus
from marketplace.ordering.status import (
    FulfillmentStatus,
    ParcelState,
    amount_due,
    fulfillment_status,
    is_off,
    parcel_state,
    units_to_send,
)

AT = datetime(2026, 11, 21, 5, tzinfo=UTC)


def an_order(
    *sendings: Fulfillment, canceled: tuple[int, int] = (0, 0), status: str = "placed", **facts: Any
) -> Order:
    """An order of three and of two units, at 10,000 and 50,000 đồng, sent for 20,000."""
    lines = [
        OrderLine(id=1, quantity=3, canceled=canceled[0], unit_price=10_000),
        OrderLine(id=2, quantity=2, canceled=canceled[1], unit_price=50_000),
    ]
    order = Order(status=OrderStatus(status), lines=lines, total=150_000, **facts)
    order.fulfillments = list(sendings)
    return order


def sent(first: int = 3, second: int = 2, **ends: Any) -> Fulfillment:
    """Return a sending of so many units of each line, and how it ended."""
    quantities = ((1, first), (2, second))
    lines = [FulfillmentLine(order_line_id=line, quantity=units) for line, units in quantities if units]
    return Fulfillment(lines=lines, **ends)


CASES: Iterable[tuple[Order, str, str]] = [
    (an_order(status="draft"), "draft", "unfulfilled"),
    (an_order(), "waiting", "unfulfilled"),
    (an_order(confirmed_at=AT), "confirmed", "unfulfilled"),
    (an_order(confirmed_at=AT, packed_at=AT), "packed", "unfulfilled"),
    (an_order(sent(1, 2), confirmed_at=AT, packed_at=AT), "partly_shipped", "partial"),
    (an_order(sent(1, 2, delivered_at=AT)), "partly_shipped", "partial"),
    (an_order(sent()), "shipped", "fulfilled"),
    (an_order(sent(1, 2), sent(2, 0)), "shipped", "fulfilled"),
    (an_order(sent(1, 2, delivered_at=AT), sent(2, 0)), "shipped", "fulfilled"),
    (an_order(sent(1, 2), canceled=(2, 0)), "shipped", "fulfilled"),
    (an_order(sent(delivered_at=AT)), "delivered", "delivered"),
    (an_order(sent(1, 2, delivered_at=AT), sent(2, 0, delivered_at=AT)), "delivered", "delivered"),
    (an_order(sent(failed_at=AT)), "failed", "unfulfilled"),
    (an_order(sent(1, 2, delivered_at=AT), sent(2, 0, failed_at=AT)), "failed", "partial"),
    (an_order(sent(failed_at=AT, came_back_at=AT)), "failed", "unfulfilled"),
    (an_order(sent(failed_at=AT, came_back_at=AT), sent()), "shipped", "fulfilled"),
    (an_order(sent(failed_at=AT, came_back_at=AT), canceled=(3, 2)), "canceled", "canceled"),
    (an_order(canceled=(3, 2)), "canceled", "canceled"),
    (an_order(status="canceled"), "canceled", "canceled"),
]


@pytest.mark.parametrize(("order", "state", "status"), CASES)
def test_where_an_order_stands(order: Order, state: str, status: str) -> None:
    assert parcel_state(order) is ParcelState(state)
    assert fulfillment_status(order) is FulfillmentStatus(status)
    assert is_off(order) is (state == "canceled")


@pytest.mark.parametrize(
    ("order", "left"),
    [
        (an_order(), {1: 3, 2: 2}),
        (an_order(canceled=(1, 2)), {1: 2}),
        (an_order(sent(1, 0)), {1: 2, 2: 2}),
        (an_order(sent(failed_at=AT)), {}),
        (an_order(sent(3, 0, failed_at=AT, came_back_at=AT)), {1: 3, 2: 2}),
        (an_order(sent(3, 0, delivered_at=AT), canceled=(0, 1)), {2: 1}),
    ],
)
def test_what_is_still_to_be_sent(order: Order, left: dict[int, int]) -> None:
    assert units_to_send(order) == left


@pytest.mark.parametrize(
    ("order", "due"),
    [
        (an_order(), 150_000),
        (an_order(status="draft"), 150_000),
        (an_order(canceled=(1, 1)), 90_000),
        (an_order(canceled=(3, 2)), 0),
        (an_order(status="canceled"), 0),
    ],
)
def test_what_the_buyer_owes(order: Order, due: int) -> None:
    assert amount_due(order) == due
