"""The link of the first start makes one administrator, with a button, once."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.first_administrator import issue_first_link
from marketplace.database import unit_of_work
from tests.conftest import NOON
from tests.factories import accounts
from tests.signin.browsing import Browser, write

FIELDS: dict[str, Any] = {
    "ho_ten": "Phan Thị Lan",
    "dia_chi": "lan@example.vn",
    "mat_khau": "bốn mùa hoa trái đầy",
}


@pytest.fixture
def link(app: Flask) -> str:
    with unit_of_work() as session:
        return f"/quan-tri-dau-tien/{issue_first_link(session, clock.now())}"


def test_the_first_administrator_sets_up_a_second_factor_next(link: str, browser: Browser) -> None:
    browser.open(link)
    browser.send(link, **FIELDS)
    browser.open(link, 404)
    browser.send(link, 404, **FIELDS)
    answer = browser.send("/dang-nhap", ten=FIELDS["dia_chi"], mat_khau=FIELDS["mat_khau"])
    assert answer.location == "/tai-khoan/ma-6-so"
    assert "toàn chợ" in browser.open("/tai-khoan").words


@pytest.mark.parametrize(
    ("field", "value", "status"),
    [
        ("ho_ten", "1", 422),
        ("dia_chi", "x", 422),
        ("mat_khau", "mười chữ ạ", 422),
        ("dia_chi", "t@example.vn", 409),
    ],
)
def test_what_is_wrong_is_said_and_the_link_stays(
    field: str, value: str, status: int, link: str, browser: Browser
) -> None:
    write(accounts.a_person, email="t@example.vn")
    answer = browser.send(link, status, **{**FIELDS, field: value})
    assert f'href="#{field}"' in answer.text
    browser.send(link, **FIELDS)


def test_the_link_runs_out(link: str, browser: Browser) -> None:
    with clock.stopped(NOON + timedelta(minutes=15)):
        browser.open(link, 404)
