"""What a seat in the council is bound to: the sessions its member sits in."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.certification.councils.errors import MemberInSession, PlaceFixed
from marketplace.certification.councils.models import (
    CouncilMember,
    CouncilSession,
    Position,
    Seat,
    SessionState,
)


def leave_planned(session: Session, member: CouncilMember) -> None:
    """Give up the member's places in sessions that have not begun; raises MemberInSession for others.

    The sessions are locked before their states are read: none begins with somebody who leaves.
    """
    meetings = {one.id: one.state for one in _lock_meetings(session, member.council_id)}
    seats = sa.select(Seat).where(Seat.member_id == member.id, Seat.session_id.in_(meetings))
    for seat in session.execute(seats).scalars().all():
        if meetings[seat.session_id] is SessionState.SCORING:
            raise MemberInSession
        session.delete(seat)
    session.flush()


def require_same_place(session: Session, member: CouncilMember, position: Position, agency: str) -> None:
    """Let who comes back take another place only where no session under way or over rests on the old one.

    Raises PlaceFixed.
    """
    if (member.position, member.agency) == (position, agency):
        return
    meetings = _lock_meetings(session, member.council_id)
    begun = (
        sa.select(Seat.session_id)
        .join(CouncilSession, CouncilSession.id == Seat.session_id)
        .where(Seat.member_id == member.id, CouncilSession.state != SessionState.PLANNED)
    )
    scoring = any(one.state is SessionState.SCORING for one in meetings)
    if scoring or session.execute(begun.limit(1)).first():
        raise PlaceFixed(field="agency" if member.position is position else "position")


def _lock_meetings(session: Session, council_id: int) -> Sequence[CouncilSession]:
    """Lock the sessions of a council that are not over, in the order of their numbers."""
    wanted = (
        sa.select(CouncilSession)
        .where(CouncilSession.council_id == council_id, CouncilSession.state != SessionState.CLOSED)
        .order_by(CouncilSession.id)
        .with_for_update()
    )
    return session.execute(wanted.execution_options(populate_existing=True)).scalars().all()
