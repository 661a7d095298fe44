"""The page of a place by its location number."""

import json

import pytest
from flask import g
from flask.testing import FlaskClient

from marketplace.database import unit_of_work
from marketplace.traceability.zones.models import Site, SiteKind
from tests.conftest import NOON
from tests.factories.lots import a_site
from tests.factories.producers import a_producer
from tests.pages import visit

GLN = "9520123456788"
SITE = "http://127.0.0.1:8000"
VOC = "https://ref.gs1.org/voc/"


def a_workshop(**facts: object) -> Site:
    with unit_of_work() as session:
        producer = a_producer(session, "HTX Trà Khe Mây")
        place = {"printed_address": "Thôn 3", "printed_commune": "Hương Đô", "kind": SiteKind.PACKING}
        return a_site(session, producer, "Xưởng sao trà", gln=GLN, **{**place, **facts})


def test_a_place_says_what_it_is_and_whose(client: FlaskClient) -> None:
    a_workshop()
    page = visit(client, f"/414/{GLN}")
    assert page.heading == "Xưởng sao trà"
    for fact in (GLN, "Nơi đóng gói", "Thôn 3", "Hương Đô", "HTX Trà Khe Mây"):
        assert fact in page.words
    assert page.soup.select('main a[href^="/chu-the/"]')
    assert "warn" not in page.one(".verdict")["class"]


def test_a_part_of_a_place_is_named(client: FlaskClient) -> None:
    a_workshop()
    assert "Kho 2" not in visit(client, f"/414/{GLN}").words
    assert "K2/b" in visit(client, f"/414/{GLN}/254/K2%2Fb").words


def test_a_place_that_is_used_no_more_says_so(client: FlaskClient) -> None:
    a_workshop(retired_at=NOON)
    page = visit(client, f"/414/{GLN}")
    assert "không còn được dùng từ ngày 21/11/2026" in page.words
    assert "warn" in page.one(".verdict")["class"]


def test_a_place_of_the_demo_says_so(client: FlaskClient) -> None:
    a_workshop(sample=True)
    assert "Địa điểm mẫu" in visit(client, f"/414/{GLN}").words


@pytest.mark.parametrize(
    ("path", "goal"),
    [
        (f"/414/{GLN}/", f"/414/{GLN}"),
        ("/414/952-0123.45678 8?x=1", f"/414/{GLN}?x=1"),
        (f"/en/gln/{GLN}/glnx/A", f"/en/414/{GLN}/254/A"),
    ],
)
def test_other_spellings_lead_to_one_address(client: FlaskClient, path: str, goal: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Location"]) == (301, goal)


@pytest.mark.parametrize(
    ("path", "status", "heading"),
    [
        ("/414/9520123456789", 400, "Mã sai số kiểm tra"),
        ("/414/952012345678", 400, "Mã sai độ dài"),
        ("/414/952012345678x", 400, "Không đọc được mã"),
        (f"/414/{GLN}/10/A", 400, "Không đọc được mã"),
        (f"/414/{GLN}", 404, "Không biết địa điểm"),
    ],
)
def test_a_wrong_number_is_explained(client: FlaskClient, path: str, status: int, heading: str) -> None:
    page = visit(client, path, status)
    assert page.heading == heading
    assert page.soup.select('main a[href="/chu-the"]')


def test_programs_get_the_links_of_a_place(client: FlaskClient) -> None:
    a_workshop()
    answer = client.get(f"/414/{GLN}", headers={"Accept": "application/linkset+json"})
    [level] = json.loads(answer.text)["linkset"]
    assert level["anchor"] == f"{SITE}/414/{GLN}"
    assert [link["href"] for link in level[f"{VOC}locationInfo"]] == [
        f"{SITE}/414/{GLN}",
        f"{SITE}/en/414/{GLN}",
    ]
    g.pop("style_hash", None)
    asked = client.get(f"/414/{GLN}?linkType=gs1:locationInfo")
    assert (asked.status_code, asked.headers["Location"]) == (307, f"{SITE}/414/{GLN}")
    assert client.get(f"/414/{GLN}?linkType=gs1:pip").status_code == 404
