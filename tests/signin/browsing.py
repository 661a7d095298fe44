"""A browser without JavaScript: it follows links, fills in forms as the pages hold them, keeps cookies."""

import re
from typing import Any

from flask import Flask, g
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace import jobs
from marketplace.accounts.models import Person
from marketplace.accounts.roles import SignInLevel
from marketplace.database import db, unit_of_work
from marketplace.letters.outbox import Kept, Outbox
from tests.factories import accounts
from tests.pages import Visited, visit

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}
MOST_STATEMENTS = 12


class Browser:
    """One browser; `client` is the test client beneath."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client()

    def _begin(self) -> None:
        """Forget what the last request left in the application context that tests share."""
        db.session.rollback()
        for name in list(g):
            g.pop(name)

    def open(self, path: str, status: int = 200, statements: int = MOST_STATEMENTS) -> Visited:
        """Look at a page, checked as every page is."""
        self._begin()
        return visit(self.client, path, status, statements=statements)

    def token(self) -> str:
        """Return the form token of this visit."""
        self._begin()
        page = self.client.get("/dang-nhap")
        found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert found
        return found.group(1)

    def send(self, path: str, status: int = 303, token: str | None = None, **fields: Any) -> TestResponse:
        """Send a form with the token of this visit."""
        data = {"csrf_token": token if token is not None else self.token(), **fields}
        self._begin()
        answer = self.client.post(path, data=data, headers=SAME_ORIGIN)
        assert answer.status_code == status, (path, answer.status_code, answer.text[-1500:])
        return answer

    def ask_again(self, path: str, **fields: Any) -> str:
        """Send a form that is answered by the page asking who it is, and return what that page carries on."""
        answer = self.send(path, 403, **fields)
        found = re.search(
            r'action="(?:/en)?/xac-nhan-lai".*?name="bieu_mau_cho_gui" value="([^"]+)"',
            answer.text,
            re.DOTALL,
        )
        assert found, answer.text[-1500:]
        return found.group(1)

    def sign_in(self, person: Person, status: int = 303, password: str = accounts.PASSWORD) -> TestResponse:
        """Sign in with a password."""
        return self.send("/dang-nhap", status, ten=person.email or person.phone, mat_khau=password)

    def enter_as(self, person: Person, level: SignInLevel = SignInLevel.TWO_FACTOR) -> None:
        """Hold the session cookie of a person without going through the pages."""
        with unit_of_work() as session:
            self.client.set_cookie("sid", accounts.signed_in(session, person, level).token)

    def cookie(self, name: str) -> str | None:
        """Return the value of a cookie, or None."""
        kept = self.client.get_cookie(name)
        return kept.value if kept else None

    def is_in(self) -> bool:
        """Return whether the account opens."""
        self._begin()
        return self.client.get("/tai-khoan").status_code == 200


def write(make: Any, *arguments: Any, **facts: Any) -> Any:
    """Call a factory inside a unit of work."""
    with unit_of_work() as session:
        return make(session, *arguments, **facts)


def somebody(session: Session, **facts: Any) -> Person:
    """Write a person."""
    return accounts.a_person(session, **facts)


def letters(app: Flask) -> list[Kept]:
    """Send what waits and return the letters of the outbox, newest first."""
    jobs.do_all()
    db.session.rollback()
    return list(Outbox(app.extensions["settings"].outbox).list_newest(100))


def link_in(letter: Kept) -> str:
    """Return the path of the one link with a token in a letter."""
    [found] = re.findall(r"https?://[^/\s]+(/[\w-]+/[\w-]{20,})", letter.body)
    return str(found)
