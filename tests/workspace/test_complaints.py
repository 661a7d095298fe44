"""Complaints where a producer works: on the order, answered in words, the rival's not there."""

import pytest

from marketplace.database import db, unit_of_work
from marketplace.ordering.complaint_models import (
    Complaint,
    ComplaintEnd,
    ComplaintKind,
    ComplaintState,
    Voice,
)
from marketplace.ordering.complaint_queries import list_complaints
from marketplace.ordering.complaints import close_complaint, complain
from tests.factories.accounts import an_actor, an_administrator
from tests.factories.after_sale import step
from tests.factories.deeds import deeds
from tests.workspace.conftest import Shop
from tests.workspace.parcels import delivered, goods, somewhere

WORDS = "Thùng cam dập nát, gọi người bán ba lần không nghe."


@pytest.fixture
def complaint(shop: Shop) -> Complaint:
    order = delivered(goods(shop), somewhere())
    one: Complaint = step(complain, order.id, ComplaintKind.DAMAGED, WORDS)
    return one


def now(complaint: Complaint) -> Complaint:
    db.session.rollback()
    return list_complaints(db.session(), [complaint.order_id])[0]


def test_the_day_begins_with_buyers_who_complain(shop: Shop, complaint: Complaint) -> None:
    page = shop.browser.open(shop.base)
    assert "1 khiếu nại chờ trả lời" in page.words
    assert f"{shop.base}/khieu-nai" in page.links()
    listed = shop.staff_browser.open(f"{shop.base}/khieu-nai")
    assert complaint.code in listed.words
    assert f"{shop.base}/don-hang/{complaint.order_id}" in listed.links()
    shop.browser.open(f"/en{shop.base}/khieu-nai")


def test_it_is_answered_on_the_page_of_its_order(shop: Shop, complaint: Complaint) -> None:
    path = f"{shop.base}/don-hang/{complaint.order_id}"
    page = shop.browser.open(path)
    for words in (complaint.code, WORDS, "Hàng hỏng, vỡ"):
        assert words in page.words, words
    assert "Mời viết" in shop.browser.send(f"{path}/khieu-nai", 422, tra_loi=" ").text
    shop.staff_browser.send(f"{path}/khieu-nai", tra_loi="Mai tôi gửi thùng mới.")
    one = now(complaint)
    assert (one.state, one.messages[-1].voice, one.messages[-1].said_by) == (
        ComplaintState.ANSWERED, Voice.SELLER, shop.staff.id,
    )  # fmt: skip
    assert "Mai tôi gửi thùng mới." in shop.browser.open(path).words
    assert "khiếu nại chờ trả lời" not in shop.browser.open(shop.base).words
    assert len(deeds("complaint:answer")) == 1


def test_what_is_closed_is_only_read(shop: Shop, complaint: Complaint) -> None:
    with unit_of_work() as session:
        clerk = an_actor(an_administrator(session))
    step(close_complaint, clerk, complaint.id, ComplaintEnd.AGREED, "Đã đổi thùng khác.")
    path = f"{shop.base}/don-hang/{complaint.order_id}"
    page = shop.browser.open(path)
    assert "Hai bên đã thoả thuận" in page.words
    assert not page.soup.select(f'form[action="{path}/khieu-nai"]')
    shop.browser.send(f"{path}/khieu-nai", 404, tra_loi="Thêm một lời.")
    listed = shop.browser.open(f"{shop.base}/khieu-nai").words
    assert "Không có khiếu nại nào đang mở." in listed
    assert "Hai bên đã thoả thuận" in listed


def test_a_rivals_complaint_is_not_there(shop: Shop, rival: Shop, complaint: Complaint) -> None:
    path = f"{rival.base}/don-hang/{complaint.order_id}"
    rival.browser.send(f"{path}/khieu-nai", 404, tra_loi="Không phải của tôi.")
    assert complaint.code not in rival.browser.open(f"{rival.base}/khieu-nai").words
    shop.browser.open(f"{rival.base}/khieu-nai", 404)
    assert len(now(complaint).messages) == 1
