"""The directory of producers and their profiles."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.database import unit_of_work
from marketplace.producers.actions import register_producer
from marketplace.sales_points.actions import open_sales_point, stock_product
from marketplace.storefront.views.producers import initials_of
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.places import make_commune, make_province
from tests.pages import visit

SLUG = "htx-cam-khe-may"


@pytest.fixture(autouse=True)
def known(app: Flask) -> None:
    with unit_of_work() as session:
        province = make_province(session)
        commune = make_commune(session, "Hương Đô", province)
        here = {
            "province_id": province.id,
            "commune_id": commune.id,
            "printed_commune": "xã Hương Đô",
            "printed_district": "huyện Hương Khê",
            "printed_province": "Hà Tĩnh",
            "lat": 18.2,
            "lon": 105.7,
            "point_accuracy": "commune centroid",
        }
        facts: dict[str, Any] = {"phone": "0912000000", "printed_address": "Thôn 5", "sample_contact": True}
        orange = register_producer(session, "HTX Cam Khe Mây", location=here, **facts)
        register_producer(session, "Cơ sở Không Hàng")
        fresh = a_product(session, "Cam Khe Mây", producer=orange)
        a_variant(session, fresh)
        a_certificate(session, fresh, 4)
        lapsed = a_product(session, "Mứt cam", producer=orange)
        a_certificate(session, lapsed, 3, year=2019)
        stock_product(session, open_sales_point(session, "Quầy Bắc"), fresh.id, None)


def test_the_directory_counts_and_links(client: FlaskClient) -> None:
    page = visit(client, "/chu-the")
    words = page.words
    assert "2 chủ thể" in words
    assert "1 sản phẩm có sao" in words
    assert "chưa có sản phẩm" in words
    assert [str(link["href"]) for link in page.soup.select("ul.lst h3 a")] == [
        f"/chu-the/{SLUG}",
        "/chu-the/co-so-khong-hang",
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [("loai=htx", 1), ("tinh=ha-tinh", 1), ("q=hop+tac+xa", 1), ("q=zzz", 0), ("loai=x&tinh=x&trang=x", 2)],
)
def test_the_directory_narrows_down(client: FlaskClient, query: str, found: int) -> None:
    page = visit(client, f"/chu-the?{query}")
    assert len(page.soup.select("ul.lst > li")) == found
    assert bool(page.soup.select("ul.loose")) is (found == 0)


def test_a_profile_shows_form_places_products_and_shops(client: FlaskClient) -> None:
    page = visit(client, f"/chu-the/{SLUG}")
    words = page.words
    for told in (
        "Hợp tác xã · xã Hương Đô, tỉnh Hà Tĩnh",
        "xã Hương Đô, huyện Hương Khê, Hà Tĩnh",
        "cho từng sản phẩm",
        "1 sản phẩm 4 sao",
        "3 sao, đã hết",
        "Chỉ đường (gần đúng)",
        "Quầy Bắc",
    ):
        assert told in words
    assert len(page.soup.select(".card")) == 2
    assert len(page.soup.select(".card .plate")) == 1


def test_sample_contacts_say_so_and_programs_do_not_get_them(client: FlaskClient) -> None:
    page = visit(client, f"/chu-the/{SLUG}")
    assert "là mẫu, không phải của cơ sở" in page.words
    [script] = page.soup.select('script[type="application/ld+json"]')
    told = json.loads(script.text)
    assert "telephone" not in told
    assert told["address"]["addressLocality"] == "xã Hương Đô"


def test_a_producer_that_sells_nothing_says_so(client: FlaskClient) -> None:
    words = visit(client, "/chu-the/co-so-khong-hang").words
    assert "chưa bán sản phẩm nào trên chợ" in words
    assert "Sổ chưa có sản phẩm nào" in words
    assert "chưa rõ nơi" in words


def test_an_unknown_producer_is_not_found(client: FlaskClient) -> None:
    assert client.get("/chu-the/khong-co").status_code == 404


@pytest.mark.parametrize(
    ("name", "letters"), [("HTX Bưởi Phúc Trạch", "PT"), ("Gùi", "G"), ("Cơ sở Anh Béo 38", "B3"), ("–", "")]
)
def test_initials(name: str, letters: str) -> None:
    assert initials_of(name) == letters
