"""How zones and sites are written and found alike: under a name of their own, never moved once in use."""

from datetime import datetime
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.database import Base
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.text import one_line
from marketplace.traceability.zones.chain import Facts, facts_of, note_facts, note_zone
from marketplace.traceability.zones.errors import InvalidPlace, PlaceInUse, PlaceNameTaken
from marketplace.traceability.zones.models import MaterialZone, Site, ZoneLine

Kept = TypeVar("Kept", MaterialZone, Site)


def read_line(field: str, text: str | None, longest: int) -> str | None:
    """Return one line, or None for nothing; raises InvalidPlace for more than the `longest` letters."""
    line = one_line(text)
    if len(line) > longest:
        raise InvalidPlace(field=field, most=longest)
    return line or None


def read_required(field: str, text: str, longest: int) -> str:
    """Return one line that is not empty; raises InvalidPlace."""
    line = read_line(field, text, longest)
    if line is None:
        raise InvalidPlace(field=field)
    return line


def change(session: Session, place: MaterialZone | Site, columns: dict[str, Any]) -> Facts | None:
    """Give a zone or site other facts; return what `hold` does.

    Raises PlaceInUse for another commune than lots and events know.
    """
    before = hold(session, place)
    if columns["commune_id"] != place.commune_id and is_used(session, place):
        raise PlaceInUse(name=place.name)
    for name, value in columns.items():
        setattr(place, name, value)
    return before


def hold(session: Session, place: MaterialZone | Site) -> Facts | None:
    """Have whoever else changes a zone or site wait, and see what they did.

    Return what a zone from before there were chains was until now, for `write` to begin its chain with.
    Nothing is written here: the register comes after the zone, as for who records an event that names it.
    """
    same = sa.select(type(place)).where(type(place).id == place.id).with_for_update(key_share=True)
    session.execute(same.execution_options(populate_existing=True)).one()
    return facts_of(place) if isinstance(place, MaterialZone) and not place.chain_length else None


def is_used(session: Session, place: MaterialZone | Site) -> bool:
    """Say whether anything refers to a zone or site, whatever room that is of."""
    held = [sa.exists().where(column == place.id) for column in _references(place)]
    return bool(session.scalar(sa.select(sa.or_(sa.false(), *held))))


def write(
    session: Session,
    actor: Actor | None,
    producer: Producer,
    place: Kept,
    deed: str,
    at: datetime,
    before: Facts | None = None,
) -> Kept:
    """Write a zone or site, and the deed into the journal; raises PlaceNameTaken.

    `before` is what a zone without a chain was before the deed: its chain begins with it.
    """
    name, table = place.name, place.__tablename__
    try:
        with session.begin_nested():
            session.add(place)
            session.flush()
    except IntegrityError as error:
        raise PlaceNameTaken(name=name) from error
    if isinstance(place, MaterialZone):
        if before is not None:
            note_facts(session, place, before, at, None)
        note_zone(session, place, at, actor.person_id if actor else None)
    journal.record(session, actor, f"{table}:{deed}", table, place.id, scope_of(producer), at=at)
    return place


def get_own(session: Session, kind: type[Kept], number: int, producer_id: int) -> Kept:
    """Return a zone or site of a producer with its units; raises NotFound for those of others."""
    own = sa.select(kind).where(kind.id == number, kind.producer_id == producer_id)
    found = session.scalar(own.options(joinedload(kind.commune), joinedload(kind.province)))
    if found is None:
        raise NotFound(place=number)
    return found


def list_own(session: Session, kind: type[Kept], producer_id: int, *, retired: bool) -> list[Kept]:
    """Return the zones or sites of a producer that are in use, or those that are not, by name."""
    state = kind.retired_at.is_not(None) if retired else kind.retired_at.is_(None)
    own = sa.select(kind).where(kind.producer_id == producer_id, state)
    with_units = own.options(joinedload(kind.commune), joinedload(kind.province))
    return list(session.scalars(with_units.order_by(kind.name, kind.id)))


def _references(place: MaterialZone | Site) -> list[sa.Column[Any]]:
    return [
        column
        for table in Base.metadata.tables.values()
        if table is not ZoneLine.__table__
        for column in table.columns
        if any(key.column.table is place.__table__ for key in column.foreign_keys)
    ]
