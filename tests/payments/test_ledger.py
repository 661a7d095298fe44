"""What sellers earn: once, when everything arrived; and what refunds take back of it."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering import fulfillment, returns
from marketplace.ordering.models import PaymentMethod
from marketplace.payments import settlement
from marketplace.payments.ledger import earn
from marketplace.payments.ledger_models import SellerTransfer, TransferKind
from marketplace.payments.models import RefundReason
from marketplace.payments.refunds import owe_excess, owe_refund
from marketplace.payments.shares import share
from marketplace.producers.models import LegalForm
from tests.accounts.conftest import Race
from tests.conftest import NOON
from tests.factories.after_sale import reload, returned, step
from tests.factories.payments import a_shop, buy, deliver_all, entries, pay, refunds, ship_all, standing

COD = PaymentMethod.CASH_ON_DELIVERY


def told(rows: list[SellerTransfer]) -> list[tuple[int, int, int, int]]:
    return [(one.gross, one.commission, one.withheld, one.net) for one in rows]


def give_back(order_id: int, amount: int, cause: str) -> None:
    with unit_of_work() as session:
        owe_refund(session, order_id, amount, RefundReason.RETURNED, cause, NOON)


def test_a_paid_order_earns_when_it_arrived_once(app: Flask) -> None:
    group = buy(a_shop((100_000,)))
    pay(group)
    deliver_all(group)
    order = group.orders[0]
    again = step(earn, order.id)

    assert told(entries()) == [(order.total, 5_000, 0, order.total - 5_000)]
    assert again is not None
    assert (again.cause, again.kind) == (f"order:{order.id}", TransferKind.EARNING)


def test_two_at_once_earn_once(app: Flask, race: Race) -> None:
    group = buy(a_shop((100_000,)))
    pay(group)
    sending = ship_all(group.orders[0])

    def act(session: Any) -> None:
        settlement.deliver(session, sending.id, None, NOON)

    assert race(act, act) == ["done", "done"]
    assert len(entries()) == 1


def test_nothing_is_earned_before_everything_arrived(app: Flask) -> None:
    shop = a_shop((100_000,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 2})
    pay(group)
    order = group.orders[0]
    assert step(earn, order.id) is None
    first = ship_all(order, {order.lines[0].id: 1})
    step(settlement.deliver, first.id, None)
    assert step(earn, order.id) is None
    second = step(settlement.ship, order.id, None, None, None)
    assert step(earn, order.id) is None
    step(settlement.deliver, second.id, None)

    assert [one.gross for one in entries()] == [order.total]
    with pytest.raises(NotFound):
        step(earn, 0)


def test_what_is_paid_before_it_is_sent_earns_nothing_unpaid(app: Flask) -> None:
    """Sent past the guard of settlement; the money that comes then is credited by itself."""
    group = buy(a_shop((100_000,)))
    order = group.orders[0]
    step(fulfillment.confirm_order, order.id)
    sending = step(fulfillment.ship, order.id, None, None, None)
    step(fulfillment.mark_delivered, sending.id, None)
    assert step(earn, order.id) is None

    pay(group)
    assert [one.gross for one in entries()] == [order.total]


@pytest.mark.parametrize("collected", [None, 40_000])
def test_of_cash_that_the_seller_holds_the_commission_is_owed(app: Flask, collected: int | None) -> None:
    group = buy(a_shop((100_000,), form=LegalForm.HOUSEHOLD), COD)
    order = group.orders[0]
    step(settlement.deliver, ship_all(order).id, collected and order.total)

    assert told(entries()) == [(0, 5_000, 0, -5_000)]


@pytest.mark.parametrize("form", [LegalForm.HOUSEHOLD, LegalForm.FARM, LegalForm.WORKSHOP, None])
def test_tax_is_withheld_of_households_and_individuals(app: Flask, form: LegalForm | None) -> None:
    group = buy(a_shop((100_000,), form=form))
    pay(group)
    deliver_all(group)
    total = group.total

    assert told(entries()) == [
        (total, 5_000, share(total, 150, 10_000), total - 5_000 - share(total, 150, 10_000))
    ]
    assert entries()[0].withheld > 0


@pytest.mark.parametrize("form", [LegalForm.ENTERPRISE, LegalForm.COOPERATIVE])
def test_of_companies_nothing_is_withheld(app: Flask, form: LegalForm) -> None:
    group = buy(a_shop((100_000,), form=form))
    pay(group)
    deliver_all(group)

    assert entries()[0].withheld == 0


def test_what_was_paid_too_much_is_not_the_sellers(app: Flask) -> None:
    group = buy(a_shop((100_000,), form=LegalForm.HOUSEHOLD))
    pay(group, group.total + 30_000)
    deliver_all(group)
    order = group.orders[0]
    earned = told(entries())
    with unit_of_work() as session:
        owe_excess(session, order.id, RefundReason.OVERPAID, "transfer:1", NOON)

    assert earned[0][0] == order.total
    assert told(entries()) == earned


def test_commission_is_on_what_was_sent(app: Flask) -> None:
    shop = a_shop((33_333,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 3})
    pay(group)
    order = group.orders[0]
    first = ship_all(order, {order.lines[0].id: 1})
    step(settlement.cancel_rest, order.id)
    step(settlement.deliver, first.id, None)

    assert [(one.gross, one.commission) for one in entries()] == [(order.total - 66_666, 1_667)]


def test_what_came_back_before_the_rest_arrived_earns_no_commission(app: Flask) -> None:
    shop = a_shop((100_000,))
    group = buy(shop, PaymentMethod.VIETQR, {shop.variants[0]: 4})
    pay(group)
    order = group.orders[0]
    line = order.lines[0].id
    step(settlement.deliver, ship_all(order, {line: 2}).id, None)
    asked = returned(reload(order.id), 2)
    step(returns.approve_return, asked.id)
    step(returns.receive_return, asked.id, restock=True)
    step(settlement.refund_return, asked.id)
    assert entries() == []
    rest = step(settlement.ship, order.id, {line: 2}, None, None)
    step(settlement.deliver, rest.id, None)

    kept = standing(order).kept
    assert kept <= order.total - 200_000
    assert told(entries()) == [
        (kept, share(20_000, kept, order.total), 0, kept - share(20_000, kept, order.total))
    ]


def test_a_full_refund_takes_everything_back(app: Flask) -> None:
    group = buy(a_shop((100_000,), form=LegalForm.HOUSEHOLD))
    pay(group)
    deliver_all(group)
    order = group.orders[0]
    give_back(order.id, 33_333, "return:1")
    give_back(order.id, 33_333, "return:1")
    give_back(order.id, standing(order).kept, "return:2")

    assert [one.kind for one in entries()] == [TransferKind.EARNING] + [TransferKind.REFUND_REVERSAL] * 2
    assert [sum(column) for column in zip(*told(entries()), strict=True)] == [0, 0, 0, 0]


def test_a_refund_of_cash_gives_its_commission_back(app: Flask) -> None:
    group = buy(a_shop((100_000,)), COD)
    order = group.orders[0]
    step(settlement.deliver, ship_all(order).id, order.total)
    give_back(order.id, order.total, "return:1")

    assert told(entries()) == [(0, 5_000, 0, -5_000), (0, -5_000, 0, 5_000)]


def test_a_refund_over_two_payments_is_one_reversal(app: Flask) -> None:
    group = buy(a_shop((100_000,)))
    order = group.orders[0]
    pay(group, 60_000)
    pay(group, order.total - 60_000)
    deliver_all(group)
    give_back(order.id, order.total, "return:1")

    assert len(entries()) == 2
    assert sum(one.net for one in entries()) == 0


@given(
    total=st.integers(1, 10**9),
    rate=st.integers(0, 10_000),
    tax=st.integers(0, 1_000),
    cuts=st.lists(st.integers(1, 10**9), max_size=8),
)
def test_shares_taken_back_step_by_step_never_pass_nothing(
    total: int, rate: int, tax: int, cuts: list[int]
) -> None:
    """The arithmetic of `follow`: given back in whatever steps, each column ends at nothing."""
    commission, withheld, value = share(total, rate, 10_000), share(total, tax, 10_000), total
    for cut in [*cuts, total]:
        after = max(0, value - cut)
        commission, withheld, value = share(commission, after, value), share(withheld, after, value), after
        assert commission >= 0
        assert withheld >= 0
    assert (commission, withheld, value) == (0, 0, 0)


def test_money_that_comes_after_the_goods_is_credited(app: Flask) -> None:
    """Delivered without cash, paid by a transfer afterwards: the commission was owed already."""
    group = buy(a_shop((100_000,), form=LegalForm.HOUSEHOLD), COD)
    order = group.orders[0]
    step(settlement.deliver, ship_all(order).id, 0)
    pay(group, 60_000)
    pay(group, order.total - 60_000)

    assert [one.gross for one in entries()] == [0, 60_000, order.total - 60_000]
    assert sum(one.commission for one in entries()) == 5_000
    assert [one.withheld > 0 for one in entries()] == [False, True, True]
    give_back(order.id, order.total, "return:1")
    assert [sum(column) for column in zip(*told(entries()), strict=True)] == [0, 0, 0, 0]


def test_cash_that_was_paid_beside_a_transfer_is_given_back_and_the_transfer_is_earned(app: Flask) -> None:
    group = buy(a_shop((100_000,)), COD)
    order = group.orders[0]
    pay(group)
    step(settlement.deliver, ship_all(order).id, order.total)

    assert [(one.amount, one.reason) for one in refunds()] == [(order.total, RefundReason.OVERPAID)]
    assert [(one.kind, one.gross) for one in entries()] == [
        (TransferKind.EARNING, 0),
        (TransferKind.EARNING, order.total),
    ]
    assert standing(order).held == 0
