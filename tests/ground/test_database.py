"""The one way to write, and what happens to those who try another."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import jobs, register
from marketplace.database import WriteOutsideUnitOfWork, db, unit_of_work
from marketplace.jobs import Job
from marketplace.sales_points.models import SalesPoint


def a_point() -> SalesPoint:
    return SalesPoint(slug="quay", name="Quầy", name_key="quay")


def test_a_flush_outside_a_unit_of_work_is_an_error(app: Flask) -> None:
    db.session.add(a_point())
    with pytest.raises(WriteOutsideUnitOfWork):
        db.session.flush()
    db.session.rollback()


def test_a_statement_outside_a_unit_of_work_is_an_error(app: Flask) -> None:
    with pytest.raises(WriteOutsideUnitOfWork):
        db.session.execute(sa.delete(Job))


def test_units_of_work_do_not_nest(app: Flask) -> None:
    with pytest.raises(WriteOutsideUnitOfWork), unit_of_work(), unit_of_work():
        pass


def test_an_exception_leaves_nothing_behind(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        session.add(a_point())
        session.flush()
        raise ZeroDivisionError
    assert db.session.execute(sa.select(sa.func.count()).select_from(SalesPoint)).scalar_one() == 0


def test_instants_come_back_aware_and_naive_ones_are_refused(app: Flask) -> None:
    with unit_of_work() as session:
        jobs.put(session, "nothing")
    due = db.session.execute(sa.select(Job.due_at)).scalar_one()
    assert due == datetime(2026, 11, 21, 5, tzinfo=UTC)
    with pytest.raises(sa.exc.StatementError), unit_of_work() as session:
        session.add(Job(kind="x", payload={}, due_at=datetime(2026, 1, 1)))  # noqa: DTZ001


def test_a_public_change_raises_the_register_version_once_a_transaction(app: Flask) -> None:
    with unit_of_work() as session:
        session.execute(sa.delete(register.RegisterVersion))
    assert register.current_version() == 0
    with unit_of_work() as session:
        session.add(a_point())
        session.flush()
        register.raise_version(session)
    assert register.current_version() == 1
    with unit_of_work() as session:
        jobs.put(session, "nothing")
    assert register.current_version() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO person (id, name, created_at) VALUES (1, :word, '2026-11-21')",
        "SELECT CAST(:word AS integer) / 0 FROM no_such_table",
        "SELECT CAST(CAST(:word AS text) AS integer) / 0",
    ],
)
def test_errors_of_the_database_quote_no_rows(app: Flask, statement: str) -> None:
    told = ""
    try:
        with unit_of_work() as session:
            session.execute(sa.text(statement), {"word": "Chim Hoàng Yến"})
    except sa.exc.DBAPIError as error:
        told = f"{error} {error.orig} {error.args}"
    assert "Chim" not in told
    assert told or db.engine.dialect.name == "sqlite"
