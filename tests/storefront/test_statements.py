"""How many statements the lists and home take when a process has kept nothing yet."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.database import unit_of_work
from marketplace.places.models import AdminSuccession, Level
from tests.pages import visit
from tests.storefront.shelves import a_province, on_shelf

MOST = 6
MOST_FOR_HOME = 7
ALL_FACETS = (
    "sao=4&nhom=thuc-pham&bo=rau-qua-cu-hat-tuoi&tinh=quang-tri&xa=bo-trach&gia_tu=1000&gia_den=900000"
    "&chu_the=htx&ban_online=1&chung_nhan=hieu_luc"
)


@pytest.fixture
def shelf(app: Flask) -> None:
    """Products in a province of today and in a district of a former one; nothing kept: a new database."""
    with unit_of_work() as session:
        today = a_province(session, "Quảng Trị", "quang-tri", "44")
        past = a_province(session, "Quảng Bình", "quang-binh", "p44", ended=True)
        below = {"parent_id": past.id, "ended": True, "level": Level.DISTRICT, "kind": "huyện"}
        district = a_province(session, "Quảng Trạch", "quang-trach", "d450", **below)
        inside = {"parent_id": today.id, "level": Level.COMMUNE, "kind": "xã"}
        commune = a_province(session, "Bố Trạch", "bo-trach", "18000", **inside)
        for former, later in ((past, today), (district, commune)):
            session.add(AdminSuccession(predecessor_id=former.id, successor_id=later.id, main=True))
        on_shelf(session, "Cam Khe Mây", province=today, commune_id=commune.id)
        on_shelf(session, "Khoai deo", province=today, origin_id=district.id)


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", 2),
        ("?tinh=quang-tri", 2),
        ("?" + ALL_FACETS, None),
        ("?tinh=quang-binh", 1),
        ("?xa=huyện+Quảng+Trạch", 1),
        ("?tinh=quang-binh&xa=huyện+Quảng+Trạch&sao=4", 1),
    ],
)
@pytest.mark.usefixtures("shelf")
def test_lists_take_six_statements_the_first_time(client: FlaskClient, query: str, shown: int | None) -> None:
    page = visit(client, f"/san-pham{query}", statements=MOST)
    if shown is not None:
        assert len(page.soup.select(".card")) == shown


@pytest.mark.parametrize(
    "query", ["?sao=5&tinh=quang-tri", "?tinh=quang-binh&sao=5", "?sao=5&nhom=thuc-pham&tinh=quang-tri"]
)
@pytest.mark.usefixtures("shelf")
def test_empty_lists_with_their_ways_out_take_no_more(client: FlaskClient, query: str) -> None:
    page = visit(client, f"/san-pham{query}", statements=MOST)
    assert page.soup.select(".loose")


@pytest.mark.usefixtures("shelf")
def test_home_takes_seven(client: FlaskClient) -> None:
    visit(client, "/", statements=MOST_FOR_HOME)
    visit(client, "/?vung=quang-tri", statements=MOST_FOR_HOME)
