"""Being invited: the link shows the offer, the button takes it, once."""

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.identity import read_identity
from marketplace.accounts.invitations import invite
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.database import unit_of_work
from marketplace.web.post import Letter, send_link
from tests.factories import accounts
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser, letters, link_in, write


@pytest.fixture
def invited(app: Flask) -> str:
    """Return the link of a letter that invites to be staff of a producer."""
    with unit_of_work() as session:
        producer = a_producer(session)
        scope = Scope(ScopeKind.PRODUCER, producer.id)
        owner = accounts.an_owner(session, producer.id)
        actor = accounts.an_actor(owner, (scope, Role.OWNER))
        token = invite(session, actor, scope, Role.STAFF, read_identity("0912345678"), clock.now())
        send_link(session, Letter.INVITATION, token, clock.now())
    [letter] = letters(app)
    assert letter.by_phone
    return link_in(letter)


def test_whoever_is_invited_signs_in_and_takes_the_role(invited: str, app: Flask, browser: Browser) -> None:
    page = browser.open(invited)
    assert "HTX Cam Khe Mây" in page.words
    assert "Nhân viên cơ sở" in page.words
    assert browser.send(invited).location == "/dang-nhap"
    answer = browser.sign_in(write(accounts.a_person))
    assert answer.location == invited
    assert browser.send(invited).location == "/tai-khoan"
    assert "HTX Cam Khe Mây" in browser.open("/tai-khoan").words
    browser.open(invited, 404)
    browser.send(invited, 404)


def test_looking_takes_nothing(invited: str, browser: Browser) -> None:
    browser.enter_as(write(accounts.a_person))
    for _ in range(3):
        browser.open(invited)
    assert "HTX Cam Khe Mây" not in browser.open("/tai-khoan").words


@pytest.mark.parametrize(
    ("scope", "role", "words"),
    [
        (SITE, Role.ADMINISTRATOR, "toàn chợ"),
        (Scope(ScopeKind.COUNCIL, 4), Role.COUNCIL_MEMBER, "Hội đồng số 4"),
    ],
)
def test_what_has_no_name_is_described(
    scope: Scope, role: Role, words: str, app: Flask, browser: Browser
) -> None:
    with unit_of_work() as session:
        actor = accounts.an_actor(accounts.an_administrator(session), (SITE, Role.ADMINISTRATOR))
        token = invite(session, actor, scope, role, read_identity("a@example.vn"), clock.now())
    assert words in browser.open(f"/loi-moi/{token}").words
