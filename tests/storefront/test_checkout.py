from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderGroup
from marketplace.ordering.stock import adjust
from marketplace.places.models import AdminSuccession, AdminUnit
from tests.factories.ordering import a_commune, ordered, seller_of, stocked
from tests.pages import visit
from tests.storefront.pages import add, filled_checkout, get, place_order, post


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def cam(app: Flask) -> Variant:
    with unit_of_work() as session:
        return stocked(session, "Cam Khe Mây", on_hand=10, price=90_000, weight_g=900)


def orders() -> list[OrderGroup]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(OrderGroup)))


def said(page: Any) -> str:
    return str(page.words).replace("\u00a0", " ")


def test_an_empty_cart_has_no_checkout(client: FlaskClient) -> None:
    assert get(client, "/dat-hang").response.location == "/gio-hang"
    assert post(client, "/dat-hang", {"buoc": "dat"}).response.location == "/gio-hang"


def test_an_order_is_placed_and_its_page_opens(client: FlaskClient, cam: Variant, commune: AdminUnit) -> None:
    add(client, cam.id, "2")
    path = place_order(client, commune, nhan="Gọi trước")
    page = get(client, path)
    assert page.status == 200
    assert "Còn phải trả 222.000 ₫" in said(page)
    order = orders()[0]
    assert (order.buyer_phone, order.note, order.total) == ("0912345678", "Gọi trước", 222_000)
    assert order.ship_place == "phường Cầu Giấy, thành phố Hà Nội"
    assert "đang trống" in get(client, "/gio-hang").words


