"""Sessions: planned, opened for scoring, and who sits in them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.agenda import planned_session, require_ready
from marketplace.certification.councils.bench import Bench, drop_sheets, record_involved
from marketplace.certification.councils.errors import (
    AbsentHasSigned,
    NoLeader,
    NoQuorum,
    NothingToScore,
    SessionNotScoring,
)
from marketplace.certification.councils.founding import lock_council, note, words_of
from marketplace.certification.councils.models import (
    Council,
    CouncilSession,
    Position,
    Seat,
    SessionState,
)
from marketplace.certification.councils.queries import RUNNERS, list_sitting, lock_cases, lock_session
from marketplace.certification.councils.reveal import reveal_when_in
from marketplace.certification.dossiers.flow import move
from marketplace.certification.dossiers.models import Dossier, DossierState, EvaluationRound
from marketplace.certification.dossiers.sheet_models import SheetRow
from marketplace.errors import NotFound


@dataclass(frozen=True, kw_only=True, slots=True)
class Planning:
    """When and where a session meets; `written` is one whose members send in their opinions."""

    meets_at: datetime
    place: str
    written: bool = False
    round_id: int | None = None


def plan_session(
    session: Session, actor: Actor, council_id: int, told: Planning, at: datetime
) -> CouncilSession:
    """Plan a session of a council in which everybody of it sits; numbers count within a year.

    Raises NotFound, CouncilEnded and InvalidCouncil.
    """
    council = lock_council(session, actor, council_id)
    year = clock.local_date(told.meets_at).year
    kept_round = _round(session, council, told.round_id)
    last = sa.select(sa.func.max(CouncilSession.number)).where(
        CouncilSession.council_id == council.id, CouncilSession.year == year
    )
    planned = CouncilSession(
        council_id=council.id,
        round_id=kept_round,
        year=year,
        number=(session.execute(last).scalar() or 0) + 1,
        meets_at=told.meets_at,
        place=words_of(told.place, "place", 200),
        written=told.written,
        state=SessionState.PLANNED,
    )
    session.add(planned)
    session.flush()
    sitting = list_sitting(session, council.id)
    session.add_all(Seat(session_id=planned.id, member_id=one.id) for one in sitting)
    session.flush()
    note(session, actor, council.id, "plan", at, session_id=planned.id)
    return planned


def open_session(session: Session, actor: Actor, session_id: int, at: datetime) -> CouncilSession:
    """Begin scoring: who sits in the session and what comes before it is fixed from now on.

    More than half of the council's members sit in it, its chair or a deputy among them, and so many are
    left over each dossier. Raises NotFound, SessionNotPlanned, NothingToScore, NoLeader, NoQuorum and
    NotReadyForCouncil.
    """
    planned = planned_session(session, actor, session_id, *RUNNERS)
    cases = lock_cases(session, planned.id)
    if not cases:
        raise NothingToScore
    for case in cases:
        dossier = session.get_one(Dossier, case.dossier_id, populate_existing=True)
        require_ready(dossier)
        bench = record_involved(session, actor, planned.id, dossier, at)
        _require_bench(session, planned.council_id, bench, dossier)
        move(session, actor, dossier, DossierState.IN_COUNCIL, at)
    planned.state, planned.opened_at = SessionState.SCORING, at
    session.flush()
    note(session, actor, planned.council_id, "open", at, session_id=planned.id)
    return planned


def excuse_member(session: Session, actor: Actor, session_id: int, member_id: int, at: datetime) -> None:
    """Take a member who is not there out of a session; not one who signed anything in it.

    Sheets of others may be all in then. Raises NotFound, SessionNotScoring and AbsentHasSigned.
    """
    held = lock_session(session, actor, session_id)
    if held.state is SessionState.CLOSED:
        raise SessionNotScoring
    cases = lock_cases(session, held.id)
    seat = session.get(Seat, (held.id, member_id))
    if seat is None:
        raise NotFound
    own = sa.select(SheetRow).where(SheetRow.session_id == held.id, SheetRow.member_id == member_id)
    discussed = SheetRow.dossier_id.in_([case.dossier_id for case in cases if case.words])
    if session.execute(own.where(SheetRow.signed_at.is_not(None) | discussed).limit(1)).first():
        raise AbsentHasSigned
    drop_sheets(session, own)
    session.delete(seat)
    session.flush()
    note(session, actor, held.council_id, "excuse", at, session_id=held.id, member_id=member_id)
    if held.state is SessionState.SCORING:
        for case in cases:
            reveal_when_in(session, actor, held.council_id, case, at)


def call_member(session: Session, actor: Actor, session_id: int, member_id: int, at: datetime) -> None:
    """Give a member of the council a place in a planned session; raises NotFound, SessionNotPlanned."""
    planned = planned_session(session, actor, session_id)
    if member_id not in {one.id for one in list_sitting(session, planned.council_id)}:
        raise NotFound
    if session.get(Seat, (planned.id, member_id)) is None:
        session.add(Seat(session_id=planned.id, member_id=member_id))
        session.flush()
    note(session, actor, planned.council_id, "call", at, session_id=planned.id, member_id=member_id)


def _require_bench(session: Session, council_id: int, bench: Bench, dossier: Dossier) -> None:
    """Refuse a session without a leader, and one that too few of the council are left in."""
    if not any(one.position in {Position.CHAIR, Position.DEPUTY} for one in bench.voting):
        raise NoLeader
    voting = [one for one in list_sitting(session, council_id) if one.position is not Position.SECRETARY]
    if 2 * len(bench.voting) <= len(voting):
        raise NoQuorum(number=dossier.code, scorers=len(bench.voting), seats=len(voting))
    require_quorum(bench, dossier)


def require_quorum(bench: Bench, dossier: Dossier) -> None:
    """Go on only when more than half of the seats are left to score a dossier; raises NoQuorum."""
    if not bench.quorate:
        raise NoQuorum(number=dossier.code, scorers=len(bench.scorers), seats=len(bench.voting))


def _round(session: Session, council: Council, round_id: int | None) -> int | None:
    """Return the round where it is one of the council's province; raises NotFound."""
    if round_id is None:
        return None
    kept = session.get(EvaluationRound, round_id)
    if kept is None or kept.unit_id != council.unit_id:
        raise NotFound
    return kept.id
