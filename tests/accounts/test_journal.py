"""The journal of deeds: written with the deed, chained, never changed, and without anything personal."""

import threading
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace import clock
from marketplace.accounts import anchors, journal
from marketplace.accounts.deed_data import PersonalInJournal, canonical, plain
from marketplace.accounts.deed_guards import guard_statements
from marketplace.accounts.journal import GENESIS, Deed, DeedHead
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.database import WriteOutsideUnitOfWork, db, unit_of_work
from tests.factories.accounts import a_person, an_actor

HTX = Scope(ScopeKind.PRODUCER, 12)
KEY = b"a key of the tests"


class Colour(StrEnum):
    RED = "red"


def record(session: Any, number: int | str = 1, **data: Any) -> None:
    journal.record(session, None, "test:do", "thing", number, at=clock.now(), data=data)


def deeds() -> list[Deed]:
    return list(db.session.execute(sa.select(Deed).order_by(Deed.seq)).scalars())


def findings(*known: anchors.Anchor) -> list[anchors.Finding]:
    db.session.rollback()
    return anchors.verify(db.session(), known, clock.now())


def test_a_deed_says_who_did_what_to_what_and_where(app: Flask) -> None:
    actor = an_actor(7, (HTX, Role.OWNER))
    with unit_of_work() as session:
        data = {"percent": 5, "role": Role.STAFF}
        journal.record(session, actor, "price:change", "listing", 3, HTX, at=clock.now(), data=data)
        journal.record(session, actor, "price:change", "listing", 4, at=clock.now())
    first, second = deeds()
    assert (first.seq, first.actor_id, first.actor_role, first.action) == (1, 7, Role.OWNER, "price:change")
    assert (first.subject_type, first.subject_id, first.org) == ("listing", "3", "producer:12")
    assert first.data == '{"percent":5,"role":"staff"}'
    assert first.at == clock.now()
    assert (first.prev_hash, second.prev_hash) == (GENESIS, first.hash)
    assert (second.actor_role, second.org) == (None, None)
    head = db.session.execute(sa.select(DeedHead)).scalar_one()
    assert (head.seq, head.hash) == (2, second.hash)
    assert findings() == []


def test_a_deed_goes_with_its_transaction(app: Flask) -> None:
    with pytest.raises(KeyError), unit_of_work() as session:
        record(session)
        raise KeyError
    with unit_of_work():
        pass
    assert deeds() == []
    with unit_of_work() as session:
        record(session, 2)
    assert [deed.subject_id for deed in deeds()] == ["2"]


def test_deeds_of_a_savepoint_go_with_it(app: Flask) -> None:
    with unit_of_work() as session:
        record(session, 1)
        outer = session.begin_nested()
        record(session, 2)
        with session.begin_nested():
            record(session, 3)
        outer.rollback()
        with session.begin_nested():
            record(session, 4)
        record(session, 5)
    assert [deed.subject_id for deed in deeds()] == ["1", "4", "5"]
    assert findings() == []


def test_a_deed_outside_a_unit_of_work_is_a_defect(app: Flask) -> None:
    with pytest.raises(WriteOutsideUnitOfWork):
        record(db.session())


def test_the_first_deeds_of_two_at_once_make_one_chain(app: Flask) -> None:
    both = threading.Barrier(2)

    def act(number: int) -> None:
        with app.app_context():
            both.wait()
            for _ in range(5):
                with unit_of_work() as session:
                    record(session, number)

    threads = [threading.Thread(target=act, args=(n,)) for n in (1, 2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [deed.seq for deed in deeds()] == list(range(1, 11))
    assert findings() == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE deed SET action = 'x'",
        "UPDATE deed SET seq = 9 WHERE seq = 1",
        "DELETE FROM deed",
        "DELETE FROM deed WHERE seq = 1",
    ],
)
def test_the_database_refuses_to_change_or_delete(app: Flask, statement: str) -> None:
    with unit_of_work() as session:
        record(session)
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), unit_of_work() as session:
        session.connection().exec_driver_sql(statement)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_sqlite_refuses_to_replace(app: Flask) -> None:
    with unit_of_work() as session:
        record(session)
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), unit_of_work() as session:
        session.connection().exec_driver_sql("INSERT OR REPLACE INTO deed SELECT * FROM deed")


def test_migrations_can_put_the_guards_on_a_table(app: Flask) -> None:
    dialect = db.engine.dialect.name
    with unit_of_work() as session:
        connection = session.connection()
        connection.exec_driver_sql("CREATE TABLE diary (seq INTEGER PRIMARY KEY)")
        for statement in guard_statements(dialect, "diary"):
            connection.exec_driver_sql(statement)
        connection.exec_driver_sql("INSERT INTO diary VALUES (1)")
    try:
        with pytest.raises(sa.exc.DBAPIError, match="diary only grows"), unit_of_work() as session:
            session.connection().exec_driver_sql("DELETE FROM diary")
    finally:
        with unit_of_work() as session:
            session.connection().exec_driver_sql("DROP TABLE diary")


