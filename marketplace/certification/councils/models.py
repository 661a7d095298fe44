"""Councils of evaluation (hội đồng đánh giá, phân hạng), their sessions, conflicts and minutes."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Person
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.rubrics.stars import Outcome
from marketplace.database import Base, UtcDateTime


class Position(StrEnum):
    """What a member is in the council; a secretary keeps the minutes and scores nothing."""

    CHAIR = "chair"
    DEPUTY = "deputy"
    MEMBER = "member"
    SECRETARY = "secretary"


class Council(Base):
    """A province's council as its chairman's decision set it up; how many members it has is left to it.

    `spread_limit` is from how many points between the highest and the lowest sheet a dossier is to be
    talked over again. `ended_on` None while it works.
    """

    __tablename__ = "council"
    __table_args__ = (sa.CheckConstraint("spread_limit BETWEEN 1 AND 100", name="spread_limit"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    decision_number: Mapped[str] = mapped_column(sa.String(60))
    decided_on: Mapped[date]
    spread_limit: Mapped[Decimal] = mapped_column(sa.Numeric(5, 2))
    ended_on: Mapped[date | None]

    members: Mapped[list["CouncilMember"]] = relationship(order_by="CouncilMember.id", lazy="raise")


class CouncilMember(Base):
    """Somebody's seat in a council, with the agency that sent them; `left_on` None while they have it.

    The membership (`council:<id>`, role council_member) that lets them in is granted beside it.
    """

    __tablename__ = "council_member"
    __table_args__ = (sa.UniqueConstraint("council_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("council.id"), index=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    position: Mapped[Position]
    agency: Mapped[str] = mapped_column(sa.String(160))
    left_on: Mapped[date | None]

    person: Mapped[Person] = relationship(lazy="raise")


class SessionState(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    SCORING = "scoring"
    CLOSED = "closed"


class CouncilSession(Base):
    """A session (phiên) of a council in a round; `number` counts within the council's year.

    `opened_at` is when scoring began: from then on who sits in it and what is scored is fixed.
    """

    __tablename__ = "council_session"
    __table_args__ = (
        sa.UniqueConstraint("council_id", "year", "number"),
        sa.CheckConstraint("(state = 'planned') = (opened_at IS NULL)", name="opened"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    council_id: Mapped[int] = mapped_column(sa.ForeignKey("council.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evaluation_round.id"), index=True)
    year: Mapped[int]
    number: Mapped[int]
    meets_at: Mapped[datetime] = mapped_column(UtcDateTime)
    place: Mapped[str] = mapped_column(sa.String(200))
    written: Mapped[bool] = mapped_column(default=False)
    state: Mapped[SessionState]
    opened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    council: Mapped[Council] = relationship(lazy="raise")
    seats: Mapped[list["Seat"]] = relationship(order_by="Seat.member_id", lazy="raise")
    dossiers: Mapped[list["SessionDossier"]] = relationship(order_by="SessionDossier.position", lazy="raise")


class Seat(Base):
    """A member who sits in a session; whoever scores has to hand in a sheet for each dossier."""

    __tablename__ = "council_seat"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("council_session.id"), primary_key=True)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("council_member.id"), primary_key=True, index=True)

    member: Mapped[CouncilMember] = relationship(lazy="raise")


class SessionDossier(Base):
    """A dossier before a session, and its result once every sheet is in.

    Sheets are hidden until `revealed_at`. The result is the mean of the sheets' points, judged with the
    marks of the agreed sheet: at each criterion the option that more than half of the members reach.
    """

    __tablename__ = "session_dossier"
    __table_args__ = (
        sa.UniqueConstraint("session_id", "position"),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="result"),
        sa.CheckConstraint("closed_at IS NULL OR revealed_at IS NOT NULL", name="revealed"),
    )

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("council_session.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), primary_key=True, index=True)
    position: Mapped[int]
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    points: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    spread: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    by_points: Mapped[int | None]
    by_gates: Mapped[int | None]
    stars: Mapped[int | None]
    outcome: Mapped[Outcome | None]
    words: Mapped[str | None] = mapped_column(sa.String(2000))

    dossier: Mapped[Dossier] = relationship(lazy="raise")


class Conflict(Base):
    """A member who has to do with a dossier's producer: neither scores it nor sees its sheets."""

    __tablename__ = "council_conflict"

    member_id: Mapped[int] = mapped_column(sa.ForeignKey("council_member.id"), primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), primary_key=True, index=True)
    words: Mapped[str] = mapped_column(sa.String(500))
    declared_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    declared_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Minutes(Base):
    """Minutes of a session (biên bản) as one version of their text; a later one replaces, none is changed."""

    __tablename__ = "council_minutes"

    session_id: Mapped[int] = mapped_column(sa.ForeignKey("council_session.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(sa.Text)
    digest: Mapped[str] = mapped_column(sa.String(64))
    written_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MinutesSignature(Base):
    """A member's signature under one version of the minutes."""

    __tablename__ = "minutes_signature"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["session_id", "version"], ["council_minutes.session_id", "council_minutes.version"]
        ),
    )

    session_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(sa.ForeignKey("council_member.id"), primary_key=True, index=True)
    signed_at: Mapped[datetime] = mapped_column(UtcDateTime)
