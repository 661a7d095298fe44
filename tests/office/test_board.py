"""The board: figures of the own places, drawn by the server, and the same in tables and sheets."""

import csv
import io
from datetime import date

import pytest
from flask import Flask, g
from werkzeug.test import TestResponse

from marketplace.certification.actions import revoke_certificate
from marketplace.certification.models import RevocationReason
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.office import Desk
from tests.factories.places import make_commune
from tests.pages import Visited
from tests.signin.browsing import Browser

BOARD = "/van-phong/bang-so-lieu"
MOST_STATEMENTS = 10


@pytest.fixture(autouse=True)
def register(desk: Desk) -> None:
    """The province gets the code by which it has a map, and products of several years."""
    with unit_of_work() as session:
        here = session.get_one(AdminUnit, desk.province)
        here.code = "42"
        commune = session.get_one(AdminUnit, desk.commune)
        commune.lat, commune.lon = 18.3, 105.7
        other = make_commune(session, "Khe Mây", here, lat=18.2, lon=105.8)
        place = {"province_id": here.id, "commune_id": other.id}
        for number, stars in enumerate((3, 3, 5)):
            product = a_product(session, f"Trà {number}", location=place, set_number=None)
            a_certificate(session, product, stars, issued_on=date(2024, 3, 1))
        lost = a_certificate(
            session, a_product(session, "Rượu", location=place), 4, issued_on=date(2023, 12, 1)
        )
        revoke_certificate(session, lost, RevocationReason.OTHER, date(2025, 2, 1))
        elsewhere = {"province_id": desk.elsewhere}
        a_certificate(session, a_product(session, "Nem", location=elsewhere), 5)


def fetch(browser: Browser, path: str) -> TestResponse:
    """Look at something that is no page."""
    db.session.rollback()
    for name in list(g):
        g.pop(name)
    return browser.client.get(path)


def table(page: Visited, caption: str) -> list[list[str]]:
    [found] = [one for one in page.soup.select("table") if one.caption and one.caption.get_text() == caption]
    return [[" ".join(cell.get_text(" ").split()) for cell in row(["th", "td"])] for row in found("tr")]


def test_a_province_sees_its_register(office: Browser, desk: Desk) -> None:
    page = office.open(BOARD, statements=MOST_STATEMENTS)
    assert page.heading == "Bảng số liệu: tỉnh Hà Tĩnh"
    assert table(page, "Số sản phẩm theo nơi và hạng sao")[1:] == [
        ["xã Hương Đô", "0", "3", "0", "3"],
        ["xã Khe Mây", "1", "0", "2", "3"],
    ]
    years = table(page, "Còn hiệu lực cuối năm và số giấy cấp trong năm")
    assert years[1:] == [
        ["2026 đến 21/11/2026", "1", "3", "2", "6", "0"],
        ["2025", "1", "3", "2", "6", "3"],
        ["2024", "1", "1", "2", "4", "3"],
        ["2023", "0", "1", "0", "1", "1"],
    ]
    of_groups = table(page, "Số sản phẩm theo nhóm và hạng sao")[1:]
    assert [sum(int(row[column]) for row in of_groups) for column in (1, 2, 3, 4)] == [1, 3, 2, 6]
    assert of_groups[-1][0] == "Chưa rõ nhóm"
    assert len(page.soup.select("figure.map .disc")) == 2
    assert "Nem" not in page.words


def test_bars_are_as_long_as_their_numbers(office: Browser) -> None:
    page = office.open(BOARD)
    [first, second] = [
        sum(float(piece["width"]) for piece in svg("rect"))
        for svg in page.soup.select("table")[-1].select("svg.stk")
    ]
    assert first == second == 320
    heights: dict[str, float] = {}
    for piece in page.soup.select("svg.upr rect"):
        heights[str(piece["x"])] = heights.get(str(piece["x"]), 0.0) + float(str(piece["height"]))
    assert [round(height / 120 * 6) for height in heights.values()] == [1, 4, 6, 6]


