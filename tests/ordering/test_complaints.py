"""Complaints: opened once for an order, promised an answer in time, answered, closed, forgotten."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.accounts.errors import TooManyAttempts
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.after_sale_errors import ComplaintClosed, InvalidComplaint, NotComplainable
from marketplace.ordering.complaint_models import (
    Complaint,
    ComplaintEnd,
    ComplaintKind,
    ComplaintMessage,
    ComplaintState,
    Voice,
)
from marketplace.ordering.complaint_queries import list_complaints
from marketplace.ordering.complaint_ticket import draw_ticket, read_ticket, write_ticket
from marketplace.ordering.complaint_times import ISSUES, TIMES, Issue
from marketplace.ordering.complaints import answer_complaint, claim_complaint, close_complaint, complain
from marketplace.ordering.models import Order, PaymentMethod
from marketplace.ordering.order_number import check_character
from marketplace.ordering.own_data import KEPT_FOR, export_orders, keep_orders, let_buyers_go
from tests.conftest import NOON
from tests.factories.accounts import an_actor, an_administrator
from tests.factories.after_sale import delivered_orders, news, step
from tests.factories.deeds import deeds
from tests.factories.ordering import PHONE, a_commune, ordered, stocked

WORDS = "Thùng cam dập nát, gọi người bán ba lần không nghe."


@pytest.fixture
def order(app: Flask) -> Order:
    with unit_of_work() as session:
        variant, goal = stocked(session, on_hand=10), a_commune(session)
    return delivered_orders({variant.id: 2}, goal)[0]


@pytest.fixture
def clerk(app: Flask) -> Actor:
    with unit_of_work() as session:
        return an_actor(an_administrator(session))


def told(order: Order, kind: ComplaintKind = ComplaintKind.DAMAGED, words: str = WORDS) -> Complaint:
    complaint: Complaint = step(complain, order.id, kind, words)
    return complaint


def known(order: Order) -> list[Complaint]:
    db.session.rollback()
    return list(list_complaints(db.session(), [order.id]))


def answered(clerk: Actor, complaint: Complaint, words: str = "Chúng tôi đổi thùng khác.") -> None:
    step(answer_complaint, clerk, complaint.id, Voice.OFFICE, words)


def test_a_complaint_is_promised_the_times_that_are_published(order: Order) -> None:
    one = told(order)
    assert one.state is ComplaintState.RECEIVED
    assert one.first_response_by == NOON + timedelta(hours=24)
    # Saturday, then five working days: to the end of Friday the week after.
    assert one.resolve_by == clock.start_of(date(2026, 11, 28))
    assert one.due_at == one.first_response_by
    assert news()[-1] == ("complaint_told", order.id)


@pytest.mark.parametrize("kind", list(ComplaintKind))
def test_every_kind_falls_under_an_issue_that_is_published(order: Order, kind: ComplaintKind) -> None:
    times = TIMES[ISSUES[kind]]
    one = told(order, kind)
    assert one.first_response_by == NOON + timedelta(hours=times.first_answer_hours)
    assert set(TIMES) == set(Issue)


def test_an_order_has_one_complaint_that_is_open(order: Order, clerk: Actor) -> None:
    first = told(order)
    assert told(order).id == first.id
    assert told(order, ComplaintKind.MONEY, "Và thu thừa tiền.").id == first.id
    [one] = known(order)
    assert [said.words for said in one.messages] == [WORDS, "Và thu thừa tiền."]
    assert one.kind is ComplaintKind.DAMAGED
    step(close_complaint, clerk, first.id, ComplaintEnd.AGREED, "Hai bên đồng ý đổi hàng.")
    assert told(order).id != first.id
    assert [one.is_open for one in known(order)] == [True, False]


def test_the_database_refuses_a_second_open_one(order: Order) -> None:
    first = told(order)
    with pytest.raises(IntegrityError), unit_of_work() as session:
        facts = {"opened_at": NOON, "first_response_by": NOON, "resolve_by": NOON}
        ids = {"order_id": first.order_id, "ticket": draw_ticket()}
        state = {"kind": ComplaintKind.OTHER, "state": ComplaintState.RECEIVED}
        session.add(Complaint(**facts, **ids, **state))


@pytest.mark.parametrize("words", ["", " … ", "x" * 1001])
def test_words_are_said_and_not_at_length(order: Order, clerk: Actor, words: str) -> None:
    with pytest.raises(InvalidComplaint):
        told(order, words=words)
    one = told(order)
    with pytest.raises(InvalidComplaint):
        answered(clerk, one, words)
    with pytest.raises(InvalidComplaint):
        step(close_complaint, clerk, one.id, ComplaintEnd.AGREED, words)
    assert len(known(order)[0].messages) == 1


def test_what_was_never_placed_or_is_forgotten_is_not_complained_of(app: Flask, order: Order) -> None:
    with unit_of_work() as session:
        variant, goal = stocked(session, "Mật ong"), a_commune(session, "Xã Khác", "Quảng Trị")
    draft = ordered({variant.id: 1}, goal, method=PaymentMethod.CARD).orders[0]
    with pytest.raises(NotComplainable):
        told(draft)
    with clock.stopped(NOON + KEPT_FOR + timedelta(seconds=1)):
        let_buyers_go()
        with pytest.raises(NotComplainable):
            told(order)
    with pytest.raises(NotFound):
        step(complain, 999, ComplaintKind.OTHER, WORDS)


def test_an_answer_moves_it_on_and_is_told_once(order: Order, clerk: Actor) -> None:
    one = told(order)
    answered(clerk, one)
    answered(clerk, one)
    step(answer_complaint, clerk, one.id, Voice.SELLER, "Mai tôi gửi thùng mới.")
    [now] = known(order)
    assert (now.state, now.answered_at, now.due_at) == (ComplaintState.ANSWERED, NOON, now.resolve_by)
    assert [said.voice for said in now.messages] == [Voice.BUYER, Voice.OFFICE, Voice.SELLER]
    assert [said.said_by for said in now.messages] == [None, clerk.person_id, clerk.person_id]
    assert [what for what, _ in news()].count("complaint_answered") == 2
    assert [deed.data for deed in deeds("complaint:answer")] == ['{"kind":"office"}', '{"kind":"seller"}']


def test_what_is_closed_is_closed(order: Order, clerk: Actor) -> None:
    one = told(order)
    step(close_complaint, clerk, one.id, ComplaintEnd.UNFOUNDED, "Ảnh cho thấy hàng lành.")
    [now] = known(order)
    assert (now.state, now.closed_by, now.closed_because) == (
        ComplaintState.CLOSED, clerk.person_id, ComplaintEnd.UNFOUNDED,
    )  # fmt: skip
    with pytest.raises(ComplaintClosed):
        answered(clerk, one)
    with pytest.raises(ComplaintClosed):
        step(close_complaint, clerk, one.id, ComplaintEnd.AGREED, "Lần nữa.")
    with pytest.raises(NotFound):
        step(close_complaint, clerk, 999, ComplaintEnd.AGREED, "Không có.")
    assert [what for what, _ in news()][-1] == "complaint_closed"
    assert [deed.data for deed in deeds("complaint:close")] == ['{"kind":"unfounded"}']


def test_an_order_says_only_so_much_in_a_day(app: Flask, order: Order) -> None:
    [window] = WINDOWS[Rule.COMPLAINT]
    for _ in range(window.count):
        claim_complaint(order.id, "192.0.2.7", NOON)
    with pytest.raises(TooManyAttempts):
        claim_complaint(order.id, "198.51.100.7", NOON)
    claim_complaint(order.id, "198.51.100.7", NOON + window.length)


def test_a_network_complains_only_so_often(app: Flask) -> None:
    [window] = WINDOWS[Rule.COMPLAINT_ADDRESS]
    for number in range(window.count):
        claim_complaint(number, f"192.0.2.{number}", NOON)
    with pytest.raises(TooManyAttempts):
        claim_complaint(500, "192.0.2.250", NOON)
    claim_complaint(500, "198.51.100.7", NOON)


def test_codes_are_drawn_by_chance_and_can_be_spoken() -> None:
    drawn = {draw_ticket() for _ in range(1_000)}
    assert len(drawn) == 1_000
    for ticket in list(drawn)[:50]:
        written = write_ticket(ticket)
        assert (len(written), written[:3]) == (14, "KN-")
        assert read_ticket(written) == ticket
        assert read_ticket(f" {written.lower().replace('-', ' ')} ") == ticket
        assert read_ticket(ticket) == ticket
        assert read_ticket(ticket[:-1]) is None
        swapped = "0" if ticket[0] != "0" else "1"
        assert read_ticket(swapped + ticket[1:]) is None


def test_a_code_that_begins_as_every_code_is_written_is_read_with_and_without_that() -> None:
    ticket = "KN0000000"
    ticket += check_character(ticket)
    assert read_ticket(write_ticket(ticket)) == read_ticket(ticket) == ticket


def test_the_buyer_is_handed_out_what_was_said(order: Order, clerk: Actor) -> None:
    answered(clerk, told(order))
    db.session.rollback()
    [group] = export_orders(db.session(), Subject(None, None, PHONE))
    [complaint] = group["complaints"]
    assert (complaint["kind"], complaint["state"]) == ("damaged", "answered")
    assert next((said["by"], said["words"]) for said in complaint["said"]) == ("buyer", WORDS)
    assert "said_by" not in str(complaint)


def test_with_a_buyer_go_the_words_of_that_buyer_alone(order: Order, clerk: Actor) -> None:
    answered(clerk, told(order))
    with unit_of_work() as session:
        keep_orders(session, Subject(None, None, "0999999999"), NOON)
    assert known(order)[0].messages[0].words == WORDS
    with unit_of_work() as session:
        assert keep_orders(session, Subject(None, None, PHONE), NOON)
    assert [said.words for said in known(order)[0].messages] == ["", "Chúng tôi đổi thùng khác."]


@pytest.mark.parametrize(("seconds", "kept"), [(0, True), (1, False)])
def test_after_two_years_the_words_go(order: Order, seconds: int, kept: bool) -> None:
    told(order)
    with clock.stopped(NOON + KEPT_FOR + timedelta(seconds=seconds)):
        let_buyers_go()
    db.session.rollback()
    assert (db.session.scalars(sa.select(ComplaintMessage.words)).one() == WORDS) is kept
