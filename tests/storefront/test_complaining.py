"""Complaining from the page of an order: what happened, the code, the answers, the limits."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.database import db, unit_of_work
from marketplace.ordering.complaint_models import Complaint, ComplaintEnd, ComplaintKind, Voice
from marketplace.ordering.complaint_queries import list_complaints
from marketplace.ordering.complaint_times import times_for
from marketplace.ordering.complaints import answer_complaint, close_complaint
from marketplace.ordering.models import Order, OrderGroup, PaymentMethod
from marketplace.ordering.own_data import DELIVERED_WITHIN, KEPT_FOR, let_buyers_go
from marketplace.ordering.secret import order_secret
from tests.conftest import NOON
from tests.factories.accounts import an_actor, an_administrator
from tests.factories.after_sale import step
from tests.factories.ordering import a_commune, ordered, stocked
from tests.pages import visit
from tests.storefront.pages import OWN_PAGE, Page, get

MOST_STATEMENTS = 8
WORDS = "Thùng cam dập nát, gọi người bán ba lần không nghe."


@pytest.fixture
def group(app: Flask) -> OrderGroup:
    with unit_of_work() as session:
        variant, goal = stocked(session, on_hand=10), a_commune(session)
    return ordered({variant.id: 1}, goal)


@pytest.fixture
def path(group: OrderGroup) -> str:
    return page_of(group)


def page_of(group: OrderGroup) -> str:
    """The path of an order's page."""
    return f"/don-hang/{group.number}/{order_secret(group.number)}"


def send(client: FlaskClient, path: str, **changes: Any) -> Page:
    """Fill the form in and send it."""
    action = f"{path}/khieu-nai/1"
    form = get(client, action).form(action)
    return Page(client.post(action, data={**form, "loi": WORDS, **changes}, headers=OWN_PAGE))


def complaints() -> list[Complaint]:
    db.session.rollback()
    return list(list_complaints(db.session(), db.session.scalars(sa.select(Order.id)).all()))


def test_a_buyer_complains_and_gets_a_code(client: FlaskClient, path: str) -> None:
    assert f"{path}/khieu-nai/1" in visit(client, path, statements=MOST_STATEMENTS).links()
    page = visit(client, f"{path}/khieu-nai/1", statements=MOST_STATEMENTS)
    visit(client, f"/en{path}/khieu-nai/1", statements=MOST_STATEMENTS)
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    for kind in ComplaintKind:
        times = times_for(kind)
        hours, days = times.first_answer_hours, times.settled_days
        told = f"Trả lời trong {hours} giờ, giải quyết trong {days} ngày làm việc"
        assert told in page.one(f'label.choice:has(input[value="{kind.value}"])').get_text(" ")
    answer = send(client, path, viec="damaged")
    assert (answer.status, answer.response.location) == (303, f"{path}/khieu-nai/1")
    [one] = complaints()
    page = visit(client, f"{path}/khieu-nai/1", statements=MOST_STATEMENTS)
    for words in (one.code, WORDS, "Đã nhận, chờ trả lời"):
        assert words in page.words, words
    shown = visit(client, path, statements=MOST_STATEMENTS)
    assert one.code in shown.words
    assert "Đã nhận, chờ trả lời" in shown.words
    visit(client, f"/en{path}", statements=MOST_STATEMENTS)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, "viec"),
        ({"viec": "whim"}, "viec"),
        ({"viec": "money", "loi": " … "}, "loi"),
        ({"viec": "money", "loi": "x" * 1001}, "loi"),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(
    client: FlaskClient, path: str, changes: dict[str, str], field: str
) -> None:
    page = send(client, path, **changes)
    assert page.status == 422
    assert page.one(f'.errs a[href="#{field}"]')
    assert complaints() == []


