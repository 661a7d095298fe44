"""R4: whichever statement, commit or call of a gateway fails, an order is whole or not there."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering import checkout, fulfillment, stock
from marketplace.ordering.models import CancelReason, Order, OrderGroup, OrderLine, PaymentMethod, StockItem
from marketplace.ordering.stock import StockLedgerBroken
from marketplace.payments import settlement, sweeper
from marketplace.payments.errors import GatewayUnavailable
from marketplace.payments.gateway import Answer, RefundAnswer, Repayment, ReturnUrls, Started, gateways
from marketplace.payments.models import PaymentSession
from marketplace.payments.paying import ask_session, start_paying
from marketplace.payments.receipts import take_money
from marketplace.upkeep.doctor import examine
from tests.drills import Outcome, Run, drill
from tests.drills.shoppers import Goal, a_goal, phone_of
from tests.factories.ordering import fill_cart, stocked
from tests.factories.payments import MemoryGateway

T = TypeVar("T")
ON_HAND = 10
TRIES = 4
BETWEEN_TRIES = timedelta(hours=2)
CARDS = {"STRIPE_SECRET_KEY": "sk_test_none", "STRIPE_WEBHOOK_SECRET": "whsec_" + "n" * 32}
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class Fault(OperationalError):
    """A database or a gateway that went away just now."""

    def __init__(self) -> None:
        super().__init__("made to fail", None, ConnectionError("gone"))


@dataclass
class Faults:
    """Counts the points at which something can fail, and lets the n-th one fail, once."""

    at: int = 0
    passed: int = 0
    armed: bool = False
    kinds: Counter[str] = field(default_factory=Counter)

    def point(self, kind: str) -> None:
        """Pass a point, or fail at it."""
        if not self.armed:
            return
        self.passed += 1
        if self.passed == self.at:
            self.armed = False
            self.kinds[kind] += 1
            raise Fault


@dataclass
class FaultyGateway(MemoryGateway):
    """A gateway whose line breaks before it heard, or after it acted."""

    faults: Faults = field(default_factory=Faults)

    def start(self, session: PaymentSession, group: OrderGroup, urls: ReturnUrls) -> Started:
        return self._over_the_line(lambda: super(FaultyGateway, self).start(session, group, urls))

    def ask(self, reference: str) -> Answer:
        return self._over_the_line(lambda: super(FaultyGateway, self).ask(reference))

    def refund(self, repayment: Repayment) -> RefundAnswer:
        return self._over_the_line(lambda: super(FaultyGateway, self).refund(repayment))

    def _over_the_line(self, call: Callable[[], T]) -> T:
        self.faults.point("call")
        answer = call()
        self.faults.point("answer")
        return answer


@drill("R4", bar="after a fault at any point and one more try: every book right, sold once, paid once")
def a_fault_at_any_point_breaks_nothing(run: Run) -> Outcome:
    """Let each statement, commit and gateway call of an order's whole life fail in turn."""
    broken: list[str] = []
    points: dict[str, int] = {}
    kinds: Counter[str] = Counter()
    with run.application(**CARDS) as app:
        with unit_of_work() as session:
            goal = a_goal(session)
        for place, method in enumerate(PaymentMethod):
            for faults in _one_after_the_other(run, place):
                with nullcontext() if run.guarded else _half_kept(faults):
                    wrong = _live(app, goal, method, faults)
                broken += [f"{method} {faults.at}: {what}" for what in wrong]
                kinds += faults.kinds
            points[method.value] = faults.passed
    got = {"points": points, "failed": dict(kinds), "broken": len(broken), "first": broken[:3]}
    struck = ("statement", "commit", "call", "answer") if run.full else ("statement",)
    return Outcome(got, ok=not broken and all(kinds[kind] for kind in struck))


