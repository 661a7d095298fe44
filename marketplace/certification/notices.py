"""Notices that a certificate is to be renewed: given once for each of 12, 6 and 4 months before its end."""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate
from marketplace.certification.renewal import NOTICES, Renewal, notice_due, renewal_of
from marketplace.database import Base, UtcDateTime


class RenewalNotice(Base):
    """That a notice was given so many months before the end of a certificate."""

    __tablename__ = "renewal_notice"

    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), primary_key=True)
    months: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)


def take_notices(session: Session, at: datetime) -> list[Certificate]:
    """Return the certificates whose holders are to be told now, with products, and mark them as told."""
    day = clock.local_date(at)
    given = {(one.certificate_id, one.months) for one in session.scalars(sa.select(RenewalNotice))}
    due = []
    for certificate in _running_out(session, day):
        months = notice_due(certificate.valid_until, day) if certificate.valid_until else None
        if months is not None and (certificate.id, months) not in given:
            session.add(RenewalNotice(certificate_id=certificate.id, months=months, given_at=at))
            due.append(certificate)
    return due


def find_renewal(session: Session, certificate_id: int, day: date) -> tuple[Certificate, Renewal] | None:
    """Return a certificate with product and producer, and how far it is on its way; None when it is gone."""
    wanted = sa.select(Certificate).where(Certificate.id == certificate_id)
    loaded = wanted.options(joinedload(Certificate.product).joinedload(Product.producer))
    certificate = session.scalar(loaded.execution_options(populate_existing=True))
    renewal = renewal_of(certificate, day) if certificate is not None else None
    return (certificate, renewal) if certificate is not None and renewal is not None else None


def _running_out(session: Session, day: date) -> Sequence[Certificate]:
    """Return the certificates that stand for a product and end within a year."""
    return session.scalars(
        sa.select(Certificate)
        .join(Certificate.product)
        .where(
            Certificate.valid_until.between(day, clock.add_months(day, max(NOTICES))),
            Certificate.revoked_on.is_(None),
            Certificate.superseded_on.is_(None),
            Product.producer_id.is_not(None),
        )
        .options(joinedload(Certificate.product))
        .order_by(Certificate.id)
    ).all()
