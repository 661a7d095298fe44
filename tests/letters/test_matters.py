"""Letters of the office: what they tell of is read when they are sent, and gone is gone."""

import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Membership, Person
from marketplace.catalogue.change_requests import ChangeRequest
from marketplace.catalogue.report_models import Report
from marketplace.database import unit_of_work
from marketplace.web.post import Letter, send_letter_to, send_to_members, send_to_reporter
from tests.factories import accounts
from tests.factories.office import Desk, a_desk
from tests.signin.browsing import letters, write

OF_PRODUCTS = (Letter.LISTING_APPROVED, Letter.LISTING_DECLINED, Letter.PRODUCT_CERTIFIED)
OF_CHANGES = (Letter.CHANGE_CONFIRMED, Letter.CHANGE_DECLINED)


def with_a_phone(desk: Desk) -> None:
    """Have the owner reached by short message too."""
    with unit_of_work() as session:
        session.get_one(Person, desk.owner.id).phone = "0933444555"


def test_every_letter_has_both_forms(app: Flask) -> None:
    desk = write(a_desk)
    with_a_phone(desk)
    with unit_of_work() as session:
        for letter in OF_PRODUCTS:
            send_to_members(session, letter, desk.producer, clock.now(), desk.waiting)
        for letter in OF_CHANGES:
            send_to_members(session, letter, desk.producer, clock.now(), desk.change)
        send_letter_to(session, Letter.ACCESS_RESET, desk.owner.id, clock.now())
    sent = letters(app)
    assert len([one for one in sent if one.by_phone]) == len(sent) / 2 == 6
    for one in sent:
        assert one.body.strip()
        assert "None" not in one.body
        assert one.by_phone or one.subject


def test_everybody_who_works_there_is_told(app: Flask) -> None:
    desk = write(a_desk)
    with unit_of_work() as session:
        other = accounts.an_owner(session, desk.producer)
        send_to_members(session, Letter.LISTING_APPROVED, desk.producer, clock.now(), desk.waiting)
    assert {one.to for one in letters(app)} == {desk.owner.email, other.email}


def test_what_is_gone_is_not_told_of(app: Flask) -> None:
    desk = write(a_desk)
    with unit_of_work() as session:
        send_to_members(session, Letter.CHANGE_DECLINED, desk.producer, clock.now(), desk.change)
        send_to_members(session, Letter.LISTING_APPROVED, desk.producer, clock.now(), 999)
        send_to_members(session, Letter.PRODUCT_SUSPENDED, desk.producer, clock.now(), 999)
        send_to_reporter(session, desk.report, clock.now())
        send_to_reporter(session, 999, clock.now())
        session.execute(sa.delete(ChangeRequest))
    assert letters(app) == []


def test_who_left_meanwhile_is_still_a_person(app: Flask) -> None:
    desk = write(a_desk)
    with unit_of_work() as session:
        send_to_members(session, Letter.LISTING_APPROVED, desk.producer, clock.now(), desk.waiting)
        session.execute(sa.delete(Membership).where(Membership.person_id == desk.owner.id))
    assert [one.to for one in letters(app)] == [desk.owner.email]


def test_a_reporter_whose_contact_was_forgotten_is_not_written_to(app: Flask) -> None:
    desk = write(a_desk)
    with unit_of_work() as session:
        send_to_reporter(session, desk.report, clock.now())
        session.execute(sa.update(Report).values(phone=None))
    assert letters(app) == []
