"""Orders with money, a gateway that lives in memory, and what the books say, for tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

import sqlalchemy as sa

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering import fulfillment
from marketplace.ordering.checkout import place_order
from marketplace.ordering.models import Fulfillment, Order, OrderGroup, PaymentMethod
from marketplace.payments import settlement, sweeper
from marketplace.payments.errors import GatewayRefused, GatewayUnavailable
from marketplace.payments.gateway import Answer, RefundAnswer, Repayment, ReturnUrls, Started
from marketplace.payments.ledger_models import SellerPayout, SellerTransfer
from marketplace.payments.models import (
    Payment,
    PaymentSession,
    PaymentSplit,
    Refund,
    RefundState,
    SessionState,
)
from marketplace.payments.payout_accounts import set_payout_account
from marketplace.payments.receipts import take_money
from marketplace.payments.standings import standing_of
from marketplace.payments.status import Standing
from marketplace.places.models import AdminUnit
from marketplace.producers.models import LegalForm
from tests.factories.after_sale import reload, step
from tests.factories.ordering import a_checkout, a_commune, fill_cart, stocked, terms
from tests.factories.producers import a_producer

URLS = ReturnUrls("https://ocop.example.vn/xong", "https://ocop.example.vn/thoi")
_references = count(1)


@dataclass
class MemoryGateway:
    """A gateway that keeps its word and its books in memory; `fault` is raised by the next call."""

    sessions: dict[str, Answer] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    repaid: dict[str, Repayment] = field(default_factory=dict)
    refund_state: RefundState = RefundState.COMPLETED
    fault: Exception | None = None
    calls: list[str] = field(default_factory=list)

    def start(self, session: PaymentSession, group: OrderGroup, urls: ReturnUrls) -> Started:
        """Open a session, once for each key."""
        self._called("start")
        reference = self.by_key.setdefault(session.idempotency_key, f"cs_{next(_references)}")
        self.sessions.setdefault(reference, Answer(SessionState.PENDING))
        return Started(reference, f"https://pay.example.test/{reference}")

    def ask(self, reference: str) -> Answer:
        """Say where a session stands."""
        self._called("ask")
        return self.sessions[reference]

    def expire(self, reference: str) -> Answer:
        """End a session that nobody paid."""
        self._called("expire")
        if self.sessions[reference].state is SessionState.PENDING:
            self.sessions[reference] = Answer(SessionState.EXPIRED)
        return self.sessions[reference]

    def refund(self, repayment: Repayment) -> RefundAnswer:
        """Give money back, once for each key."""
        self._called("refund")
        self.repaid[repayment.idempotency_key] = repayment
        return RefundAnswer(self.refund_state, f"re_{repayment.idempotency_key[-8:]}")

    def pay(self, reference: str, amount: int) -> Answer:
        """Pay a session, as its buyer does on the gateway's page."""
        self.sessions[reference] = Answer(SessionState.COMPLETED, f"pi_{reference}", amount)
        return self.sessions[reference]

    def _called(self, what: str) -> None:
        assert not db.session().in_transaction(), "a gateway is called while a transaction is open"
        self.calls.append(what)
        if self.fault is not None:
            fault, self.fault = self.fault, None
            raise fault


UNAVAILABLE, REFUSED = GatewayUnavailable, GatewayRefused


@dataclass(frozen=True)
class Shop:
    """Sellers with one variant each, in order, and where their buyers live."""

    commune: AdminUnit
    sellers: list[int]
    variants: list[int]


def a_shop(
    prices: Sequence[int] = (90_000, 60_000, 35_000),
    on_hand: int = 10,
    form: LegalForm | None = LegalForm.COOPERATIVE,
) -> Shop:
    """Open a shop in which each price is that of another seller."""
    with unit_of_work() as session:
        shop = Shop(a_commune(session), [], [])
        for place, price in enumerate(prices, start=1):
            seller = a_producer(session, f"HTX Sản vật {place}", legal_form=form)
            variant = stocked(session, f"Sản vật {place}", producer=seller, on_hand=on_hand, price=price)
            shop.sellers.append(seller.id)
            shop.variants.append(variant.id)
    return shop


