"""Letters to somebody erased are deleted from the outbox; everybody else's stay."""

import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.accounts import privacy
from marketplace.accounts.identity import Identity
from marketplace.accounts.models import Person
from marketplace.accounts.new_address import ask_new_address
from marketplace.database import db, unit_of_work
from marketplace.web.post import Letter, send_letter_to, send_link
from tests.factories.accounts import a_person, an_actor
from tests.signin.browsing import letters

GONE = {"gone@example.vn", "0987654321", "next@example.vn"}


def write_to(person: Person) -> None:
    with unit_of_work() as session:
        send_letter_to(session, Letter.NEW_DEVICE, person.id, clock.now())


def test_letters_to_the_erased_go(app: Flask) -> None:
    with unit_of_work() as session:
        gone = a_person(session, email="gone@example.vn", phone="0987654321")
        other = a_person(session, email="other@example.vn")
        wish = ask_new_address(session, an_actor(gone), Identity(email="next@example.vn"), clock.now())
        send_link(session, Letter.CONFIRM_ADDRESS, wish or "", clock.now())
    write_to(gone)
    write_to(other)
    assert {letter.to for letter in letters(app)} == GONE | {"other@example.vn"}
    with unit_of_work() as session:
        privacy.erase(session, privacy.subject_of(session, str(gone.id)), clock.now())
    db.session.rollback()
    waiting = str(db.session.execute(sa.select(jobs.Job.payload)).all())
    assert not [address for address in GONE if address in waiting]
    assert {letter.to for letter in letters(app)} == {"other@example.vn"}
