"""Sales points: list, map and page."""

import json
from datetime import date, datetime

import pytest
from flask import Flask, g
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.database import unit_of_work
from marketplace.places.queries import list_provinces
from marketplace.sales_points.actions import open_sales_point, stock_product
from marketplace.sales_points.map_points import list_points
from marketplace.storefront import point_map
from marketplace.storefront.hours import Hours, hours_of
from marketplace.storefront.point_map import PIN_HEIGHT, PIN_WIDTH, country_points, province_points
from marketplace.storefront.views import sales_points as view
from tests.factories.catalogue import a_product
from tests.factories.places import make_province
from tests.pages import visit

SATURDAY_NOON = datetime(2026, 11, 21, 12, tzinfo=clock.VIETNAM)
ISLANDS = {"Hoàng Sa", "Trường Sa"}


@pytest.fixture(autouse=True)
def known(app: Flask) -> None:
    with unit_of_work() as session:
        home = make_province(session, code="42", lat=18.3, lon=105.8)
        make_province(session, "Khánh Hòa", code="56", lat=12.2, lon=109.1)
        place = {"province_id": home.id, "lat": 18.342, "lon": 105.892, "point_accuracy": "commune centroid"}
        shop = open_sales_point(
            session, "Quầy “Một” & bạn", opening_hours="Mo-Su 07:30-21:00", phone="02391234567",
            printed_address="Số 2 đường Vũ Quang", source_url="https://example.vn/nguon", **place,
        )  # fmt: skip
        open_sales_point(session, "Quầy Hai", opening_hours="Mo-Fr 07:30-11:00", **place)
        open_sales_point(session, "Quầy Ba", **{**place, "point_accuracy": None})
        open_sales_point(session, "Quầy Cũ", closed_on=date(2026, 1, 1), **place)
        stock_product(session, shop, a_product(session).id, date(2026, 10, 1))


def test_the_country_lists_all_and_counts_by_province(client: FlaskClient) -> None:
    page = visit(client, "/diem-ban")
    assert len(page.soup.select("ol.pos > li")) == 3
    assert [disc["aria-label"] for disc in page.soup.select("svg a:has(.pin)")] == ["Hà Tĩnh: 3 điểm"]
    assert "Quầy Cũ" not in page.words
    assert "Hà Tĩnh (3)" in page.words


@pytest.mark.parametrize(
    "path", ["/diem-ban", "/diem-ban?tinh=ha-tinh", "/diem-ban?tinh=khanh-hoa", "/diem-ban/quay-hai"]
)
def test_every_map_shows_and_names_both_archipelagos(client: FlaskClient, path: str) -> None:
    page = visit(client, path)
    assert {text.text for text in page.soup.select("figure.map g.isl text")} == ISLANDS
    assert len(page.soup.select("figure.map g.isl circle")) >= 20


def test_pins_are_tied_to_the_list_by_number(client: FlaskClient) -> None:
    page = visit(client, "/diem-ban?tinh=ha-tinh")
    pins = page.soup.select("svg a:has(.pin)")
    assert [pin["href"] for pin in pins] == ["#d1", "#d2", "#d3"]
    assert [str(pin["aria-label"]).split(":")[0] for pin in pins] == ["1", "2", "3"]
    assert [tag["id"] for tag in page.soup.select("ol.pos > li")] == ["d1", "d2", "d3"]


def test_tells_what_is_open_and_what_is_only_roughly_known(client: FlaskClient) -> None:
    words = visit(client, "/diem-ban?tinh=ha-tinh").words
    assert "Đang mở · hằng ngày 07:30–21:00" in words
    assert "Đã đóng · T2–T6 07:30–11:00" in words
    assert "Chưa rõ giờ mở" in words
    assert words.count("vị trí gần đúng") == 2


def test_what_is_open_changes_within_half_an_hour(client: FlaskClient) -> None:
    early = SATURDAY_NOON.replace(hour=7, minute=29)
    with clock.stopped(early):
        before = client.get("/diem-ban?tinh=ha-tinh")
    with clock.stopped(early.replace(minute=31)):
        after = client.get("/diem-ban?tinh=ha-tinh")
    assert "Đang mở" not in before.text
    assert "Đang mở" in after.text


def test_ways_there_go_by_the_address(client: FlaskClient) -> None:
    page = visit(client, "/diem-ban/quay-mot-ban")
    hrefs = [str(link["href"]) for link in page.soup.select("main .row a.btn")]
    place = "Quầy%20%E2%80%9CMột%E2%80%9D%20%26%20bạn,%20Số%202%20đường%20Vũ%20Quang"
    assert hrefs == [
        f"geo:18.342,105.892?q={place}",
        f"https://www.google.com/maps/search/?api=1&query={place}",
        "tel:02391234567",
    ]


