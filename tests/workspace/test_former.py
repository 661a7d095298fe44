"""Workspaces of producers that were merged: whoever works there is led on, page by page."""

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.catalogue.reports import get_reported
from marketplace.database import db, unit_of_work
from marketplace.producers.models import FormerProducer
from tests.factories.accounts import an_owner
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser


@pytest.fixture
def owner(app: Flask) -> Person:
    """The owner of a producer into which another was merged."""
    with unit_of_work() as session:
        kept = a_producer(session)
        facts = {"slug": "htx-khe-may-cu", "name": "HTX Khe Mây cũ", "producer_id": kept.id}
        session.add(FormerProducer(number=900, merged_at=clock.now(), **facts))
        return an_owner(session, kept.id)


@pytest.fixture
def browser(app: Flask, owner: Person) -> Browser:
    """A browser of the owner."""
    browser = Browser(app)
    browser.enter_as(owner)
    return browser


@pytest.mark.parametrize("path", ["", "/don-hang?trang=2", "/giao-hang/vung/1"])
def test_the_page_of_the_old_address_leads_to_the_same_of_the_other(browser: Browser, path: str) -> None:
    answer = browser.client.get(f"/gian-hang/htx-khe-may-cu{path}")
    assert (answer.status_code, answer.location) == (301, f"/gian-hang/htx-cam-khe-may{path}")
    english = browser.client.get(f"/en/gian-hang/htx-khe-may-cu{path}")
    assert (english.status_code, english.location) == (301, f"/en/gian-hang/htx-cam-khe-may{path}")


def test_what_is_not_there_stays_so(browser: Browser) -> None:
    browser.open("/gian-hang/htx-khac", 404)
    browser.open("/gian-hang/htx-cam-khe-may/don-hang/5", 404)
    browser.send("/gian-hang/htx-khac/ho-so", 404)


def test_what_was_typed_at_the_old_address_is_sent_on(browser: Browser) -> None:
    answer = browser.send("/gian-hang/htx-khe-may-cu/ho-so", 308, cau_chuyen="Vườn cam của bà.")
    assert answer.location == "/gian-hang/htx-cam-khe-may/ho-so"
    browser.send("/gian-hang/htx-khe-may-cu/ho-so", 403, token="", cau_chuyen="Lạ.")


@pytest.mark.usefixtures("owner")
def test_who_is_not_in_is_asked_who_it_is(app: Flask) -> None:
    answer = Browser(app).client.get("/gian-hang/htx-khe-may-cu")
    assert answer.status_code == 303


@pytest.mark.usefixtures("owner")
def test_the_public_page_leads_on_in_both_languages(app: Flask) -> None:
    client = app.test_client()
    for prefix in ("", "/en"):
        answer = client.get(f"{prefix}/chu-the/htx-khe-may-cu")
        assert (answer.status_code, answer.location) == (301, f"{prefix}/chu-the/htx-cam-khe-may")
    assert client.get("/chu-the/khong-co-ai").status_code == 404
    db.session.rollback()
    assert get_reported(None, "htx-khe-may-cu", db.session()).slug == "htx-cam-khe-may"
