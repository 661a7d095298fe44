"""Rounds of evaluation (đợt đánh giá): opened, changed, closed again while empty, and suggested by a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts.journal import record
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.certification.dossiers.errors import InvalidRound, RoundInUse, RoundOnRecord
from marketplace.certification.dossiers.models import Dossier, DossierState, DossierStep, EvaluationRound
from marketplace.certification.renewal import MINISTRY_ROUNDS, ROUNDS, next_round

FIRST_YEAR, LAST_YEAR = 2026, 2100
MOST_IN_A_YEAR = 99
_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundFacts:
    """What a round is: its number within the year, until when it takes dossiers, when it is decided by."""

    year: int
    number: int
    intake_until: date
    decided_by: date


@dataclass(frozen=True, slots=True)
class RoundWithCount:
    """A round with how many dossiers it holds, and how many of them came to an end."""

    round: EvaluationRound
    dossiers: int
    ended: int


def usual_rounds(year: int) -> list[RoundFacts]:
    """Return the two rounds that a province holds at least each year (Decision 26/2026/QĐ-TTg, article 7).

    What is proposed before 30 April is decided before 30 June, before 30 October before 30 December: each
    last day is the one before.
    """
    return [
        RoundFacts(
            year=year,
            number=number,
            intake_until=date(year, *proposed) - _DAY,
            decided_by=date(year, *decided) - _DAY,
        )
        for number, (proposed, decided) in enumerate(ROUNDS, start=1)
    ]


def ministry_round(day: date) -> tuple[date, date]:
    """Return the ministry's round for what is sent on a day: its last days for intake and for the decision.

    Article 7: what is sent before 30 July is decided before 30 September, before 30 January before 30 March.
    """
    sent, decided = next_round(day, MINISTRY_ROUNDS)
    return sent - _DAY, decided - _DAY


def next_ministry_rounds(day: date) -> list[tuple[date, date]]:
    """Return the ministry's next two rounds from a day on, as `ministry_round` tells them."""
    first = ministry_round(day)
    return [first, ministry_round(first[0] + _DAY)]


def open_round(
    session: Session, actor: Actor, unit_id: int, facts: RoundFacts, at: datetime
) -> EvaluationRound:
    """Open a round of a province; raises InvalidRound, and RoundOnRecord where its number is taken."""
    _require_sound(facts)
    taken = sa.select(EvaluationRound.id).where(
        EvaluationRound.unit_id == unit_id,
        EvaluationRound.year == facts.year,
        EvaluationRound.number == facts.number,
    )
    if session.scalar(taken) is not None:
        raise RoundOnRecord(year=facts.year, number=facts.number)
    opened = EvaluationRound(
        unit_id=unit_id,
        year=facts.year,
        number=facts.number,
        intake_until=facts.intake_until,
        decided_by=facts.decided_by,
    )
    session.add(opened)
    session.flush()
    _record(session, actor, "round:open", opened, at)
    return opened


def move_round(
    session: Session,
    actor: Actor,
    opened: EvaluationRound,
    intake_until: date,
    decided_by: date,
    at: datetime,
) -> None:
    """Give a round other days; raises InvalidRound."""
    _require_days(opened.year, intake_until, decided_by)
    opened.intake_until, opened.decided_by = intake_until, decided_by
    _record(session, actor, "round:move", opened, at)


def remove_round(session: Session, actor: Actor, opened: EvaluationRound, at: datetime) -> None:
    """Take an empty round away; raises RoundInUse where a dossier or a session is in it."""
    in_use = RoundInUse(year=opened.year, number=opened.number)
    _record(session, actor, "round:remove", opened, at)
    try:
        with session.begin_nested():
            session.delete(opened)
            session.flush()
    except IntegrityError as refused:
        raise in_use from refused


def list_rounds(session: Session, *within: sa.ColumnElement[bool]) -> list[RoundWithCount]:
    """Return rounds with how many dossiers they hold, the newest first."""
    ended = sa.case((Dossier.state.in_([state for state in DossierState if state.ended]), 1))
    counts = (
        sa.select(Dossier.round_id, sa.func.count().label("all"), sa.func.count(ended).label("ended"))
        .group_by(Dossier.round_id)
        .subquery()
    )
    wanted = (
        sa.select(EvaluationRound, sa.func.coalesce(counts.c.all, 0), sa.func.coalesce(counts.c.ended, 0))
        .outerjoin(counts, counts.c.round_id == EvaluationRound.id)
        .where(*within)
        .options(joinedload(EvaluationRound.unit))
        .order_by(EvaluationRound.year.desc(), EvaluationRound.number.desc(), EvaluationRound.id)
    )
    return [RoundWithCount(*row) for row in session.execute(wanted)]


def list_open_rounds(session: Session, unit_id: int, day: date) -> list[EvaluationRound]:
    """Return a province's rounds that are not decided yet on a day, that decided first on top."""
    wanted = sa.select(EvaluationRound).where(
        EvaluationRound.unit_id == unit_id, EvaluationRound.decided_by >= day
    )
    return list(session.scalars(wanted.order_by(EvaluationRound.decided_by, EvaluationRound.id)))


def proposed_on(session: Session, dossier: Dossier) -> date:
    """Return the day on which the commune first proposed a dossier: what is completed later keeps it.

    For one that was not proposed yet it is the day since which it is where it is.
    """
    first = sa.select(sa.func.min(DossierStep.at)).where(
        DossierStep.dossier_id == dossier.id, DossierStep.state == DossierState.FORWARDED
    )
    return clock.local_date(session.scalar(first) or dossier.since)


def suggest_round(rounds: Iterable[EvaluationRound], proposed_on: date) -> EvaluationRound | None:
    """Return the first round that still took dossiers on the day one was proposed, None where none did."""
    taking = [one for one in rounds if proposed_on <= one.intake_until]
    return min(taking, key=lambda one: (one.intake_until, one.id), default=None)


def _require_sound(facts: RoundFacts) -> None:
    if not FIRST_YEAR <= facts.year <= LAST_YEAR:
        raise InvalidRound(field="year")
    if not 1 <= facts.number <= MOST_IN_A_YEAR:
        raise InvalidRound(field="number")
    _require_days(facts.year, facts.intake_until, facts.decided_by)


def _require_days(year: int, intake_until: date, decided_by: date) -> None:
    if intake_until.year not in {year, year - 1}:
        raise InvalidRound(field="intake_until")
    if decided_by < intake_until or decided_by.year not in {year, year + 1}:
        raise InvalidRound(field="decided_by")


def _record(session: Session, actor: Actor, action: str, opened: EvaluationRound, at: datetime) -> None:
    data = {
        "year": opened.year,
        "number": opened.number,
        "intake_until": opened.intake_until,
        "decided_by": opened.decided_by,
    }
    scope = Scope(ScopeKind.ADMIN_UNIT, opened.unit_id)
    record(session, actor, action, "evaluation_round", opened.id, scope, at=at, data=data)
