"""Calling a period complete, opening it again, evidence, and the books of a plan."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, register
from marketplace.accounts.journal import Deed
from marketplace.accounts.permissions import Actor
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.programme.actions import add_evidence, close_period, remove_evidence, reopen_period
from marketplace.programme.asset_models import FlagshipProduct
from marketplace.programme.books import Book, count_facts, list_facts, strike_out, write_down
from marketplace.programme.errors import AlreadyRecorded, NothingToClose, PeriodNotOver
from marketplace.programme.models import Compare, Evidence, PeriodMark, Programme, Target
from marketplace.programme.queries import get_plan
from tests.factories import accounts
from tests.factories.catalogue import a_product
from tests.factories.places import make_province
from tests.factories.programme import a_programme, a_target


@pytest.fixture
def plan(app: Flask) -> Programme:
    with unit_of_work() as session:
        programme = a_programme(session, make_province(session))
        a_target(session, programme, "T1")
        a_target(session, programme, "T2", compare=Compare.NONE)
        a_target(session, programme, "T3", period_end=clock.today())
        accounts.a_person(session)
    return programme


def actor() -> Actor:
    return Actor(db.session.scalars(sa.text("SELECT id FROM person")).one())


def target(plan: Programme, code: str) -> Target:
    return db.session.scalars(
        sa.select(Target).where(Target.programme_id == plan.id, Target.code == code)
    ).one()


def close(plan: Programme, code: str, paper: str = "Báo cáo 9") -> None:
    with unit_of_work() as session:
        close_period(session, actor(), target(plan, code), plan.unit_id, paper, clock.now())


def test_a_closed_period_is_told_by_whom_and_against_what(plan: Programme) -> None:
    before = register.current_version()
    close(plan, "T1")
    close(plan, "T1", "Báo cáo 10")
    [figure, *_] = get_plan(plan.slug).figures
    assert figure.complete
    assert figure.target.mark is not None
    assert figure.target.mark.checked_against == "Báo cáo 10"
    assert figure.target.mark.marked_by == actor().person_id
    assert register.current_version() > before
    deeds = db.session.scalars(sa.select(Deed.action).order_by(Deed.seq)).all()
    assert list(deeds) == ["programme_target:close"] * 2


def test_two_officers_at_once_leave_one_mark(app: Flask, plan: Programme) -> None:
    row, office, acting = target(plan, "T1").id, plan.unit_id, actor()
    db.session.rollback()
    together = Barrier(4)

    def close_it(number: int) -> None:
        with app.app_context():
            together.wait()
            with unit_of_work() as session:
                one = session.get_one(Target, row)
                close_period(session, acting, one, office, f"Báo cáo {number}", clock.now())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(close_it, range(4)))
    assert len(db.session.scalars(sa.select(PeriodMark)).all()) == 1


def test_nothing_is_closed_early_or_without_a_number(plan: Programme) -> None:
    with pytest.raises(PeriodNotOver):
        close(plan, "T3")
    with pytest.raises(NothingToClose):
        close(plan, "T2")
    assert db.session.scalars(sa.select(PeriodMark)).all() == []


def test_what_was_closed_opens_again_once(plan: Programme) -> None:
    close(plan, "T1")
    with unit_of_work() as session:
        reopen_period(session, actor(), target(plan, "T1"), plan.unit_id, clock.now())
    assert not get_plan(plan.slug).figures[0].complete
    with pytest.raises(NotFound), unit_of_work() as session:
        reopen_period(session, actor(), target(plan, "T1"), plan.unit_id, clock.now())


def test_evidence_belongs_to_its_row(plan: Programme) -> None:
    with unit_of_work() as session:
        row = target(plan, "T2")
        add_evidence(
            session, actor(), row, plan.unit_id, "Mở lớp", date(2024, 3, 1), "Báo cáo 2", clock.now()
        )
    [found] = db.session.scalars(sa.select(Evidence)).all()
    with pytest.raises(NotFound), unit_of_work() as session:
        remove_evidence(session, actor(), target(plan, "T1"), found.id, plan.unit_id, clock.now())
    with unit_of_work() as session:
        remove_evidence(session, actor(), target(plan, "T2"), found.id, plan.unit_id, clock.now())
    assert db.session.scalars(sa.select(Evidence)).all() == []


def test_a_fact_is_written_once_and_struck_out_of_its_own_book(plan: Programme) -> None:
    def name_flagship(session: Any, product_id: int) -> None:
        fact = FlagshipProduct(product_id=product_id, named_on=date(2024, 1, 1), source="QĐ 1")
        write_down(session, actor(), plan, fact, plan.unit_id, clock.now())

    with unit_of_work() as session:
        product = a_product(session)
        name_flagship(session, product.id)
        other = a_programme(session, make_province(session, "Quảng Trị"))
    with pytest.raises(AlreadyRecorded), unit_of_work() as session:
        name_flagship(session, product.id)
    [fact] = list_facts(db.session(), plan, Book.FLAGSHIPS)
    assert count_facts(db.session(), plan)[Book.FLAGSHIPS] == 1
    with pytest.raises(NotFound), unit_of_work() as session:
        strike_out(session, actor(), other, Book.FLAGSHIPS, fact.id, plan.unit_id, clock.now())
    with unit_of_work() as session:
        strike_out(session, actor(), plan, Book.FLAGSHIPS, fact.id, plan.unit_id, clock.now())
    assert list_facts(db.session(), plan, Book.FLAGSHIPS) == []
