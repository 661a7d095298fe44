"""Paying by transfer: the code, the same in words, and what the page says as money comes in."""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.models import CancelReason, OrderGroup, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.ordering.secret import order_secret
from marketplace.payments.bank import Line, take_transfer
from marketplace.settings import ReceivingAccount
from tests.factories.ordering import a_commune, ordered, stocked
from tests.pages import Visited, visit
from tests.payments.qr_reading import read_payload
from tests.storefront.pages import get, post

MOST_STATEMENTS = 9
ACCOUNT = ReceivingAccount(
    bank_bin="970436", bank_name="Vietcombank", account="0011223344", holder="VAN PHONG OCOP"
)


@pytest.fixture
def group(app: Flask) -> OrderGroup:
    """An order of 122.000 ₫ from one seller, not paid yet."""
    with unit_of_work() as session:
        commune = a_commune(session)
        cam = stocked(session, price=90_000, weight_g=400)
    return ordered({cam.id: 1}, commune, method=PaymentMethod.VIETQR)


@pytest.fixture
def path(group: OrderGroup) -> str:
    return f"/don-hang/{group.number}/{order_secret(group.number)}"


@pytest.fixture
def account(app: Flask) -> Iterator[None]:
    """The shop takes transfers at a bank that exists."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, receiving_account=ACCOUNT)
    yield
    app.extensions["settings"] = settings


def pay(group: OrderGroup, amount: int, reference: str = "FT1") -> None:
    with unit_of_work() as session:
        take_transfer(session, Line(reference, amount, group.number, clock.now()), clock.now())


def read_code(client: FlaskClient, path: str) -> str:
    answer = client.get(f"{path}/ma-qr.png")
    assert answer.content_type == "image/png"
    [found] = zxingcpp.read_barcodes(Image.open(BytesIO(answer.data)).convert("L"))
    return found.text


def pay_page(client: FlaskClient, path: str) -> Visited:
    return visit(client, f"{path}/tra-tien", statements=MOST_STATEMENTS)


def plain(words: str) -> str:
    return words.replace("\xa0", " ")


def test_the_code_asks_for_what_is_owed_with_the_number_as_message(
    client: FlaskClient, account: None, group: OrderGroup, path: str
) -> None:
    payload = read_payload(read_code(client, path))
    assert (payload.bank_bin, payload.account) == ("970436", "0011223344")
    assert (payload.amount, payload.message) == (122_000, group.number)


def test_the_picture_is_black_on_white_and_kept_by_nobody(
    client: FlaskClient, group: OrderGroup, path: str
) -> None:
    answer = client.get(f"{path}/ma-qr.png")
    picture = Image.open(BytesIO(answer.data))
    assert (picture.mode, picture.getpixel((0, 0))) == ("1", 255)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_everything_stands_in_words_too(
    client: FlaskClient, account: None, group: OrderGroup, path: str
) -> None:
    page = pay_page(client, path)
    assert page.heading == "Quét mã để trả tiền"
    words = plain(page.words)
    for told in (
        "122.000 ₫", "Vietcombank", "0011223344", "VAN PHONG OCOP", group.number,
        "Đang chờ ngân hàng báo", "không đơn nào tự huỷ", "25/11/2026",
    ):  # fmt: skip
        assert told in words, told
    assert [button["data-copy"] for button in page.soup.select("[data-copy]")] == [
        "0011223344", "VAN PHONG OCOP", "122000", group.number,
    ]  # fmt: skip
    assert len(page.soup.select(".btn.p")) == 1
    saved = page.one("a[download]")
    assert (saved["href"], saved["download"]) == (f"{path}/ma-qr.png", f"vietqr-{group.number}.png")
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert "Bản chạy thử" not in words


def test_the_demo_says_that_its_account_is_none(client: FlaskClient, path: str) -> None:
    assert "Tài khoản này không có thật" in pay_page(client, path).words


def test_too_little_gets_a_code_for_the_rest(
    client: FlaskClient, account: None, group: OrderGroup, path: str
) -> None:
    pay(group, 100_000)
    page = pay_page(client, path)
    assert plain(page.heading) == "Còn thiếu 22.000 ₫"
    assert "Đã nhận 100.000 ₫, còn thiếu 22.000 ₫." in plain(page.words)
    assert read_payload(read_code(client, path)).amount == 22_000
    assert not page.soup.select('form[action$="/tra-khi-nhan"]')


def test_what_is_paid_asks_for_nothing(client: FlaskClient, group: OrderGroup, path: str) -> None:
    pay(group, 122_000)
    page = pay_page(client, path)
    assert page.heading == "Đã nhận đủ tiền"
    assert not page.soup.select("img, [data-copy], form")
    assert client.get(f"{path}/ma-qr.png").status_code == 404
    assert "thừa" not in page.words


def test_too_much_is_given_back(client: FlaskClient, group: OrderGroup, path: str) -> None:
    pay(group, 125_000)
    assert "Bạn chuyển thừa 3.000 ₫" in plain(pay_page(client, path).words)


def test_who_canceled_is_told_to_send_nothing(client: FlaskClient, group: OrderGroup, path: str) -> None:
    _cancel(group)
    page = pay_page(client, path)
    assert page.heading == "Đơn đã huỷ, đừng chuyển tiền"
    assert "chúng tôi trả lại" in page.words
    assert client.get(f"{path}/ma-qr.png").status_code == 404
    pay(group, 122_000)
    assert "Tiền đã chuyển được trả lại." in pay_page(client, path).words


def _cancel(group: OrderGroup) -> None:
    with unit_of_work() as session:
        cancel_order(session, group.orders[0].id, CancelReason.CUSTOMER, clock.now())


def test_a_shop_that_takes_no_transfers_any_more_says_so(
    app: Flask, client: FlaskClient, account: None, path: str
) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], receiving_account=None)
    page = pay_page(client, path)
    assert "tạm không nhận chuyển khoản" in page.words
    assert page.soup.select('form[action$="/tra-khi-nhan"]')


def test_a_buyer_may_pay_at_the_door_after_all(client: FlaskClient, group: OrderGroup, path: str) -> None:
    form = get(client, f"{path}/tra-tien").form(f"{path}/tra-khi-nhan")
    answer = post(client, f"{path}/tra-khi-nhan", form)
    assert (answer.status, answer.response.location) == (303, path)
    db.session.rollback()
    assert db.session.get_one(OrderGroup, group.id).payment_method is PaymentMethod.CASH_ON_DELIVERY
    assert client.get(f"{path}/ma-qr.png").status_code == 404
    assert get(client, f"{path}/tra-tien").status == 303


def test_who_paid_meanwhile_stays_with_it(client: FlaskClient, group: OrderGroup, path: str) -> None:
    form = get(client, f"{path}/tra-tien").form(f"{path}/tra-khi-nhan")
    pay(group, 122_000)
    assert post(client, f"{path}/tra-khi-nhan", form).status == 409
    assert post(client, f"{path}/tra-khi-nhan", {}).status == 403


def test_the_number_alone_opens_nothing(client: FlaskClient, group: OrderGroup, path: str) -> None:
    wrong = f"/don-hang/{group.number}/{'0' * 32}"
    for end in ("tra-tien", "ma-qr.png"):
        assert client.get(f"{wrong}/{end}").status_code == 404
    form = get(client, f"{path}/tra-tien").form(f"{path}/tra-khi-nhan")
    assert post(client, f"{wrong}/tra-khi-nhan", form).status == 404
    assert write_number(group.number) in pay_page(client, path).words
