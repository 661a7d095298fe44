"""Giving money of an order back at the office: found by number, without its buyer, once, with words."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.models import SignIn
from marketplace.database import db, unit_of_work
from marketplace.money import NO_BREAK_SPACE, format_vnd
from marketplace.ordering.models import CancelReason, Order, OrderGroup, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.payments import settlement
from marketplace.payments.models import Dispute, RefundReason
from tests.conftest import NOON
from tests.factories.after_sale import step
from tests.factories.deeds import deeds
from tests.factories.office import Desk
from tests.factories.ordering import PHONE
from tests.factories.payments import Shop, a_shop, buy, pay, refunds, ship_all
from tests.signin.browsing import Browser, letters

FIND = "/van-phong/tien/don"
WHY = "Bưu cục báo thất lạc."
BUYER = ("Trần Văn An", PHONE, "Xuân Thủy")


@pytest.fixture
def admin(desk: Desk, browser: Browser) -> Browser:
    """A browser of an administrator, fresh from signing in."""
    browser.enter_as(desk.administrator)
    return browser


@pytest.fixture
def shop(app: Flask) -> Shop:
    return a_shop((300_000, 200_000))


def page_of(group: OrderGroup) -> str:
    return f"{FIND}/{group.number}/hoan"


def paid(shop: Shop, method: PaymentMethod = PaymentMethod.VIETQR) -> OrderGroup:
    group = buy(shop, method)
    pay(group, method=method)
    return group


def cancel_reasons() -> list[CancelReason | None]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Order.cancel_reason).order_by(Order.id)))


def give(browser: Browser, group: OrderGroup, status: int = 303, position: int = 1, **typed: Any) -> str:
    """Send the form of a parcel; `so_tien` and `vi_sao` are those of the parcel."""
    fields = {f"{name}-{position}" if name in {"so_tien", "vi_sao"} else name: typed[name] for name in typed}
    told = {"goi": position, "da_hoan": 0, f"vi_sao-{position}": WHY, **fields}
    return browser.send(page_of(group), status, **told).text


def test_an_order_is_found_and_shown_without_its_buyer(admin: Browser, shop: Shop) -> None:
    group = paid(shop)
    ship_all(group.orders[0])
    assert FIND in admin.open("/van-phong/tien").links()
    assert admin.open(FIND).heading == "Hoàn tiền một đơn"
    found = admin.client.get(FIND, query_string={"ma": write_number(group.number).lower()})
    assert (found.status_code, found.location) == (303, page_of(group))
    total = format_vnd(group.orders[0].total).replace(NO_BREAK_SPACE, " ")
    page = admin.open(page_of(group))
    for words in (
        write_number(group.number),
        "HTX Sản vật 1",
        "đang đi",
        "chờ người bán nhận",
        total,
    ):
        assert words in page.words, words
    assert not any(known in page.response.text for known in BUYER)
    assert len(page.soup.select(f'main form[action="{page_of(group)}"]')) == 2
    admin.open(f"/en{page_of(group)}")


def test_a_number_of_no_order_is_told(admin: Browser, shop: Shop) -> None:
    assert "Không có đơn nào mang mã này." in admin.open(f"{FIND}?ma=7K4M2PQX8V3T9B", 422).words
    admin.open(f"{FIND}/7K4M2PQX8V3T9B/hoan", 404)
    admin.send(f"{FIND}/7K4M2PQX8V3T9B/hoan", 404, goi=1)


def test_an_unsent_parcel_is_canceled_and_the_buyer_told(admin: Browser, shop: Shop, app: Flask) -> None:
    group = paid(shop)
    letters(app)
    give(admin, group, huy="1")
    assert cancel_reasons() == [CancelReason.STAFF, None]
    assert [one.amount for one in refunds()] == [group.orders[0].total]
    bodies = [letter.body for letter in letters(app) if letter.to == PHONE]
    assert any("trả lại" in body for body in bodies)
    assert len(deeds("order:give_back")) == 1


def test_of_a_sent_parcel_an_amount_goes_back(admin: Browser, shop: Shop) -> None:
    group = paid(shop)
    ship_all(group.orders[1])
    give(admin, group, position=2, so_tien="50.000")
    [back] = refunds()
    assert (back.amount, back.reason, back.words) == (50_000, RefundReason.STAFF, WHY)
    page = admin.open("/van-phong/tien")
    assert "chợ trả lại" in page.words


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"so_tien": ""}, "Mời gõ số tiền"),
        ({"so_tien": "0"}, "Mời gõ số tiền"),
        ({"so_tien": "nhiều"}, "Mời gõ số tiền"),
        ({"so_tien": "9.000.000"}, "Mời gõ số tiền"),
        ({"so_tien": "1000", "vi_sao": " "}, "Mời viết vì sao"),
        ({"so_tien": "1000", "vi_sao": "x" * 301}, "Mời viết vì sao"),
    ],
)
def test_what_is_typed_wrong_is_told_and_kept(
    admin: Browser, shop: Shop, typed: dict[str, Any], words: str
) -> None:
    group = paid(shop)
    ship_all(group.orders[0])
    assert words in give(admin, group, 422, **typed)
    assert refunds() == []


def test_what_changed_meanwhile_is_shown(admin: Browser, shop: Shop) -> None:
    group = paid(shop)
    ship_all(group.orders[0])
    assert "vừa đổi ở nơi khác" in give(admin, group, 409, huy="1")
    give(admin, group, so_tien="1000")
    assert "vừa đổi ở nơi khác" in give(admin, group, 409, so_tien="1000")
    assert "vừa đổi ở nơi khác" in give(admin, group, 409, position=9, huy="1")
    assert len(refunds()) == 1


def test_cash_is_named_with_who_holds_it(admin: Browser, shop: Shop) -> None:
    group = buy(shop, PaymentMethod.CASH_ON_DELIVERY)
    sending = ship_all(group.orders[0])
    step(settlement.deliver, sending.id, group.orders[0].total)
    page = admin.open(page_of(group))
    assert "HTX Sản vật 1 đã thu" in page.words
    assert "Chợ không giữ tiền nào của gói này." in page.words
    assert not page.soup.select(f'main form[action="{page_of(group)}"]')
    assert "Mời gõ số tiền" in give(admin, group, 422, so_tien="1000")
    assert "vừa đổi" in give(admin, group, 409, huy="1")
    assert "không còn khoản thừa nào" in give(admin, group, 409, position=2, huy="1")
    assert refunds() == []


def test_only_administrators_who_just_proved_it_give_back(desk: Desk, browser: Browser, shop: Shop) -> None:
    group = paid(shop)
    browser.enter_as(desk.administrator)
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=NOON - timedelta(minutes=11)))
    told: dict[str, Any] = {"goi": 1, "da_hoan": 0, "huy": "1", "vi_sao-1": WHY}
    browser.ask_again(page_of(group), **told)
    browser.enter_as(desk.officer)
    browser.open(FIND, 404)
    browser.open(page_of(group), 404)
    give(browser, group, 404, huy="1")
    assert refunds() == []


def test_a_dispute_leads_to_the_money_of_its_order(admin: Browser, shop: Shop) -> None:
    group = buy(shop, PaymentMethod.CARD)
    payment = pay(group, method=PaymentMethod.CARD)
    facts = {"reference": "du_1", "amount": 90_000, "reason": "fraudulent", "state": "needs_response"}
    with unit_of_work() as session:
        session.add(Dispute(payment_id=payment.id, opened_at=NOON, **facts))
    assert page_of(group) in admin.open("/van-phong/tien").links()
