"""A session planned by a form, which may be sent twice."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.founding import lock_council
from marketplace.certification.councils.models import CouncilSession, SessionState
from marketplace.certification.councils.sessions import Planning, plan_session
from marketplace.text import one_line


def plan_once(
    session: Session, actor: Actor, council_id: int, told: Planning, at: datetime
) -> tuple[CouncilSession, bool]:
    """Plan a session, or find the one planned just so before, and tell whether it is new.

    A council does not meet twice at one moment in one place. Raises NotFound, CouncilEnded and
    InvalidCouncil.
    """
    council = lock_council(session, actor, council_id)
    wanted = sa.select(CouncilSession).where(
        CouncilSession.council_id == council.id,
        CouncilSession.state == SessionState.PLANNED,
        CouncilSession.meets_at == told.meets_at,
        CouncilSession.place == one_line(told.place),
        CouncilSession.written == told.written,
        CouncilSession.round_id.is_not_distinct_from(told.round_id),
    )
    planned = session.execute(wanted.order_by(CouncilSession.id).limit(1)).scalar_one_or_none()
    if planned is not None:
        return planned, False
    return plan_session(session, actor, council_id, told, at), True
