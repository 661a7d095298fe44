"""Reporting what is wrong: from a product's or a producer's page, without an account."""

import io

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.models import Product
from marketplace.catalogue.report_models import Report, ReportKind
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from tests.factories.catalogue import a_product
from tests.factories.media import photo
from tests.factories.producers import a_producer
from tests.pages import visit

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
TOLD = {"san-pham": "cam-khe-may", "viec": "fake", "loi": "Tem trên gói này mờ lắm."}


@pytest.fixture
def shelf(app: Flask) -> None:
    with unit_of_work() as session:
        a_product(session, producer=a_producer(session))


def reports() -> list[Report]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Report)))


@pytest.mark.parametrize(
    ("page", "link"),
    [
        ("/san-pham/cam-khe-may", "/bao-cao?san-pham=cam-khe-may"),
        ("/chu-the/htx-cam-khe-may", "/bao-cao?chu-the=htx-cam-khe-may"),
        ("/en/san-pham/cam-khe-may", "/en/bao-cao?san-pham=cam-khe-may"),
    ],
)
def test_pages_lead_to_the_form(page: str, link: str, shelf: None, client: FlaskClient) -> None:
    assert link in visit(client, page, statements=None).links()
    form = visit(client, link)
    assert form.soup.select("#loi")
    assert "Set-Cookie" not in form.response.headers


def test_a_report_needs_no_account_and_no_contact(shelf: None, client: FlaskClient) -> None:
    answer = client.post("/bao-cao", data=TOLD, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    assert "12:00 22/11/2026" in answer.text
    assert "không để lại địa chỉ" in answer.text
    assert 'href="/san-pham/cam-khe-may"' in answer.text
    [report] = reports()
    assert (report.kind, report.words) == (ReportKind.FAKE, TOLD["loi"])
    assert (report.product_id, report.email, report.phone) == (1, None, None)


def test_a_producer_is_reported_with_a_contact(shelf: None, client: FlaskClient) -> None:
    fields = {"chu-the": "htx-cam-khe-may", "viec": "wrong", "loi": TOLD["loi"], "lien_he": " 0912 345 678 "}
    answer = client.post("/bao-cao", data=fields, headers=SAME_ORIGIN)
    assert "0912345678" in answer.text
    [report] = reports()
    assert (report.producer_id, report.product_id, report.phone) == (1, None, "0912345678")


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"viec": ""}, "viec"),
        ({"viec": "nothing"}, "viec"),
        ({"loi": "ngắn"}, "loi"),
        ({"lien_he": "nhà tôi"}, "lien_he"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_it_and_stays(
    changes: dict[str, str], at: str, shelf: None, client: FlaskClient
) -> None:
    answer = client.post("/bao-cao", data={**TOLD, **changes}, headers=SAME_ORIGIN)
    assert answer.status_code == 422
    assert f'href="#{at}"' in answer.text
    assert (changes.get("loi") or TOLD["loi"]) in answer.text
    assert reports() == []


@pytest.mark.parametrize("query", ["", "?san-pham=khong-co", "?chu-the=khong-co"])
def test_what_is_not_there_is_not_reported(query: str, shelf: None, client: FlaskClient) -> None:
    visit(client, f"/bao-cao{query}", 404)
    assert client.post("/bao-cao", data={"san-pham": "x"}, headers=SAME_ORIGIN).status_code == 404


def test_what_is_off_view_is_not_there(shelf: None, client: FlaskClient) -> None:
    with unit_of_work() as session:
        suspend_product(session, session.get_one(Product, 1))
    visit(client, "/bao-cao?san-pham=cam-khe-may", 404)


def test_other_sites_report_nothing(shelf: None, client: FlaskClient) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.com"}):
        assert client.post("/bao-cao", data=TOLD, headers=headers).status_code == 403
    assert reports() == []


def test_reports_of_one_address_are_slowed(shelf: None, client: FlaskClient) -> None:
    for _ in range(WINDOWS[Rule.REPORT_ADDRESS][0].count):
        assert client.post("/bao-cao", data=TOLD, headers=SAME_ORIGIN).status_code == 200
    answer = client.post("/bao-cao", data=TOLD, headers=SAME_ORIGIN)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "60")
    assert len(reports()) == WINDOWS[Rule.REPORT_ADDRESS][0].count


def test_a_picture_comes_along_and_shows_to_nobody_else(shelf: None, client: FlaskClient) -> None:
    file = (io.BytesIO(photo()), "tem.jpg")
    answer = client.post("/bao-cao", data={**TOLD, "anh": file}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    [report] = reports()
    picture = db.session.get_one(Picture, report.picture_id)
    assert picture.owner == f"report:{report.id}"
    assert picture.key not in answer.text


def test_what_is_no_picture_is_refused(shelf: None, client: FlaskClient) -> None:
    file = (io.BytesIO(b"<svg onload=alert(1)>" * 20), "tem.jpg")
    answer = client.post("/bao-cao", data={**TOLD, "anh": file}, headers=SAME_ORIGIN)
    assert answer.status_code == 422
    assert 'href="#anh"' in answer.text
    assert reports() == []
