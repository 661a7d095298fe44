"""The doctor: silent while all books agree, and naming each figure that is broken by hand."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.permissions import Actor
from marketplace.database import db, unit_of_work
from marketplace.ordering import fulfillment, returns
from marketplace.ordering.models import CancelReason, PaymentMethod
from marketplace.payments import settlement
from marketplace.payments.gateway import Answer, Started, gateways
from marketplace.payments.models import SessionState
from marketplace.payments.payouts import complete_payout, fail_payout
from marketplace.payments.sessions import attach, begin_session, settle
from marketplace.producers.models import LegalForm
from marketplace.upkeep.doctor import Fault, examine
from tests.factories.accounts import an_administrator
from tests.factories.after_sale import reload, returned, step
from tests.factories.payments import (
    MemoryGateway,
    Shop,
    a_shop,
    buy,
    make_payouts,
    pay,
    ship_all,
    with_account,
)

COD, VIETQR, CARD = PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.VIETQR, PaymentMethod.CARD


@pytest.fixture
def history(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Orders of every way of paying and of every end."""
    monkeypatch.setitem(gateways, CARD, MemoryGateway())
    shop = a_shop((300_000, 200_000), on_hand=100, form=LegalForm.HOUSEHOLD)
    for seller in shop.sellers:
        with_account(seller)
    with unit_of_work() as session:
        office = Actor(an_administrator(session).id)
    _by_transfer(shop)
    _in_cash(shop)
    _by_card(shop)
    first, second = make_payouts()
    step(complete_payout, office, first.id, "FT1")
    step(fail_payout, office, second.id, "Sai tài khoản")
    buy(shop, CARD)


def _by_transfer(shop: Shop) -> None:
    """One order arrives and one unit of it comes back; the other is sent in part, the rest given up."""
    group = buy(shop, VIETQR, dict.fromkeys(shop.variants, 2))
    pay(group, 100_000)
    pay(group, group.total - 100_000)
    first, second = group.orders
    step(settlement.deliver, ship_all(first).id, None)
    asked = returned(reload(first.id), 1)
    step(returns.approve_return, asked.id)
    step(returns.receive_return, asked.id, restock=True)
    step(settlement.refund_return, asked.id)
    half = ship_all(second, {second.lines[0].id: 1})
    step(settlement.cancel_rest, second.id)
    step(settlement.deliver, half.id, None)


def _in_cash(shop: Shop) -> None:
    """One order arrives, the other comes back lost."""
    group = buy(shop, COD)
    first, second = group.orders
    step(settlement.deliver, ship_all(first).id, first.total)
    step(settlement.came_back, ship_all(second).id, restock=False)
    waiting = buy(shop, COD)
    step(fulfillment.confirm_order, waiting.orders[0].id)


def _by_card(shop: Shop) -> None:
    """One order is canceled once paid, the other is sent and comes back good."""
    group = buy(shop, CARD)
    attempt = step(begin_session, group.id)
    with unit_of_work() as session:
        attach(session, attempt.id, Started("cs_1", "https://pay.example.test/cs_1"))
    step(settle, attempt.id, Answer(SessionState.COMPLETED, "pi_1", group.total + 5))
    step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)
    step(settlement.came_back, ship_all(group.orders[1]).id, restock=True)


def found() -> list[Fault]:
    db.session.rollback()
    return list(examine(db.session()))


@dataclass(frozen=True)
class Broken:
    """A figure changed past all rules, and what the doctor calls it."""

    by: str
    book: str
    what: str


