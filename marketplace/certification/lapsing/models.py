"""Reminders of an office."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.certification.renewal import Stage
from marketplace.database import Base, UtcDateTime


class OfficeReminder(Base):
    """An officer had a certificate's producer reminded, in a stage of its way to renewal; once in each."""

    __tablename__ = "office_reminder"

    certificate_id: Mapped[int] = mapped_column(sa.ForeignKey("certificate.id"), primary_key=True)
    stage: Mapped[Stage] = mapped_column(primary_key=True)
    sent_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(UtcDateTime)
