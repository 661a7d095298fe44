"""What monitors and crawlers get."""

from collections import namedtuple
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from defusedxml import ElementTree
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock, jobs
from marketplace.catalogue.actions import suspend_product
from marketplace.database import db, unit_of_work
from marketplace.register import RegisterVersion
from marketplace.search.actions import rebuild
from marketplace.storefront import sitemap
from marketplace.upkeep import readiness
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def migrated(app: Flask) -> None:
    """The tables of the tests are made without migrations; say that they are at the head."""
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
        connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
        for head in readiness.schema_heads():
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:head)"), {"head": head})


def test_health_needs_no_database(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.engine, "connect", None)
    assert client.get("/healthz").status_code == 200


@pytest.mark.usefixtures("migrated")
def test_ready_when_every_part_is(client: FlaskClient) -> None:
    rebuild()
    answer = client.get("/readyz")
    parts = ("database", "schema", "disk", "search", "jobs")
    assert answer.json == {"ready": True, "parts": dict.fromkeys(parts, True)}
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("migrated")
def test_without_an_index_pages_are_still_served(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["parts"]["search"] is False


@pytest.mark.usefixtures("migrated")
def test_the_probe_leaves_no_row(client: FlaskClient) -> None:
    with unit_of_work() as session:
        session.execute(sa.delete(RegisterVersion))
    assert client.get("/readyz").status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(RegisterVersion)) == 0


def test_not_ready_before_the_schema_is(client: FlaskClient) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text("DROP TABLE IF EXISTS alembic_version"))
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["parts"]["schema"] is False
    assert answer.json["parts"]["database"] is True


@pytest.mark.usefixtures("migrated")
def test_not_ready_when_the_disk_is_full(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda path: Usage(100, 96, 4))
    assert client.get("/readyz").status_code == 503


@pytest.mark.usefixtures("migrated")
def test_lagging_jobs_are_told_and_pages_still_served(client: FlaskClient) -> None:
    with unit_of_work() as session:
        jobs.put(session, "test.never")
    with clock.stopped(clock.now() + timedelta(minutes=6)):
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["parts"]["jobs"] is False


def test_says_nothing_of_why(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> bool:
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(readiness, "_can_write", broken)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "secret" not in answer.text


def test_metrics_are_for_this_machine_only(client: FlaskClient) -> None:
    figures = dict(line.split() for line in client.get("/metrics").text.splitlines())
    assert figures["marketplace_jobs_waiting"] == "0"
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"}).status_code == 404
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404


def test_robots_are_kept_from_private_pages(client: FlaskClient) -> None:
    lines = client.get("/robots.txt").text.splitlines()
    assert {"Disallow: /don-hang", "Disallow: /en/dat-hang"} < set(lines)
    assert any(line.startswith("Sitemap: http") and line.endswith("/sitemap.xml") for line in lines)


def _locations(xml: str) -> list[str]:
    return [tag.text or "" for tag in ElementTree.fromstring(xml).iterfind(".//{*}loc")]


def test_the_sitemap_lists_both_languages_and_no_suspended_product(client: FlaskClient) -> None:
    with unit_of_work() as session:
        shown = a_product(session, "Cam Khe Mây", producer=a_producer(session))
        a_certificate(session, shown, issued_on=date(2023, 5, 1))
        suspend_product(session, a_product(session, "Mật ong Cường Nga"))
    xml = client.get("/sitemap.xml").text
    paths = [place.split("/", 3)[3] for place in _locations(xml)]
    assert {"", "en/", "san-pham/cam-khe-may", "en/san-pham/cam-khe-may", "chu-the/htx-cam-khe-may"} < set(
        paths
    )
    assert not [path for path in paths if "mat-ong-cuong-nga" in path]
    entries = ElementTree.fromstring(xml).iterfind("{*}url")
    [entry] = [tag for tag in entries if (tag.findtext("{*}loc") or "").endswith("8000/san-pham/cam-khe-may")]
    assert entry.findtext("{*}lastmod") == "2026-11-21"
    assert [link.get("hreflang") for link in entry.iterfind("{*}link")] == ["vi", "en", "x-default"]


def test_a_long_sitemap_comes_in_parts(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pages = len(sitemap.list_pages(clock.today()))
    monkeypatch.setattr(sitemap, "PAGES_PER_PART", pages - 5)
    parts = _locations(client.get("/sitemap.xml").text)
    assert [part.rsplit("/", 1)[1] for part in parts] == ["sitemap-1.xml", "sitemap-2.xml"]
    listed = [len(_locations(client.get(f"/sitemap-{n}.xml").text)) for n in (1, 2)]
    assert listed == [2 * (pages - 5), 10]
    assert client.get("/sitemap-3.xml").status_code == 404
    assert client.get("/sitemap-0.xml").status_code == 404


def test_weaknesses_can_be_told(client: FlaskClient) -> None:
    lines = client.get("/.well-known/security.txt").text.splitlines()
    assert lines[0] == "Contact: mailto:ho-tro@example.vn"
    assert lines[1] == "Expires: 2027-11-20T17:00:00Z"
