"""Letting somebody back in who stands before the officer: journaled, told of, once."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.journal import Deed
from marketplace.accounts.models import PasswordReset, Person, SignIn, TotpSecret
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.database import db, unit_of_work
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.office import Desk
from tests.signin.browsing import Browser, letters, write

HELP = "/van-phong/dat-lai"
NEW_PASSWORD = "một con vịt xoè ra hai cái cánh"


@pytest.fixture
def lost(desk: Desk) -> Person:
    """A member of staff who has but a phone, and lost the password."""
    scope = Scope(ScopeKind.PRODUCER, desk.producer)
    with unit_of_work() as session:
        person = accounts.a_person(session, "Trần Văn Lạc", email=None, phone="0911222333")
        accounts.with_totp(session, person)
        return accounts.a_member(session, scope, Role.STAFF, person)


def code_in(text: str) -> str:
    [found] = re.findall(r'<p class="spell">([a-z0-9-]{19})</p>', text)
    return str(found)


def deeds() -> list[str]:
    db.session.rollback()
    return list(
        db.session.scalars(
            sa.select(Deed.action).where(Deed.action.startswith("password:")).order_by(Deed.seq)
        )
    )


def test_the_officer_hands_a_code_over_that_works_once(lost: Person, office: Browser, app: Flask) -> None:
    office.open(HELP)
    found = office.send(f"{HELP}/tim", 200, dia_chi="0911 222 333")
    assert "Trần Văn Lạc" in found.text
    assert "HTX Cam Khe Mây" in found.text
    answer = office.send(f"{HELP}/{lost.id}", 200, da_xem="1")
    assert answer.headers["Cache-Control"] == "no-store"
    code = code_in(answer.text)
    assert deeds() == ["password:reset_in_person"]
    [letter] = letters(app)
    assert letter.to == "0911222333"
    assert code not in letter.body
    own = Browser(app)
    own.open(f"/dat-lai-mat-khau/{code}")
    own.send(f"/dat-lai-mat-khau/{code}", mat_khau=NEW_PASSWORD)
    own.open(f"/dat-lai-mat-khau/{code}", 404)
    assert own.sign_in(lost, password=NEW_PASSWORD).location == "/dang-nhap/ma"


def test_a_lost_second_factor_goes_too(lost: Person, office: Browser, app: Flask) -> None:
    answer = office.send(f"{HELP}/{lost.id}", 200, da_xem="1", mat_ma="1")
    own = Browser(app)
    own.send(f"/dat-lai-mat-khau/{code_in(answer.text)}", mat_khau=NEW_PASSWORD)
    db.session.rollback()
    assert db.session.get(TotpSecret, lost.id) is None


def test_the_papers_must_have_been_seen(lost: Person, office: Browser) -> None:
    answer = office.send(f"{HELP}/{lost.id}", 422)
    assert 'href="#da_xem"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PasswordReset)) == 0


def test_nobody_is_found_out_of_reach(desk: Desk, office: Browser) -> None:
    stranger = write(accounts.a_person, "Người lạ", phone="0900111222")
    same_words = [
        office.send(f"{HELP}/tim", 422, dia_chi=typed).text.count("Không có ai như vậy")
        for typed in ("0900111222", "0900000000", desk.officer.email, desk.second.email)
    ]
    assert same_words == [2] * 4
    assert "Người lạ" not in office.send(f"{HELP}/tim", 422, dia_chi="0900111222").text
    for person in (stranger, desk.second, desk.officer, desk.administrator):
        office.send(f"{HELP}/{person.id}", 404, da_xem="1")
    assert deeds() == []


def test_what_is_no_address_is_said_so(office: Browser, desk: Desk) -> None:
    assert 'href="#dia_chi"' in office.send(f"{HELP}/tim", 422, dia_chi="abc").text


def test_officers_of_elsewhere_help_nobody_here(desk: Desk, lost: Person, browser: Browser) -> None:
    browser.enter_as(desk.stranger)
    browser.send(f"{HELP}/{lost.id}", 404, da_xem="1")


def test_a_commune_officer_helps_those_of_the_commune(desk: Desk, lost: Person, browser: Browser) -> None:
    browser.enter_as(desk.commune_officer)
    assert code_in(browser.send(f"{HELP}/{lost.id}", 200, da_xem="1").text)


def test_it_asks_who_the_officer_is(lost: Person, office: Browser) -> None:
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=NOON - timedelta(minutes=11)))
    assert office.client.get(HELP).location == "/xac-nhan-lai"
    office.ask_again(f"{HELP}/{lost.id}", da_xem="1")
    assert deeds() == []
