"""Complaints at the office: overdue ones first, without the buyer, answered and closed with a reason."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.database import db, unit_of_work
from marketplace.ordering.complaint_models import (
    Complaint,
    ComplaintEnd,
    ComplaintKind,
    ComplaintState,
    Voice,
)
from marketplace.ordering.complaint_queries import list_complaints
from marketplace.ordering.complaints import complain
from marketplace.ordering.models import Order
from marketplace.producers.models import Producer
from tests.conftest import NOON
from tests.factories.accounts import a_member
from tests.factories.after_sale import reload, step
from tests.factories.deeds import deeds
from tests.factories.office import Desk
from tests.factories.ordering import PHONE, a_commune, ordered, stocked
from tests.signin.browsing import Browser

PAGE = "/van-phong/khieu-nai"
WORDS = "Thùng cam dập nát, gọi người bán ba lần không nghe."
BUYER = ("Trần Văn An", PHONE, "Xuân Thủy")


@pytest.fixture
def orders(app: Flask, desk: Desk) -> list[Order]:
    """Two orders of a producer of the desk's province."""
    with unit_of_work() as session:
        seller = session.get_one(Producer, desk.producer)
        variant, goal = stocked(session, "Cam sành", producer=seller, on_hand=9), a_commune(session)
    return [reload(ordered({variant.id: 1}, goal).orders[0].id) for _ in range(2)]


@pytest.fixture
def complaint(orders: list[Order]) -> Complaint:
    one: Complaint = step(complain, orders[0].id, ComplaintKind.DAMAGED, WORDS)
    return one


def now(complaint: Complaint) -> Complaint:
    db.session.rollback()
    return next(one for one in list_complaints(db.session(), [complaint.order_id]) if one.id == complaint.id)


def test_the_desk_is_told_what_waits(office: Browser, complaint: Complaint) -> None:
    page = office.open("/van-phong")
    assert "1 Khiếu nại về đơn hàng" in page.words
    assert f"{PAGE}/{complaint.code}" in page.links()
    assert f"{PAGE}/{complaint.code}" in office.open(PAGE).links()
    office.open(f"/en{PAGE}")


def test_nothing_open_is_said(office: Browser) -> None:
    assert "Không có khiếu nại nào đang mở." in office.open(PAGE).words


def test_overdue_ones_come_first(
    browser: Browser, desk: Desk, complaint: Complaint, orders: list[Order]
) -> None:
    urgent = step(complain, orders[1].id, ComplaintKind.QUALITY, "Nghi hàng giả, tem mờ.")
    with clock.stopped(NOON + timedelta(hours=5)):
        browser.enter_as(desk.officer)
        page = browser.open(PAGE)
    links = [link for link in page.links() if link.startswith(f"{PAGE}/KN")]
    assert links == [f"{PAGE}/{urgent.code}", f"{PAGE}/{complaint.code}"]
    assert "quá hạn 1 giờ" in page.words


def test_a_complaint_is_read_without_its_buyer(office: Browser, complaint: Complaint) -> None:
    page = office.open(f"{PAGE}/{complaint.code}")
    for words in (complaint.code, WORDS, "Hàng hỏng, vỡ", "HTX", "Người mua"):
        assert words in page.words, words
    assert not any(known in page.response.text for known in BUYER)
    assert "/hoan" not in page.response.text
    office.open(f"{PAGE}/{complaint.code.lower().replace('-', '')}")
    office.open(f"{PAGE}/KN-00000-00000", 404)
    office.open(f"{PAGE}/gi-do", 404)


def test_it_is_answered_in_words(office: Browser, complaint: Complaint, desk: Desk) -> None:
    path = f"{PAGE}/{complaint.code}"
    assert "Mời viết" in office.send(path, 422, loi=" ").text
    office.send(path, loi="Chúng tôi đã gọi người bán.")
    one = now(complaint)
    assert (one.state, one.messages[-1].voice, one.messages[-1].said_by) == (
        ComplaintState.ANSWERED, Voice.OFFICE, desk.officer.id,
    )  # fmt: skip
    assert "Chúng tôi đã gọi người bán." in office.open(path).words
    assert len(deeds("complaint:answer")) == 1


def test_it_is_closed_with_a_reason(office: Browser, complaint: Complaint) -> None:
    path = f"{PAGE}/{complaint.code}"
    told = office.send(f"{path}/khep-lai", 422, loi_cuoi="").text
    assert "Mời chọn một kết quả." in told
    assert "Mời viết" in told
    assert now(complaint).is_open
    office.send(f"{path}/khep-lai", ket_qua="agreed", loi_cuoi="Người bán đã đổi thùng khác.")
    one = now(complaint)
    assert (one.state, one.closed_because) == (ComplaintState.CLOSED, ComplaintEnd.AGREED)
    office.send(path, 409, loi="Thêm một lời.")
    office.send(f"{path}/khep-lai", 409, ket_qua="agreed", loi_cuoi="Lần nữa.")
    page = office.open(path)
    assert "Hai bên đã thoả thuận" in page.words
    assert not page.soup.select("main form")
    assert "Đã khép lại" in office.open(PAGE).words
    assert len(deeds("complaint:close")) == 1


def test_an_administrator_is_led_to_the_money(browser: Browser, desk: Desk, complaint: Complaint) -> None:
    browser.enter_as(desk.administrator)
    links = browser.open(f"{PAGE}/{complaint.code}").links()
    assert any(link.startswith("/van-phong/tien/don/") for link in links)


def test_other_provinces_and_own_sellers_are_not_there(app: Flask, desk: Desk, complaint: Complaint) -> None:
    path = f"{PAGE}/{complaint.code}"
    with unit_of_work() as session:
        a_member(session, Scope(ScopeKind.PRODUCER, desk.producer), Role.STAFF, desk.second)
    for person in (desk.stranger, desk.second):
        other = Browser(app)
        other.enter_as(person)
        assert "Không có khiếu nại nào đang mở." in other.open(PAGE).words
        other.open(path, 404)
        other.send(path, 404, loi="Tôi không được nói ở đây.")
        other.send(f"{path}/khep-lai", 404, ket_qua="agreed", loi_cuoi="Không được.")
    assert len(now(complaint).messages) == 1
    local = Browser(app)
    local.enter_as(desk.commune_officer)
    local.open(path)