def test_only_the_list_may_ask_where_the_device_is(client: FlaskClient) -> None:
    for path, allowed in (("/diem-ban", "(self)"), ("/diem-ban", "(self)"), ("/diem-ban/quay-hai", "()")):
        g.pop("features", None)  # the context of the tests outlives a request
        assert f"geolocation={allowed}" in client.get(path).headers["Permissions-Policy"]


def test_without_javascript_the_button_that_needs_it_is_hidden(client: FlaskClient) -> None:
    [button] = visit(client, "/diem-ban").soup.select("button[data-near]")
    assert button.has_attr("hidden")


def test_a_point_shows_what_it_stocks_and_since_when_that_is_known(client: FlaskClient) -> None:
    page = visit(client, "/diem-ban/quay-mot-ban")
    words = page.words
    assert "1 sản phẩm có bán" in words
    assert "xác nhận 01/10/2026" in words
    assert len(page.soup.select(".card")) == 1
    assert "Chưa ai cho biết" in visit(client, "/diem-ban/quay-hai").words


def test_programs_get_hours_and_only_exact_coordinates(client: FlaskClient) -> None:
    def told(slug: str) -> dict[str, object]:
        [script] = visit(client, f"/diem-ban/{slug}").soup.select('script[type="application/ld+json"]')
        facts: dict[str, object] = json.loads(script.text)
        return facts

    assert told("quay-mot-ban")["openingHours"] == ["Mo-Su 07:30-21:00"]
    assert "geo" not in told("quay-mot-ban")
    assert "geo" in told("quay-ba")


def test_a_closed_point_says_so(client: FlaskClient) -> None:
    assert "đã đóng từ 01/01/2026" in visit(client, "/diem-ban/quay-cu").words
    assert client.get("/diem-ban/khong-co").status_code == 404


def test_a_province_without_points_offers_ways_on(client: FlaskClient) -> None:
    page = visit(client, "/diem-ban?tinh=khanh-hoa")
    assert "Chưa có điểm bán nào" in page.words
    assert page.soup.select('ul.loose a[href="/san-pham?tinh=khanh-hoa"]')


def test_many_points_are_listed_by_province_first(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(view, "MOST_LISTED", 2)
    page = visit(client, "/diem-ban")
    assert not page.soup.select("ol.pos")
    assert page.soup.select('ul.loose a[href="/diem-ban?tinh=ha-tinh"]')


def test_pins_never_hide_each_other(app: Flask) -> None:
    provinces = list_provinces()
    home = next(unit for unit in provinces if unit.slug == "ha-tinh")
    points = list_points(home.id, date(2026, 11, 21)) * 8
    pins = province_points(home, provinces, {}, points).pins
    assert len(pins) == 24
    for number, one in enumerate(pins):
        for other in pins[:number]:
            assert abs(one.x - other.x) >= PIN_WIDTH or abs(one.y - other.y) >= PIN_HEIGHT


@pytest.mark.parametrize(
    ("count", "shade"), [(0, ""), (1, "l1"), (5, "l1"), (6, "l2"), (20, "l2"), (21, "l3")]
)
def test_provinces_are_shaded_by_their_points(app: Flask, count: int, shade: str) -> None:
    provinces = list_provinces()
    drawn = country_points(provinces, {provinces[0].id: count})
    [shape] = [shape for shape in drawn.shapes if shape.slug == provinces[0].slug]
    assert shape.shade == shade
    assert len(drawn.pins) == (1 if count else 0)


def test_a_point_outside_the_frame_has_no_pin(app: Flask) -> None:
    provinces = list_provinces()
    home = next(unit for unit in provinces if unit.slug == "khanh-hoa")
    points = list_points(None, date(2026, 11, 21))
    assert province_points(home, provinces, {}, points).pins == ()
    assert point_map.LEVELS[0][0] == 20


@pytest.mark.parametrize(
    ("notation", "language", "hours"),
    [
        (None, "vi", Hours()),
        ("lung tung", "vi", Hours()),
        (
            "Mo 14:00-19:30; Tu-Su 07:30-12:30,14:00-19:30",
            "vi",
            Hours("open", "T2 14:00–19:30; T3–CN 07:30–12:30, 14:00–19:30"),
        ),
        ("Sa 08:00-12:00", "en", Hours("closed", "Sat 08:00–12:00")),
    ],
)
def test_hours_in_words(app: Flask, notation: str | None, language: str, hours: Hours) -> None:
    assert hours_of(notation, SATURDAY_NOON, language) == hours
