"""Letters about orders: told to whom they concern, once, with a link that opens the order."""

import os
import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import SignInLevel
from marketplace.database import db, unit_of_work
from marketplace.letters.forgetting import let_old_letters_go
from marketplace.letters.order_matters import MATTERS
from marketplace.letters.recipients import FINDERS
from marketplace.money import format_vnd
from marketplace.ordering import fulfillment, returns
from marketplace.ordering.after_sale_models import BackInStockWish
from marketplace.ordering.models import CancelReason, OrderGroup, PaymentMethod
from marketplace.ordering.news import FOR_SELLER, OrderNews
from marketplace.ordering.order_number import write_number
from marketplace.ordering.restock_wishes import ask_to_be_told
from marketplace.ordering.secret import configure
from marketplace.ordering.stock import receive
from marketplace.payments import settlement
from marketplace.payments.bank import Line, take_transfer
from marketplace.payments.gateway import RefundAnswer
from marketplace.payments.models import Refund, RefundState
from marketplace.payments.refund_ends import finish_refund, note_refund_done
from marketplace.web.post import Letter
from tests.factories import accounts
from tests.factories.after_sale import returned, sent, step
from tests.factories.ordering import PHONE, a_commune, stocked
from tests.factories.payments import Shop, a_shop, buy, pay
from tests.signin.browsing import letters

BUYER = "nguoi.mua@example.vn"


@pytest.fixture
def shop(app: Flask) -> Shop:
    """Two sellers; one person works for the first, with an address and no telephone."""
    shop = a_shop((90_000, 60_000))
    with unit_of_work() as session:
        accounts.an_owner(session, shop.sellers[0], accounts.a_person(session, email="chu@example.vn"))
    return shop


def an_order(shop: Shop, method: PaymentMethod = PaymentMethod.CASH_ON_DELIVERY) -> OrderGroup:
    group = buy(shop, method)
    with unit_of_work() as session:
        session.execute(sa.update(OrderGroup).values(buyer_email=BUYER))
    return group


def told(app: Flask) -> set[tuple[str, str]]:
    """Whom the letters went to, and what their first line says; short messages by their words."""
    sent_now = letters(app)
    for path in app.extensions["settings"].outbox.iterdir():
        path.unlink()
    return {(letter.to, letter.subject or letter.body) for letter in sent_now}


def subjects(app: Flask) -> dict[str, str]:
    return {to: words for to, words in told(app) if "@" in to}


def test_all_news_have_a_letter_and_somebody_to_read_it() -> None:
    for news in OrderNews:
        assert Letter(news.value) in MATTERS
        assert (Letter(news.value) in FINDERS) == (news not in FOR_SELLER)


def test_an_order_is_told_to_its_buyer_and_its_sellers(app: Flask, shop: Shop) -> None:
    group = an_order(shop)
    sent_now = letters(app)
    assert {letter.to for letter in sent_now} == {BUYER, PHONE, "chu@example.vn"}
    [mail] = [letter for letter in sent_now if letter.to == BUYER]
    assert mail.subject.startswith("Đã nhận đơn ")
    assert format_vnd(group.total) in mail.body
    [link] = re.findall(rf"/don-hang/{group.number}/[0-9a-f]{{32}}", mail.body)
    assert app.test_client().get(link).status_code == 200
    [to_seller] = [letter for letter in sent_now if letter.to == "chu@example.vn"]
    assert "Sản vật 1" in to_seller.body
    assert "Sản vật 2" not in to_seller.body
    assert not {group.buyer_name, PHONE, group.ship_address} & set(to_seller.body.split("\n"))
    assert PHONE not in to_seller.body


def test_a_link_of_another_key_is_not_written(app: Flask, shop: Shop) -> None:
    an_order(shop)
    configure("another key altogether, of many letters")
    try:
        bodies = [letter.body for letter in letters(app) if letter.to == BUYER]
    finally:
        configure(app.extensions["settings"].secret_key)
    assert "/tra-cuu" in bodies[0]
    assert "/don-hang/" not in bodies[0]


def test_each_step_is_told_to_whom_it_concerns(app: Flask, shop: Shop) -> None:
    first, second = an_order(shop).orders
    told(app)
    step(fulfillment.confirm_order, first.id)
    assert subjects(app)[BUYER].endswith("người bán đã nhận")
    sending = sent(first.id)
    bodies = [letter.body for letter in letters(app) if letter.to == BUYER]
    assert "VTP123456" in bodies[0]
    assert format_vnd(first.total) in bodies[0]
    told(app)
    step(settlement.deliver, sending.id, first.total)
    assert subjects(app)[BUYER].endswith("hàng đã đến")
    step(settlement.cancel, second.id, CancelReason.DECLINED, words="Vườn mất mùa.")
    bodies = [letter.body for letter in letters(app) if letter.to == BUYER]
    assert "người bán không nhận đơn" in bodies[0]
    assert "Vườn mất mùa." in bodies[0]


