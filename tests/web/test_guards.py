"""What is refused before any view is asked."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from marketplace.web.guards import is_signed

OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}
FOREIGN_PAGE = {"Sec-Fetch-Site": "cross-site", "Origin": "https://other.example"}


def addresses(app: Flask, method: str, word: str) -> Iterator[tuple[Rule, str]]:
    """Return every address that takes a method, each of its parts filled with a word or with 1."""
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or ()):
            continue
        path = rule.rule
        for name, converter in rule._converters.items():  # noqa: SLF001 - werkzeug publishes no other way
            part = word if type(converter).__name__ in {"UnicodeConverter", "PathConverter"} else "1"
            path = re.sub(rf"<any\('?([\w-]+)[^<>]*:{name}>", r"\1", path)
            path = re.sub(rf"<([^<>]*:)?{name}>", part, path)
        yield rule, path


def forms(app: Flask) -> list[str]:
    """Return every address that takes a form; programs that sign what they send use none."""
    return [
        p for rule, p in addresses(app, "POST", "cam") if not is_signed(app.view_functions[rule.endpoint])
    ]


def test_no_page_is_called_by_nul(app: Flask, client: FlaskClient) -> None:
    named = [path for _, path in addresses(app, "GET", "%00") if "%00" in path]
    assert len(named) > 5
    for path in named:
        for prefix in ("", "/en"):
            assert client.get(prefix + path).status_code == 404, path


@pytest.mark.parametrize("query", ["q=%00", "tinh=a%00", "%00=1", "ma=1&vung=%00", "q=cam&q=%00&sao=4"])
def test_no_page_is_asked_for_nul(app: Flask, client: FlaskClient, query: str) -> None:
    for _, path in addresses(app, "GET", "cam"):
        assert client.get(f"{path}?{query}").status_code == 400, path


@pytest.mark.parametrize("form", [{"ma": "a\0b"}, {"\0": "1"}, {"ho_ten": ["An", "\0"]}])
def test_no_form_holds_nul(app: Flask, client: FlaskClient, form: dict[str, str]) -> None:
    for path in forms(app):
        assert client.post(path, data=form, headers=OWN_PAGE).status_code == 400, path
        parts = client.post(path, data=form, headers=OWN_PAGE, content_type="multipart/form-data")
        assert parts.status_code == 400, path


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE", "BREW"])
@pytest.mark.parametrize("headers", [{}, OWN_PAGE, FOREIGN_PAGE])
def test_what_takes_no_such_method_says_which_it_takes(
    client: FlaskClient, method: str, headers: dict[str, str]
) -> None:
    answer = client.open("/san-pham", method=method, headers=headers)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert client.open("/khong-co-trang-nay", method=method, headers=headers).status_code == 404


@pytest.mark.parametrize("headers", [{}, FOREIGN_PAGE, {"Origin": "https://other.example"}])
def test_forms_come_from_our_own_pages(app: Flask, client: FlaskClient, headers: dict[str, str]) -> None:
    taking = forms(app)
    assert taking
    for path in taking:
        assert client.post(path, data={"a": "1"}, headers=headers).status_code == 403, path


@pytest.mark.parametrize("headers", [{}, OWN_PAGE, FOREIGN_PAGE])
def test_a_signature_or_a_key_replaces_the_page(
    app: Flask, client: FlaskClient, headers: dict[str, str]
) -> None:
    """Which secret it is made with the operator says; without one nobody is believed."""
    signed = {path for _, path in addresses(app, "POST", "cam")} - set(forms(app))
    assert "/thanh-toan/stripe/su-kien" in signed
    for path in signed:
        expected = {401} if path.startswith("/api/") else {400, 503}
        assert client.post(path, data={"a": "1"}, headers=headers).status_code in expected, path
