from collections.abc import Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from marketplace.errors import InvalidInput, MarketplaceError, NotFound
from marketplace.web.form_token import FormOutdated
from marketplace.web.guards import ForeignOrigin
from marketplace.web.problems import show_busy, show_failure, show_http_error, show_refusal
from tests.catalogue.statements import counted_statements
from tests.pages import visit

STATUSES = (400, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@pytest.fixture
def in_request(app: Flask) -> Iterator[Flask]:
    with app.test_request_context("/san-pham/cam"):
        yield app


class Failed(HTTPException):
    def __init__(self, code: int) -> None:
        super().__init__()
        self.code = code


@pytest.mark.parametrize("status", STATUSES)
def test_every_problem_has_a_page_that_asks_the_database_nothing(in_request: Flask, status: int) -> None:
    with counted_statements() as sent:
        answer = show_http_error(Failed(status))
    page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
    assert answer.status_code == status
    assert sent == []
    assert page.h1 is not None
    assert page.h1.get_text()
    assert page.select_one('meta[name="robots"][content="noindex"]') is not None
    assert page.select_one(".loose a") is not None


def test_other_errors_keep_their_status_and_get_the_words_of_a_bad_request(in_request: Flask) -> None:
    answer = show_http_error(Failed(418))
    assert answer.status_code == 418
    assert "Yêu cầu chưa rõ" in answer.get_data(as_text=True)


def test_not_found_leads_to_search_scan_and_orders(client: FlaskClient) -> None:
    page = visit(client, "/khong-co", 404)
    assert page.heading == "Không thấy trang này"
    assert page.one('main form[role="search"]')["action"] == "/san-pham"
    assert {"/san-pham", "/t", "/tra-cuu"} <= set(page.links())


def test_a_refusal_is_told_in_its_own_words(in_request: Flask) -> None:
    answer = show_refusal(InvalidInput(field="x"))
    assert answer.status_code == 422
    assert "Nội dung nhập chưa đúng." in answer.get_data(as_text=True)
    assert show_refusal(NotFound()).status_code == 404
    assert show_refusal(MarketplaceError()).status_code == 409


@pytest.mark.parametrize("home", ["/van-phong", "/gian-hang"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_people_at_work_are_led_home_and_not_to_a_cart(app: Flask, home: str, prefix: str) -> None:
    for status in STATUSES:
        with app.test_request_context(f"{prefix}{home}/viec"):
            page = BeautifulSoup(show_http_error(Failed(status)).get_data(as_text=True), "html.parser")
        assert page.main is not None
        links = [str(link["href"]) for link in page.main.select(".loose a")]
        assert [link.removeprefix("/en") for link in links] == [home]
        assert "trừ tiền" not in page.main.get_text()
        assert page.main.select("form") == []


def test_only_what_came_from_elsewhere_is_asked_to_come_from_our_pages(in_request: Flask) -> None:
    hint = "Yêu cầu phải gửi từ chính trang của chợ."
    assert hint in show_refusal(ForeignOrigin(site="http://x.example")).get_data(as_text=True)
    assert hint not in show_refusal(FormOutdated()).get_data(as_text=True)
    assert hint not in show_http_error(Failed(403)).get_data(as_text=True)


def test_a_database_that_is_away_asks_for_patience(in_request: Flask) -> None:
    answer = show_busy(OperationalError("select 1", {}, Exception("locked")))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


def test_a_failure_tells_nothing_of_its_cause(in_request: Flask) -> None:
    answer = show_failure(RuntimeError("secret cause"))
    assert answer.status_code == 500
    assert "secret cause" not in answer.get_data(as_text=True)


def test_even_a_broken_error_page_answers(in_request: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: Any, **facts: Any) -> str:
        raise RuntimeError("no template")

    monkeypatch.setattr("marketplace.web.problems.render_template", fail)
    answer = show_failure(RuntimeError("cause"))
    assert answer.status_code == 500
    assert answer.get_data(as_text=True) == "Có lỗi. Mời bạn thử lại sau."
