"""What comes before a session: dossiers put on its agenda, and taken off again."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.bench import bench_of, drop_sheets, refuse_conflicted
from marketplace.certification.councils.duties import list_seated_people
from marketplace.certification.councils.errors import (
    BeforeCouncilAlready,
    NotReadyForCouncil,
    ReasonMissing,
    ResultClosed,
    SessionNotPlanned,
    SheetsOpen,
)
from marketplace.certification.councils.founding import note
from marketplace.certification.councils.models import (
    Council,
    CouncilSession,
    Position,
    Seat,
    SessionDossier,
    SessionState,
)
from marketplace.certification.councils.queries import READY, lock_cases, lock_session, open_case
from marketplace.certification.dossiers.flow import move
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.sheet_models import SheetRow
from marketplace.errors import NotFound
from marketplace.text import clean_lines

LONGEST_REASON = 1000


def put_dossier(
    session: Session, actor: Actor, session_id: int, dossier_id: int, at: datetime
) -> SessionDossier:
    """Put a dossier of the council's province, through with its advisers, before a planned session.

    Raises NotFound, SessionNotPlanned, ConflictedMember, NotReadyForCouncil and BeforeCouncilAlready.
    """
    planned = planned_session(session, actor, session_id)
    council = session.get_one(Council, planned.council_id)
    wanted = sa.select(Dossier).where(Dossier.id == dossier_id, Dossier.province_id == council.unit_id)
    wanted = wanted.with_for_update(of=Dossier).execution_options(populate_existing=True)
    dossier = session.execute(wanted).scalar_one_or_none()
    if dossier is None:
        raise NotFound
    refuse_conflicted(session, actor, dossier)
    require_ready(dossier)
    if session.execute(open_case(dossier.id).limit(1)).first():
        raise BeforeCouncilAlready
    last = sa.select(sa.func.max(SessionDossier.position)).where(SessionDossier.session_id == planned.id)
    position = (session.execute(last).scalar() or 0) + 1
    case = SessionDossier(session_id=planned.id, dossier_id=dossier.id, position=position)
    session.add(case)
    session.flush()
    note(session, actor, council.id, "put", at, session_id=planned.id, dossier_id=dossier.id)
    return case


def take_out_dossier(
    session: Session, actor: Actor, session_id: int, dossier_id: int, words: str, at: datetime
) -> None:
    """Take a dossier without a result off a session, with the reason; what was scored of it goes.

    Sheets that are open are not got rid of that way, unless too few are left to close a result. Once blind
    again after a discussion they are, or whoever does not sign anew would hold the dossier for ever; the
    journal keeps them as they were open. Raises NotFound, ConflictedMember, ResultClosed, SheetsOpen and
    ReasonMissing.
    """
    held = lock_session(session, actor, session_id)
    case = lock_case(session, held.id, dossier_id)
    dossier = session.get_one(Dossier, dossier_id)
    refuse_conflicted(session, actor, dossier)
    if case.closed_at is not None:
        raise ResultClosed
    if case.revealed_at and bench_of(session, held.id, dossier_id).quorate:
        raise SheetsOpen
    reason = read_reason(words)
    drop_sheets(
        session,
        sa.select(SheetRow).where(SheetRow.session_id == held.id, SheetRow.dossier_id == dossier_id),
    )
    session.delete(case)
    session.flush()
    if dossier.state is DossierState.IN_COUNCIL:
        move(session, actor, dossier, DossierState.ADVISED, at, reason)
    note(session, actor, held.council_id, "take_out", at, session_id=held.id, dossier_id=dossier_id)


def cancel_session(session: Session, actor: Actor, session_id: int, at: datetime) -> list[int]:
    """Give a planned session up: its dossiers wait for another one. Return who was called, as ids of people.

    Raises NotFound, SessionNotPlanned and ConflictedMember.
    """
    planned = planned_session(session, actor, session_id)
    for case in lock_cases(session, planned.id):
        refuse_conflicted(session, actor, session.get_one(Dossier, case.dossier_id))
        session.delete(case)
    called = list_seated_people(session, planned.id)
    session.execute(sa.delete(Seat).where(Seat.session_id == planned.id))
    session.flush()
    session.delete(planned)
    session.flush()
    note(session, actor, planned.council_id, "cancel", at, session_id=session_id)
    return called


def planned_session(session: Session, actor: Actor, session_id: int, *positions: Position) -> CouncilSession:
    """Lock a session that has not begun; raises NotFound and SessionNotPlanned."""
    planned = lock_session(session, actor, session_id, *positions)
    if planned.state is not SessionState.PLANNED:
        raise SessionNotPlanned
    return planned


def require_ready(dossier: Dossier) -> None:
    """Go on only with a dossier that waits for a council; raises NotReadyForCouncil."""
    if dossier.state not in READY:
        raise NotReadyForCouncil(number=dossier.code)


def lock_case(session: Session, session_id: int, dossier_id: int) -> SessionDossier:
    """Lock one dossier before a session; raises NotFound."""
    cases = lock_cases(session, session_id, dossier_id)
    if not cases:
        raise NotFound
    return cases[0]


def read_reason(words: str, most: int = LONGEST_REASON) -> str:
    """Return typed reasons; raises ReasonMissing where there are none or too many words."""
    reason = clean_lines(words)
    if not reason or len(reason) > most:
        raise ReasonMissing(field="words", most=most)
    return reason
