"""What payments hand out of a buyer, and what of it is forgotten."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.privacy import Subject
from marketplace.database import db, unit_of_work
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.models import CancelReason, OrderGroup, PaymentMethod
from marketplace.payments.bank import Line, take_transfer
from marketplace.payments.models import BankTransfer, Payment, Refund
from marketplace.payments.own_data import KEPT_BECAUSE, export_payments, forget_messages, let_messages_go
from tests.conftest import NOON
from tests.factories.ordering import PHONE, a_commune, ordered, stocked

BUYER = Subject(None, None, PHONE)
STRANGER = Subject(None, None, "0999999999")


@pytest.fixture
def group(app: Flask) -> OrderGroup:
    """An order that was canceled and paid nevertheless."""
    with unit_of_work() as session:
        commune = a_commune(session)
        cam = stocked(session)
    group = ordered({cam.id: 1}, commune, method=PaymentMethod.VIETQR)
    with unit_of_work() as session:
        cancel_order(session, group.orders[0].id, CancelReason.CUSTOMER, clock.now())
        line = Line("FT1", group.total, f"{group.number} Nguyen Van An", clock.now())
        take_transfer(session, line, clock.now())
    db.session.rollback()
    return group


def messages() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(BankTransfer.message)))


def test_a_buyer_is_told_what_they_paid_and_typed(group: OrderGroup) -> None:
    told = export_payments(db.session(), BUYER)
    moment = NOON.isoformat()
    assert told["paid"] == [{"by": "vietqr", "amount": group.total, "at": moment}]
    assert told["given_back"] == [
        {"because": "canceled", "amount": group.total, "state": "pending", "at": moment, "words": None}
    ]
    assert [one["message"] for one in told["transfers"]] == [f"{group.number} Nguyen Van An"]
    assert export_payments(db.session(), STRANGER) == {"paid": [], "given_back": [], "transfers": []}


def test_what_was_typed_is_forgotten_and_amounts_stay(group: OrderGroup) -> None:
    with unit_of_work() as session:
        assert forget_messages(session, STRANGER, clock.now()) is None
    assert messages() != [""]
    with unit_of_work() as session:
        assert forget_messages(session, BUYER, clock.now()) == KEPT_BECAUSE
    assert messages() == [""]
    assert db.session.scalars(sa.select(Payment.amount)).all() == [group.total]


def test_what_was_typed_goes_after_two_years(group: OrderGroup) -> None:
    let_messages_go()
    assert messages() != [""]
    with clock.stopped(NOON + timedelta(days=731)):
        let_messages_go()
    assert messages() == [""]


def test_why_the_office_gave_back_goes_after_two_years_as_well(group: OrderGroup) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(Refund).values(words="Bưu cục báo thất lạc."))
    let_messages_go()
    assert [one["words"] for one in export_payments(db.session(), BUYER)["given_back"]] == [
        "Bưu cục báo thất lạc."
    ]
    db.session.rollback()
    with clock.stopped(NOON + timedelta(days=731)):
        let_messages_go()
    assert db.session.scalars(sa.select(Refund.words)).all() == [None]
