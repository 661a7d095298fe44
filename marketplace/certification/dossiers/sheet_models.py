"""Score sheets of dossiers: the producer's own, the advisers', and those of the members of a council."""

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime


class SheetLevel(StrEnum):
    """Whose sheet it is."""

    SELF = "self"
    ADVISORY = "advisory"
    COUNCIL = "council"


class SheetRow(Base):
    """A score sheet as it is kept; locked once `signed_at` is set.

    `member_id` is the council's member, None for the other levels; `session_id` the session in which the
    member scored. A dossier has one sheet of its producer, one of the advisers, and one of each member of
    each session.
    """

    __tablename__ = "score_sheet"
    __table_args__ = (
        sa.CheckConstraint("(level = 'council') = (member_id IS NOT NULL)", name="member"),
        sa.CheckConstraint("(level = 'council') = (session_id IS NOT NULL)", name="session"),
        sa.UniqueConstraint("dossier_id", "session_id", "member_id"),
        sa.Index(
            "uq_score_sheet_level",
            "dossier_id",
            "level",
            unique=True,
            sqlite_where=sa.text("member_id IS NULL"),
            postgresql_where=sa.text("member_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    level: Mapped[SheetLevel]
    session_id: Mapped[int | None] = mapped_column(sa.ForeignKey("council_session.id"), index=True)
    member_id: Mapped[int | None] = mapped_column(sa.ForeignKey("council_member.id"), index=True)
    changed_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    signed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    choices: Mapped[list["SheetChoice"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    stops: Mapped[list["SheetStop"]] = relationship(lazy="raise", cascade="all, delete-orphan")


class SheetChoice(Base):
    """The option (by number, 0 for below every option) chosen at a criterion, with words."""

    __tablename__ = "score_choice"

    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("score_sheet.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    option: Mapped[int]
    words: Mapped[str | None] = mapped_column(sa.String(500))


class SheetStop(Base):
    """A finding that ends the scoring, by its number in the rubric."""

    __tablename__ = "score_stop"

    sheet_id: Mapped[int] = mapped_column(sa.ForeignKey("score_sheet.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str | None] = mapped_column(sa.String(500))
