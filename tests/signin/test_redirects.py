"""S11: nobody is sent to another site, whatever the address or the host header asks for."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests.factories import accounts
from tests.signin.browsing import SAME_ORIGIN, Browser, letters, write

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "https:evil.example",
    "https:/evil.example",
    "/%2fevil.example",
    "/%5cevil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "%09//evil.example",
    " //evil.example",
    "http://127.0.0.1@evil.example",
    "https://evil.example#127.0.0.1",
    "/.evil.example",
    "evil.example",
    "/\r\nLocation: https://evil.example",
    "//google。com",
]
NAMES = ["next", "url", "return", "continue", "ahead", "redirect_uri", "r"]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_sign_in_leads_only_to_our_own_pages(target: str, app: Flask) -> None:
    person = write(accounts.a_person)
    browser = Browser(app)
    page = browser.client.get("/dang-nhap", query_string=dict.fromkeys(NAMES, target))
    assert "evil" not in page.text.split("</header>")[1].split("<footer")[0]
    data = {
        "csrf_token": browser.token(),
        "ten": person.email,
        "mat_khau": accounts.PASSWORD,
        **dict.fromkeys(NAMES, target),
    }
    query = dict.fromkeys(NAMES, target)
    answer = browser.client.post("/dang-nhap", data=data, query_string=query, headers=SAME_ORIGIN)
    assert answer.location == "/tai-khoan"


@pytest.mark.parametrize(
    "path", ["//evil.example/..", "/en//evil.example", "/\\evil.example", "/%2f%2fevil.example"]
)
def test_odd_paths_lead_nowhere_else(path: str, app: Flask) -> None:
    answer = Browser(app).client.get(path)
    where = urlsplit(answer.location or "")
    assert where.hostname in {None, "localhost"}


@pytest.mark.parametrize("path", ["/tai-khoan", "/tai-khoan/khoa-api", "/tai-khoan/thiet-bi"])
def test_being_led_to_sign_in_tells_no_address(path: str, app: Flask) -> None:
    answer = Browser(app).client.get(path)
    assert answer.status_code == 303
    assert answer.location == "/dang-nhap"


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "evil.example:80", "127.0.0.1.evil"]
)
def test_a_foreign_host_is_refused_and_never_stands_in_a_letter(host: str, app: Flask) -> None:
    person = write(accounts.a_person)
    browser = Browser(app)
    data = {"csrf_token": browser.token(), "dia_chi": person.email}
    headers = {**SAME_ORIGIN, "Host": host}
    assert browser.client.post("/quen-mat-khau", data=data, headers=headers).status_code == 400
    browser.send("/quen-mat-khau", 200, dia_chi=person.email)
    [letter] = letters(app)
    assert "http://127.0.0.1:8000/dat-lai-mat-khau/" in letter.body
