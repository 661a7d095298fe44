"""How an order is paid and received: what the checkout offers, what it keeps, and where it leads."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.models import Person
from marketplace.accounts.tax_code import read_tax_code
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.after_sale_models import InvoiceRequest
from marketplace.ordering.models import Order, OrderGroup, OrderStatus, PaymentMethod
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.places.models import AdminUnit
from marketplace.settings import Settings
from tests.factories.accounts import a_person, signed_in
from tests.factories.ordering import a_commune, ordered, seller_of, stocked
from tests.pages import visit
from tests.storefront.pages import Page, add, filled_checkout, get, place_order, post

MOST_STATEMENTS = 5
LIVE_SET = 23
INVOICE = {
    "hd_ten": "Công ty TNHH Minh Hoạ",
    "hd_mst": "0100109106001",
    "hd_dia_chi": "12 Xuân Thủy, Hà Nội",
    "hd_email": "KeToan@Example.vn",
}


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def cam(app: Flask) -> Variant:
    with unit_of_work() as session:
        return stocked(session, "Cam Khe Mây", on_hand=10, price=90_000, weight_g=900)


@pytest.fixture
def fetched(app: Flask) -> Variant:
    """Goods of a producer who lets buyers fetch them."""
    with unit_of_work() as session:
        variant = stocked(session, "Bánh đa", on_hand=10, price=40_000, weight_g=900)
        place = {"pickup_address": "Kho 2, thôn 7", "pickup_words": "Sau 8 giờ", "sends_live": False}
        rule = ShippingRule(producer_id=seller_of(session, variant).id, pickup=True, zones=[], **place)
        session.add(rule)
    return variant


@pytest.fixture
def settings(app: Flask) -> Iterator[Settings]:
    """The settings of the application, which a test may replace for a while."""
    kept = app.extensions["settings"]
    yield kept
    app.extensions["settings"] = kept


def offer_cards(app: Flask, settings: Settings) -> None:
    """Set a key for cards."""
    app.extensions["settings"] = replace(settings, card=replace(settings.card, secret_key="sk_test_x"))


def groups() -> list[OrderGroup]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OrderGroup).order_by(OrderGroup.id)))


def said(page: Page) -> str:
    return page.words.replace("\u00a0", " ")


def test_cash_is_chosen_at_first_and_the_button_says_so(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    page = visit(client, "/dat-hang", statements=MOST_STATEMENTS)
    assert [choice["value"] for choice in page.soup.select("[name=tra]")] == ["cod", "vietqr"]
    assert [choice["value"] for choice in page.soup.select("[name=tra][checked]")] == ["cod"]
    assert page.texts("#dat .how") == [", trả khi nhận", ", rồi chuyển khoản"]
    assert place_order(client, commune).count("/") == 3
    assert groups()[0].payment_method is PaymentMethod.CASH_ON_DELIVERY


def test_transfers_are_offered_only_with_an_account_and_cards_only_with_a_key(
    app: Flask, client: FlaskClient, cam: Variant, commune: AdminUnit, settings: Settings
) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    app.extensions["settings"] = replace(settings, receiving_account=None)
    for wrong in ("vietqr", "stripe", "bitcoin"):
        page = post(client, "/dat-hang", {**form, "tra": wrong})
        assert page.status == 422
        assert page.soup.find("a", href="#tra")
        assert page.soup.find(id="tra")
    offer_cards(app, settings)
    page = get(client, "/dat-hang")
    assert [one["value"] for one in page.soup.select("[name=tra]")] == ["cod", "vietqr", "stripe"]
    assert groups() == []


@pytest.mark.parametrize("method", [PaymentMethod.VIETQR, PaymentMethod.CARD])
def test_what_is_not_paid_in_cash_leads_to_paying(
    app: Flask,
    client: FlaskClient,
    cam: Variant,
    commune: AdminUnit,
    settings: Settings,
    method: PaymentMethod,
) -> None:
    offer_cards(app, settings)
    add(client, cam.id)
    form = filled_checkout(client, commune, tra=method.value)
    answers = [post(client, "/dat-hang", form) for _ in range(2)]
    assert len({answer.response.location for answer in answers}) == 1
    assert answers[0].response.location.endswith("/tra-tien")
    assert answers[0].response.headers["Referrer-Policy"] == "no-referrer"
    [group] = groups()
    assert group.payment_method is method
    status = db.session.scalars(sa.select(Order.status)).one()
    assert status is (OrderStatus.DRAFT if method.paid_first else OrderStatus.PLACED)


def test_a_parcel_that_is_fetched_costs_no_fee_once_the_buyer_says_so(
    client: FlaskClient, cam: Variant, fetched: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    add(client, fetched.id)
    form = filled_checkout(client, commune)
    name = next(field for field in form if field.startswith("nhan-"))
    assert form[name] == "giao"
    page = post(client, "/dat-hang", {**form, name: "lay", "buoc": "nhan"})
    assert page.status == 200
    assert "Phải trả 162.000 ₫" in said(page)
    assert "bạn đến lấy" in said(page)
    assert "Phí 32.000 ₫" in said(page), "what bringing it would cost is still told"
    assert "Kho 2, thôn 7 · Sau 8 giờ" in said(page)
    assert page.form("/dat-hang")[name] == "lay"
    ordered_page = post(client, "/dat-hang", {**form, **page.form("/dat-hang"), "buoc": "dat"})
    assert ordered_page.status == 303, said(ordered_page)
    db.session.rollback()
    parcels = db.session.execute(sa.select(Order.pickup, Order.shipping_fee).order_by(Order.position))
    assert [tuple(parcel) for parcel in parcels] == [(False, 32_000), (True, 0)]


def test_a_choice_that_changes_the_sum_unseen_is_shown_first(
    client: FlaskClient, fetched: Variant, commune: AdminUnit
) -> None:
    add(client, fetched.id)
    form = filled_checkout(client, commune, email="an@example.vn", **INVOICE)
    name = next(field for field in form if field.startswith("nhan-"))
    page = post(client, "/dat-hang", {**form, name: "lay"})
    assert page.status == 409
    assert "Phí giao tính lại theo cách nhận hàng" in said(page)
    assert "Phí giao thay đổi -32.000 ₫" in said(page)
    accepted = page.form("/dat-hang")
    assert accepted[name] == "lay"
    assert post(client, "/dat-hang", {**accepted, "buoc": "dat"}).status == 303
    [group] = groups()
    assert (group.total, group.buyer_email) == (40_000, "an@example.vn")
    assert db.session.scalars(sa.select(InvoiceRequest.tax_code)).one() == "0100109106-001"


def test_who_fetches_everything_need_not_say_the_street(
    client: FlaskClient, cam: Variant, fetched: Variant, commune: AdminUnit
) -> None:
    add(client, fetched.id)
    form = filled_checkout(client, commune, nha="")
    name = next(field for field in form if field.startswith("nhan-"))
    page = post(client, "/dat-hang", form)
    assert page.status == 422
    assert [link["href"] for link in page.soup.select(".errs a")] == ["#nha"]
    page = post(client, "/dat-hang", {**form, name: "lay", "buoc": "nhan"})
    assert "Số nhà, đường, thôn xóm (không bắt buộc)" in said(page)
    add(client, cam.id)
    both = post(client, "/dat-hang", {**form, name: "lay", "buoc": "nhan"})
    assert post(client, "/dat-hang", {**form, **both.form("/dat-hang"), "buoc": "dat"}).status == 422
    cart = get(client, "/gio-hang").form("/gio-hang/sua")
    post(client, "/gio-hang/sua", {**cart, "bo": str(cam.id)})
    assert post(client, "/dat-hang", {**form, **page.form("/dat-hang"), "buoc": "dat"}).status == 303
    [group] = groups()
    assert group.ship_address == ""


def test_only_who_offers_it_is_visited(client: FlaskClient, cam: Variant, commune: AdminUnit) -> None:
    add(client, cam.id)
    with unit_of_work() as session:
        seller_id = seller_of(session, cam).id
    page = get(client, "/dat-hang")
    assert "Cách nhận hàng" not in page.words
    place_order(client, commune, **{f"nhan-{seller_id}": "lay", "nhan-x": "lay", "nhan-999": "lay"})
    assert db.session.scalars(sa.select(Order.pickup)).one() is False


def test_an_invoice_is_all_or_nothing(client: FlaskClient, cam: Variant, commune: AdminUnit) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    assert not get(client, "/dat-hang").soup.select("details[open]")
    page = post(client, "/dat-hang", {**form, "hd_ten": "Công ty TNHH Minh Hoạ"})
    assert page.status == 422
    links = [link["href"] for link in page.soup.select(".errs a")]
    assert links == ["#hd_mst", "#hd_dia_chi", "#hd_email"]
    assert page.soup.select("details[open]")
    for wrong in ("010010910", "0100109107", "01001091061", "không"):
        page = post(client, "/dat-hang", {**form, **INVOICE, "hd_mst": wrong})
        assert [link["href"] for link in page.soup.select(".errs a")] == ["#hd_mst"], wrong
    assert groups() == []
    place_order(client, commune, **{**INVOICE, "hd_email": ""}, email="An@example.vn")
    wish = db.session.scalars(sa.select(InvoiceRequest)).one()
    assert (wish.company, wish.email) == ("Công ty TNHH Minh Hoạ", "an@example.vn")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("0100109106", "0100109106"),
        (" 0100 109 106 ", "0100109106"),
        ("0100109106-001", "0100109106-001"),
        ("0100109106001", "0100109106-001"),
        ("0100109106-", None),
        ("0100109105", None),
        ("٠١٠٠١٠٩١٠٦", None),
        ("", None),
    ],
)
def test_tax_codes_have_a_check_digit(typed: str, read: str | None) -> None:
    assert read_tax_code(typed) == read


def test_an_email_that_is_none_is_asked_for_again(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    for wrong in ("an@", "0912345678", "a b@example.vn"):
        page = post(client, "/dat-hang", filled_checkout(client, commune, email=wrong))
        assert page.status == 422
        assert [link["href"] for link in page.soup.select(".errs a")] == ["#email"]
    assert groups() == []


def test_who_is_signed_in_finds_the_email_used_last_and_owns_the_order(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    assert get(client, "/dat-hang").form("/dat-hang")["email"] == ""
    with unit_of_work() as session:
        person = a_person(session, email="man@example.vn")
        client.set_cookie("sid", signed_in(session, person).token)
    assert get(client, "/dat-hang").form("/dat-hang")["email"] == "man@example.vn"
    place_order(client, commune, email="khac@example.vn")
    assert groups()[0].person_id == db.session.scalars(sa.select(Person.id)).one()
    add(client, cam.id)
    assert get(client, "/dat-hang").form("/dat-hang")["email"] == "khac@example.vn"


def test_the_account_lists_its_own_orders_and_opens_them(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    assert client.get("/tai-khoan/don-hang").status_code == 303
    with unit_of_work() as session:
        person, other = a_person(session), a_person(session)
        client.set_cookie("sid", signed_in(session, person).token)
    assert "Chưa có đơn nào" in visit(client, "/tai-khoan/don-hang").words
    ordered({cam.id: 1}, commune, person_id=other.id, phone="0987654321")
    add(client, cam.id, "2")
    path = place_order(client, commune)
    page = visit(client, "/tai-khoan/don-hang", statements=6)
    assert page.links() == ["/tai-khoan", path]
    assert "2 × Cam Khe Mây" in page.words
    assert "Chờ người bán nhận" in page.words
    assert get(client, path).status == 200
    assert "/tai-khoan/don-hang" in visit(client, "/tai-khoan", statements=None).links()
    with unit_of_work() as session:
        session.execute(sa.update(OrderGroup).values(token_hash="0" * 64))
    page = visit(client, "/tai-khoan/don-hang", statements=6)
    assert page.links() == ["/tai-khoan"]
    assert "đường dẫn bạn nhận được lúc đặt" in page.words


def test_the_published_ways_of_paying_are_those_offered(client: FlaskClient) -> None:
    words = visit(client, "/thanh-toan").words
    assert "Chuyển khoản VietQR" in words
    assert "Thẻ quốc tế" not in words


def test_live_goods_are_fetched_without_being_asked(client: FlaskClient, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        orchid = stocked(session, "Lan hồ điệp", on_hand=3, price=200_000, set_number=LIVE_SET)
        seller_id = seller_of(session, orchid).id
        session.add(ShippingRule(producer_id=seller_id, pickup=True, sends_live=False, zones=[]))
    add(client, orchid.id)
    page = get(client, "/dat-hang")
    assert "chỉ đến lấy tại cơ sở" in page.words
    assert not page.soup.select(f'[name="nhan-{seller_id}"]')
    place_order(client, commune, **{f"nhan-{seller_id}": "giao"})
    db.session.rollback()
    parcel = db.session.execute(sa.select(Order.pickup, Order.shipping_fee)).one()
    assert tuple(parcel) == (True, 0)