@pytest.mark.parametrize(
    "data",
    [
        {"name": 1},
        {"buyer_email": None},
        {"old_address": 3},
        {"Key": 1},
        {"remark": "bán chạy"},
        {"code": "Nguyễn Văn An"},
        {"code": "a@b.vn"},
        {"lot_code": "0912345678"},
        {"order_number": "+84912345678"},
        {"percent": "5"},
        {"ids": [1, "hai ba"]},
        {"thing": {"a": 1}},
        {"thing": object()},
        {"numbers": list(range(101))},
    ],
)
def test_nothing_personal_and_no_free_text_gets_in(data: dict[str, Any]) -> None:
    with pytest.raises(PersonalInJournal):
        plain(data)


def test_numbers_states_days_and_codes_get_in() -> None:
    data = {
        "percent": 5,
        "share": 0.5,
        "done": True,
        "none": None,
        "colour": Colour.RED,
        "on": date(2026, 11, 21),
        "until": clock.now(),
        "lot_code": "L-2026/11",
        "ids": [3, 1],
        "colours": {Colour.RED},
        "rule": "sign_in",
    }
    assert canonical(plain(data)) == (
        '{"colour":"red","colours":["red"],"done":true,"ids":[3,1],"lot_code":"L-2026/11","none":null,'
        '"on":"2026-11-21","percent":5,"rule":"sign_in","share":0.5,"until":"2026-11-21T05:00:00.000000+00:00"}'
    )


def test_a_subject_is_a_number_or_a_code(app: Flask) -> None:
    with pytest.raises(PersonalInJournal), unit_of_work() as session:
        record(session, "0912345678")
    with pytest.raises(PersonalInJournal), unit_of_work() as session:
        record(session, "an@example.vn")


@given(st.dictionaries(st.sampled_from(["a", "b_code", "c"]), st.integers() | st.booleans(), max_size=3))
def test_the_spelling_is_the_same_whatever_the_order(data: dict[str, Any]) -> None:
    assert canonical(plain(data)) == canonical(plain(dict(reversed(data.items()))))


def anchored(path: Path, at: Any = None) -> list[anchors.Anchor]:
    db.session.rollback()
    anchors.anchor(db.session(), path, KEY, at or clock.now())
    return anchors.read_anchors(path, KEY)


def test_anchors_are_added_when_there_is_something_new(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "kept" / "anchors.jsonl"
    assert anchors.read_anchors(path, KEY) == []
    assert anchors.anchor(db.session(), path, KEY, clock.now()) is None
    with unit_of_work() as session:
        record(session)
    assert [one.seq for one in anchored(path)] == [1]
    assert [one.seq for one in anchored(path)] == [1]
    with unit_of_work() as session:
        record(session)
        record(session)
    known = anchored(path)
    assert [(one.seq, one.signed) for one in known] == [(1, True), (3, True)]
    assert findings(*known) == []
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_forged_or_broken_anchor_is_found(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "anchors.jsonl"
    with unit_of_work() as session:
        record(session)
    anchored(path)
    honest = path.read_text()
    for spoilt in (honest.replace('"seq":1', '"seq":2'), "rubbish\n", "[]\n", "{}\n", '{"seq":1}\n'):
        path.write_text(spoilt)
        assert "anchor_forged" in {one.kind for one in findings(*anchors.read_anchors(path, KEY))}
    path.write_text(honest)
    assert [one.kind for one in findings(*anchors.read_anchors(path, b"another key"))] == ["anchor_forged"]


def test_deeds_that_stay_without_an_anchor_are_found(app: Flask, tmp_path: Path) -> None:
    with unit_of_work() as session:
        record(session)
    later = clock.now() + timedelta(hours=3)
    assert anchors.verify(db.session(), [], later) == [anchors.Finding("not_anchored", 1)]
    known = anchored(tmp_path / "anchors.jsonl")
    assert anchors.verify(db.session(), known, later) == []


def test_what_was_written_with_the_deed_is_there_with_it(app: Flask) -> None:
    with unit_of_work() as session:
        person = a_person(session)
        record(session, person.id)
    assert deeds()[0].subject_id == str(person.id)


def test_a_lost_head_is_found_and_not_mended_in_silence(app: Flask) -> None:
    with unit_of_work() as session:
        record(session)
        session.flush()
    with unit_of_work() as session:
        session.execute(sa.delete(DeedHead))
    assert findings() == [anchors.Finding("head_differs", 1)]
    with pytest.raises(sa.exc.DBAPIError), unit_of_work() as session:
        record(session)


@pytest.mark.parametrize(
    ("statement", "kinds"),
    [
        ("UPDATE deed SET action = 'test:undo' WHERE seq = 2", {"changed"}),
        ("UPDATE deed SET prev_hash = hash WHERE seq = 2", {"changed", "out_of_chain"}),
        ("DELETE FROM deed WHERE seq = 2", {"missing", "out_of_chain"}),
    ],
)
def test_verifying_says_what_is_wrong_and_where(app: Flask, statement: str, kinds: set[str]) -> None:
    with unit_of_work() as session:
        for number in range(3):
            record(session, number)
    with db.engine.connect() as connection, sa.orm.Session(connection) as session:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ALTER TABLE deed DISABLE TRIGGER USER")
        else:
            connection.exec_driver_sql("DROP TRIGGER deed_is_not_changed")
            connection.exec_driver_sql("DROP TRIGGER deed_is_not_deleted")
        connection.exec_driver_sql(statement)
        found = anchors.verify(session, [], clock.now())
        connection.rollback()
    assert {one.kind for one in found} == kinds
    assert {one.seq for one in found} <= {2, 3}
