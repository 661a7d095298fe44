"""A site without an administrator prints the link that makes the first one, at each start."""

from pathlib import Path

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.first_administrator import is_first_link
from marketplace.accounts.memberships import write_membership
from marketplace.accounts.roles import SITE, Grant, Role
from marketplace.app import create_app
from marketplace.cli.serve import tell_first_link
from marketplace.database import db, unit_of_work
from tests.conftest import make_settings
from tests.factories import accounts


def told(app: Flask, capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a start prints."""
    tell_first_link(app, app.extensions["settings"])
    return capsys.readouterr().out


def test_the_printed_link_opens_and_the_one_before_does_not(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    tokens = []
    for _ in range(2):
        line = told(app, capsys).splitlines()[-1].strip()
        address, _, token = line.rpartition("/")
        assert address == f"{app.extensions['settings'].site_url}/quan-tri-dau-tien"
        tokens.append(token)
    opens = [is_first_link(db.session(), token, clock.now()) for token in tokens]
    assert opens == [False, True]


def test_nothing_is_printed_once_there_is_an_administrator(
    app: Flask, capsys: pytest.CaptureFixture[str]
) -> None:
    with unit_of_work() as session:
        person = accounts.a_person(session)
        write_membership(session, None, person.id, Grant(SITE, Role.ADMINISTRATOR), clock.now())
    assert told(app, capsys) == ""


def test_a_database_that_does_not_take_it_keeps_nobody_from_starting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    app = create_app(make_settings(f"sqlite:///{tmp_path / 'empty.db'}", tmp_path))
    assert told(app, capsys) == ""
