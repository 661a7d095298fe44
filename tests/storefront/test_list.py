from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.database import unit_of_work
from tests.factories.catalogue import WHITE_SPIRIT
from tests.factories.producers import a_producer
from tests.pages import visit
from tests.storefront.shelves import LAPSED, a_province, on_shelf


@pytest.fixture
def shelf(app: Flask) -> None:
    with unit_of_work() as session:
        ha_tinh = a_province(session, "Hà Tĩnh", "ha-tinh", "42")
        hue = a_province(session, "Huế", "hue", "46", kind="thành phố")
        on_shelf(session, "Cam Khe Mây", stars=4, province=ha_tinh)
        on_shelf(session, "Bưởi Phúc Trạch", stars=3, province=ha_tinh, price=60_000)
        on_shelf(session, "Rượu nếp", stars=3, set_number=WHITE_SPIRIT, price=120_000, province=hue)
        on_shelf(session, "Mật ong cũ", stars=5, issued_on=LAPSED, price=200_000, province=hue)
        on_shelf(session, "Quýt chưa bán", stars=3, price=None, province=hue)


def names(client: FlaskClient, path: str) -> list[str]:
    return visit(client, path).texts(".card h3")


@pytest.mark.usefixtures("shelf")
def test_certified_products_come_first_and_plates_follow_the_live_stars(client: FlaskClient) -> None:
    page = visit(client, "/san-pham", statements=5)
    assert page.heading == "5 sản phẩm OCOP"
    assert page.texts(".card h3")[0] == "Cam Khe Mây"
    assert page.texts(".card h3")[-1] == "Mật ong cũ"
    last = page.soup.select(".card")[-1]
    assert last.select(".plate") == []
    assert "5 sao, đã hết" in last.get_text()
    assert "4 sao" in page.soup.select(".card")[0].select_one(".plate").get_text()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sao=4", ["Cam Khe Mây"]),
        ("sao=3&sao=4&tinh=ha-tinh", ["Cam Khe Mây", "Bưởi Phúc Trạch"]),
        ("tinh=42", ["Cam Khe Mây", "Bưởi Phúc Trạch"]),
        ("nhom=do-uong", ["Rượu nếp"]),
        ("bo=ruou-trang", ["Rượu nếp"]),
        ("gia_tu=100.000&gia_den=150.000", ["Rượu nếp"]),
        ("chung_nhan=het_han", ["Mật ong cũ"]),
        ("ban_online=1&sao=3&tinh=hue", ["Rượu nếp"]),
        ("chu_the=htx&sao=4", ["Cam Khe Mây"]),
        ("sap_xep=gia_tang&chung_nhan=hieu_luc&ban_online=1", ["Bưởi Phúc Trạch", "Cam Khe Mây", "Rượu nếp"]),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_the_address_is_the_state(client: FlaskClient, query: str, expected: list[str]) -> None:
    assert names(client, f"/san-pham?{query}") == expected


@pytest.mark.usefixtures("shelf")
def test_words_are_searched_and_stay_in_the_box(client: FlaskClient) -> None:
    page = visit(client, "/san-pham?q=buoi+phuc+trach", statements=7)
    assert page.texts(".card h3") == ["Bưởi Phúc Trạch"]
    assert page.heading == "Tìm “buoi phuc trach”: 1 sản phẩm"
    assert page.one("header .search input")["value"] == "buoi phuc trach"
    assert page.one('select[name="sap_xep"] option[selected]')["value"] == "lien_quan"


@pytest.mark.usefixtures("shelf")
def test_what_is_chosen_is_shown_and_can_be_dropped(client: FlaskClient) -> None:
    page = visit(client, "/san-pham?sao=4&tinh=ha-tinh&gia_tu=50000&ban_online=1&chung_nhan=hieu_luc")
    chips = {
        text.replace(" bỏ lọc", ""): link["href"]
        for text, link in zip(
            page.texts(".on-filters .chip"), page.soup.select(".on-filters .chip"), strict=True
        )
    }
    assert list(chips) == ["4 sao", "Hà Tĩnh", "từ 50.000 ₫", "Đặt mua trực tuyến", "Còn hiệu lực"]
    assert chips["4 sao"] == "/san-pham?tinh=ha-tinh&gia_tu=50000&ban_online=1&chung_nhan=hieu_luc"
    assert chips["Hà Tĩnh"] == "/san-pham?sao=4&gia_tu=50000&ban_online=1&chung_nhan=hieu_luc"
    assert page.soup.select_one('input[name="sao"][value="4"]').has_attr("checked")  # type: ignore[union-attr]
    assert page.soup.select_one('input[name="ban_online"]').has_attr("checked")  # type: ignore[union-attr]
    assert page.one(".on-filters .link")["href"] == "/san-pham"
    assert page.one(".facets button").get_text(strip=True) == "Xem 1 sản phẩm"