def test_sellers_hear_of_orders_taken_back_and_of_returns(app: Flask, shop: Shop) -> None:
    first, _ = an_order(shop).orders
    told(app)
    step(settlement.cancel, first.id, CancelReason.CUSTOMER)
    assert subjects(app)["chu@example.vn"].endswith("đã huỷ")
    order = an_order(shop).orders[0]
    step(fulfillment.confirm_order, order.id)
    step(settlement.deliver, sent(order.id).id, order.total)
    told(app)
    back = returned(order)
    assert subjects(app)["chu@example.vn"].startswith("Người mua muốn trả hàng")
    back = step(returns.approve_return, back.id)
    bodies = [letter.body for letter in letters(app) if letter.to == BUYER]
    assert format_vnd(back.refund_amount or 0) in bodies[0]


def test_money_that_goes_back_is_told_twice(app: Flask, shop: Shop) -> None:
    group = an_order(shop, PaymentMethod.VIETQR)
    pay(group)
    told(app)
    step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)
    assert subjects(app)[BUYER].startswith("Sẽ trả lại")
    with unit_of_work() as session:
        refund = session.scalars(sa.select(Refund)).one()
        clerk = accounts.an_actor(accounts.a_person(session), level=SignInLevel.TWO_FACTOR)
        note_refund_done(session, clerk, refund.id, "FT2632500001", clock.now())
    [mail] = [letter for letter in letters(app) if letter.to == BUYER]
    assert mail.subject.startswith("Đã trả lại")
    assert "FT2632500001" in mail.body


def test_who_waits_for_goods_is_told_once_and_forgotten(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session, "Cam Khe Mây", on_hand=0)
        a_commune(session)
        ask_to_be_told(session, variant.id, BUYER, clock.now())
    with unit_of_work() as session:
        receive(session, variant.id, 5, "produced", clock.now())
    [mail] = letters(app)
    assert (mail.to, mail.subject) == (BUYER, "Cam Khe Mây đã có hàng")
    db.session.rollback()
    assert db.session.execute(sa.select(BackInStockWish)).first() is None


def test_nobody_is_written_to_about_an_order_without_a_name(app: Flask, shop: Shop) -> None:
    group = an_order(shop)
    told(app)
    with unit_of_work() as session:
        session.execute(sa.update(OrderGroup).values(buyer_name="", buyer_phone="", buyer_email=None))
    step(fulfillment.confirm_order, group.orders[0].id)
    assert told(app) == set()


def test_a_part_that_is_sent_is_told_as_a_part(app: Flask, shop: Shop) -> None:
    group = buy(shop, PaymentMethod.CASH_ON_DELIVERY, {shop.variants[0]: 3})
    [order] = group.orders
    step(fulfillment.confirm_order, order.id)
    told(app)
    sent(order.id, {order.lines[0].id: 2})
    [message] = [letter.body for letter in letters(app) if letter.to == PHONE]
    assert "hàng của đơn" in message
    assert "Khi nhận trả" not in message
    step(settlement.cancel_rest, order.id)
    assert any("không đủ hàng" in letter.body for letter in letters(app))


def test_a_transfer_is_told_to_buyer_and_sellers(app: Flask, shop: Shop) -> None:
    group = an_order(shop, PaymentMethod.VIETQR)
    [to_seller] = [letter for letter in letters(app) if letter.to == "chu@example.vn"]
    assert "Chưa gửi hàng: chờ thư báo tiền về." in to_seller.body
    [to_buyer] = [letter for letter in letters(app) if letter.to == BUYER]
    assert "Mời chuyển khoản chậm nhất hết ngày 25/11/2026" in to_buyer.body
    told(app)
    message = f"chuyen tien {group.number}"
    step(take_transfer, Line("FT1", group.total - 50_000, message, clock.now()))
    [(to, words)] = subjects(app).items()
    assert to == BUYER
    assert f"Đơn {write_number(group.number)}: còn thiếu 50.000" in words
    step(take_transfer, Line("FT2", 50_000, message, clock.now()))
    came = subjects(app)
    assert came[BUYER].startswith("Đã nhận tiền")
    assert came["chu@example.vn"].endswith("tiền đã về, gửi hàng được")


def test_a_refund_that_a_gateway_could_not_give_is_told_once(app: Flask, shop: Shop) -> None:
    group = an_order(shop, PaymentMethod.VIETQR)
    pay(group)
    step(settlement.cancel, group.orders[0].id, CancelReason.CUSTOMER)
    told(app)
    refund = db.session.scalars(sa.select(Refund)).one()
    for _ in range(2):
        step(finish_refund, refund.id, RefundAnswer(RefundState.FAILED))
    [words] = [words for to, words in told(app) if to == BUYER]
    assert f"Đơn {write_number(group.number)}: chưa trả lại được" in words


def test_letters_that_nobody_took_away_go_after_thirty_days(app: Flask, shop: Shop) -> None:
    an_order(shop)
    kept = letters(app)
    outbox = app.extensions["settings"].outbox
    old, *rest = sorted(outbox.iterdir())
    long_ago = (clock.now() - timedelta(days=31)).timestamp()
    for path in rest:
        os.utime(path, (clock.now().timestamp(), clock.now().timestamp()))
    os.utime(old, (long_ago, long_ago))
    let_old_letters_go()
    assert len(list(outbox.iterdir())) == len(kept) - 1
    assert not old.exists()
