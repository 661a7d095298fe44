"""Paying by card as a buyer without JavaScript does: to the gateway's page and back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.cli.test_gateway import trade
from marketplace.cli.test_gateway.faults import Kind
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.database import db, unit_of_work
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.models import (
    CancelReason,
    Order,
    OrderGroup,
    OrderStatus,
    PaymentMethod,
    PhoneAllowance,
)
from marketplace.ordering.secret import order_secret
from marketplace.ordering.stock import find_available
from marketplace.payments import cash_instead
from marketplace.payments.gateway import gateways
from marketplace.payments.models import Payment, PaymentSession, SessionState
from tests.conftest import NOON
from tests.environment.card_gateway import (
    WEBHOOK,
    base_of,
    events_of,
    running_gateway,
    signed_notice,
    taking_cards,
)
from tests.factories.cards import card_order
from tests.factories.ordering import a_commune, ordered, stocked
from tests.pages import visit
from tests.storefront.pages import Page, get, post


@pytest.fixture
def card_gateway(app: Flask) -> Iterator[PracticeGateway]:
    """A test gateway by which the shop takes cards."""
    with running_gateway() as gateway, taking_cards(app, gateway):
        yield gateway


@pytest.fixture
def group(card_gateway: PracticeGateway) -> OrderGroup:
    """An order of two sellers that is to be paid by card."""
    return card_order(150_000, 80_000)


@pytest.fixture
def path(group: OrderGroup) -> str:
    """The address of its page."""
    return f"/don-hang/{group.number}/{order_secret(group.number)}"


def press(client: FlaskClient, page: str, button: str) -> Page:
    """Open a page and press the button of a form of it."""
    return post(client, button, get(client, page).form(button))


def to_the_gateway(client: FlaskClient, path: str) -> str:
    answer = press(client, f"{path}/tra-tien", f"{path}/tra-tien")
    assert answer.status == 303, answer.words
    return answer.response.location


def at_the_gateway(address: str, act: str) -> requests.Response:
    return requests.post(address, {"act": act}, allow_redirects=False, timeout=5)


def statuses() -> list[OrderStatus]:
    found = list(db.session.scalars(sa.select(Order.status).order_by(Order.position)))
    db.session.rollback()
    return found


def payments() -> list[int]:
    found = list(db.session.scalars(sa.select(Payment.amount)))
    db.session.rollback()
    return found


def test_the_page_says_what_is_paid_and_until_when(client: FlaskClient, path: str, group: OrderGroup) -> None:
    page = visit(client, f"{path}/tra-tien", statements=9)
    assert page.heading == f"Trả {(group.total // 1000)}.000 ₫ bằng thẻ"
    for told in ("Gói 1: HTX Hàng 1", "Gói 2: HTX Hàng 2", "Hàng được giữ cho bạn đến 12:40 21/11/2026"):
        assert told in page.words, told
    assert page.texts(".btn.p") == ["Trả bằng thẻ"]
    assert "Cổng thanh toán thử – không phải tiền thật" in page.words
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    visit(client, f"/en{path}/tra-tien", statements=9)


def test_forms_lead_to_the_gateway_and_nowhere_else(
    client: FlaskClient, path: str, card_gateway: PracticeGateway
) -> None:
    assert "form-action 'self';" in get(client, path).response.headers["Content-Security-Policy"]
    policy = get(client, f"{path}/tra-tien").response.headers["Content-Security-Policy"]
    assert f"form-action 'self' https://checkout.stripe.com {base_of(card_gateway)};" in policy


def test_paying_leads_there_and_back_by_buttons(client: FlaskClient, path: str, group: OrderGroup) -> None:
    there = to_the_gateway(client, path)
    back = at_the_gateway(there, "pay")
    assert back.status_code == 303
    assert back.headers["Location"] == f"http://127.0.0.1:8000{path}/tra-tien/xong"
    page = visit(client, f"{path}/tra-tien/xong", statements=9)
    assert page.heading == "Đang kiểm tra"
    assert statuses() == [OrderStatus.DRAFT] * 2
    done = press(client, f"{path}/tra-tien/xong", f"{path}/tra-tien/xong")
    assert (done.status, done.response.location) == (303, path)
    assert statuses() == [OrderStatus.PLACED] * 2
    assert payments() == [group.total]
    paid = visit(client, f"{path}/tra-tien", statements=9)
    assert paid.heading == "Đơn đã được trả"
    assert get(client, f"{path}/tra-tien/xong").response.location == path


def test_the_way_back_is_in_the_language_of_the_way_there(client: FlaskClient, path: str) -> None:
    answer = press(client, f"/en{path}/tra-tien", f"/en{path}/tra-tien")
    back = at_the_gateway(answer.response.location, "leave")
    assert back.headers["Location"] == f"http://127.0.0.1:8000/en{path}/tra-tien"


def test_a_doubled_click_is_one_page(client: FlaskClient, path: str, card_gateway: PracticeGateway) -> None:
    assert to_the_gateway(client, path) == to_the_gateway(client, path)
    assert len(card_gateway.books.tables["sessions"]) == 1


@pytest.mark.parametrize("fault", Kind)
def test_after_a_fault_the_buyer_tries_again_and_pays_once(
    fault: Kind, client: FlaskClient, path: str, card_gateway: PracticeGateway, group: OrderGroup
) -> None:
    card_gateway.faults.expect(fault, times=2)
    refused = press(client, f"{path}/tra-tien", f"{path}/tra-tien")
    assert refused.status == 503
    assert "Bên nhận thẻ đang bận" in refused.words
    assert [button.get_text(strip=True) for button in refused.soup.select("main .btn")] == [
        "Thử lại, trả bằng thẻ", "Đổi sang trả khi nhận hàng",
    ]  # fmt: skip
    card_gateway.faults.clear()
    at_the_gateway(to_the_gateway(client, path), "pay")
    press(client, f"{path}/tra-tien/xong", f"{path}/tra-tien/xong")
    assert payments() == [group.total]
    assert len(card_gateway.books.tables["sessions"]) == 1


def test_where_nobody_has_paid_the_answer_says_so(client: FlaskClient, path: str) -> None:
    to_the_gateway(client, path)
    asked = press(client, f"{path}/tra-tien/xong", f"{path}/tra-tien/xong")
    assert asked.status == 200
    assert "Chưa thấy tiền về" in asked.words
    assert statuses() == [OrderStatus.DRAFT] * 2


def test_a_gateway_that_cannot_be_asked_is_asked_again(
    client: FlaskClient, path: str, card_gateway: PracticeGateway
) -> None:
    at_the_gateway(to_the_gateway(client, path), "pay")
    card_gateway.faults.expect(Kind.LOST, times=2)
    asked = press(client, f"{path}/tra-tien/xong", f"{path}/tra-tien/xong")
    assert asked.status == 503
    assert "đừng trả lần nữa" in asked.words
    press(client, f"{path}/tra-tien/xong", f"{path}/tra-tien/xong")
    assert statuses() == [OrderStatus.PLACED] * 2


def test_who_comes_back_without_having_gone_is_led_to_pay(client: FlaskClient, path: str) -> None:
    answer = press(client, f"{path}/tra-tien/xong", f"{path}/tra-tien/xong")
    assert (answer.status, answer.response.location) == (303, f"{path}/tra-tien")


def test_a_refused_amount_offers_another_way(
    client: FlaskClient, path: str, card_gateway: PracticeGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trade, "LARGEST_AMOUNT", 1_000)
    refused = press(client, f"{path}/tra-tien", f"{path}/tra-tien")
    assert refused.status == 503
    assert "không nhận lần trả này" in refused.words
    [attempt] = db.session.scalars(sa.select(PaymentSession)).all()
    assert attempt.state is SessionState.FAILED


def test_goods_that_are_gone_are_not_paid_for(client: FlaskClient, app: Flask) -> None:
    with running_gateway() as gateway, taking_cards(app, gateway):
        group = card_order(150_000, on_hand=1)
        path = f"/don-hang/{group.number}/{order_secret(group.number)}"
        with clock.stopped(NOON + timedelta(hours=1)):
            variant_id = variant_of(group)
            with unit_of_work() as session:
                commune = a_commune(session, "Dịch Vọng", "Hải Phòng")
            ordered({variant_id: 1}, commune)
            refused = press(client, f"{path}/tra-tien", f"{path}/tra-tien")
        assert refused.status == 409
        assert "Hàng đã có người khác mua" in refused.words
        assert gateway.books.tables["sessions"] == {}


def variant_of(group: OrderGroup) -> int:
    return group.orders[0].lines[0].variant_id


def test_cash_instead_places_the_order(client: FlaskClient, path: str, group: OrderGroup) -> None:
    variant_id = variant_of(group)
    switched = press(client, f"{path}/tra-tien", f"{path}/tra-tien/khi-nhan")
    assert (switched.status, switched.response.location) == (303, path)
    assert statuses() == [OrderStatus.PLACED] * 2
    after = db.session.get_one(OrderGroup, group.id, populate_existing=True)
    assert (after.payment_method, after.allowance_held) == (PaymentMethod.CASH_ON_DELIVERY, True)
    assert db.session.scalars(sa.select(PhoneAllowance.unconfirmed)).all() == [1]
    assert find_available(db.session(), [variant_id]) == {variant_id: 9}
    assert "Đã đổi: bạn trả tiền mặt khi nhận hàng" in get(client, path).words
    assert get(client, f"{path}/tra-tien").response.location == path


def test_cash_instead_closes_the_card_page_first(
    client: FlaskClient, path: str, card_gateway: PracticeGateway
) -> None:
    there = to_the_gateway(client, path)
    press(client, f"{path}/tra-tien", f"{path}/tra-tien/khi-nhan")
    assert at_the_gateway(there, "pay").status_code == 400
    [session] = card_gateway.books.tables["sessions"].values()
    assert session["status"] == "expired"


def test_who_has_paid_by_card_pays_no_cash(client: FlaskClient, path: str, group: OrderGroup) -> None:
    there = to_the_gateway(client, path)
    form = get(client, f"{path}/tra-tien").form(f"{path}/tra-tien/khi-nhan")
    at_the_gateway(there, "pay")
    answer = post(client, f"{path}/tra-tien/khi-nhan", form)
    assert (answer.status, answer.response.location) == (303, path)
    assert statuses() == [OrderStatus.PLACED] * 2
    assert db.session.get_one(OrderGroup, group.id).payment_method is PaymentMethod.CARD
    assert payments() == [group.total]


def test_while_the_card_may_be_charged_nothing_is_switched(
    client: FlaskClient, path: str, card_gateway: PracticeGateway
) -> None:
    to_the_gateway(client, path)
    card_gateway.faults.expect(Kind.LOST, times=9)
    answer = press(client, f"{path}/tra-tien", f"{path}/tra-tien/khi-nhan")
    assert answer.status == 503
    assert statuses() == [OrderStatus.DRAFT] * 2


def test_a_number_with_three_unconfirmed_orders_pays_no_fourth_in_cash(
    client: FlaskClient, path: str
) -> None:
    with unit_of_work() as session:
        session.add(PhoneAllowance(phone="0912345678", unconfirmed=3))
    answer = press(client, f"{path}/tra-tien", f"{path}/tra-tien/khi-nhan")
    assert answer.status == 409
    assert "3 đơn chờ người bán xác nhận" in answer.words
    assert statuses() == [OrderStatus.DRAFT] * 2


def test_without_a_gateway_cash_is_left(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(gateways, PaymentMethod.CARD)
    page = get(client, f"{path}/tra-tien")
    assert "tạm không nhận thẻ" in page.words
    assert not page.soup.select("main .btn.p")


@pytest.mark.parametrize("button", ["tra-tien", "tra-tien/xong", "tra-tien/khi-nhan"])
def test_buttons_are_for_our_own_pages_and_for_cards(
    button: str, client: FlaskClient, path: str, group: OrderGroup
) -> None:
    form = get(client, f"{path}/tra-tien").form(f"{path}/tra-tien")
    assert post(client, f"{path}/{button}", form, Origin="https://evil.example").status == 403
    assert post(client, f"{path}/{button}", {}).status == 403
    assert post(client, f"{path[:-1]}x/{button}", form).status == 404
    with unit_of_work() as session:
        session.get_one(OrderGroup, group.id).payment_method = PaymentMethod.CASH_ON_DELIVERY
    assert post(client, f"{path}/{button}", form).status == 404


def test_an_order_paid_in_cash_needs_no_page_to_pay(client: FlaskClient, app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session), a_commune(session)
    group = ordered({variant.id: 1}, commune)
    path = f"/don-hang/{group.number}/{order_secret(group.number)}"
    assert get(client, f"{path}/tra-tien").response.location == path


def notify(client: FlaskClient, body: bytes, signature: str) -> int:
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return client.post(WEBHOOK, data=body, headers=headers).status_code


def test_a_notice_needs_a_signature_and_no_page_of_ours(
    client: FlaskClient, path: str, card_gateway: PracticeGateway, group: OrderGroup
) -> None:
    at_the_gateway(to_the_gateway(client, path), "pay")
    [event] = events_of(card_gateway, "checkout.session.completed")
    body, signature = signed_notice(event)
    assert notify(client, body, "") == 400
    assert notify(client, body, signed_notice(event, "whsec_of_others")[1]) == 400
    assert statuses() == [OrderStatus.DRAFT] * 2
    assert [notify(client, body, signature) for _ in range(3)] == [200, 200, 200]
    assert statuses() == [OrderStatus.PLACED] * 2
    assert payments() == [group.total]


def test_what_is_paid_already_is_not_paid_again(client: FlaskClient, path: str, group: OrderGroup) -> None:
    form = get(client, f"{path}/tra-tien").form(f"{path}/tra-tien")
    at_the_gateway(to_the_gateway(client, path), "pay")
    press(client, f"{path}/tra-tien/xong", f"{path}/tra-tien/xong")
    for button in ("tra-tien", "tra-tien/xong", "tra-tien/khi-nhan"):
        answer = post(client, f"{path}/{button}", form)
        assert (answer.status, answer.response.location) == (303, path)
    assert payments() == [group.total]


def test_an_order_that_ran_out_is_not_switched(client: FlaskClient, path: str, group: OrderGroup) -> None:
    form = get(client, f"{path}/tra-tien").form(f"{path}/tra-tien")
    parcels = [order.id for order in group.orders]
    with unit_of_work() as session:
        for order_id in parcels:
            cancel_order(session, order_id, CancelReason.EXPIRED, clock.now())
    answer = post(client, f"{path}/tra-tien/khi-nhan", form)
    assert (answer.status, answer.response.location) == (303, path)
    assert statuses() == [OrderStatus.CANCELED] * 2
    assert get(client, f"{path}/tra-tien").one("h1").get_text() == "Đơn đã huỷ"


def test_a_payment_begun_meanwhile_keeps_the_card(
    client: FlaskClient, path: str, group: OrderGroup, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_the_gateway(client, path)
    monkeypatch.setattr(cash_instead, "end_session", lambda *_: None)
    assert press(client, f"{path}/tra-tien", f"{path}/tra-tien/khi-nhan").status == 503
    assert statuses() == [OrderStatus.DRAFT] * 2


def test_a_transfer_has_its_own_page(client: FlaskClient, app: Flask) -> None:
    with unit_of_work() as session:
        variant, commune = stocked(session), a_commune(session)
    group = ordered({variant.id: 1}, commune, method=PaymentMethod.VIETQR)
    page = get(client, f"/don-hang/{group.number}/{order_secret(group.number)}/tra-tien")
    assert "Quét mã để trả tiền" in page.words


def test_other_views_still_ask_for_our_own_pages(client: FlaskClient, app: Flask) -> None:
    assert client.post("/gio-hang", headers={"Stripe-Signature": "t=1,v1=1"}).status_code == 403


def test_a_notice_that_is_too_large_is_not_read(client: FlaskClient, card_gateway: PracticeGateway) -> None:
    assert notify(client, b" " * (256 * 1024 + 1), "t=1,v1=0") == 413


def test_without_a_secret_no_notice_is_taken(client: FlaskClient, app: Flask) -> None:
    event = {"id": "evt_1", "type": "checkout.session.completed", "data": {"object": {"id": "cs_1"}}}
    assert notify(client, *signed_notice(event, "")) == 503
    assert notify(client, *signed_notice(event)) == 503


def test_a_notice_is_sent_again_while_the_gateway_cannot_be_asked(
    client: FlaskClient, path: str, card_gateway: PracticeGateway
) -> None:
    at_the_gateway(to_the_gateway(client, path), "pay")
    [event] = events_of(card_gateway, "checkout.session.completed")
    card_gateway.faults.expect(Kind.TOO_MANY)
    assert notify(client, *signed_notice(event)) == 503
    assert notify(client, *signed_notice(event)) == 200
    assert statuses() == [OrderStatus.PLACED] * 2
