"""Passing on to the ministry what a session proposed, once the session has ended with its minutes."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.models import CouncilSession, SessionDossier, SessionState
from marketplace.certification.decisions.errors import ProposalNotFinal
from marketplace.certification.dossiers.ministry_deeds import send_to_ministry
from marketplace.certification.dossiers.models import Dossier


def pass_to_ministry(
    session: Session,
    actor: Actor,
    dossier: Dossier,
    letter: str,
    sent_on: date,
    at: datetime,
    due_on: date | None = None,
) -> None:
    """Note that the province sent a dossier to the ministry, as the session that it was last before proposed.

    Raises ProposalNotFinal and what `send_to_ministry` does.
    """
    send_to_ministry(session, actor, dossier, letter, sent_on, at, due_on)
    last = (
        sa.select(CouncilSession.state)
        .join(SessionDossier, SessionDossier.session_id == CouncilSession.id)
        .where(SessionDossier.dossier_id == dossier.id, SessionDossier.closed_at.is_not(None))
        .order_by(SessionDossier.closed_at.desc(), CouncilSession.id.desc())
        .limit(1)
    )
    if session.scalar(last) is not SessionState.CLOSED:
        raise ProposalNotFinal
