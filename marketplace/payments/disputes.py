"""Disputes that buyers' banks opened, as the office reads them."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.payments.models import Dispute, Payment

ENDED = frozenset({"lost", "won", "prevented", "warning_closed"})
"""What gateways call a dispute after which nothing more comes."""


def list_disputes(session: Session, limit: int = 100) -> list[Dispute]:
    """Return disputes with their payment and order group, open ones first, then the newest."""
    ended = sa.case((Dispute.state.in_(ENDED), 1), else_=0)
    return list(
        session.scalars(
            sa.select(Dispute)
            .options(joinedload(Dispute.payment).joinedload(Payment.group))
            .order_by(ended, Dispute.opened_at.desc(), Dispute.id.desc())
            .limit(limit)
        )
    )