BROKEN = [
    Broken("UPDATE stock_item SET on_hand = on_hand + 1", "stock", "variant, on hand by movements"),
    Broken(
        "UPDATE stock_item SET allocated = allocated + 1, on_hand = on_hand + 1",
        "stock",
        "variant, allocated by orders",
    ),
    Broken(
        "UPDATE stock_item SET allocated = allocated + 1, on_hand = on_hand + 1",
        "stock",
        "variant, allocated by movements",
    ),
    Broken("UPDATE stock_item SET reserved = reserved + 1", "stock", "variant, reserved by holds"),
    Broken("DELETE FROM stock_reservation", "stock", "variant, reserved by holds"),
    Broken(
        'UPDATE "order" SET goods_total = goods_total + 1, total = total + 1',
        "orders",
        "order, goods by lines",
    ),
    Broken(
        "UPDATE order_group SET goods_total = goods_total + 1, total = total + 1",
        "orders",
        "group, goods by orders",
    ),
    Broken(
        "UPDATE order_group SET shipping_total = shipping_total + 1, total = total + 1",
        "orders",
        "group, delivery by orders",
    ),
    Broken("UPDATE commission_line SET base = base + 1", "orders", "line, base of its commission"),
    Broken("UPDATE commission_line SET amount = amount + 1", "orders", "line, commission at its rate"),
    Broken("UPDATE fulfillment_line SET quantity = quantity + 9", "orders", "line, units sent at most"),
    Broken("UPDATE return_line SET quantity = quantity + 9", "orders", "line, units returned at most"),
    Broken(
        "UPDATE \"order\" SET status = 'canceled', canceled_at = placed_at WHERE status = 'placed'",
        "orders",
        "order canceled, sendings out",
    ),
    Broken(
        "UPDATE \"order\" SET status = 'draft' WHERE status = 'placed'",
        "orders",
        "order not paid first, a draft",
    ),
    Broken(
        "UPDATE \"order\" SET status = 'canceled', canceled_at = '2026-11-21 05:00:00+00'"
        " WHERE status = 'draft'",
        "orders",
        "order no draft, units held",
    ),
    Broken("UPDATE payment SET amount = amount + 1", "payments", "payment, divided among orders"),
    Broken("UPDATE payment_split SET captured = captured + 1", "payments", "payment, divided among orders"),
    Broken(
        "UPDATE payment_split SET refunded = refunded + 1 WHERE refunded < captured",
        "payments",
        "split, refunds of it",
    ),
    Broken("UPDATE refund SET amount = amount + 1", "payments", "split, refunds of it"),
    Broken(
        'UPDATE payment_split SET order_id = (SELECT max(id) FROM "order") WHERE id = 1',
        "payments",
        "split, group of its order",
    ),
    Broken(
        "UPDATE fulfillment SET collected = collected + 1 WHERE collected > 0",
        "payments",
        "sending, cash collected",
    ),
    Broken("UPDATE payment SET reference = 'x' WHERE method = 'cod'", "payments", "cash without a sending"),
    Broken(
        "UPDATE payment SET method = 'vietqr' WHERE method = 'stripe'",
        "payments",
        "group, payments of completed sessions",
    ),
    Broken(
        "UPDATE payment_split SET captured = 0 WHERE refunded = 0 AND payment_id IN"
        " (SELECT id FROM payment WHERE method = 'stripe')",
        "payments",
        "order placed unpaid",
    ),
    Broken(
        "UPDATE payment_split SET refunded = 0 WHERE refunded > 0 AND payment_id IN"
        " (SELECT id FROM payment WHERE method = 'stripe')",
        "payments",
        "order canceled, money kept",
    ),
    Broken(
        "UPDATE payment_session SET state = 'pending', expires_at = '2026-11-01 00:00:00+00'",
        "payments",
        "session left open",
    ),
    Broken(
        "INSERT INTO bank_transfer (reference, amount, message, at, state)"
        " VALUES ('FT5', 5, 'x', '2026-11-01 00:00:00+00', 'matched')",
        "payments",
        "transfer, payment of it",
    ),
    Broken(
        "UPDATE seller_payout SET amount = amount + 1 WHERE state = 'completed'",
        "ledger",
        "payout, entries of it",
    ),
    Broken(
        "UPDATE seller_payout SET state = 'failed' WHERE state = 'completed'",
        "ledger",
        "payout failed, entries of it",
    ),
    Broken(
        "UPDATE seller_transfer SET producer_id = (SELECT max(id) FROM producer) WHERE id = 1",
        "ledger",
        "entry, seller of its order",
    ),
    Broken(
        "UPDATE seller_payout SET producer_id = (SELECT max(id) FROM producer)",
        "ledger",
        "entry, seller of its payout",
    ),
    Broken("DELETE FROM seller_transfer", "ledger", "order, credited to its seller"),
    Broken(
        "UPDATE seller_transfer SET gross = gross + 1, net = net + 1",
        "ledger",
        "order, gross credited",
    ),
    Broken(
        "UPDATE seller_transfer SET commission = commission + 1, net = net - 1",
        "ledger",
        "order, commission",
    ),
    Broken(
        "UPDATE seller_transfer SET withheld = withheld - 90000000, net = net + 90000000",
        "ledger",
        "order, tax withheld",
    ),
]


@pytest.mark.usefixtures("history")
def test_nothing_is_off_after_every_kind_of_order() -> None:
    assert found() == []


@pytest.mark.usefixtures("history")
def test_each_figure_that_is_broken_is_named() -> None:
    missed = [broken for broken in BROKEN if not _is_named(broken)]

    assert missed == []
    assert found() == []


def _is_named(broken: Broken) -> bool:
    """Break a figure, ask the doctor, and undo it again."""
    db.session.rollback()
    session = db.session()
    session.connection().execute(sa.text(broken.by))
    named = {(fault.book, fault.subject.rsplit(" ", 1)[0]) for fault in examine(session)}
    session.rollback()
    return (broken.book, broken.what) in named


@pytest.mark.usefixtures("history")
def test_the_command_says_so_and_ends_with_1(app: Flask) -> None:
    run = app.test_cli_runner()
    fine = run.invoke(args=["doctor"])
    assert (fine.exit_code, "Mọi sổ đều khớp" in fine.output) == (0, True)

    with unit_of_work() as session:
        session.connection().execute(
            sa.text("UPDATE refund SET amount = amount + 7 WHERE reason = 'canceled'")
        )
    off = run.invoke(args=["doctor"])
    assert off.exit_code == 1
    assert "thanh toán" in off.output
    assert "split, refunds of it" in off.output
    assert "1 mục không khớp" in off.output
