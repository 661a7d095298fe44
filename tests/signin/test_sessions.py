"""S13: a session cookie is new at each sign-in, well kept, and worthless once its sign-in has ended."""

from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.identity import Identity
from marketplace.accounts.invitations import invite
from marketplace.accounts.memberships import grant_membership
from marketplace.accounts.models import Membership, Person, SignIn
from marketplace.accounts.people import disable_person
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind, SignInLevel
from marketplace.app import create_app
from marketplace.database import db, unit_of_work
from tests.conftest import NOON, make_settings
from tests.factories import accounts
from tests.signin.browsing import Browser, letters, link_in, write

NEW = "bốn mùa hoa trái đầy vườn"


@pytest.fixture
def person(app: Flask) -> Person:
    made: Person = write(accounts.a_person)
    return made


def copy_of(browser: Browser, app: Flask) -> Browser:
    """Return another browser with a copy of the session cookie."""
    other = Browser(app)
    other.client.set_cookie("sid", browser.cookie("sid") or "")
    return other


def test_a_cookie_planted_before_is_not_taken_over(person: Person, app: Flask) -> None:
    browser = Browser(app)
    browser.client.set_cookie("sid", "planted-by-somebody-else-before-the-sign-in")
    browser.sign_in(person)
    assert browser.cookie("sid") not in {None, "planted-by-somebody-else-before-the-sign-in"}


def test_signing_in_again_ends_the_sign_in_before(person: Person, app: Flask) -> None:
    browser = Browser(app)
    browser.sign_in(person)
    copied = copy_of(browser, app)
    assert copied.is_in()
    browser.sign_in(person)
    assert browser.is_in()
    assert not copied.is_in()


def test_the_second_factor_gives_a_new_token(person: Person, app: Flask) -> None:
    browser = Browser(app)
    browser.sign_in(person)
    copied, other = copy_of(browser, app), Browser(app)
    other.sign_in(person)
    text = browser.send("/tai-khoan/ma-6-so/bat-dau", 200).text
    assert "<svg" in text
    secret = text.split('<b class="num">')[1].split("</b>")[0]
    browser.send("/tai-khoan/ma-6-so", 200, ma=pyotp.TOTP(secret).at(NOON))
    assert browser.is_in()
    assert not copied.is_in()
    assert not other.is_in()


def sign_out(browser: Browser, person: Person, app: Flask) -> None:
    browser.send("/dang-xuat")


def change_password(browser: Browser, person: Person, app: Flask) -> None:
    browser.send("/tai-khoan/mat-khau", mat_khau_cu=accounts.PASSWORD, mat_khau=NEW)


def reset_password(browser: Browser, person: Person, app: Flask) -> None:
    stranger = Browser(app)
    stranger.send("/quen-mat-khau", 200, dia_chi=person.email)
    reset = next(letter for letter in letters(app) if "Đặt lại" in letter.subject)
    stranger.send(link_in(reset), mat_khau=NEW)


def sign_out_everywhere(browser: Browser, person: Person, app: Flask) -> None:
    browser.send("/tai-khoan/thiet-bi/dang-xuat-het")


def revoke_from_elsewhere(browser: Browser, person: Person, app: Flask) -> None:
    other = Browser(app)
    other.sign_in(person)
    first = db.session.execute(sa.select(sa.func.min(SignIn.id))).scalar_one()
    other.send(f"/tai-khoan/thiet-bi/{first}/dang-xuat")
    assert other.is_in()


def change_role(browser: Browser, person: Person, app: Flask) -> None:
    with unit_of_work() as session:
        chief = accounts.an_administrator(session)
        actor = accounts.an_actor(chief, (SITE, Role.ADMINISTRATOR))
        scope = Scope(ScopeKind.PRODUCER, 1)
        grant_membership(session, actor, person.id, scope, Role.STAFF, clock.now())


def disable(browser: Browser, person: Person, app: Flask) -> None:
    with unit_of_work() as session:
        chief = accounts.an_administrator(session)
        actor = accounts.an_actor(chief, (SITE, Role.ADMINISTRATOR))
        disable_person(session, actor, person.id, clock.now())


def erase(browser: Browser, person: Person, app: Flask) -> None:
    browser.send("/tai-khoan/du-lieu/xoa", chac="xoa")


@pytest.mark.parametrize(
    "act",
    [
        sign_out,
        change_password,
        reset_password,
        sign_out_everywhere,
        revoke_from_elsewhere,
        change_role,
        disable,
        erase,
    ],
)
def test_a_copied_cookie_is_worthless_after(act: Any, person: Person, app: Flask) -> None:
    browser = Browser(app)
    browser.sign_in(person)
    copied = copy_of(browser, app)
    assert copied.is_in()
    act(browser, person, app)
    assert not copied.is_in()


