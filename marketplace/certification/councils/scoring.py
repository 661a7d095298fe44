"""Scoring: a member's own sheet, filled in and signed, and what the chair makes of all of them."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.agenda import lock_case
from marketplace.certification.councils.bench import record_involved, refuse_conflicted
from marketplace.certification.councils.errors import (
    ResultClosed,
    ScoresNothing,
    SessionNotScoring,
    SheetIncomplete,
    SheetSigned,
)
from marketplace.certification.councils.founding import note
from marketplace.certification.councils.models import (
    CouncilMember,
    CouncilSession,
    Position,
    Seat,
    SessionDossier,
    SessionState,
)
from marketplace.certification.councils.queries import memberships_of
from marketplace.certification.councils.reveal import reveal_when_in
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.dossiers.sheet_models import SheetLevel, SheetRow
from marketplace.certification.dossiers.sheets import Marks, find_sheet, read_sheet, rubric_of, write_sheet
from marketplace.errors import NotFound


def get_seat(session: Session, actor: Actor, session_id: int) -> CouncilMember:
    """Return the actor's own seat in a session; raises NotFound where there is none."""
    seated = (
        sa.select(CouncilMember)
        .join(Seat, Seat.member_id == CouncilMember.id)
        .where(Seat.session_id == session_id, memberships_of(actor))
    )
    member = session.execute(seated.execution_options(populate_existing=True)).scalar_one_or_none()
    if member is None:
        raise NotFound
    return member


def save_sheet(
    session: Session, actor: Actor, session_id: int, dossier_id: int, marks: Marks, at: datetime
) -> SheetRow:
    """Write marks onto the actor's own sheet; what they do not name stays.

    Raises NotFound, SessionNotScoring, ResultClosed, ScoresNothing, ConflictedMember, SheetSigned, and what
    the rubric does not know.
    """
    case, dossier, _council_id = open_case_of(session, session_id, dossier_id)
    member = _own_seat(session, actor, session_id, dossier)
    own = {"member_id": member.id, "session_id": case.session_id}
    row = find_sheet(session, dossier_id, SheetLevel.COUNCIL, **own)
    if row is not None and row.signed_at is not None:
        raise SheetSigned
    return write_sheet(session, dossier, SheetLevel.COUNCIL, marks, actor.person_id, at, **own)


def sign_sheet(session: Session, actor: Actor, session_id: int, dossier_id: int, at: datetime) -> bool:
    """Sign the actor's own sheet, which locks it; tell whether it was the last and all are open now.

    Whoever signs waits for the one before, so that of the last two one opens them. Raises what `save_sheet`
    does, and SheetIncomplete.
    """
    case, dossier, council_id = open_case_of(session, session_id, dossier_id)
    member = _own_seat(session, actor, session_id, dossier)
    row = find_sheet(session, dossier_id, SheetLevel.COUNCIL, member.id, session_id)
    if row is not None and row.signed_at is not None:
        raise SheetSigned
    sheet = read_sheet(row, rubric_of(dossier))
    if row is None or not sheet.complete:
        raise SheetIncomplete(missing=len(sheet.unscored))
    row.signed_at = at
    session.flush()
    note(session, actor, council_id, "sign", at, session_id=session_id, dossier_id=dossier_id)
    record_involved(session, actor, session_id, dossier, at)
    return reveal_when_in(session, actor, council_id, case, at)


def open_case_of(session: Session, session_id: int, dossier_id: int) -> tuple[SessionDossier, Dossier, int]:
    """Lock a dossier under scoring and return it with its council's number.

    Raises NotFound, SessionNotScoring and ResultClosed.
    """
    case = lock_case(session, session_id, dossier_id)
    held = session.get_one(CouncilSession, session_id, populate_existing=True)
    if held.state is not SessionState.SCORING:
        raise SessionNotScoring
    if case.closed_at is not None:
        raise ResultClosed
    return case, session.get_one(Dossier, dossier_id, populate_existing=True), held.council_id


def _own_seat(session: Session, actor: Actor, session_id: int, dossier: Dossier) -> CouncilMember:
    member = get_seat(session, actor, session_id)
    if member.position is Position.SECRETARY:
        raise ScoresNothing
    refuse_conflicted(session, actor, dossier)
    return member
