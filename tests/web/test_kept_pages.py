"""Kept pages: one for each address, and none for what is not there."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask, abort, request
from flask.testing import FlaskClient

from marketplace.web.kept_pages import LONGEST_ADDRESS, KeptPages, public_page
from tests.environment.application import empty_application


@pytest.fixture
def client(tmp_path: Path) -> Iterator[FlaskClient]:
    """A browser of a site with a page that shows its own address, and how often it was made."""
    with empty_application(f"sqlite:///{tmp_path / 'test.db'}", tmp_path) as app:
        add_page(app)
        yield app.test_client()


def add_page(app: Flask) -> None:
    made = iter(range(1, 1000))

    @app.get("/thu/<path:word>")
    @public_page
    def show(word: str) -> str:
        if word == "khong-co":
            abort(404)
        return f"{word} | {sorted(request.args.items(multi=True))} | {next(made)}"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/thu/AA%3Fb", "/thu/AA?b"),
        ("/thu/AA%3Fb", "/thu/AA?b?"),
        ("/thu/AA%3Fb?", "/thu/AA?b"),
        ("/thu/a", "/en/thu/a"),
        ("/thu/a?b=%C3%A0", "/thu/a?b=%E0"),
    ],
)
def test_no_two_addresses_share_a_page(client: FlaskClient, one: str, other: str) -> None:
    first, second = client.get(one), client.get(other)
    assert first.headers["ETag"] != second.headers["ETag"]
    assert first.text.endswith("| 1")
    assert second.text.endswith("| 2")


def test_a_page_is_made_once_and_known_by_its_tag(client: FlaskClient) -> None:
    first = client.get("/thu/cam")
    assert client.get("/thu/cam").text == first.text
    again = client.get("/thu/cam", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_any_version_is_known_only_of_what_is_there(client: FlaskClient) -> None:
    any_version = {"If-None-Match": "*"}
    assert client.get("/thu/khong-co", headers=any_version).status_code == 404
    assert client.get("/san-pham/khong-co", headers=any_version).status_code == 404
    there = client.get("/thu/cam", headers=any_version)
    assert (there.status_code, there.data) == (304, b"")
    assert there.headers["ETag"] == client.get("/thu/cam").headers["ETag"]


def test_addresses_beyond_measure_are_answered_and_not_kept(client: FlaskClient) -> None:
    pages: KeptPages = client.application.extensions["kept_pages"]
    assert client.get("/thu/cam?q=" + "a" * LONGEST_ADDRESS).status_code == 200
    assert pages.bytes == 0
