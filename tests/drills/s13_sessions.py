"""S13: a session cookie is new at each sign-in, and a copy of it is worthless once its sign-in has ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unittest.mock import patch

from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.memberships import withdraw_membership
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind, SignInLevel
from marketplace.accounts.sightings import Sightings
from marketplace.database import db, unit_of_work
from marketplace.letters.outbox import Outbox
from marketplace.web import cookies, visitors
from tests.drills import Outcome, Run, drill
from tests.drills.stage import begin
from tests.factories import accounts
from tests.signin import test_sessions as ends
from tests.signin.browsing import Browser, write

PRODUCER = Scope(ScopeKind.PRODUCER, 1)
LIFETIMES = {
    "buyer": (timedelta(days=14), timedelta(days=90)),
    "trader": (timedelta(hours=12), timedelta(days=7)),
    "officer": (timedelta(minutes=30), timedelta(hours=8)),
}
"""Idle and absolute, by who it is (reliability.md, section 8)."""
End = Callable[[Browser, Person, Flask], None]


def lose_role(browser: Browser, person: Person, app: Flask) -> None:
    """Have an administrator take the role back."""
    with unit_of_work() as session:
        chief = accounts.an_actor(accounts.an_administrator(session), (SITE, Role.ADMINISTRATOR))
        held = session.query(Membership).filter_by(person_id=person.id).one()
        withdraw_membership(session, chief, held.id, clock.now())


ENDS: tuple[End, ...] = (
    ends.sign_out,
    ends.change_password,
    ends.reset_password,
    ends.sign_out_everywhere,
    ends.revoke_from_elsewhere,
    ends.change_role,
    ends.disable,
    ends.erase,
    lose_role,
)


@drill("S13", bar="0 replays accepted, 0 planted cookies taken over, 0 sign-ins outlive their time")
def copied_cookies_are_worthless(run: Run) -> Outcome:
    """Copy the cookie, end the sign-in in each way there is, and come back with the copies."""
    replays: list[str] = []
    tried = taken_over = outlived = 0
    with run.application() as app, clock.stopped(clock.now()), _guard(run):
        for _ in range(run.count(short=1, full=20)):
            for end in ENDS:
                tried += 1
                if _replayed(app, end):
                    replays.append(end.__name__)
            taken_over += _is_taken_over(app)
        for kind in LIFETIMES:
            outlived += _outlives(app, kind)
    got = {"tried": tried, "replays": replays[:9], "taken_over": taken_over, "outlived": outlived}
    return Outcome(got, ok=tried > 0 and not replays and not taken_over and not outlived)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, believe a cookie for ever once it was good, as a signed cookie would be."""
    if run.guarded:
        yield
        return
    load, known = visitors._load, {}  # noqa: SLF001 - replaced in the control

    def believe(session: Session) -> Actor | None:
        token = cookies.session_token()
        actor = load(session)
        if actor is not None:
            known[token] = actor
        return actor or known.get(token)

    with patch.object(visitors, "_load", believe):
        yield


def _replayed(app: Flask, end: End) -> bool:
    """End a sign-in, and return whether a copy of its cookie still opens the account."""
    person = write(accounts.a_member, PRODUCER, Role.STAFF) if end is lose_role else write(accounts.a_person)
    _begin_anew(app)
    browser = Browser(app)
    browser.sign_in(person)
    copies = [ends.copy_of(browser, app) for _ in range(2)]
    assert all(copy.is_in() for copy in copies)
    end(browser, person, app)
    return any(copy.is_in() for copy in copies)


def _begin_anew(app: Flask) -> None:
    """Forget letters, who is signed in, and the attempts at it, which drill S17 counts."""
    Outbox(app.extensions["settings"].outbox).delete_to(lambda address: True)
    with unit_of_work() as session:
        for name in ("attempt", "sign_in"):
            session.execute(db.metadata.tables[name].delete())


def _is_taken_over(app: Flask) -> bool:
    """Return whether a cookie that somebody planted before the sign-in opens the account after it."""
    person = write(accounts.a_person)
    planted = Browser(app)
    planted.client.set_cookie("sid", "p" * 43)
    with_visit = planted.token()
    victim = Browser(app)
    for name in ("sid", "visit"):
        victim.client.set_cookie(name, planted.cookie(name) or "")
    victim.sign_in(person)
    begin()
    answer = planted.client.post(
        "/tai-khoan/ten",
        data={"csrf_token": with_visit, "ho_ten": "Kẻ lạ"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    return planted.is_in() or victim.cookie("sid") == "p" * 43 or answer.location != "/dang-nhap"


def _outlives(app: Flask, kind: str) -> int:
    """Return how often a sign-in still opens after its idle or its whole time."""
    app.extensions["sightings"] = Sightings()
    idle, whole = LIFETIMES[kind]
    begun, late = clock.now(), 0
    made: dict[str, Any] = {
        "buyer": lambda: write(accounts.a_person),
        "trader": lambda: write(accounts.a_member, PRODUCER, Role.STAFF),
        "officer": lambda: write(accounts.an_administrator),
    }
    browser, busy = Browser(app), Browser(app)
    browser.enter_as(made[kind](), SignInLevel.TWO_FACTOR)
    busy.enter_as(made[kind](), SignInLevel.TWO_FACTOR)
    with clock.stopped(begun + idle - timedelta(seconds=1)):
        assert browser.is_in()
    with clock.stopped(begun + idle):
        late += browser.is_in()
    for step in range(1, whole // (idle / 2)):
        with clock.stopped(begun + step * idle / 2):
            begin()
            busy.client.get("/tai-khoan").close()
    with clock.stopped(begun + whole - timedelta(seconds=1)):
        assert busy.is_in(), kind
    with clock.stopped(begun + whole):
        late += busy.is_in()
    return late
