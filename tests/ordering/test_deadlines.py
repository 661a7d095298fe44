from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.deadlines import confirm_by, pay_by, remind_sellers
from marketplace.ordering.models import CancelReason, Order, PaymentMethod
from tests.factories.ordering import a_commune, ordered, stocked

DUE = datetime(2026, 11, 24, 17, tzinfo=UTC)
"""The end of Tuesday in Vietnam, two working days after Saturday, 21 November."""


def overdue() -> list[int]:
    db.session.rollback()
    payloads = db.session.scalars(sa.select(Job.payload).order_by(Job.id))
    return [payload["about"] for payload in payloads if payload.get("news") == "order_overdue"]


@pytest.fixture
def order_ids(app: Flask) -> list[int]:
    with unit_of_work() as session:
        items = [stocked(session, name).id for name in ("Cam", "Bưởi")]
        commune = a_commune(session)
    return [order.id for order in ordered(dict.fromkeys(items, 1), commune).orders]


def test_a_seller_has_two_working_days() -> None:
    assert confirm_by(clock.now()) == DUE
    thursday = datetime(2026, 11, 26, 2, tzinfo=UTC)
    assert confirm_by(thursday) == datetime(2026, 11, 30, 17, tzinfo=UTC)


def test_a_transfer_has_three_working_days() -> None:
    assert pay_by(clock.now()) == DUE + timedelta(days=1)


def test_who_does_not_answer_is_reminded_once(order_ids: list[int]) -> None:
    with clock.stopped(DUE - timedelta(seconds=1)):
        assert remind_sellers() == 0
    assert overdue() == []
    with clock.stopped(DUE):
        assert remind_sellers() == 2
        assert remind_sellers() == 0
    assert overdue() == order_ids
    kept = db.session.scalars(sa.select(Order.reminded_at)).all()
    assert set(kept) == {DUE}


def test_who_answered_or_need_not_answer_is_not_reminded(order_ids: list[int]) -> None:
    with unit_of_work() as session:
        session.get_one(Order, order_ids[0]).confirmed_at = clock.now()
        cancel_order(session, order_ids[1], CancelReason.CUSTOMER, clock.now())
    with clock.stopped(DUE):
        assert remind_sellers() == 0
    assert overdue() == []


def test_nobody_is_reminded_of_a_draft(app: Flask) -> None:
    with unit_of_work() as session:
        item, commune = stocked(session).id, a_commune(session)
    ordered({item: 1}, commune, method=PaymentMethod.CARD)
    with clock.stopped(DUE + timedelta(days=30)):
        assert remind_sellers() == 0
