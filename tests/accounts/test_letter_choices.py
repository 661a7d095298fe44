"""Letters wanted or not: what a role brings comes until declined, the rest only after a yes."""

from collections.abc import Collection

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts import privacy
from marketplace.accounts.consent import Consent, Purpose, consents_of
from marketplace.accounts.journal import Deed
from marketplace.accounts.letter_choices import LetterKind, choose_letter_kinds, letters_wanted
from marketplace.accounts.models import Person
from marketplace.accounts.privacy import Subject
from marketplace.database import db, unit_of_work
from tests.factories.accounts import a_person, an_actor

SAID = {"policy_version": "2026-11", "text": "Tôi muốn nhận tin."}
ALL = set(LetterKind)


@pytest.fixture
def mai(app: Flask) -> Person:
    with unit_of_work() as session:
        return a_person(session)


def choose(person: Person, asked: Collection[LetterKind], wanted: Collection[LetterKind]) -> None:
    with unit_of_work() as session:
        choose_letter_kinds(session, an_actor(person), asked, wanted, **SAID, at=clock.now())


def wanted(person: Person) -> set[LetterKind]:
    return letters_wanted(db.session(), person.id)


def test_who_said_nothing_gets_what_the_role_brings(mai: Person) -> None:
    assert wanted(mai) == {LetterKind.RENEWAL, LetterKind.LISTING}


def test_what_was_not_asked_stays_as_it_is(mai: Person) -> None:
    choose(mai, ALL, {LetterKind.LISTING})
    assert wanted(mai) == {LetterKind.LISTING}
    choose(mai, [LetterKind.SAVED], [LetterKind.SAVED])
    assert wanted(mai) == {LetterKind.LISTING, LetterKind.SAVED}
    choose(mai, ALL, ALL)
    assert wanted(mai) == ALL
    actions = db.session.scalars(sa.select(Deed.action).order_by(Deed.seq)).all()
    assert actions.count("letters:choose") == 3


def test_a_yes_to_news_is_a_consent_and_a_no_ends_it(mai: Person) -> None:
    choose(mai, [LetterKind.SAVED], [LetterKind.SAVED])
    choose(mai, [LetterKind.SAVED], [LetterKind.SAVED])
    assert consents_of(db.session(), mai.id) == {Purpose.SAVED_NEWS}
    choose(mai, [LetterKind.SAVED], [])
    choose(mai, ALL, {LetterKind.RENEWAL})
    assert consents_of(db.session(), mai.id) == set()
    assert len(db.session.scalars(sa.select(Consent)).all()) == 1


def test_choices_are_handed_out_and_erased(mai: Person) -> None:
    choose(mai, [LetterKind.RENEWAL], [])
    with unit_of_work() as session:
        subject = Subject(mai.id, mai.email, None)
        [row] = privacy.export(session, subject, clock.now())["letter_choices"]
        assert (row["kind"], row["wanted"]) == ("renewal", False)
        privacy.erase(session, subject, clock.now())
    assert LetterKind.RENEWAL in wanted(mai)
