"""Calling a province's register of a year complete, and taking that back."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.certification.boards.errors import YearNotOver
from marketplace.certification.boards.models import RegisterMark
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit


def close_year(
    session: Session, actor: Actor, unit_id: int, year: int, checked_against: str, at: datetime
) -> None:
    """Hold that a province's register has everything of a year; closing again renews what is said.

    `checked_against` is the paper that its figures were compared with. Raises YearNotOver.
    """
    if clock.local_date(at).year <= year:
        raise YearNotOver(year=year)
    mark = _claim(session, unit_id, year)
    if mark is None:
        mark = RegisterMark(unit_id=unit_id, year=year)
        session.add(mark)
    mark.marked_by, mark.marked_at, mark.checked_against = actor.person_id, at, checked_against
    session.flush()
    _note(session, actor, "register_year:close", unit_id, year, at)


def reopen_year(session: Session, actor: Actor, unit_id: int, year: int, at: datetime) -> None:
    """Take that back: the figures are lower bounds again. Raises NotFound where nothing was closed."""
    mark = _claim(session, unit_id, year)
    if mark is None:
        raise NotFound(year=year)
    session.delete(mark)
    session.flush()
    _note(session, actor, "register_year:reopen", unit_id, year, at)


def list_marks(session: Session, year: int) -> dict[int, RegisterMark]:
    """Return by province which registers are complete for a year."""
    found = session.scalars(sa.select(RegisterMark).where(RegisterMark.year == year))
    return {mark.unit_id: mark for mark in found}


def _claim(session: Session, unit_id: int, year: int) -> RegisterMark | None:
    """Lock the province, so that of two who close at once the second renews what the first said."""
    session.execute(sa.select(AdminUnit.id).where(AdminUnit.id == unit_id).with_for_update())
    return session.get(RegisterMark, (unit_id, year), populate_existing=True)


def _note(session: Session, actor: Actor, deed: str, unit_id: int, year: int, at: datetime) -> None:
    org = Scope(ScopeKind.ADMIN_UNIT, unit_id)
    journal.record(session, actor, deed, "admin_unit", unit_id, org, at=at, data={"year": year})
