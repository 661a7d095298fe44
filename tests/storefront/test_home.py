from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.database import unit_of_work
from tests.environment.application import empty_application
from tests.pages import visit
from tests.storefront.shelves import a_province, on_shelf

MOST = 7


def fill(alive: int = 2) -> None:
    with unit_of_work() as session:
        ha_tinh = a_province(session, "Hà Tĩnh", "ha-tinh", "42", lat=18.3, lon=105.9)
        a_province(session, "Quảng Trị", "quang-tri", "44", lat=16.8, lon=107.1)
        hue = a_province(session, "Huế", "hue", "46", lat=16.4, lon=107.6)
        for number in range(alive):
            on_shelf(session, f"Cam {number}", province=ha_tinh, season_from=10, season_to=1)
        on_shelf(session, "Bưởi", stars=None, province=hue, season_from=3, season_to=5)


def test_home_counts_and_leads_on(app: Flask, client: FlaskClient) -> None:
    fill()
    page = visit(client, "/", statements=MOST)
    assert page.heading == "Đặc sản có sao, mua tận gốc"
    assert "3 sản phẩm của các hợp tác xã, cơ sở khắp cả nước; 2 sản phẩm đang có chứng nhận" in page.words
    assert page.texts(".tier b") == ["5 sao", "4 sao", "3 sao"]
    assert page.links(".tiers") == [
        "/san-pham?sao=5",
        "/san-pham?sao=4",
        "/san-pham?sao=3",
    ]
    assert len(page.links(".groups")) == 6
    assert "/t" in page.links(".hello")
    assert page.soup.select("header .search") == []
    assert page.one(".hello .search input")["name"] == "q"
    graph = page.things()[0]["@graph"]
    assert {thing["@type"] for thing in graph} == {"Organization", "WebSite"}


def test_the_season_shelf_shows_this_month(app: Flask, client: FlaskClient) -> None:
    fill()
    page = visit(client, "/", statements=MOST)
    assert "Mùa này: tháng 11" in page.texts("h2")
    strip = page.soup.select(".mths")[0].select("i")
    assert [number for number, month in enumerate(strip, 1) if "on" in month.get("class", [])] == [
        1,
        10,
        11,
        12,
    ]
    assert "now" in strip[10]["class"]
    assert "Mùa: tháng 10 đến 1" in page.words
    with clock.stopped(datetime(2026, 7, 1, tzinfo=UTC)):
        assert "Mùa này: tháng 7" not in visit(client, "/", statements=MOST).texts("h2")


def test_a_region_is_chosen_and_never_guessed(app: Flask, client: FlaskClient) -> None:
    fill()
    page = visit(client, "/?vung=ha-tinh", statements=MOST)
    assert "Vùng của bạn: Hà Tĩnh" in page.texts("h2")
    assert page.one("#vung option[selected]")["value"] == "ha-tinh"
    assert "/san-pham?tinh=ha-tinh" in page.links()
    assert "Vùng của bạn" in visit(client, "/", statements=MOST).texts("h2")


def test_an_empty_region_says_so_and_names_two_neighbours(app: Flask, client: FlaskClient) -> None:
    fill()
    page = visit(client, "/?vung=quang-tri", statements=MOST)
    assert "Quảng Trị chưa có sản phẩm nào trên chợ." in page.words
    assert "Sổ chứng nhận có 0 giấy của Quảng Trị" in page.words
    assert page.links(".loose")[1:] == ["/?vung=hue", "/?vung=ha-tinh"]


def test_the_shops_own_province_comes_first(database_url: str, tmp_path: object) -> None:
    with empty_application(database_url, tmp_path, PROVINCE_CODE="46") as app:  # type: ignore[arg-type]
        fill()
        page = visit(app.test_client(), "/", statements=MOST)
        assert "Vùng của bạn: Huế" in page.texts("h2")
        assert "Vùng của bạn" in visit(app.test_client(), "/?vung=khong-co", statements=MOST).texts("h2")


@pytest.mark.parametrize(("alive", "at"), [(40, 2026), (11, 2026), (2, 2030)])
def test_home_looks_right_however_many_certificates_live(
    app: Flask, client: FlaskClient, alive: int, at: int
) -> None:
    fill(alive)
    with clock.stopped(datetime(at, 11, 21, 5, tzinfo=UTC)):
        page = visit(client, "/", statements=MOST)
    living = alive if at == 2026 else 0
    assert f"{living} sản phẩm" in " ".join(page.texts(".tier"))
    assert bool(page.soup.select(".plate")) is bool(living)
    assert ("không giấy chứng nhận nào còn hiệu lực" in page.words) is not bool(living)
    assert len(page.soup.select(".c4")[0].select(".card")) == 4 or alive < 4


def test_an_empty_market_has_a_home(client: FlaskClient) -> None:
    page = visit(client, "/", statements=MOST)
    assert "Chợ chưa có sản phẩm nào." in page.words


def test_browsers_can_install_the_market(client: FlaskClient) -> None:
    manifest = client.get("/en/manifest.webmanifest")
    assert manifest.content_type == "application/manifest+json"
    assert manifest.get_json()["start_url"] == "/en"
