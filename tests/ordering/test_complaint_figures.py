"""Complaints in figures: those that came in, and what was done as promised."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.database import db, unit_of_work
from marketplace.ordering.complaint_figures import count_complaints
from marketplace.ordering.complaint_models import ComplaintEnd, ComplaintKind, Voice
from marketplace.ordering.complaints import answer_complaint, close_complaint, complain
from tests.factories.accounts import an_actor, an_administrator
from tests.factories.after_sale import delivered_orders, step
from tests.factories.ordering import a_commune, stocked

DAY = timedelta(days=1)


@pytest.fixture
def clerk(app: Flask) -> Actor:
    with unit_of_work() as session:
        return an_actor(an_administrator(session))


def test_complaints_are_counted_by_kind_and_promise(clerk: Actor) -> None:
    with unit_of_work() as session:
        variant, goal = stocked(session, on_hand=10), a_commune(session)
    at = clock.now()
    kinds = (ComplaintKind.DAMAGED, ComplaintKind.DAMAGED, ComplaintKind.MONEY)
    told = []
    for kind in kinds:
        [order] = delivered_orders({variant.id: 1}, goal)
        told.append(step(complain, order.id, kind, "Thùng cam dập nát."))
    step(answer_complaint, clerk, told[0].id, Voice.OFFICE, "Chúng tôi đổi.")
    step(close_complaint, clerk, told[0].id, ComplaintEnd.AGREED, "Đã đổi.")
    with clock.stopped(at + 30 * DAY):
        step(answer_complaint, clerk, told[1].id, Voice.OFFICE, "Xin lỗi đã chậm.")
        step(close_complaint, clerk, told[1].id, ComplaintEnd.EXPLAINED, "Đã nói rõ.")
    db.session.rollback()
    found = count_complaints(db.session(), sa.true(), at, at + DAY)
    assert found.by_kind == {ComplaintKind.DAMAGED: 2, ComplaintKind.MONEY: 1}
    assert (found.received, found.answered_in_time, found.closed_in_time) == (3, 1, 1)
    for where, first, end in (
        (sa.false(), at, at + DAY),
        (sa.true(), at + DAY, at + 9 * DAY),
        (sa.true(), at - DAY, at),
    ):
        assert count_complaints(db.session(), where, first, end).received == 0
