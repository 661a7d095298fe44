from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.models import Product, ProductSet, Publication
from marketplace.catalogue.packs import set_variants
from marketplace.database import unit_of_work
from marketplace.ordering.stock import receive
from tests.environment.application import empty_application
from tests.factories.catalogue import TOURISM, WHITE_SPIRIT, a_pack
from tests.factories.certification import a_certificate, a_decision
from tests.factories.producers import a_producer
from tests.pages import Visited, visit
from tests.storefront.pages import OWN_PAGE
from tests.storefront.shelves import LAPSED, a_province, on_shelf

MEDICINE = 18


def shown(client: FlaskClient, product: Product, status: int = 200) -> Visited:
    return visit(client, f"/san-pham/{product.slug}", status)


def test_a_certified_product_in_stock(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        ha_tinh = a_province(session, "Hà Tĩnh", "ha-tinh", "42")
        product = on_shelf(session, stars=None, province=ha_tinh, gtin="09520000000127")
        decision = a_decision(session, stars=4)
        a_certificate(session, product, stars=4, decision=decision)
    page = shown(client, product)
    assert page.heading == "Cam Khe Mây"
    assert page.texts(".hero-art .plate") == ["4 sao OCOP"]
    assert "Chứng nhận còn hiệu lực đến 05/08/2028" in page.words
    assert "chưa đối chiếu quyết định" not in page.words
    assert page.one(".buy .price").get_text() == "90.000\xa0₫"
    assert "đã gồm thuế" in page.words
    assert "Cùng tỉnh: 1–2 ngày, phí 26.000 ₫. Tỉnh khác: 2–5 ngày, phí 42.000 ₫" in page.words
    assert "Người bán: HTX Cam Khe Mây , Thôn 5, xã Hương Đô, tỉnh Hà Tĩnh" in page.words
    assert "tel:0912000000" in page.links()
    assert "https://zalo.me/0912000000" in page.links()
    assert f"/chung-nhan/{decision.code}" in page.links()
    assert "/01/09520000000127" in page.links()
    assert "Vì sao được 4 sao?" in page.texts("h2")
    assert page.one(".dock .btn.p")["form"] == "mua"


def test_what_the_page_offers_goes_into_the_cart(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session)
    form = shown(client, product).one("form#mua")
    assert (form["action"], form["method"]) == ("/gio-hang", "post")
    fields = {str(field["name"]): str(field["value"]) for field in form.select("input")}
    assert fields.keys() == {"variant_id", "quantity"}
    answer = client.post("/gio-hang", data=fields, headers=OWN_PAGE)
    assert answer.status_code == 303
    assert "Cam Khe Mây" in visit(client, "/gio-hang", statements=None).words


def test_several_packs_are_a_choice_and_those_sold_out_cannot_be_chosen(
    app: Flask, client: FlaskClient
) -> None:
    with unit_of_work() as session:
        product = on_shelf(session)
        packs = [
            a_pack(name="Túi 1 kg", price=90_000),
            a_pack(name="Thùng 5 kg", price=400_000, content=5_000),
        ]
        new = set_variants(session, product, packs)
        receive(session, new[1].id, 3, "nhập kho", clock.now())
    page = shown(client, product)
    choices = page.soup.select('input[type="radio"][name="variant_id"]')
    assert [choice.has_attr("disabled") for choice in choices] == [True, False]
    assert choices[1].has_attr("checked")
    assert page.one('input[name="quantity"]')["max"] == "3"
    assert "80.000 ₫/kg · Còn 3" in page.words


def test_an_unchecked_rank_says_so_and_is_no_certification(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session, stars=None)
        a_certificate(session, product, stars=3, year=2025)
    page = shown(client, product)
    assert page.soup.select(".hero-art .plate")
    assert "chưa đối chiếu quyết định" in page.words
    assert "Chỉ biết năm cấp là 2025 nên hiệu lực tính đến hết năm 2027." in page.words
    assert "hasCertification" not in page.thing("Product")


def test_structured_data_names_certificate_offers_and_gtin(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session, "Cam </script><b>", stars=None, gtin="09520000000127")
        a_certificate(session, product, stars=4, decision=a_decision(session, stars=4))
    page = shown(client, product)
    thing = page.thing("Product")
    assert thing["name"] == "Cam </script><b>"
    assert "</script><b>" not in page.response.text.split("<main")[0].replace("&lt;", "")
    assert thing["gtin"] == "09520000000127"
    certification = thing["hasCertification"]
    assert certification["certificationRating"]["ratingValue"] == 4
    assert certification["about"]["legislationIdentifier"] == "2919/QĐ-UBND"
    assert (certification["validFrom"], certification["expires"]) == ("2025-08-05", "2028-08-05")
    [offer] = thing["offers"]
    assert (offer["price"], offer["priceCurrency"]) == (90_000, "VND")
    assert offer["availability"] == "https://schema.org/InStock"
    assert offer["seller"]["name"].startswith("HTX Cam")
    assert page.thing("BreadcrumbList")["itemListElement"][-1]["name"] == product.name


@pytest.mark.parametrize(("prefix", "name"), [("", "OCOP 4 sao"), ("/en", "OCOP 4 stars")])
def test_structured_data_speak_the_language_of_the_page(
    app: Flask, client: FlaskClient, prefix: str, name: str
) -> None:
    with unit_of_work() as session:
        product = on_shelf(session, stars=None)
        a_certificate(session, product, stars=4, decision=a_decision(session, stars=4))
        kind = session.get_one(ProductSet, product.set_id)
    thing = visit(client, f"{prefix}/san-pham/{product.slug}", statements=None).thing("Product")
    assert thing["category"] == (kind.name_en if prefix else kind.name)
    assert thing["hasCertification"]["name"] == name


def test_stars_without_a_day_are_told_and_never_shown(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session, stars=4, issued_on=None)
    for path in ("/san-pham", f"/san-pham/{product.slug}"):
        page = visit(client, path, statements=None)
        assert page.soup.select(".plate") == []
        assert "4 sao, chưa rõ ngày cấp" in page.words
        assert "Nguồn không ghi hạng sao" not in page.words
        assert "Rating" not in page.response.text
        assert "hasCertification" not in page.response.text


@pytest.mark.parametrize(("policy", "sold"), [("show", False), ("sell", True)])
def test_a_lapsed_certificate_leaves_no_stars(
    database_url: str, tmp_path: object, policy: str, sold: bool
) -> None:
    with empty_application(database_url, tmp_path, LAPSED_PRODUCTS=policy) as app:  # type: ignore[arg-type]
        with unit_of_work() as session:
            product = on_shelf(session, issued_on=LAPSED)
        page = shown(app.test_client(), product)
    assert page.soup.select(".plate") == []
    assert "4 sao, hết hiệu lực từ 01/03/2026" in page.words
    assert "Giấy chứng nhận đã hết hiệu lực." in page.words
    assert bool(page.soup.select("form#mua")) is sold
    assert bool(page.soup.select(".dock")) is sold
    assert "hasCertification" not in page.thing("Product")
    assert ("offers" in page.thing("Product")) is sold


def test_lapsed_products_can_be_hidden(database_url: str, tmp_path: object) -> None:
    with empty_application(database_url, tmp_path, LAPSED_PRODUCTS="hide") as app:  # type: ignore[arg-type]
        with unit_of_work() as session:
            lapsed = on_shelf(session, "Cam cũ", issued_on=LAPSED)
            alive = on_shelf(session, "Cam mới")
        shown(app.test_client(), lapsed, 404)
        shown(app.test_client(), alive)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"on_hand": 0}, "Đang hết hàng."),
        ({"price": None}, "Chủ thể chưa đăng giá bán trên chợ."),
        ({"set_number": TOURISM}, "Dịch vụ này đặt chỗ trực tiếp."),
        ({"set_number": MEDICINE}, "phải có giấy phép"),
        ({"set_number": None}, "Chỉ giới thiệu."),
    ],
)
def test_what_cannot_be_ordered_says_why(
    app: Flask, client: FlaskClient, changes: dict[str, object], words: str
) -> None:
    with unit_of_work() as session:
        product = on_shelf(session, **changes)  # type: ignore[arg-type]
    page = shown(client, product)
    assert words in page.words
    assert page.soup.select("form#mua, .dock") == []


