"""Documents of events that programs sent."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base, UtcDateTime


class EpcisCapture(Base):
    """A document of EPCIS events that was captured whole; `digest` knows one that comes again.

    `code` names the capture in addresses, `events` counts what it held.
    """

    __tablename__ = "epcis_capture"
    __table_args__ = (sa.UniqueConstraint("producer_id", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(32), unique=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"))
    digest: Mapped[str] = mapped_column(sa.String(64))
    events: Mapped[int]
    captured_at: Mapped[datetime] = mapped_column(UtcDateTime)
