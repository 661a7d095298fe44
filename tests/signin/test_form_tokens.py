"""S14: every route that writes refuses a form without a token, with another person's, or from elsewhere."""

import json
import re
from typing import Any

import pytest
from flask import Flask, g

from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.web.guards import SAFE_METHODS, Guard
from tests.architecture.routes import list_routes
from tests.factories import accounts
from tests.signin.browsing import SAME_ORIGIN, Browser, write

KEPT = {Guard.SIGNED_IN, Guard.MEMBER, Guard.DEMO}


def everything(session: Any) -> Any:
    """Write somebody who holds every role there is, so that only the token stands in the way."""
    person = accounts.a_person(session)
    for number, role in enumerate(Role):
        kinds = {
            Role.OWNER: ScopeKind.PRODUCER,
            Role.STAFF: ScopeKind.PRODUCER,
            Role.KEEPER: ScopeKind.SALES_POINT,
            Role.COMMUNE_OFFICER: ScopeKind.ADMIN_UNIT,
            Role.PROVINCE_OFFICER: ScopeKind.ADMIN_UNIT,
            Role.COUNCIL_MEMBER: ScopeKind.COUNCIL,
        }
        scope = Scope(kinds[role], number + 1) if role in kinds else SITE
        accounts.a_member(session, scope, role, person)
    return person


def written(app: Flask) -> list[tuple[str, str]]:
    """Return address and method of every route whose form must carry a token."""
    found = []
    for row in list_routes(app):
        mine = row["endpoint"].startswith("signin.") or row["guard"] in KEPT
        if row["writes"] and mine:
            address = re.sub(r"<any\('?([\w-]+)[^<>]*>", r"\1", row["rule"])
            address = re.sub(r"<[^<>]+>", "x", re.sub(r"<int[^<>]*>", "1", address))
            found += [(address, method) for method in row["methods"] if method not in SAFE_METHODS]
    return found


@pytest.fixture
def insider(app: Flask) -> Browser:
    browser = Browser(app)
    browser.enter_as(write(everything))
    return browser


def statuses(browser: Browser, app: Flask, headers: dict[str, str], **fields: str) -> dict[str, int]:
    answered = {}
    for address, method in written(app):
        for name in list(g):
            g.pop(name)
        answer = browser.client.open(address, method=method, data=fields, headers=headers)
        answered[f"{method} {address}"] = answer.status_code
    return answered


def test_there_are_such_routes(app: Flask) -> None:
    assert len(written(app)) > 20


def test_without_a_token_nothing_is_done(insider: Browser, app: Flask) -> None:
    refused = statuses(insider, app, SAME_ORIGIN)
    assert {route: status for route, status in refused.items() if status != 403} == {}


def test_somebody_elses_token_is_worth_nothing(insider: Browser, app: Flask) -> None:
    other = Browser(app)
    other.enter_as(write(accounts.a_person))
    token = other.token()
    insider.token()
    refused = statuses(insider, app, SAME_ORIGIN, csrf_token=token)
    assert {route: status for route, status in refused.items() if status != 403} == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {},
    ],
    ids=json.dumps,
)
def test_from_elsewhere_nothing_is_done(headers: dict[str, str], insider: Browser, app: Flask) -> None:
    refused = statuses(insider, app, headers, csrf_token=insider.token())
    assert {route: status for route, status in refused.items() if status != 403} == {}


def test_the_token_of_before_the_sign_in_ends_with_it(app: Flask) -> None:
    browser = Browser(app)
    before = browser.token()
    person = write(accounts.a_person)
    browser.sign_in(person)
    browser.send("/tai-khoan/ten", 403, token=before, ho_ten="Kẻ lạ")
    browser.send("/tai-khoan/ten", ho_ten="Nguyễn Thị Mận Em")


def test_with_the_token_the_form_is_taken(insider: Browser) -> None:
    insider.send("/tai-khoan/ten", ho_ten="Nguyễn Thị Mận Em")
    assert "Nguyễn Thị Mận Em" in str(insider.open("/tai-khoan").one("#ho_ten")["value"])
