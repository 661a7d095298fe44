"""What counts as a view of a product page, and that counting costs the page nothing."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.tallies import TABLES, LeadingWords, ProductView
from marketplace.database import db, unit_of_work
from tests.catalogue.statements import counted_statements
from tests.conftest import NOON
from tests.storefront.shelves import a_province, on_shelf

PHONE = "Mozilla/5.0 (Linux; Android 13; SM-A135F) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
PAGE = "/san-pham/cam-khe-may"


@pytest.fixture(autouse=True)
def shelf(app: Flask) -> None:
    """A product from a province."""
    with unit_of_work() as session:
        on_shelf(session, "Cam Khe Mây", province=a_province(session, "Hà Tĩnh", "ha-tinh", "42"))


def look(client: FlaskClient, path: str = PAGE, status: int = 200, **headers: str) -> Any:
    named = {name.replace("_", "-"): value for name, value in {"User_Agent": PHONE, **headers}.items()}
    answer = client.get(path, headers=named)
    assert answer.status_code == status
    return answer


def views(client: FlaskClient) -> list[tuple[int, int]]:
    """Return places and numbers once a later answer has had what waits written."""
    with clock.stopped(NOON + timedelta(minutes=1)):
        client.get("/healthz", buffered=True)
    db.session.rollback()
    counted = sa.select(ProductView.province_id, ProductView.views).order_by(ProductView.province_id)
    return [(place, number) for place, number in db.session.execute(counted)]


def words() -> dict[str, int]:
    return {row.words: row.times for row in db.session.scalars(sa.select(LeadingWords))}


def test_fresh_kept_and_confirmed_pages_count_alike(client: FlaskClient) -> None:
    first = look(client)
    look(client)
    look(client, status=304, If_None_Match=first.headers["ETag"])
    look(client, f"/en{PAGE}")
    assert "Set-Cookie" not in first.headers
    assert views(client) == [(0, 4)]


@pytest.mark.parametrize(
    "headers",
    [
        {"User_Agent": ""},
        {"User_Agent": "curl/8.5"},
        {"User_Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User_Agent": "Mozilla/5.0 AppleWebKit HeadlessChrome/130"},
        {"Sec_Purpose": "prefetch"},
        {"Purpose": "prefetch"},
        {"Sec_Fetch_Dest": "empty"},
    ],
)
def test_programs_and_pages_fetched_ahead_do_not_count(client: FlaskClient, headers: dict[str, str]) -> None:
    client.get(PAGE, headers={"User-Agent": PHONE, **{k.replace("_", "-"): v for k, v in headers.items()}})
    client.head(PAGE, headers={"User-Agent": PHONE})
    look(client, "/san-pham/khong-co", status=404)
    look(client, "/san-pham")
    assert views(client) == []


def test_words_and_the_province_chosen_come_from_our_own_list(client: FlaskClient) -> None:
    for path in ("/san-pham?q=Cam+Khe&tinh=ha-tinh", "/en/san-pham?tinh=ha-tinh&q=cam%20khe#x"):
        look(client, Referer=f"http://localhost{path}")
    look(client, Referer="http://localhost/san-pham?q=cam+khe&tinh=ha-tinh&tinh=ha-noi")
    [(nowhere, one), (province, two)] = views(client)
    assert (nowhere, one, two) == (0, 1, 2)
    assert province > 0
    assert words() == {"cam khe": 3}


@pytest.mark.parametrize(
    "referer",
    [
        "http://elsewhere.vn/san-pham?q=cam&tinh=ha-tinh",
        "http://localhost.evil.vn/san-pham?q=cam&tinh=ha-tinh",
        "http://localhost/chu-the?q=cam&tinh=ha-tinh",
        "http://localhost/san-pham",
        "http://localhost/san-pham?q=%00cam&tinh=ha-tinh%00",
        "http://localhost/san-pham?tinh=ha-tinh%0a&q=" + "a" * 700,
        "not an address?",
    ],
)
def test_other_pages_tell_nothing(client: FlaskClient, referer: str) -> None:
    look(client, Referer=referer)
    assert views(client) == [(0, 1)]
    assert words() == {}


def test_counting_takes_no_statement_and_writing_comes_after_the_answer(client: FlaskClient) -> None:
    look(client)
    with counted_statements() as sent:
        look(client, Referer="http://localhost/san-pham?q=cam")
    assert not [one for one in sent if "register_version" not in one]
    with clock.stopped(NOON + timedelta(minutes=1)), counted_statements() as sent:
        answer = client.get("/healthz", buffered=False)
        assert sent == []
        answer.close()
    written = {one.split()[2] for one in sent if one.startswith(("INSERT", "UPDATE", "DELETE"))}
    assert written == set(TABLES)
