"""Lines of the chain of the register."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base, UtcDateTime


class Subject(StrEnum):
    """What a line tells of."""

    DECISION = "decision"
    CERTIFICATE = "certificate"


class Turn(StrEnum):
    """What became of a decision or certificate when a line was written."""

    RECORDED = "recorded"
    EXTENDED = "extended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    CORRECTED = "corrected"


class RegisterLine(Base):
    """What the register said of a decision or certificate from an instant on; no line is ever changed.

    `facts` are its facts as canonical JSON, all of them each time; names of people are not among them.
    `hash` is the SHA-256 of the hash before and the text of this line.
    """

    __tablename__ = "register_line"
    __table_args__ = (sa.Index(None, "subject", "code"),)

    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
    turn: Mapped[Turn]
    subject: Mapped[Subject]
    code: Mapped[str] = mapped_column(sa.String(120))
    facts: Mapped[str] = mapped_column(sa.Text)
    hash: Mapped[str] = mapped_column(sa.String(64))