def test_more_is_said_and_answers_are_read(
    app: Flask, client: FlaskClient, path: str, group: OrderGroup
) -> None:
    send(client, path, viec="damaged")
    [one] = complaints()
    with unit_of_work() as session:
        clerk = an_actor(an_administrator(session))
    step(answer_complaint, clerk, one.id, Voice.OFFICE, "Chúng tôi đã gọi người bán.")
    assert send(client, path, loi="Người bán vẫn chưa gọi lại.").status == 303
    assert send(client, path, loi="").status == 422
    page = visit(client, f"{path}/khieu-nai/1", statements=MOST_STATEMENTS)
    for words in (
        "Chúng tôi đã gọi người bán.",
        "Người bán vẫn chưa gọi lại.",
        "Văn phòng OCOP",
        "Đã trả lời",
    ):
        assert words in page.words, words
    assert len(complaints()) == 1
    step(close_complaint, clerk, one.id, ComplaintEnd.AGREED, "Đã đổi thùng khác.")
    page = visit(client, f"{path}/khieu-nai/1", statements=MOST_STATEMENTS)
    assert "đã khép lại: Hai bên đã thoả thuận" in page.words
    assert page.soup.select('input[name="viec"]')
    assert "Đã khép lại" in visit(client, path, statements=MOST_STATEMENTS).words


def test_a_form_without_its_token_or_link_does_nothing(
    client: FlaskClient, path: str, group: OrderGroup
) -> None:
    action = f"{path}/khieu-nai/1"
    told = {"viec": "money", "loi": WORDS}
    assert client.post(action, data=told, headers=OWN_PAGE).status_code == 403
    wrong = f"/don-hang/{group.number}/{'0' * 32}/khieu-nai/1"
    form = get(client, action).form(action)
    assert client.post(wrong, data={**form, **told}, headers=OWN_PAGE).status_code == 404
    assert client.get(wrong).status_code == 404
    assert client.get(f"{path}/khieu-nai/2").status_code == 404
    assert complaints() == []


def test_an_order_complains_only_so_often(client: FlaskClient, path: str) -> None:
    [window] = WINDOWS[Rule.COMPLAINT]
    for number in range(window.count):
        assert send(client, path, viec="other", loi=f"Lời thứ {number}.").status == 303
    refused = send(client, path, viec="other", loi="Lời cuối.")
    assert refused.status == 429
    assert int(refused.response.headers["Retry-After"]) > 0
    assert "Lời cuối." in refused.response.text
    assert len(complaints()[0].messages) == window.count


def test_what_is_not_placed_or_too_old_is_not_complained_of(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        variant, goal = stocked(session, on_hand=10), a_commune(session)
    draft = ordered({variant.id: 1}, goal, method=PaymentMethod.CARD)
    path = page_of(draft)
    assert "Khiếu nại gói" not in visit(client, path, statements=MOST_STATEMENTS).words
    page = visit(client, f"{path}/khieu-nai/1", statements=MOST_STATEMENTS)
    assert "không khiếu nại trên trang được" in page.words
    assert not page.soup.select("main form")
    placed = ordered({variant.id: 1}, goal)
    with clock.stopped(NOON + DELIVERED_WITHIN + KEPT_FOR * 2):
        let_buyers_go()
        page = visit(client, f"{page_of(placed)}/khieu-nai/1", statements=MOST_STATEMENTS)
    assert not page.soup.select("main form")


def test_the_times_are_those_of_the_legal_page(client: FlaskClient) -> None:
    page = visit(client, "/khieu-nai")
    for kind in ComplaintKind:
        times = times_for(kind)
        assert f"trong {times.first_answer_hours} giờ" in page.words
        assert f"trong {times.settled_days} ngày làm việc" in page.words
    assert "bấm Khiếu nại ở trang đơn" in page.words


def test_each_parcel_has_its_own(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        first, second = stocked(session, "Cam"), stocked(session, "Mật ong")
        goal = a_commune(session)
    group = ordered({first.id: 1, second.id: 1}, goal)
    first_parcel = group.orders[0].id
    path = page_of(group)
    send(client, path, viec="money")
    assert [one.order_id for one in complaints()] == [first_parcel]
    assert f"{path}/khieu-nai/2" in visit(client, path, statements=MOST_STATEMENTS).links()
