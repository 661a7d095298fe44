"""Guards: met before every request, and public pages never ask who is there."""

from collections.abc import Iterator

import pytest
from flask import Flask

from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.app import create_app
from marketplace.database import db
from marketplace.web.cookies import session_token
from marketplace.web.devices import name_device
from marketplace.web.guards import Guard, guarded, requires, signed_in, strong
from marketplace.web.kept_pages import public_page
from marketplace.web.visitors import PublicPageAsked, acting, current_actor, require_actor
from tests.factories import accounts
from tests.signin.browsing import Browser, write

PRODUCER = Scope(ScopeKind.PRODUCER, 1)


@pytest.fixture
def site(app: Flask) -> Iterator[Flask]:
    """A site with a few more views."""
    other = create_app(app.extensions["settings"])

    @other.get("/rieng")
    @signed_in
    def private() -> str:
        return str(require_actor().person_id)

    @other.get("/chu")
    @requires(Role.OWNER, Role.STAFF)
    def owners() -> str:
        return "ok"

    @other.get("/quan-trong")
    @signed_in
    @strong
    def important() -> str:
        return "ok"

    @other.get("/cong-khai")
    @public_page
    def public() -> str:
        return str(current_actor())

    @other.get("/khach")
    @guarded(Guard.VISITOR)
    def visitor() -> str:
        return str(current_actor() is not None)

    with other.app_context():
        yield other
        db.session.remove()
        db.engine.dispose()


def ask(browser: Browser, path: str) -> tuple[int, str]:
    browser.token()
    answer = browser.client.get(path)
    return answer.status_code, answer.location or answer.text


def test_strangers_are_led_to_sign_in(site: Flask) -> None:
    browser = Browser(site)
    for path in ("/rieng", "/chu", "/quan-trong"):
        assert ask(browser, path) == (303, "/dang-nhap")
    assert ask(browser, "/khach") == (200, "False")


def test_who_is_signed_in_comes_in(site: Flask) -> None:
    browser = Browser(site)
    person = write(accounts.a_person)
    browser.enter_as(person)
    assert ask(browser, "/rieng") == (200, str(person.id))
    assert ask(browser, "/quan-trong") == (200, "ok")
    assert ask(browser, "/khach") == (200, "True")


def test_without_the_role_a_page_is_not_there(site: Flask) -> None:
    browser = Browser(site)
    browser.enter_as(write(accounts.a_member, Scope(ScopeKind.SALES_POINT, 1), Role.KEEPER))
    answer, nowhere = browser.client.get("/chu"), browser.client.get("/khong-co-trang-nay")
    assert answer.status_code == nowhere.status_code == 404


@pytest.mark.parametrize("role", [Role.OWNER, Role.STAFF])
def test_with_one_of_the_roles_it_is(role: Role, site: Flask) -> None:
    browser = Browser(site)
    browser.enter_as(write(accounts.a_member, PRODUCER, role))
    assert ask(browser, "/chu") == (200, "ok")


def test_a_role_that_waits_for_a_second_factor_leads_there(site: Flask) -> None:
    browser = Browser(site)
    browser.enter_as(write(accounts.an_owner, 1), SignInLevel.PASSWORD)
    assert ask(browser, "/chu") == (303, "/tai-khoan/ma-6-so")


def test_public_pages_neither_read_nor_set_cookies(site: Flask) -> None:
    browser = Browser(site)
    browser.enter_as(write(accounts.a_person))
    for path in ("/", "/san-pham", "/chu-the", "/diem-ban", "/chung-nhan", "/rieng-tu"):
        answer = browser.client.get(path)
        assert answer.status_code == 200, path
        assert "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert answer.text == Browser(site).client.get(path).text


def test_a_public_page_that_asks_who_is_there_fails(site: Flask) -> None:
    with site.test_request_context("/cong-khai"), pytest.raises(PublicPageAsked):
        current_actor()


def test_a_sign_in_that_ended_meanwhile_does_nothing(site: Flask) -> None:
    with site.test_request_context("/rieng", headers={"Cookie": "sid=gone"}):
        assert session_token() == "gone"
        with pytest.raises(Exception, match="sign_in_needed"), acting():
            raise NotPermitted


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
            "Android, Chrome",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
            "iPhone, Safari",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Windows, Edge"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/20100101 Firefox/120.0", "Linux, Firefox"),
        ("curl/8.0", ""),
        ("<script>alert(1)</script>", ""),
    ],
)
def test_devices_are_named(user_agent: str, name: str) -> None:
    assert name_device(user_agent) == name