def _one_after_the_other(run: Run, place: int) -> Iterator[Faults]:
    """Yield faults at each point, or at some in a short run, until there is no such point any more.

    In a short run each way of paying begins elsewhere, so that together they strike as many places.
    """
    stride = run.count(short=39, full=1)
    faults = Faults(at=1 + place * stride // len(PaymentMethod) if run.guarded else 0)
    yield faults
    while run.guarded and not faults.armed:
        faults = Faults(at=faults.at + stride)
        yield faults


def _live(app: Flask, goal: Goal, method: PaymentMethod, faults: Faults) -> list[str]:
    """Have somebody buy from two sellers, with one fault on the way; return what is wrong at the end."""
    gateway = FaultyGateway(faults=faults)
    before = gateways.get(PaymentMethod.CARD)
    gateways[PaymentMethod.CARD] = gateway
    with unit_of_work() as session:
        variants = [stocked(session, f"{method} {faults.at} {n}", on_hand=ON_HAND).id for n in (1, 2)]
    try:
        with _failing(faults):
            faults.armed = True
            _buy(app, goal, method, variants, faults, gateway)
    except StockLedgerBroken as broken:
        return [str(broken)]
    finally:
        gateways.pop(PaymentMethod.CARD)
        if before is not None:
            gateways[PaymentMethod.CARD] = before
    return _look(variants, method, gateway)


def _buy(
    app: Flask, goal: Goal, method: PaymentMethod, variants: list[int], faults: Faults, gateway: FaultyGateway
) -> None:
    group_id = _check_out(app, goal, method, variants, faults.at)
    if method is PaymentMethod.CARD:
        _pay_by_card(app, group_id, gateway)
    elif method is PaymentMethod.VIETQR:
        _again(
            lambda session: take_money(
                session, group_id, method, f"FT{group_id}", _total(group_id), clock.now()
            )
        )
    kept, taken_back = _order_ids(group_id)
    _again(lambda session: settlement.cancel(session, taken_back, CancelReason.CUSTOMER, clock.now()))
    _again(lambda session: fulfillment.confirm_order(session, kept, clock.now()))
    sending = _again(
        lambda session: settlement.ship(session, kept, None, "Viettel Post", "VT1", clock.now(), position=1)
    )
    in_cash = _total_of(kept) if method is PaymentMethod.CASH_ON_DELIVERY else None
    _again(lambda session: settlement.deliver(session, sending.id, in_cash, clock.now()))
    begun = clock.now()
    for number in range(TRIES):
        with clock.stopped(begun + number * BETWEEN_TRIES):
            _outside(sweeper.carry_out_refunds)


def _check_out(app: Flask, goal: Goal, method: PaymentMethod, variants: list[int], number: int) -> int:
    token = _outside(lambda: fill_cart(dict.fromkeys(variants, 2), province_id=goal.province_id))
    client = app.test_client()
    client.set_cookie("cart", token)
    form: dict[str, str] = {}
    while "khoa" not in form:
        form = dict(HIDDEN.findall(_request(lambda: client.get("/dat-hang")).text))
    place = {"tinh": str(goal.province_id), "xa": str(goal.commune_id), "nha": "Số 12"}
    form |= {**place, "sdt": phone_of(number), "ten": "Trần Văn An", "tra": method.value, "buoc": "dat"}
    for _ in range(TRIES):
        answer = _request(lambda: client.post("/dat-hang", data=form, headers=SAME_ORIGIN))
        if answer.status_code == 303:
            return _group_id(answer.location.split("/don-hang/")[1].split("/")[0])
    raise AssertionError(f"never placed: {answer.status_code} {answer.text[-2000:]}")


def _request(send: Callable[[], TestResponse]) -> TestResponse:
    """Send a request as if it had an application context of its own."""
    for name in list(g):
        g.pop(name)
    return send()


def _pay_by_card(app: Flask, group_id: int, gateway: FaultyGateway) -> None:
    """Begin paying until there is a page, pay on it, and let the sweeper find out."""
    urls = ReturnUrls("https://shop.test/xong", "https://shop.test/thoi")
    address = _outside(lambda: start_paying(group_id, urls, clock.now()))
    reference = address.rpartition("/")[2]
    gateway.pay(reference, _total(group_id))
    [session_id] = _read(sa.select(PaymentSession.id).where(PaymentSession.reference == reference))
    _outside(lambda: ask_session(session_id, clock.now()))


def _again(act: Callable[[Session], T]) -> T:
    """Do something in a unit of work, once more after a fault, as somebody who presses the button again."""

    def once() -> T:
        with unit_of_work() as session:
            return act(session)

    return _outside(once)


def _outside(act: Callable[[], T]) -> T:
    for _ in range(TRIES - 1):
        try:
            return act()
        except (Fault, GatewayUnavailable):
            db.session.rollback()
    return act()


@contextmanager
def _failing(faults: Faults) -> Iterator[None]:
    """Let statements and commits pass through the points; a commit may fail before and after it counts."""
    engine, commit = db.engine, Session.commit

    def statement(*_: Any) -> None:
        faults.point("statement")

    def before_commit(_: Any) -> None:
        faults.point("commit")

    def commit_and_answer(session: Session) -> None:
        commit(session)
        faults.point("answer")

    event.listen(engine, "before_cursor_execute", statement)
    event.listen(engine, "commit", before_commit)
    Session.commit = commit_and_answer  # type: ignore[assignment, method-assign]
    try:
        yield
    finally:
        Session.commit = commit  # type: ignore[method-assign]
        event.remove(engine, "commit", before_commit)
        event.remove(engine, "before_cursor_execute", statement)


@contextmanager
def _half_kept(faults: Faults) -> Iterator[None]:
    """The negative control: an order is kept before its goods are taken, and then the line breaks."""
    places = vars(checkout)
    before = stock.allocate, places["reserve"]

    def keeping(take: Callable[..., None]) -> Callable[..., None]:
        def keep_and_take(session: Session, *given: Any) -> None:
            session.commit()
            faults.at = faults.at or faults.passed + 1
            take(session, *given)

        return keep_and_take

    stock.allocate, places["reserve"] = (keeping(take) for take in before)
    try:
        yield
    finally:
        stock.allocate, places["reserve"] = before


def _look(variants: list[int], method: PaymentMethod, gateway: FaultyGateway) -> list[str]:
    """Return what is not as it must be: one order, one payment, stock sold once, all books right."""
    db.session.rollback()
    session = db.session()
    faults = [str(fault) for fault in examine(session)]
    items = {item.variant_id: item for item in session.scalars(sa.select(StockItem))}
    sold, back = items[variants[0]], items[variants[1]]
    if (sold.on_hand, sold.allocated, sold.reserved) != (ON_HAND - 2, 0, 0):
        faults.append(f"sold {sold.on_hand} {sold.allocated} {sold.reserved}")
    if (back.on_hand, back.allocated, back.reserved) != (ON_HAND, 0, 0):
        faults.append(f"taken back {back.on_hand} {back.allocated} {back.reserved}")
    of_variant = sa.select(sa.func.count()).select_from(Order).join(Order.lines)
    orders = session.scalar(of_variant.where(OrderLine.variant_id == variants[0]))
    if orders != 1:
        faults.append(f"{orders} orders")
    if method is PaymentMethod.CARD and (len(gateway.sessions), len(gateway.repaid)) != (1, 1):
        faults.append(f"{len(gateway.sessions)} sessions, {len(gateway.repaid)} refunds at the gateway")
    db.session.rollback()
    return faults


def _read(wanted: sa.Select[T]) -> list[T]:
    """Read something for the story itself, which bears a fault as well."""

    def once() -> list[T]:
        try:
            return list(db.session.scalars(wanted))
        finally:
            db.session.rollback()

    return _outside(once)


def _group_id(number: str) -> int:
    return _read(sa.select(OrderGroup.id).where(OrderGroup.number == number))[0]


def _order_ids(group_id: int) -> list[int]:
    return _read(sa.select(Order.id).where(Order.group_id == group_id).order_by(Order.position))


def _total(group_id: int) -> int:
    return _read(sa.select(OrderGroup.total).where(OrderGroup.id == group_id))[0]


def _total_of(order_id: int) -> int:
    return _read(sa.select(Order.total).where(Order.id == order_id))[0]
