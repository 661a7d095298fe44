"""S18: whatever somebody who owns the database does to the journal of deeds, it shows."""

from collections.abc import Callable
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import anchors, journal
from marketplace.accounts.journal import GENESIS, Deed, DeedHead, chained
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.database import db, unit_of_work
from tests.drills import Outcome, Run, drill
from tests.factories.accounts import an_actor

DEEDS = 40
KEY = anchors.anchor_key("a secret of the drill that is long enough")
HTX = Scope(ScopeKind.PRODUCER, 7)
Row = dict[str, Any]
Tampering = Callable[[Random, list[Row]], list[Row]]
_COLUMNS = sa.inspect(Deed).local_table.columns


def edit(chance: Random, rows: list[Row]) -> list[Row]:
    """Change one value of one row."""
    row = chance.choice(rows)
    row.update(chance.choice(_changes(chance)))
    return rows


def edit_and_hash(chance: Random, rows: list[Row]) -> list[Row]:
    """Change a row and give it the hash that goes with it."""
    row = chance.choice(rows)
    row.update(chance.choice(_changes(chance)))
    row["hash"] = journal.hash_of(row)
    return rows


def delete(chance: Random, rows: list[Row]) -> list[Row]:
    """Delete a row before the last."""
    del rows[chance.randrange(len(rows) - 1)]
    return rows


def delete_and_renumber(chance: Random, rows: list[Row]) -> list[Row]:
    """Delete a row and close the gap in the numbers."""
    return [{**row, "seq": seq} for seq, row in enumerate(delete(chance, rows), 1)]


def insert(chance: Random, rows: list[Row]) -> list[Row]:
    """Put a row in between, with a hash of its own that is right."""
    place = chance.randrange(len(rows))
    before = rows[place - 1]["hash"] if place else GENESIS
    forged = chained([{**rows[place], "subject_id": "666"}], place, before)
    later = [{**row, "seq": row["seq"] + 1} for row in rows[place:]]
    return [*rows[:place], *forged, *later]


def swap(chance: Random, rows: list[Row]) -> list[Row]:
    """Exchange two rows, numbers apart."""
    one, other = chance.sample(range(len(rows)), 2)
    rows[one], rows[other] = rows[other], rows[one]
    return [{**row, "seq": seq} for seq, row in enumerate(rows, 1)]


def cut_tail(chance: Random, rows: list[Row]) -> list[Row]:
    """Delete the newest rows."""
    return rows[: -chance.randrange(1, len(rows))]


def rewrite(chance: Random, rows: list[Row]) -> list[Row]:
    """Change a row and write the whole chain anew, every hash right."""
    chance.choice(rows)["subject_id"] = str(chance.randrange(10**6, 10**9))
    return chained(rows, 0, GENESIS)


def clone(chance: Random, rows: list[Row]) -> list[Row]:
    """Go on from an earlier copy of the database as if nothing had happened since."""
    kept = cut_tail(chance, rows)
    fresh = [{**row, "subject_id": str(chance.randrange(10**6, 10**9))} for row in rows[len(kept) :]]
    seq, last = (kept[-1]["seq"], kept[-1]["hash"]) if kept else (0, GENESIS)
    return [*kept, *chained(fresh, seq, last)]


def empty(chance: Random, rows: list[Row]) -> list[Row]:
    """Begin anew."""
    return []


TAMPERINGS: list[Tampering] = [
    edit,
    edit_and_hash,
    delete,
    delete_and_renumber,
    insert,
    swap,
    cut_tail,
    rewrite,
    clone,
    empty,
]


@drill("S18", bar="0 changes of the journal undetected")
def tampering_shows(run: Run) -> Outcome:
    """Tamper with a journal in ten ways, head row and hashes mended where that helps; verify each time.

    The control has no anchors: then a cut tail, a chain written anew and a clone go unseen.
    """
    times = run.count(short=60, full=1000)
    with run.application():
        path = run.folder / "anchors.jsonl"
        _keep_journal(path)
        known = anchors.read_anchors(path, KEY) if run.guarded else []
        sound = anchors.verify(db.session(), known, clock.now()) == []
        db.session.rollback()
        missed: dict[str, int] = {}
        for number in range(times):
            tampering = TAMPERINGS[number % len(TAMPERINGS)]
            if not _is_seen(tampering, run.random, known):
                missed[tampering.__name__] = missed.get(tampering.__name__, 0) + 1
    got = {"mutations": times, "undetected": sum(missed.values()), "missed": missed, "sound_before": sound}
    return Outcome(got, ok=sound and not missed)


def _keep_journal(path: Any) -> None:
    owner = an_actor(3, (HTX, Role.OWNER))
    for number in range(1, DEEDS + 1):
        with unit_of_work() as session:
            data = {"percent": number, "lot_code": f"L{number}"}
            journal.record(session, owner, "price:change", "listing", number, HTX, at=clock.now(), data=data)
        if number % 10 == 0:
            anchors.anchor(db.session(), path, KEY, clock.now())


def _disarm(connection: sa.Connection) -> None:
    """Take the triggers away, as whoever owns the database can; the rollback brings them back."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE deed DISABLE TRIGGER USER")
        return
    for name in ("changed", "deleted", "replaced"):
        connection.exec_driver_sql(f"DROP TRIGGER deed_is_not_{name}")


def _is_seen(tampering: Tampering, chance: Random, known: list[anchors.Anchor]) -> bool:
    with db.engine.connect() as connection, Session(connection) as session:
        _disarm(connection)
        found = connection.execute(sa.select(*_COLUMNS).order_by(Deed.seq)).mappings()
        before = [dict(row) for row in found]
        after = tampering(chance, [dict(row) for row in before])
        assert after != before, f"{tampering.__name__} changed nothing"
        connection.execute(sa.delete(Deed))
        if after:
            connection.execute(sa.insert(Deed), after)
        last = after[-1] if after else {"seq": 0, "hash": GENESIS}
        connection.execute(sa.update(DeedHead).values(seq=last["seq"], hash=last["hash"]))
        seen = bool(anchors.verify(session, known, clock.now()))
        connection.rollback()
    return seen


def _changes(chance: Random) -> list[Row]:
    return [
        {"actor_id": chance.randrange(100, 999)},
        {"actor_role": Role.ADMINISTRATOR},
        {"action": "price:keep"},
        {"subject_type": "product"},
        {"subject_id": str(chance.randrange(100, 999))},
        {"org": f"producer:{chance.randrange(100, 999)}"},
        {"data": f'{{"percent":{chance.randrange(100, 999)}}}'},
        {"at": clock.now().replace(year=2025)},
        {"prev_hash": f"{chance.randrange(16**64):064x}"},
    ]
