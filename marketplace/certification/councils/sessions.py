"""Sessions: planned, opened for scoring, and who sits in them."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.agenda import planned_session, require_ready
from marketplace.certification.councils.bench import (
    LEADERS,
    Bench,
    bench_of,
    drop_sheets,
    record_involved,
    refuse_conflicted,
)
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
    CouncilMember,
    CouncilSession,
    Position,
    Seat,
    SessionDossier,
    SessionState,
)
from marketplace.certification.councils.queries import (
    RUNNERS,
    list_sitting,
    lock_cases,
    lock_session,
)
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
    seats = _count_seats(session, planned)
    for case in cases:
        dossier = session.get_one(Dossier, case.dossier_id, populate_existing=True)
        require_ready(dossier)
        bench = record_involved(session, actor, planned.id, dossier, at)
        _require_bench(bench, seats, dossier)
        move(session, actor, dossier, DossierState.IN_COUNCIL, at)
    planned.state, planned.opened_at = SessionState.SCORING, at
    session.flush()
    note(session, actor, planned.council_id, "open", at, session_id=planned.id)
    return planned


def excuse_member(session: Session, actor: Actor, session_id: int, member_id: int, at: datetime) -> None:
    """Take a member who is not there out of a session; not one who signed anything in it.

    Sheets of others may be all in then. Once scoring has begun, who is left has to be enough for every
    dossier without a result, as when it began. Raises NotFound, SessionNotScoring, ConflictedMember,
    AbsentHasSigned, NoLeader and NoQuorum.
    """
    held = lock_session(session, actor, session_id)
    if held.state is SessionState.CLOSED:
        raise SessionNotScoring
    cases = lock_cases(session, held.id)
    seat = session.get(Seat, (held.id, member_id))
    if seat is None:
        raise NotFound
    pending = [case for case in cases if case.closed_at is None]
    for case in pending:
        refuse_conflicted(session, actor, session.get_one(Dossier, case.dossier_id))
    own = sa.select(SheetRow).where(SheetRow.session_id == held.id, SheetRow.member_id == member_id)
    discussed = SheetRow.dossier_id.in_([case.dossier_id for case in cases if case.words])
    if session.execute(own.where(SheetRow.signed_at.is_not(None) | discussed).limit(1)).first():
        raise AbsentHasSigned
    drop_sheets(session, own)
    session.delete(seat)
    session.flush()
    note(session, actor, held.council_id, "excuse", at, session_id=held.id, member_id=member_id)
    if held.state is SessionState.SCORING:
        _require_bench_left(session, held, pending)
        for case in pending:
            reveal_when_in(session, actor, held.council_id, case, at)


def call_member(session: Session, actor: Actor, session_id: int, member_id: int, at: datetime) -> bool:
    """Give a member of the council a place in a planned session, and tell whether they had none.

    Raises NotFound and SessionNotPlanned.
    """
    planned = planned_session(session, actor, session_id)
    if member_id not in {one.id for one in list_sitting(session, planned.council_id)}:
        raise NotFound
    if session.get(Seat, (planned.id, member_id)) is not None:
        return False
    session.add(Seat(session_id=planned.id, member_id=member_id))
    session.flush()
    note(session, actor, planned.council_id, "call", at, session_id=planned.id, member_id=member_id)
    return True


def _require_bench_left(session: Session, held: CouncilSession, pending: list[SessionDossier]) -> None:
    """Go on only when those left in a session can close every result and sign for it."""
    seats = _count_seats(session, held)
    for case in pending:
        dossier = session.get_one(Dossier, case.dossier_id)
        _require_bench(bench_of(session, held.id, dossier.id), seats, dossier)
    seated = sa.select(Seat.member_id).join(CouncilMember, CouncilMember.id == Seat.member_id)
    led = seated.where(Seat.session_id == held.id, CouncilMember.position.in_(LEADERS))
    if session.execute(led.limit(1)).first() is None:
        raise NoLeader


def _count_seats(session: Session, held: CouncilSession) -> int:
    """Return how many seats of a council score, those given up since its session began among them.

    Nobody comes by a quorum through sending members away once scoring has begun.
    """
    kept: sa.ColumnElement[bool] = CouncilMember.left_on.is_(None)
    if held.opened_at is not None:
        kept = sa.or_(kept, CouncilMember.left_on >= clock.local_date(held.opened_at))
    counted = sa.select(sa.func.count()).where(
        CouncilMember.council_id == held.council_id, CouncilMember.position != Position.SECRETARY, kept
    )
    return session.execute(counted).scalar_one()


def _require_bench(bench: Bench, seats: int, dossier: Dossier) -> None:
    """Refuse a session without a leader, and one that too few of the council's `seats` are left in."""
    if not any(one.position in LEADERS for one in bench.voting):
        raise NoLeader
    if 2 * len(bench.voting) <= seats:
        raise NoQuorum(number=dossier.code, scorers=len(bench.voting), seats=seats)
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