def test_who_changed_the_password_stays_in(person: Person, app: Flask) -> None:
    browser = Browser(app)
    browser.sign_in(person)
    change_password(browser, person, app)
    assert browser.is_in()
    assert Browser(app).sign_in(person, 422)
    assert Browser(app).sign_in(person, password=NEW)


@pytest.mark.parametrize(
    ("level", "idle", "at_most"),
    [
        ("buyer", timedelta(days=14), timedelta(days=90)),
        ("officer", timedelta(minutes=30), timedelta(hours=8)),
    ],
)
def test_sign_ins_end_by_themselves(level: str, idle: timedelta, at_most: timedelta, app: Flask) -> None:
    make = accounts.a_person if level == "buyer" else accounts.an_administrator
    browser = Browser(app)
    browser.enter_as(write(make))
    with clock.stopped(NOON + idle - timedelta(seconds=1)):
        assert browser.is_in()
    with clock.stopped(NOON + idle):
        assert not browser.is_in()
    steps = at_most // (idle / 2)
    busy = Browser(app)
    busy.enter_as(write(make))
    for number in range(1, steps):
        with clock.stopped(NOON + number * idle / 2):
            assert busy.is_in()
            busy.client.get("/tai-khoan").close()
    with clock.stopped(NOON + at_most):
        assert not busy.is_in()


def test_what_was_seen_is_written_after_the_answer(person: Person, app: Flask) -> None:
    browser = Browser(app)
    browser.enter_as(person)
    with clock.stopped(NOON + timedelta(minutes=5)):
        browser.client.get("/tai-khoan").close()
    db.session.rollback()
    seen = db.session.execute(sa.select(SignIn.last_seen_at)).scalar_one()
    assert seen == NOON + timedelta(minutes=5)


@pytest.mark.parametrize(("site", "name", "secure"), [("http", "sid", False), ("https", "__Host-sid", True)])
def test_cookie_flags(site: str, name: str, secure: bool, app: Flask, tmp_path: Any) -> None:
    url = app.extensions["settings"].database_url
    address = "http://localhost" if site == "http" else "https://ocop.example.vn"
    settings = make_settings(url, tmp_path, SITE_URL=address)
    other = create_app(settings)
    email = write(accounts.a_person).email
    with other.app_context():
        browser = Browser(other)
        client = browser.client
        base = {"base_url": f"{address}/"}
        page = client.get("/dang-nhap", **base)
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        data = {"csrf_token": token, "ten": email, "mat_khau": accounts.PASSWORD}
        answer = client.post("/dang-nhap", data=data, headers={"Sec-Fetch-Site": "same-origin"}, **base)
        assert answer.status_code == 303
        given = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
        for cookie in (name, name.replace("sid", "device")):
            flags = {part.strip() for part in given[cookie].split(";")[1:]}
            assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= flags
            assert ("Secure" in flags) == secure
            assert not [flag for flag in flags if flag.startswith("Domain")]
        db.session.remove()
        db.engine.dispose()


def test_signing_out_clears_what_the_browser_kept(person: Person, app: Flask) -> None:
    browser = Browser(app)
    browser.sign_in(person)
    answer = browser.send("/dang-xuat")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.cookie("sid") is None


def test_the_list_of_devices(person: Person, app: Flask) -> None:
    browser = Browser(app)
    browser.sign_in(person)
    other = Browser(app)
    other.sign_in(person)
    page = browser.open("/tai-khoan/thiet-bi")
    assert "2 thiết bị" in page.words
    assert page.texts(".tag.ok") == ["Máy này"]
    assert "127.0.0.0/24" in page.words


def test_somebody_elses_sign_in_is_not_there(person: Person, app: Flask) -> None:
    victim, rival = Browser(app), Browser(app)
    victim.sign_in(person)
    rival.sign_in(write(accounts.a_person))
    first = db.session.execute(sa.select(sa.func.min(SignIn.id))).scalar_one()
    rival.send(f"/tai-khoan/thiet-bi/{first}/dang-xuat", 404)
    assert victim.is_in()


def test_a_role_taken_while_signed_in_gives_a_new_token(person: Person, app: Flask) -> None:
    with unit_of_work() as session:
        chief = accounts.an_administrator(session)
        actor = accounts.an_actor(chief, (SITE, Role.ADMINISTRATOR))
        scope = Scope(ScopeKind.PRODUCER, 1)
        token = invite(session, actor, scope, Role.STAFF, Identity(email=person.email), clock.now())
    browser = Browser(app)
    browser.enter_as(person, SignInLevel.PASSWORD)
    copied = copy_of(browser, app)
    browser.send(f"/loi-moi/{token}")
    assert db.session.execute(
        sa.select(Membership.role).where(Membership.person_id == person.id)
    ).scalar_one()
    assert browser.is_in()
    assert not copied.is_in()
