"""Letters about complaints and about money that the office gives back."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.database import unit_of_work
from marketplace.ordering.complaint_models import Complaint, ComplaintEnd, ComplaintKind, Voice
from marketplace.ordering.complaints import answer_complaint, close_complaint, complain
from marketplace.ordering.models import Order, OrderGroup
from marketplace.payments.office_refunds import give_back
from tests.factories import accounts
from tests.factories.after_sale import step
from tests.factories.payments import a_shop, buy, pay, ship_all
from tests.signin.browsing import letters

BUYER, SELLER = "nguoi.mua@example.vn", "chu@example.vn"
WORDS = "Thùng cam dập nát, gọi người bán ba lần không nghe."


@pytest.fixture
def clerk(app: Flask) -> Actor:
    with unit_of_work() as session:
        return accounts.an_actor(accounts.an_administrator(session))


@pytest.fixture
def order(app: Flask) -> Order:
    """A paid order with an address of its buyer and one of its seller."""
    shop = a_shop((90_000,))
    with unit_of_work() as session:
        accounts.an_owner(session, shop.sellers[0], accounts.a_person(session, email=SELLER))
    group = buy(shop)
    with unit_of_work() as session:
        session.execute(sa.update(OrderGroup).values(buyer_email=BUYER))
    pay(group)
    return group.orders[0]


def told(app: Flask) -> dict[str, tuple[str, str]]:
    """The letters written now: subject and body by address."""
    sent_now = {one.to: (one.subject, one.body) for one in letters(app) if "@" in one.to}
    for path in app.extensions["settings"].outbox.iterdir():
        path.unlink()
    return sent_now


def test_a_complaint_is_told_to_the_seller_and_answers_to_the_buyer(
    app: Flask, order: Order, clerk: Actor
) -> None:
    told(app)
    one: Complaint = step(complain, order.id, ComplaintKind.DAMAGED, WORDS)
    sent = told(app)
    assert set(sent) == {SELLER}
    assert one.code in sent[SELLER][0]
    assert "Hàng hỏng, vỡ" in sent[SELLER][1]
    assert f"/don-hang/{order.id}" in sent[SELLER][1]
    assert WORDS not in sent[SELLER][1]

    step(answer_complaint, clerk, one.id, Voice.SELLER, "Mai tôi gửi thùng mới.")
    subject, body = told(app)[BUYER]
    assert one.code in subject
    assert f"{order.seller_name} trả lời" in body
    assert "Mai tôi gửi thùng mới." in body
    step(answer_complaint, clerk, one.id, Voice.OFFICE, "Chúng tôi đã nhắc người bán.")
    assert "Văn phòng OCOP trả lời" in told(app)[BUYER][1]

    step(close_complaint, clerk, one.id, ComplaintEnd.AGREED, "Đã nhận thùng mới.")
    sent = told(app)
    assert set(sent) == {BUYER}
    assert "Hai bên đã thoả thuận" in sent[BUYER][1]
    assert "Đã nhận thùng mới." in sent[BUYER][1]


def test_why_the_office_gives_back_is_told(app: Flask, order: Order, clerk: Actor) -> None:
    ship_all(order)
    told(app)
    with unit_of_work() as session:
        give_back(session, clerk, order.id, 50_000, "Bưu cục báo thất lạc.", 0, clock.now())
    sent = told(app)
    subject, body = sent[BUYER]
    assert subject.startswith("Sẽ trả lại 50.000")
    assert "chợ trả lại. Bưu cục báo thất lạc." in body
    assert "Chúng tôi chuyển lại về tài khoản đã chuyển" in body
    subject, body = sent[SELLER]
    assert "văn phòng đã hoàn tiền cho khách" in subject
    assert "Văn phòng đã hoàn 50.000" in body
    assert "Vì sao: Bưu cục báo thất lạc." in body
    assert order.group.buyer_name not in body
