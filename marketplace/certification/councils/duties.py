"""What is still awaited of members: the sheets they have not signed, by session.

Only that a sheet is missing is told, to whom it is missing from; nothing of what stands on one.
"""

from typing import TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.models import (
    Conflict,
    CouncilMember,
    CouncilSession,
    Minutes,
    MinutesSignature,
    Position,
    Seat,
    SessionDossier,
    SessionState,
)
from marketplace.certification.councils.queries import memberships_of
from marketplace.certification.dossiers.sheet_models import SheetLevel, SheetRow

Columns = TypeVarTuple("Columns")


def count_awaited_sheets(session: Session, actor: Actor) -> dict[int, int]:
    """Return by session how many sheets the actor has still to sign; nothing of sessions without any."""
    wanted = sa.select(Seat.session_id, sa.func.count()).where(memberships_of(actor))
    rows = session.execute(_awaited(wanted).group_by(Seat.session_id))
    return {row[0]: row[1] for row in rows}


def list_awaited_dossiers(session: Session, actor: Actor, session_id: int) -> frozenset[int]:
    """Return over which dossiers of a session the actor has still to sign a sheet."""
    wanted = sa.select(SessionDossier.dossier_id).where(Seat.session_id == session_id, memberships_of(actor))
    return frozenset(session.scalars(_awaited(wanted)))


def list_awaited_people(session: Session, session_id: int, dossier_id: int | None = None) -> list[int]:
    """Return whose sheets a session waits for, of one dossier or of any, as ids of people."""
    wanted = sa.select(CouncilMember.person_id).where(Seat.session_id == session_id)
    if dossier_id is not None:
        wanted = wanted.where(SessionDossier.dossier_id == dossier_id)
    return list(session.scalars(_awaited(wanted).distinct().order_by(CouncilMember.person_id)))


def list_seated_people(session: Session, session_id: int) -> list[int]:
    """Return who sits in a session, as ids of people."""
    wanted = sa.select(CouncilMember.person_id).join(Seat, Seat.member_id == CouncilMember.id)
    seated = wanted.where(Seat.session_id == session_id).order_by(CouncilMember.person_id)
    return list(session.scalars(seated))


def list_unsigned_people(session: Session, minutes: Minutes) -> list[int]:
    """Return who sits in a session and has not signed a version of its minutes, as ids of people."""
    signed = sa.exists().where(
        MinutesSignature.session_id == minutes.session_id,
        MinutesSignature.version == minutes.version,
        MinutesSignature.member_id == Seat.member_id,
    )
    wanted = sa.select(CouncilMember.person_id).join(Seat, Seat.member_id == CouncilMember.id)
    seated = wanted.where(Seat.session_id == minutes.session_id, ~signed)
    return list(session.scalars(seated.order_by(CouncilMember.person_id)))


def _awaited(wanted: sa.Select[*Columns]) -> sa.Select[*Columns]:
    """Narrow a question about seats to pairs of a member who scores and a dossier whose sheet is missing."""
    conflict = sa.exists().where(
        Conflict.member_id == Seat.member_id, Conflict.dossier_id == SessionDossier.dossier_id
    )
    signed = sa.exists().where(
        SheetRow.level == SheetLevel.COUNCIL,
        SheetRow.session_id == Seat.session_id,
        SheetRow.dossier_id == SessionDossier.dossier_id,
        SheetRow.member_id == Seat.member_id,
        SheetRow.signed_at.is_not(None),
    )
    return (
        wanted.select_from(Seat)
        .join(CouncilMember, CouncilMember.id == Seat.member_id)
        .join(CouncilSession, CouncilSession.id == Seat.session_id)
        .join(SessionDossier, SessionDossier.session_id == Seat.session_id)
        .where(
            CouncilSession.state == SessionState.SCORING,
            CouncilMember.position != Position.SECRETARY,
            SessionDossier.revealed_at.is_(None),
            SessionDossier.closed_at.is_(None),
            ~conflict,
            ~signed,
        )
    )