def buy(
    shop: Shop,
    method: PaymentMethod = PaymentMethod.VIETQR,
    quantities: Mapping[int, int] | None = None,
    *,
    commission_rate: int = 500,
) -> OrderGroup:
    """Order one of everything, or so many by variant, at a commission of 5 %; return it as it was placed."""
    token = fill_cart(quantities or dict.fromkeys(shop.variants, 1))
    with unit_of_work() as session:
        checkout = a_checkout(session, token, shop.commune, method=method)
        agreed = replace(terms(), commission_rate=commission_rate)
        group = place_order(session, token, checkout, agreed, clock.now())
    db.session.expunge_all()
    return group


def pay(
    group: OrderGroup,
    amount: int | None = None,
    *,
    reference: str | None = None,
    method: PaymentMethod = PaymentMethod.VIETQR,
) -> Payment:
    """Have a group's total come in, or so many đồng."""
    reference = reference or f"FT{next(_references)}"
    return step(take_money, group.id, method, reference, amount or group.total)


def ship_all(order: Order | int, quantities: Mapping[int, int] | None = None) -> Fulfillment:
    """Have a seller take an order on and send it, or units of it by line."""
    order_id = order if isinstance(order, int) else order.id
    step(fulfillment.confirm_order, order_id)
    return step(settlement.ship, order_id, quantities, "Viettel Post", None)


def deliver_all(group: OrderGroup) -> None:
    """Have every order of a group sent and delivered; who pays in cash pays what is due."""
    in_cash = group.payment_method is PaymentMethod.CASH_ON_DELIVERY
    for order in group.orders:
        step(settlement.deliver, ship_all(order).id, order.total if in_cash else None)


def standing(order: Order | int) -> Standing:
    """Return how an order stands with money now."""
    order_id = order if isinstance(order, int) else order.id
    loaded = reload(order_id)
    db.session.rollback()
    return standing_of(db.session(), loaded)


def captured(payment_id: int) -> dict[int, int]:
    """Return how a payment is divided, by order."""
    db.session.rollback()
    parts = sa.select(PaymentSplit.order_id, PaymentSplit.captured)
    rows = db.session.execute(parts.where(PaymentSplit.payment_id == payment_id))
    return {row.order_id: row.captured for row in rows}


def refunds() -> list[Refund]:
    """Return all refunds in their order."""
    db.session.rollback()
    found = sa.select(Refund).order_by(Refund.id).execution_options(populate_existing=True)
    return list(db.session.scalars(found))


def entries(seller_id: int | None = None) -> list[SellerTransfer]:
    """Return the entries of the ledger in their order, of one seller or of all."""
    db.session.rollback()
    found = sa.select(SellerTransfer).order_by(SellerTransfer.id)
    if seller_id is not None:
        found = found.where(SellerTransfer.producer_id == seller_id)
    return list(db.session.scalars(found.execution_options(populate_existing=True)))


def with_account(seller_id: int, at: datetime | None = None) -> None:
    """Have a seller say where its money goes."""
    with unit_of_work() as session:
        when = at or clock.now()
        set_payout_account(session, seller_id, "970436", "0011004123456", "HTX San vat", when)


def make_payouts() -> list[SellerPayout]:
    """Have the sellers paid out who are due it, as the worker does; return the payouts made."""
    newest = sa.func.coalesce(sa.func.max(SellerPayout.id), 0)
    before = db.session.execute(sa.select(newest)).scalar_one()
    db.session.rollback()
    sweeper.pay_sellers_out()
    made = sa.select(SellerPayout).where(SellerPayout.id > before).order_by(SellerPayout.id)
    found = list(db.session.scalars(made))
    for payout in found:
        db.session.expunge(payout)
    return found
