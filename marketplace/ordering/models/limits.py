"""Counts against abuse that all processes share."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base, UtcDateTime


class PhoneAllowance(Base):
    """How many cash-on-delivery order groups of a telephone number still wait for a producer's word."""

    __tablename__ = "phone_allowance"
    __table_args__ = (sa.CheckConstraint("unconfirmed BETWEEN 0 AND 3", name="three_at_most"),)

    phone: Mapped[str] = mapped_column(sa.String(15), primary_key=True)
    unconfirmed: Mapped[int]


class LookupAttempt(Base):
    """How often order look-ups were tried in an hour, by address prefix; shared by all processes."""

    __tablename__ = "lookup_attempt"

    origin: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    hour: Mapped[datetime] = mapped_column(UtcDateTime, primary_key=True)
    tries: Mapped[int]
