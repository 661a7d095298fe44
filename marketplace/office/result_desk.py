"""Results that wait for the province's decision: which sessions they come from, and what can be drafted."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.certification.councils.models import CouncilSession, SessionState
from marketplace.certification.decisions.results import (
    Result,
    last_session,
    list_results,
    of_session,
    sent_back,
    undecided,
)
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.rubrics.stars import Outcome
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.places.models import AdminUnit


@dataclass(frozen=True, slots=True)
class Source:
    """Where results come from, a closed session or the ministry's answers, and how many wait."""

    unit: AdminUnit
    session: CouncilSession | None
    waiting: int


@dataclass(frozen=True, slots=True)
class Results:
    """What waits of one source: what is to be recognised, and what is not."""

    source: Source
    recognised: Sequence[Result]
    others: Sequence[Result]


def list_sources(work: Session, reach: Reach) -> list[Source]:
    """Return the sources with results that no draft names, the newest session first."""
    last = last_session()
    wanted = (
        sa.select(Dossier.province_id, last.label("session_id"), sa.func.count().label("number"))
        .where(_decidable(), to_decide(reach))
        .group_by(Dossier.province_id, last)
    )
    rows = work.execute(wanted).all()
    if not rows:
        return []
    sessions = _sessions(work, [row.session_id for row in rows if row.session_id])
    units = _units(work, [row.province_id for row in rows])
    found = [Source(units[row.province_id], sessions.get(row.session_id), row.number) for row in rows]
    return sorted(found, key=lambda one: one.session.id if one.session else 0, reverse=True)


def results_of_session(work: Session, reach: Reach, session_id: int) -> Results:
    """Return what waits of a closed session of the own provinces; raises NotFound."""
    held = _sessions(work, [session_id]).get(session_id)
    if held is None or not serves(reach, held.council.unit_id):
        raise NotFound
    unit = work.get_one(AdminUnit, held.council.unit_id)
    return _sorted(work, unit, held, sa.and_(of_session(session_id), undecided(), to_decide(reach)))


def results_of_ministry(work: Session, reach: Reach, unit_id: int) -> Results:
    """Return what the ministry sent back to a province of one's own; raises NotFound."""
    unit = work.get(AdminUnit, unit_id)
    if unit is None or not serves(reach, unit_id):
        raise NotFound
    return _sorted(work, unit, None, sa.and_(sent_back(unit_id), undecided(), to_decide(reach)))


def waiting_results(reach: Reach) -> sa.Select[Dossier]:
    """Return the dossiers of the own provinces whose results no draft names."""
    return sa.select(Dossier).where(_decidable(), to_decide(reach))


def to_decide(reach: Reach) -> sa.ColumnElement[bool]:
    """Return whether a dossier's result is the actor's to draft from."""
    strangers = sa.and_(Dossier.producer_id.not_in(reach.own_producers), reach.without_conflict())
    return strangers if reach.everywhere else sa.and_(strangers, Dossier.province_id.in_(reach.provinces))


def serves(reach: Reach, unit_id: int) -> bool:
    """Return whether decisions of a province are the actor's to draft."""
    return reach.everywhere or unit_id in reach.provinces


def _decidable() -> sa.ColumnElement[bool]:
    """Return whether a decision of the province may be drafted from a dossier's result now."""
    of_closed = sa.and_(Dossier.state == DossierState.EVALUATED, last_session().is_not(None))
    from_ministry = sa.and_(Dossier.state == DossierState.SENT_BACK, Dossier.outcome != Outcome.PROPOSED)
    return sa.and_(sa.or_(of_closed, from_ministry), undecided())


def _sorted(
    work: Session, unit: AdminUnit, held: CouncilSession | None, within: sa.ColumnElement[bool]
) -> Results:
    found = list_results(work, within)
    return Results(
        Source(unit, held, len(found)),
        [one for one in found if one.stars is not None],
        [one for one in found if one.stars is None],
    )


def _sessions(work: Session, ids: Sequence[int]) -> dict[int, CouncilSession]:
    wanted = sa.select(CouncilSession).where(
        CouncilSession.id.in_(ids), CouncilSession.state == SessionState.CLOSED
    )
    loaded = wanted.options(joinedload(CouncilSession.council))
    return {one.id: one for one in work.execute(loaded).scalars()}


def _units(work: Session, ids: Sequence[int]) -> dict[int, AdminUnit]:
    wanted = sa.select(AdminUnit).where(AdminUnit.id.in_(ids))
    return {unit.id: unit for unit in work.execute(wanted).scalars()}