def test_the_checkout_is_a_page_like_every_other(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    visit(client, "/dat-hang")
    visit(client, "/en/dat-hang")


def test_total_with_shipping_stands_on_the_page_before_the_order(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id, "2")
    with unit_of_work() as session:
        seller_of(session, cam).province_id = commune.parent_id
    assert "Phải trả 222.000 ₫" in said(get(client, "/dat-hang"))
    form = {**get(client, "/dat-hang").form("/dat-hang"), "tinh": str(commune.parent_id), "buoc": "xa"}
    page = post(client, "/dat-hang", form)
    assert page.status == 200
    assert "Phải trả 206.000 ₫" in said(page)
    assert page.soup.find("select", id="xa")
    assert page.soup.find("section", class_="dock")


def test_faults_are_told_twice_and_what_was_typed_is_kept(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    typed = {"sdt": "091234567", "ten": "Trần Văn An", "xa": "", "nha": "", "nhan": "x" * 501}
    page = post(client, "/dat-hang", filled_checkout(client, commune, **typed))
    assert page.status == 422
    assert page.title.startswith("Lỗi: ")
    links = page.soup.select(".errs a")
    assert [link["href"] for link in links] == ["#sdt", "#xa", "#nha", "#nhan"]
    for link in links:
        assert page.soup.find(id=str(link["href"])[1:]), link
        assert page.words.count(link.get_text()) == 2
    assert "thiếu 1 chữ số" in page.words
    assert page.one("#sdt")["aria-invalid"] == "true"
    kept = page.form("/dat-hang")
    assert (kept["sdt"], kept["ten"], kept["nhan"]) == ("091234567", "Trần Văn An", "x" * 501)
    assert orders() == []


def test_what_is_wrong_with_a_telephone_is_told(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    faults = {"091234567": "thiếu 1", "09123456789": "thừa 1", "không có": "10 chữ số, bắt đầu bằng 0"}
    for typed, words in faults.items():
        assert words in post(client, "/dat-hang", {**form, "sdt": typed}).words


def test_blanks_are_nothing(client: FlaskClient, cam: Variant, commune: AdminUnit) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    for name in ("sdt", "ten", "nha"):
        page = post(client, "/dat-hang", {**form, name: " \t\u00a0"})
        assert page.status == 422
        assert page.soup.find("a", href=f"#{name}")


def test_names_are_kept_in_one_spelling(client: FlaskClient, cam: Variant, commune: AdminUnit) -> None:
    add(client, cam.id)
    place_order(client, commune, ten="Trần  Ðức\x01 \r\nAn", nha="12\nngõ 3")
    assert (orders()[0].buyer_name, orders()[0].ship_address) == ("Trần Đức An", "12 ngõ 3")


def test_a_commune_of_another_province_is_asked_for_again(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    with unit_of_work() as session:
        other = a_commune(session, "Hương Đô", "Hà Tĩnh")
    add(client, cam.id)
    form = filled_checkout(client, commune)
    for wrong in (str(other.id), "999999", "x"):
        page = post(client, "/dat-hang", {**form, "xa": wrong})
        assert page.status == 422
        assert page.soup.find("a", href="#xa")
    assert orders() == []


def test_without_javascript_choosing_a_province_brings_its_communes(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    page = get(client, "/dat-hang")
    assert page.soup.find("select", id="xa") is None
    first = page.soup.find("form", action="/dat-hang").find("button")  # type: ignore[union-attr]
    assert first["value"] == "xa"  # type: ignore[index]
    typed = {**page.form("/dat-hang"), "sdt": "0912", "ten": "An", "tinh": str(commune.parent_id)}
    page = post(client, "/dat-hang", {**typed, "buoc": "xa"})
    assert [option.get_text() for option in page.soup.select("#xa option")] == [
        "Chọn xã, phường",
        "phường Cầu Giấy",
    ]
    kept = page.form("/dat-hang")
    assert (kept["sdt"], kept["ten"], kept["khoa"]) == ("0912", "An", typed["khoa"])


def test_a_former_name_finds_the_place_of_today(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    with unit_of_work() as session:
        former = a_commune(session, "Dịch Vọng Hậu", "Hà Nội cũ")
        former.ended = True
        session.add(AdminSuccession(predecessor_id=former.id, successor_id=commune.id, main=True))
    add(client, cam.id)
    form = get(client, "/dat-hang").form("/dat-hang")
    page = post(client, "/dat-hang", {**form, "sdt": "0912345678", "cu": "dich vong hau", "buoc": "tim"})
    assert page.status == 200
    button = page.one('button[name="chon"]')
    assert button.get_text() == "phường Cầu Giấy, thành phố Hà Nội"
    page = post(client, "/dat-hang", {**page.form("/dat-hang"), "chon": str(button["value"])})
    kept = page.form("/dat-hang")
    assert (kept["tinh"], kept["xa"], kept["sdt"]) == (str(commune.parent_id), str(commune.id), "0912345678")
    nowhere = post(client, "/dat-hang", {**form, "cu": "Không Đâu Cả", "buoc": "tim"})
    assert "Không tìm thấy tên này" in nowhere.words
    assert "Không tìm thấy tên này" in post(client, "/dat-hang", {**form, "cu": "", "buoc": "tim"}).words
    province = post(client, "/dat-hang", {**form, "cu": "hà nội", "buoc": "tim"})
    chosen = post(client, "/dat-hang", {**form, "chon": str(commune.parent_id)})
    assert province.soup.find("button", attrs={"name": "chon"})
    assert chosen.form("/dat-hang")["tinh"] == str(commune.parent_id)


def test_a_price_that_rose_is_shown_old_and_new_and_one_button_accepts(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    with unit_of_work() as session:
        gone = stocked(session, "Bưởi", on_hand=1, price=70_000, weight_g=900)
    add(client, cam.id)
    add(client, gone.id)
    form = filled_checkout(client, commune)
    with unit_of_work() as session:
        session.merge(cam).price = 95_000
        adjust(session, gone.id, -1, "hư hỏng", clock.now())
    page = post(client, "/dat-hang", form)
    assert page.status == 409
    assert orders() == []
    words = said(page)
    assert "Giá cũ 90.000 ₫ → 95.000 ₫" in words
    assert "Hết hàng" in words
    assert "Không tính vào đơn nữa, bớt 70.000 ₫" in words
    assert "Tổng trước 224.000 ₫" in words
    assert "Phải trả 127.000 ₫" in words
    accepted = page.form("/dat-hang")
    assert (accepted["ten"], accepted["sdt"], accepted["khoa"]) == (form["ten"], form["sdt"], form["khoa"])
    answer = post(client, "/dat-hang", {**accepted, "buoc": "dat"})
    assert answer.status == 303
    assert [order.total for order in orders()] == [127_000]
    assert "Bưởi" in get(client, "/gio-hang").words


def test_what_changes_after_the_first_look_is_refused_all_the_same(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    with unit_of_work() as session:
        session.merge(cam).price = 95_000
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("marketplace.storefront.views.checkout.find_change", lambda *_: None)
        page = post(client, "/dat-hang", form)
    assert page.status == 409
    assert "Giá cũ 90.000 ₫ → 95.000 ₫" in said(page)
    assert orders() == []


def test_more_and_less_are_told(client: FlaskClient, cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        tea, out = stocked(session, "Chè", price=50_000), stocked(session, "Na", price=10_000)
    add(client, cam.id)
    add(client, out.id)
    form = filled_checkout(client, commune)
    add(client, cam.id)
    add(client, tea.id)
    cart = get(client, "/gio-hang").form("/gio-hang/sua")
    post(client, "/gio-hang/sua", {**cart, "bo": str(out.id)})
    page = post(client, "/dat-hang", form)
    assert page.status == 409
    for told in ("Số lượng cũ 1 → 2", "Mới thêm vào giỏ", "Không còn trong giỏ", "Bớt 10.000 ₫"):
        assert told in said(page)


def test_when_nothing_is_left_the_way_back_is_shown(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    with unit_of_work() as session:
        adjust(session, cam.id, -10, "hư hỏng", clock.now())
    page = post(client, "/dat-hang", form)
    assert page.status == 409
    assert "Không còn món nào đặt được" in page.words
    assert page.soup.find("form") is None or not page.soup.select('button[value="dat"]')


def test_what_the_page_claims_to_have_shown_decides_nothing(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    many = ",".join(f"{i}:1:1" for i in range(1, 15_000)) + "|1:1"
    for memo in ("", "1:1:1|1:1", "x", "1:2:90000|1:0", "3000000000:1:1|1:1", many):
        page = post(client, "/dat-hang", {**form, "da_xem": memo})
        assert page.status == 409
        assert len(page.soup.select("li.line")) <= 2
    assert orders() == []


def test_a_page_sent_twice_leads_to_one_order(client: FlaskClient, cam: Variant, commune: AdminUnit) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    first, second = (post(client, "/dat-hang", form) for _ in range(2))
    assert (first.status, second.status) == (303, 303)
    assert first.response.location == second.response.location
    assert get(client, second.response.location).status == 200
    assert len(orders()) == 1


def test_a_page_sent_at_the_same_moment_from_another_cart_leads_to_the_first_order(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune)
    first = post(client, "/dat-hang", form).response.location
    add(client, cam.id)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("marketplace.ordering.checkout.find_group_by_submission", lambda *_: None)
        again = post(client, "/dat-hang", {**filled_checkout(client, commune), "khoa": form["khoa"]})
    assert again.response.location == first


def test_a_key_that_is_none_is_drawn_anew(client: FlaskClient, cam: Variant, commune: AdminUnit) -> None:
    add(client, cam.id)
    form = filled_checkout(client, commune, khoa="x")
    assert post(client, "/dat-hang", form).status == 303


def test_a_fourth_unconfirmed_order_is_refused_and_the_form_kept(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    for _ in range(3):
        ordered({cam.id: 1}, commune)
    add(client, cam.id)
    page = post(client, "/dat-hang", filled_checkout(client, commune))
    assert page.status == 409
    assert "đã có 3 đơn" in page.words
    assert page.form("/dat-hang")["ten"] == "Trần Văn An"


def test_age_taken_back_in_another_window_sends_back_to_the_cart(
    app: Flask, client: FlaskClient, commune: AdminUnit
) -> None:
    with unit_of_work() as session:
        spirit = stocked(session, "Rượu Kim Long", set_number=14)
    add(client, spirit.id)
    cart = get(client, "/gio-hang").form("/gio-hang/sua")
    post(client, "/gio-hang/sua", {**cart, "tuoi": "1"})
    form = filled_checkout(client, commune)
    post(client, "/gio-hang/sua", cart)
    assert post(client, "/dat-hang", form).response.location == "/gio-hang"
    assert orders() == []


def test_a_form_of_another_visit_is_shown_again_not_taken(
    client: FlaskClient, cam: Variant, commune: AdminUnit
) -> None:
    add(client, cam.id)
    page = post(client, "/dat-hang", filled_checkout(client, commune, csrf_token="x"))
    assert page.status == 422
    assert "Trang đã mở quá lâu" in page.words
    assert page.soup.find(id="dat")
    assert page.form("/dat-hang")["ten"] == "Trần Văn An"
    foreign = post(client, "/dat-hang", page.form("/dat-hang"), Origin="https://evil.example")
    assert foreign.status == 403
    assert orders() == []
