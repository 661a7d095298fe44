"""Bringing the shipped administrative units into the database."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.places.facts import Shipped, UnitFact
from marketplace.places.models import AdminSuccession, AdminUnit, Level
from marketplace.places.names import name_key
from marketplace.places.shipped import read_shipped
from marketplace.register import raise_version
from marketplace.text import slugify

_COLUMNS = (
    "code", "level", "kind", "name", "slug", "name_key", "parent_id", "valid_from", "valid_to", "ended",
    "lat", "lon", "source", "note",
)  # fmt: skip


def load_units(session: Session, shipped: Shipped | None = None) -> int:
    """Bring the units and their successions into the database; return how many rows were written.

    Loading again writes nothing (0). Units are known by `key`; none is ever deleted, because
    addresses point at them.
    """
    shipped = shipped or read_shipped()
    written = 0
    for level in (Level.PROVINCE, Level.DISTRICT, Level.COMMUNE):
        written += _write_level(session, [unit for unit in shipped.units.values() if unit.level is level])
    written += _write_successions(session, shipped.successors)
    if written:
        raise_version(session)
    return written


def _ids(session: Session) -> dict[str, int]:
    return {row.key: row.id for row in session.execute(sa.select(AdminUnit.key, AdminUnit.id))}


def _write_level(session: Session, units: list[UnitFact]) -> int:
    ids = _ids(session)
    table = AdminUnit.__table__
    stored = {row.id: row for row in session.execute(sa.select(table))}
    new, changed = [], []
    for unit in units:
        values = _values(unit, ids)
        if unit.key not in ids:
            new.append({"key": unit.key, **values})
        elif any(getattr(stored[ids[unit.key]], column) != values[column] for column in _COLUMNS):
            changed.append({"id": ids[unit.key], **values})
    if new:
        session.execute(sa.insert(AdminUnit), new)
    if changed:
        session.execute(sa.update(AdminUnit), changed)
    return len(new) + len(changed)


def _values(unit: UnitFact, ids: Mapping[str, int]) -> dict[str, Any]:
    return {
        "code": unit.code,
        "level": unit.level,
        "kind": unit.kind,
        "name": unit.name,
        "slug": slugify(unit.name),
        "name_key": name_key(unit.name),
        "parent_id": ids[unit.parent] if unit.parent else None,
        "valid_from": unit.valid_from,
        "valid_to": unit.valid_to,
        "ended": unit.ended,
        "lat": unit.lat,
        "lon": unit.lon,
        "source": unit.source,
        "note": unit.note,
    }


def _write_successions(session: Session, successors: Mapping[str, tuple[str, ...]]) -> int:
    ids = _ids(session)
    wanted = {
        (ids[former], ids[later]): place == 0
        for former, found in successors.items()
        for place, later in enumerate(found)
    }
    stored = {
        (row.predecessor_id, row.successor_id): row.main
        for row in session.execute(sa.select(AdminSuccession.__table__))
    }
    stale = [pair for pair, main in stored.items() if wanted.get(pair) != main]
    for predecessor, successor in stale:
        session.execute(
            sa.delete(AdminSuccession).where(
                AdminSuccession.predecessor_id == predecessor, AdminSuccession.successor_id == successor
            )
        )
    new = [
        {"predecessor_id": pair[0], "successor_id": pair[1], "main": main}
        for pair, main in wanted.items()
        if stored.get(pair) != main
    ]
    if new:
        session.execute(sa.insert(AdminSuccession), new)
    return len(stale) + len(new)
