"""The operator's commands: people, the journal, personal data."""

import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import Result
from flask import Flask

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.identity import Identity
from marketplace.accounts.journal import DeedHead
from marketplace.accounts.models import Person
from marketplace.accounts.proofs import find_person
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError
from tests.factories.accounts import a_person

MAN = Identity(email="man@example.vn")


def run(app: Flask, *words: str, answer: str | None = None) -> Result:
    db.session.rollback()
    result = app.test_cli_runner().invoke(args=list(words), input=answer)
    db.session.rollback()
    return result


def test_an_account_is_made_given_a_role_and_closed(app: Flask) -> None:
    made = run(app, "user", "create", "Man@example.vn", "Mận", "--password", "mây trắng bay qua")
    assert made.exit_code == 0, made.output
    person = find_person(db.session(), MAN)
    assert person is not None
    assert f"số {person.id}" in made.output
    granted = run(app, "user", "grant", "man@example.vn", "site", "administrator")
    assert granted.exit_code == 0, granted.output
    assert run(app, "user", "grant", "man@example.vn", "producer", "owner", "--id", "3").exit_code == 0
    for words in (("site", "owner"), ("producer", "owner"), ("site", "administrator", "--id", "3")):
        assert run(app, "user", "grant", "man@example.vn", *words).exit_code == 1
    refused = run(app, "user", "disable", str(person.id))
    assert isinstance(refused.exception, MarketplaceError)
    assert (
        run(app, "user", "create", "binh@example.vn", "Bình", "--password", "mây trắng bay qua").exit_code
        == 0
    )
    assert run(app, "user", "disable", "binh@example.vn").exit_code == 0
    for words in (("disable", "nobody@example.vn"), ("grant", "nobody@example.vn", "site", "administrator")):
        assert run(app, "user", *words).exit_code == 1


@pytest.mark.parametrize("password", ["ngắn quá", "phienchoocop123"])
def test_a_weak_password_makes_no_account(app: Flask, password: str) -> None:
    assert run(app, "user", "create", "man@example.vn", "Mận", "--password", password).exit_code == 1
    assert find_person(db.session(), MAN) is None


def test_the_journal_is_anchored_and_verified(app: Flask) -> None:
    assert "Không có" in run(app, "audit", "anchor").output
    with unit_of_work() as session:
        for number in range(3):
            journal.record(session, None, "test:do", "thing", number, at=clock.now())
    assert "dòng 3" in run(app, "audit", "anchor").output
    sound = run(app, "audit", "verify")
    assert (sound.exit_code, "nguyên vẹn" in sound.output) == (0, True)
    with unit_of_work() as session:
        session.execute(sa.update(DeedHead).values(seq=2))
    spoilt = run(app, "audit", "verify")
    assert (spoilt.exit_code, "dòng 3" in spoilt.output) == (1, True)


def test_personal_data_is_written_and_erased(app: Flask, tmp_path: Path) -> None:
    with unit_of_work() as session:
        a_person(session, "Mận", email=MAN.email)
    assert json.loads(run(app, "privacy", "export", "man@example.vn").output)["accounts"]["person"]
    target = tmp_path / "man.json"
    assert run(app, "privacy", "export", "man@example.vn", "--to", str(target)).exit_code == 0
    assert json.loads(target.read_text())["accounts"]["person"][0]["name"] == "Mận"
    assert target.stat().st_mode & 0o777 == 0o600
    assert run(app, "privacy", "export", "man@example.vn", "--to", str(target)).exit_code == 1
    assert run(app, "privacy", "erase", "man@example.vn", answer="n\n").exit_code == 1
    assert find_person(db.session(), MAN) is not None
    erased = run(app, "privacy", "erase", "man@example.vn", "--yes")
    assert (erased.exit_code, "Giữ lại" in erased.output) == (0, True)
    assert db.session.execute(sa.select(Person.email)).scalar_one() is None
    assert run(app, "privacy", "erase", "binh@example.vn", answer="y\n").exit_code == 0