def test_a_seller_without_an_address_sells_nothing(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session, producer=a_producer(session, printed_address=None))
    page = shown(client, product)
    assert "luật cần ghi rõ người bán" in page.words
    assert page.soup.select("form#mua") == []


def test_spirits_ask_for_age_and_health_food_is_no_medicine(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        spirit = on_shelf(session, "Rượu nếp", set_number=WHITE_SPIRIT)
        food = on_shelf(session, "Đông trùng hạ thảo", set_number=MEDICINE)
    assert "Chỉ bán cho người từ đủ 18 tuổi." in shown(client, spirit).words
    assert "không phải là thuốc" in shown(client, food).words


def test_a_product_without_producer_is_shown_and_not_guessed(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session)
        product.producer_id = None
    page = shown(client, product)
    assert "Nguồn công khai không ghi tên chủ thể. Chợ không đoán." in page.words
    assert page.soup.select("form#mua") == []


def test_samples_are_called_samples(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session, price=None, producer=a_producer(session, sample_contact=True))
        set_variants(session, product, [a_pack(sample=True)])
    words = shown(client, product).words
    assert "giá mẫu" not in words or "số nhà, điện thoại mẫu" in words
    assert "số nhà, điện thoại mẫu" in words


@pytest.mark.parametrize("publication", [Publication.DRAFT, Publication.SUSPENDED, Publication.WITHDRAWN])
def test_a_product_off_public_view_is_not_found(
    app: Flask, client: FlaskClient, publication: Publication
) -> None:
    with unit_of_work() as session:
        product = on_shelf(session)
        product.publication = publication
    page = shown(client, product, 404)
    assert page.heading == "Không thấy trang này"


def test_the_plate_falls_at_midnight_in_vietnam(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session, issued_on=date(2025, 8, 5))
    with clock.stopped(datetime(2028, 8, 5, 16, 59, 59, tzinfo=UTC)):
        assert shown(client, product).soup.select(".hero-art .plate")
    with clock.stopped(datetime(2028, 8, 5, 17, 0, tzinfo=UTC)):
        assert shown(client, product).soup.select(".plate") == []


def test_pictures_are_kept_for_ever_under_their_version(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = on_shelf(session)
    address = str(shown(client, product).one(".hero-art img")["src"])
    kept = client.get(address)
    assert kept.content_type == "image/svg+xml"
    assert kept.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get(address.split("?", maxsplit=1)[0]).headers["Cache-Control"] == "public, max-age=300"
    assert client.get(address, headers={"If-None-Match": kept.headers["ETag"]}).status_code == 304
    assert client.get("/anh/khong-co.svg").status_code == 404
