"""Reports of the public: what is kept, by when they are answered, and how long a contact stays."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.accounts.errors import TooManyAttempts
from marketplace.accounts.journal import Deed
from marketplace.accounts.privacy import Subject, erase, export
from marketplace.catalogue.errors import InvalidReport
from marketplace.catalogue.models import Product
from marketplace.catalogue.report_models import Report, ReportKind, ReportReason, ReportState
from marketplace.catalogue.reports import (
    CONTACT_KEPT_FOR,
    Told,
    answer_due_for,
    answer_report,
    claim_report,
    forget_contacts,
    let_contacts_go,
    open_report,
    read_words,
)
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.catalogue import a_product
from tests.factories.media import encoded
from tests.factories.office import a_report
from tests.factories.producers import a_producer


@pytest.fixture
def product(app: Flask) -> int:
    with unit_of_work() as session:
        return a_product(session).id


def reported(product: int, contact: str | None = "khach@example.vn") -> int:
    with unit_of_work() as session:
        return a_report(session, session.get_one(Product, product), contact=contact)


def answered(report: int, at: datetime = NOON) -> None:
    with unit_of_work() as session:
        row = session.get_one(Report, report)
        actor = accounts.an_actor(accounts.a_person(session))
        answer_report(session, actor, row, ReportReason.NOT_FOUND_WRONG, "Đã xem, không thấy sai.", at)


def contact_of(report: int) -> str | None:
    db.session.rollback()
    return db.session.get_one(Report, report, populate_existing=True).email


def test_a_fake_is_answered_within_a_day_and_the_rest_in_working_days() -> None:
    assert answer_due_for(ReportKind.FAKE, NOON) == NOON + timedelta(hours=24)
    tuesday_ends = datetime(2026, 11, 25, 17, 0, tzinfo=UTC)
    assert {answer_due_for(kind, NOON) for kind in ReportKind if kind is not ReportKind.FAKE} == {
        tuesday_ends
    }


@pytest.mark.parametrize("words", ["", "ngắn quá", " \n ", "x" * 1001])
def test_words_have_bounds(words: str) -> None:
    with pytest.raises(InvalidReport):
        read_words(words)


def test_words_keep_their_lines() -> None:
    assert read_words("Tem  mờ lắm.\r\nMã không mở.") == "Tem mờ lắm.\nMã không mở."


def test_the_journal_knows_that_and_not_what(product: int) -> None:
    report = reported(product)
    deed = db.session.scalars(sa.select(Deed)).one()
    assert (deed.action, deed.subject_id, deed.actor_id) == ("report:open", str(report), None)
    assert "khach" not in deed.data
    assert "Tem" not in deed.data


def test_a_report_is_about_something(product: int) -> None:
    report = reported(product)
    with pytest.raises(IntegrityError, match="about_something"), unit_of_work() as session:
        session.execute(sa.update(Report).where(Report.id == report).values(product_id=None))
    with unit_of_work() as session:
        session.execute(sa.update(Report).where(Report.id == report).values(product_id=None, code="/t/x"))


def test_a_report_is_about_one_thing(product: int) -> None:
    report = reported(product)
    with unit_of_work() as session:
        producer = a_producer(session).id
    with pytest.raises(IntegrityError, match="about_one"), unit_of_work() as session:
        session.execute(sa.update(Report).where(Report.id == report).values(producer_id=producer))


def test_a_contact_is_forgotten_after_the_answer(product: int) -> None:
    old, fresh, waiting = reported(product), reported(product), reported(product)
    answered(old, NOON - CONTACT_KEPT_FOR - timedelta(seconds=1))
    answered(fresh, NOON - CONTACT_KEPT_FOR + timedelta(days=1))
    with unit_of_work() as session:
        forget_contacts(session, NOON)
    assert [contact_of(one) for one in (old, fresh, waiting)] == [None, *["khach@example.vn"] * 2]


def test_a_subject_gets_and_loses_what_is_kept_of_them(product: int) -> None:
    mine, others = reported(product), reported(product, "khac@example.vn")
    subject = Subject(None, "khach@example.vn", None)
    with unit_of_work() as session:
        assert [row["id"] for row in export(session, subject, clock.now())["reports"]] == [mine]
        erase(session, subject, clock.now())
        assert export(session, subject, clock.now())["reports"] == []
    assert [contact_of(mine), contact_of(others)] == [None, "khac@example.vn"]


def test_nobody_in_particular_owns_no_report(product: int) -> None:
    reported(product, contact=None)
    with unit_of_work() as session:
        assert export(session, Subject(7, None, None), clock.now())["reports"] == []


def test_an_address_reports_so_often_and_then_slowly(app: Flask) -> None:
    window = WINDOWS[Rule.REPORT_ADDRESS][0]
    for _ in range(window.count):
        claim_report("203.0.113.9", NOON)
    with pytest.raises(TooManyAttempts) as refused:
        claim_report("203.0.113.9", NOON)
    assert refused.value.parameters["wait"] == 60
    claim_report("203.0.113.10", NOON)
    claim_report("203.0.113.9", NOON + timedelta(minutes=1))


def test_the_answer_is_a_state(product: int) -> None:
    report = reported(product)
    answered(report)
    db.session.rollback()
    assert db.session.get_one(Report, report, populate_existing=True).state is ReportState.DISMISSED


def test_a_picture_goes_with_the_contact(product: int) -> None:
    told = Told(kind=ReportKind.FAKE, words="Tem trên gói này mờ lắm.", picture=encoded())
    with unit_of_work() as session:
        report = open_report(session, session.get_one(Product, product), told, NOON).id
    answered(report, NOON - CONTACT_KEPT_FOR - timedelta(days=1))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 1
    let_contacts_go()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 0
    assert db.session.get_one(Report, report, populate_existing=True).picture_id is None