@pytest.mark.usefixtures("shelf")
def test_counts_stand_beside_the_choices(client: FlaskClient) -> None:
    page = visit(client, "/san-pham")
    assert [text.split()[:2] for text in page.texts(".tier b")] == [["5", "sao"], ["4", "sao"], ["3", "sao"]]
    counts = {
        (field["name"], field["value"]): label.select_one(".c").get_text()  # type: ignore[union-attr]
        for label in page.soup.select(".opt")
        for field in label.select("input")
    }
    assert counts["sao", "5"] == "0"
    assert counts["sao", "3"] == "3"
    assert counts["tinh", "hue"] == "3"
    assert counts["nhom", "do-uong"] == "1"
    assert counts["chung_nhan", "het_han"] == "1"


@pytest.mark.parametrize(
    "query", ["sao=9", "nhom=khong-co", "tinh=nowhere", "gia_tu=abc", "trang=x", "sap_xep=1"]
)
@pytest.mark.usefixtures("shelf")
def test_what_is_not_understood_is_left_aside_and_told(client: FlaskClient, query: str) -> None:
    page = visit(client, f"/san-pham?{query}")
    assert len(page.texts(".card h3")) == 5
    assert "Chợ không hiểu nên đã bỏ qua" in page.words


@pytest.mark.usefixtures("shelf")
def test_an_address_of_rubbish_never_fails(client: FlaskClient) -> None:
    for query in (
        "q=%01%ff&sao=%F0%9F%8C%9F",
        "q=" + "a" * 5_000,
        "tinh=" + "x" * 300,
        "trang=99999999",
        "&".join(f"tinh=x{n}" for n in range(60)),
        "q=%22%3Cscript%3E%22)(*:^~",
    ):
        assert client.get(f"/san-pham?{query}").status_code == 200


@pytest.mark.usefixtures("shelf")
def test_an_empty_list_says_what_failed_together_and_what_each_costs(client: FlaskClient) -> None:
    page = visit(client, "/san-pham?sao=4&tinh=hue&ban_online=1")
    assert page.heading == "Chưa có sản phẩm khớp cả 3 điều kiện"
    ways = page.texts(".loose")[0]
    assert "Mở ra cả nước, thay vì chỉ Huế 1 sản phẩm" in ways
    assert "Bỏ điều kiện: 4 sao 2 sản phẩm" in ways
    assert "Bỏ điều kiện: Đặt mua trực tuyến 0 sản phẩm" in ways
    best = page.one(".loose .best")
    assert best["href"] == "/san-pham?tinh=hue&ban_online=1"
    assert page.texts(".card h3") == ["Rượu nếp", "Mật ong cũ"]
    assert page.soup.select_one('link[rel="canonical"]') is None


@pytest.mark.usefixtures("shelf")
def test_words_that_find_nothing_offer_other_ways(client: FlaskClient) -> None:
    page = visit(client, "/san-pham?q=zzzqqq", statements=None)
    assert page.heading == "Không thấy “zzzqqq”"
    assert "/san-pham" in page.links()


def test_an_empty_market_is_no_error(client: FlaskClient) -> None:
    assert visit(client, "/san-pham").heading == "Chưa có sản phẩm nào"


def test_pages_are_numbered_and_one_beyond_the_end_is_the_last(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        maker = a_producer(session)
        for number in range(50):
            on_shelf(session, f"Cam {number:02}", producer=maker, price=None, stars=None)
    first = visit(client, "/san-pham", statements=5)
    assert first.texts(".pages > *") == ["1", "2", "3", "Sau"]
    last = visit(client, "/san-pham?trang=99")
    assert last.texts(".card h3") == ["Cam 48", "Cam 49"]
    assert last.texts(".pages > *") == ["Trước", "1", "2", "3"]
    elements = last.thing("ItemList")["itemListElement"]
    assert [(one["position"], one["name"]) for one in elements] == [(49, "Cam 48"), (50, "Cam 49")]
    assert str(last.one('link[rel="canonical"]')["href"]).endswith("/san-pham?trang=3")


@pytest.mark.usefixtures("shelf")
def test_search_engines_keep_lists_of_one_condition_only(client: FlaskClient) -> None:
    def canonical(path: str) -> str | None:
        link = visit(client, path, statements=7).soup.select_one('link[rel="canonical"]')
        return str(link["href"]).removeprefix("http://127.0.0.1:8000") if link else None

    assert canonical("/san-pham?sap_xep=ten") == "/san-pham"
    assert canonical("/san-pham?tinh=hue") == "/san-pham?tinh=hue"
    assert canonical("/en/san-pham?tinh=hue") == "/en/san-pham?tinh=hue"
    assert canonical("/san-pham?tinh=hue&sao=3") is None
    assert canonical("/san-pham?q=cam") is None


@pytest.mark.usefixtures("shelf")
def test_the_list_changes_at_midnight_in_vietnam(client: FlaskClient) -> None:
    last_evening = datetime(2028, 8, 5, 16, 59, 59, tzinfo=UTC)
    with clock.stopped(last_evening):
        before = visit(client, "/san-pham")
        assert before.soup.select(".card .plate")
    with clock.stopped(datetime(2028, 8, 5, 17, 0, tzinfo=UTC)):
        after = visit(client, "/san-pham")
        assert not after.soup.select(".card .plate")
        assert after.response.headers["ETag"] != before.response.headers["ETag"]