def test_a_commune_is_looked_into_from_its_province(office: Browser, desk: Desk, app: Flask) -> None:
    page = office.open(f"{BOARD}?noi={desk.commune}", statements=MOST_STATEMENTS)
    assert page.heading == "Bảng số liệu: xã Hương Đô"
    assert page.texts("main .crumb a") == ["‹ tỉnh Hà Tĩnh"]
    assert page.soup.select("figure.map") == []
    own = Browser(app)
    own.enter_as(desk.commune_officer)
    same = own.open(BOARD, statements=MOST_STATEMENTS)
    assert same.heading == page.heading
    assert same.soup.select("main .crumb") == []
    assert "Báo cáo năm" not in same.words


@pytest.mark.parametrize("path", [BOARD, f"{BOARD}.csv", f"{BOARD}/theo-nam.csv"])
def test_other_places_are_not_there(path: str, office: Browser, desk: Desk, app: Flask) -> None:
    for asked in (desk.elsewhere, 999_999, 2**40, "x", "0"):
        assert fetch(office, f"{path}?noi={asked}").status_code == 404, asked
    commune = Browser(app)
    commune.enter_as(desk.commune_officer)
    assert fetch(commune, f"{path}?noi={desk.province}").status_code == 404
    owner = Browser(app)
    owner.enter_as(desk.owner)
    assert fetch(owner, path).status_code == 404


def test_an_administrator_sees_the_country_and_goes_into_it(browser: Browser, desk: Desk) -> None:
    browser.enter_as(desk.administrator)
    page = browser.open(BOARD, statements=MOST_STATEMENTS)
    assert page.heading == "Bảng số liệu: cả nước"
    assert table(page, "Số sản phẩm theo nơi và hạng sao")[1:] == [
        ["tỉnh Hà Tĩnh", "1", "3", "2", "6"],
        ["tỉnh Quảng Trị", "1", "0", "0", "1"],
    ]
    assert f"{BOARD}?noi={desk.province}" in page.links("figure.map")
    below = browser.open(f"{BOARD}?noi={desk.province}")
    assert below.texts("main .crumb a") == ["‹ Cả nước"]
    assert browser.open(f"{BOARD}?noi={desk.elsewhere}").soup.select("figure.map") == []


def test_stars_that_no_source_names_have_a_column_where_there_are_any(office: Browser, desk: Desk) -> None:
    with unit_of_work() as session:
        place = {"province_id": desk.province}
        a_certificate(session, a_product(session, "Mật", location=place), None, issued_on=date(2026, 1, 1))
    page = office.open(BOARD)
    assert table(page, "Số sản phẩm theo nơi và hạng sao")[0][-2:] == ["không ghi sao", "Cộng"]
    assert table(page, "Số sản phẩm theo nơi và hạng sao")[-1] == ["Chưa rõ nơi", "0", "0", "0", "1", "1"]


def test_a_place_without_certificates_says_so(browser: Browser, desk: Desk) -> None:
    with unit_of_work() as session:
        empty = make_commune(session, "Trống", session.get_one(AdminUnit, desk.province)).id
    browser.enter_as(desk.officer)
    assert "chưa có giấy chứng nhận nào" in browser.open(f"{BOARD}?noi={empty}").words


def test_the_sheets_hold_every_number(office: Browser) -> None:
    answer = fetch(office, f"{BOARD}.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert sum(int(row["products"]) for row in rows) == 6
    assert {row["place"] for row in rows} == {"xã Hương Đô", "xã Khe Mây"}
    assert "attachment" in answer.headers["Content-Disposition"]
    years = fetch(office, f"{BOARD}/theo-nam.csv").text.removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(years)))
    assert len(rows) == 16
    assert [row["until"] for row in rows if row["stars"] == "4"][-2:] == ["2025-12-31", "2026-11-21"]
    assert sum(int(row["recognised"]) for row in rows) == 7
