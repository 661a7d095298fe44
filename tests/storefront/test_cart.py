from pathlib import Path

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace.app import create_app
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import Cart, CartLine
from tests.conftest import make_settings
from tests.factories.ordering import a_commune, stocked
from tests.pages import visit
from tests.storefront.pages import add, get, post


def quantities() -> dict[int, int]:
    db.session.rollback()
    return {line.variant_id: line.quantity for line in db.session.scalars(sa.select(CartLine))}


def test_an_empty_cart_shows_the_way_on_and_sets_nothing_up(client: FlaskClient) -> None:
    page = get(client, "/gio-hang")
    assert page.status == 200
    assert "Giỏ hàng đang trống" in page.words
    assert page.response.headers["Cache-Control"] == "no-store"
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Cart)) == 0


def test_adding_keeps_a_token_in_a_cookie_of_this_browser(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    answer = add(client, variant.id, "2")
    assert (answer.status, answer.response.location) == (303, "/gio-hang")
    cookie = answer.response.headers["Set-Cookie"]
    assert cookie.startswith("cart=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert quantities() == {variant.id: 2}


def test_over_tls_the_cookie_is_bound_to_the_host(database_url: str, app: Flask, tmp_path: Path) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    settings = make_settings(database_url, tmp_path, SITE_URL="https://ocop.example.vn")
    secure = create_app(settings)
    answer = secure.test_client().post(
        "/gio-hang",
        base_url="https://ocop.example.vn",
        data={"variant_id": variant.id},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-cart=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    with secure.app_context():
        db.session.remove()
        db.engine.dispose()


def test_buying_at_once_goes_to_checkout(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    assert add(client, variant.id, mua_ngay="1").response.location == "/dat-hang"


def test_only_our_own_pages_put_something_in(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"X-None": "1"}):
        assert post(client, "/gio-hang", {"variant_id": str(variant.id)}, **headers).status == 403
    assert quantities() == {}


NONSENSE: list[tuple[dict[str, str], int]] = [
    ({}, 404),
    ({"variant_id": "x"}, 404),
    ({"variant_id": "-1"}, 404),
    ({"variant_id": "9" * 30}, 404),
    ({"variant_id": "٣"}, 404),
    ({"variant_id": "999999"}, 409),
    ({"variant_id": "1", "quantity": "0"}, 422),
    ({"variant_id": "1", "quantity": "1e3"}, 422),
    ({"variant_id": "1", "quantity": "-5"}, 422),
]


def test_what_makes_no_sense_is_refused(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        stocked(session)
    for form, status in NONSENSE:
        assert post(client, "/gio-hang", form).status == status, form
    assert quantities() == {}


def test_the_cart_shows_one_panel_a_producer_and_the_whole_sum(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        cam, tea = stocked(session, "Cam", price=50_000, weight_g=900), stocked(session, "Chè", price=100_000)
        gone = stocked(session, "Bưởi", on_hand=0)
    for variant in (cam, tea, gone):
        add(client, variant.id, "2")
    page = get(client, "/gio-hang")
    assert "Giỏ hàng: 3 món, 2 gói" in page.words
    assert "Gói 1: HTX Cam" in page.words
    assert "Gói 2: HTX Chè" in page.words
    assert page.words.count("Thôn 5, xã Hương Đô, tỉnh Hà Tĩnh") >= 2
    assert "Chưa đặt được: 1 món" in page.words
    assert "Hết hàng" in page.words
    assert "Tiền hàng, đã gồm thuế 300.000 ₫" in page.words.replace("\u00a0", " ")
    assert "Phải trả 384.000 ₫" in page.words.replace("\u00a0", " ")
    assert page.soup.find("section", class_="dock")


def test_a_price_change_is_told_on_the_line_until_the_cart_is_saved(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        up, down = stocked(session, "Cam", price=50_000), stocked(session, "Chè", price=50_000)
    add(client, up.id)
    add(client, down.id)
    with unit_of_work() as session:
        session.merge(up).price, session.merge(down).price = 55_000, 45_000
    page = get(client, "/gio-hang")
    assert "Giá tăng 5.000" in page.words
    assert "Giá giảm 5.000" in page.words
    post(client, "/gio-hang/sua", page.form("/gio-hang/sua"))
    assert "Giá tăng" not in get(client, "/gio-hang").words


def test_quantities_change_lines_go_and_the_province_stays(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        cam, tea = stocked(session, "Cam"), stocked(session, "Chè")
        province_id = a_commune(session).parent_id
    add(client, cam.id)
    add(client, tea.id)
    form = get(client, "/gio-hang").form("/gio-hang/sua")
    changed = {**form, f"sl-{cam.id}": "7", "bo": str(tea.id), "tinh": str(province_id)}
    assert post(client, "/gio-hang/sua", changed).response.location == "/gio-hang"
    assert quantities() == {cam.id: 7}
    assert get(client, "/gio-hang").form("/gio-hang/sua")["tinh"] == str(province_id)


def test_a_line_with_nonsense_in_it_can_still_be_taken_out(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        cam = stocked(session, "Cam")
    add(client, cam.id)
    form = get(client, "/gio-hang").form("/gio-hang/sua")
    assert post(client, "/gio-hang/sua", {**form, f"sl-{cam.id}": "x", "bo": str(cam.id)}).status == 303
    assert quantities() == {}


def test_a_wrong_quantity_is_told_beside_its_field_and_kept(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        cam = stocked(session)
    add(client, cam.id, "3")
    form = get(client, "/gio-hang").form("/gio-hang/sua")
    page = post(client, "/gio-hang/sua", {**form, f"sl-{cam.id}": "1,5", "buoc": "dat"})
    assert page.status == 422
    assert page.title.startswith("Lỗi: ")
    assert page.soup.find("a", href=f"#sl-{cam.id}")
    assert page.form("/gio-hang/sua")[f"sl-{cam.id}"] == "1,5"
    assert quantities() == {cam.id: 3}


def test_a_form_without_this_visits_token_is_refused(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        cam = stocked(session)
    add(client, cam.id)
    form = get(client, "/gio-hang").form("/gio-hang/sua")
    for token in ("", "x", form["csrf_token"][:-2]):
        page = post(client, "/gio-hang/sua", {**form, "csrf_token": token, "bo": str(cam.id)})
        assert page.status == 403
    stranger = client.application.test_client()
    add(stranger, cam.id)
    foreign = get(stranger, "/gio-hang").form("/gio-hang/sua")["csrf_token"]
    assert post(client, "/gio-hang/sua", {**form, "csrf_token": foreign, "bo": str(cam.id)}).status == 403
    assert len(quantities()) == 1


def test_spirits_ask_for_age_in_the_cart_and_the_box_is_not_ticked(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        spirit = stocked(session, "Rượu Kim Long", set_number=14)
    add(client, spirit.id)
    page = get(client, "/gio-hang")
    assert not page.one("#tuoi").has_attr("checked")
    refused = post(client, "/gio-hang/sua", {**page.form("/gio-hang/sua"), "buoc": "dat"})
    assert refused.status == 422
    assert refused.soup.find("a", href="#tuoi")
    assert get(client, "/dat-hang").response.location == "/gio-hang"
    said = {**page.form("/gio-hang/sua"), "tuoi": "1", "buoc": "dat"}
    assert post(client, "/gio-hang/sua", said).response.location == "/dat-hang"
    assert get(client, "/dat-hang").status == 200
    taken_back = {**get(client, "/gio-hang").form("/gio-hang/sua")}
    assert taken_back.pop("tuoi") == "1"
    post(client, "/gio-hang/sua", taken_back)
    assert get(client, "/dat-hang").status == 303


def test_a_province_that_is_none_is_refused(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        cam, commune = stocked(session), a_commune(session)
    add(client, cam.id)
    form = get(client, "/gio-hang").form("/gio-hang/sua")
    for wrong in (str(commune.id), "999999", "x"):
        assert post(client, "/gio-hang/sua", {**form, "tinh": wrong}).status == 422


def test_changing_a_cart_that_is_gone_shows_an_empty_one(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        cam = stocked(session)
    add(client, cam.id)
    form = get(client, "/gio-hang").form("/gio-hang/sua")
    client.delete_cookie("cart")
    assert post(client, "/gio-hang/sua", form).status == 303
    assert "đang trống" in get(client, "/gio-hang").words


def test_the_cart_is_a_page_like_every_other(app: Flask, client: FlaskClient) -> None:
    visit(client, "/gio-hang")
    with unit_of_work() as session:
        items = [
            stocked(session, name, on_hand=held).id for name, held in (("Cam", 9), ("Chè", 9), ("Na", 0))
        ]
    for item in items:
        add(client, item)
    page = visit(client, "/gio-hang")
    assert [str(image["src"]).partition("?")[0] for image in page.soup.select("main img")] == [
        "/anh/cam.svg",
        "/anh/che.svg",
        "/anh/na.svg",
    ]
    visit(client, "/en/gio-hang")


def test_the_cart_speaks_english_too(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        cam = stocked(session)
    answer = post(client, "/en/gio-hang", {"variant_id": str(cam.id)})
    assert answer.response.location == "/en/gio-hang"
    assert get(client, "/en/gio-hang").soup.find("form", action="/en/gio-hang/sua")
