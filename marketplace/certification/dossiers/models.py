"""Dossiers, the log of their states, rounds, and what commune, advisers and ministry say of them."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.accounts.models import Person
from marketplace.catalogue.models import Product
from marketplace.certification.rubrics.stars import Outcome
from marketplace.database import Base, UtcDateTime
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer


class DossierKind(StrEnum):
    """Why a product is evaluated: for the first time, for more stars, or because its term ends."""

    FIRST = "first"
    UPGRADE = "upgrade"
    REASSESS = "reassess"


class DossierState(StrEnum):
    """Where a dossier stands (Decision 26/2026/QĐ-TTg, articles 5 to 7)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    FORWARDED = "forwarded"
    NEEDS_COMPLETION = "needs_completion"
    ACCEPTED = "accepted"
    ADVISED = "advised"
    IN_COUNCIL = "in_council"
    EVALUATED = "evaluated"
    PROPOSED = "proposed"
    AT_MINISTRY = "at_ministry"
    SENT_BACK = "sent_back"
    RECOGNISED = "recognised"
    NOT_RECOGNISED = "not_recognised"
    WITHDRAWN = "withdrawn"

    @property
    def ended(self) -> bool:
        """Whether nothing follows any more."""
        return self in {DossierState.RECOGNISED, DossierState.NOT_RECOGNISED, DossierState.WITHDRAWN}

    @property
    def editable(self) -> bool:
        """Whether its producer may change what it holds."""
        return self in {DossierState.DRAFT, DossierState.RETURNED, DossierState.NEEDS_COMPLETION}


class EvaluationRound(Base):
    """A round of evaluation of a province: which dossiers it takes, and by when it is decided.

    Article 7: those proposed before 30 April are decided before 30 June, before 30 October before
    30 December; more rounds are allowed.
    """

    __tablename__ = "evaluation_round"
    __table_args__ = (
        sa.UniqueConstraint("unit_id", "year", "number"),
        sa.CheckConstraint("intake_until <= decided_by", name="days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    year: Mapped[int]
    number: Mapped[int]
    intake_until: Mapped[date]
    decided_by: Mapped[date]

    unit: Mapped[AdminUnit] = relationship(lazy="raise")


class Dossier(Base):
    """A file by which a product is to be evaluated (hồ sơ đánh giá, phân hạng); not public.

    `code` is `HS-<year>-<serial>`. The rubric is that of the product's set; its edition and digest are
    frozen when the dossier is first handed in. `due_on` is by when the office must act in the state it is
    in, or the producer where completion is asked; None where nobody must. `points`, `stars` and `outcome`
    are the council's result once it is closed, or the ministry's where it sent the dossier back. `granted`
    is how many stars a decision gave. `samples` is how many samples came with it (none for set 26).
    `previous_id` is the dossier it was filled from.
    """

    __tablename__ = "dossier"
    __table_args__ = (
        sa.CheckConstraint("stars IS NULL OR stars BETWEEN 1 AND 5", name="stars"),
        sa.CheckConstraint("granted IS NULL OR granted BETWEEN 3 AND 5", name="granted"),
        sa.CheckConstraint(
            "CASE WHEN submitted_at IS NULL THEN state IN ('draft', 'withdrawn') ELSE state <> 'draft' END",
            name="submitted",
        ),
        sa.CheckConstraint("(submitted_at IS NULL) = (rubric_digest IS NULL)", name="frozen"),
        sa.CheckConstraint("(points IS NULL) = (outcome IS NULL)", name="result"),
        sa.Index(
            "uq_dossier_open",
            "product_id",
            unique=True,
            sqlite_where=sa.text("state NOT IN ('recognised', 'not_recognised', 'withdrawn')"),
            postgresql_where=sa.text("state NOT IN ('recognised', 'not_recognised', 'withdrawn')"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(20), unique=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    kind: Mapped[DossierKind]
    state: Mapped[DossierState] = mapped_column(index=True)
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    due_on: Mapped[date | None] = mapped_column(index=True)
    commune_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    province_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    round_id: Mapped[int | None] = mapped_column(sa.ForeignKey("evaluation_round.id"), index=True)
    regulation: Mapped[str] = mapped_column(sa.String(20))
    set_number: Mapped[int]
    rubric_edition: Mapped[int]
    rubric_digest: Mapped[str | None] = mapped_column(sa.String(64))
    samples: Mapped[int | None]
    points: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    stars: Mapped[int | None]
    outcome: Mapped[Outcome | None]
    granted: Mapped[int | None]
    previous_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dossier.id"))
    created_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    producer: Mapped[Producer] = relationship(lazy="raise")
    product: Mapped[Product] = relationship(lazy="raise")
    round: Mapped[EvaluationRound | None] = relationship(lazy="raise")
    commune: Mapped[AdminUnit] = relationship(foreign_keys=[commune_id], lazy="raise")
    province: Mapped[AdminUnit] = relationship(foreign_keys=[province_id], lazy="raise")
    report: Mapped["SelfReport | None"] = relationship(lazy="raise", uselist=False)
    steps: Mapped[list["DossierStep"]] = relationship(order_by="DossierStep.id", lazy="raise")


class DossierStep(Base):
    """A line of the log: a dossier came into a state; `words` are the reasons given."""

    __tablename__ = "dossier_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)
    state: Mapped[DossierState]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    words: Mapped[str | None] = mapped_column(sa.String(2000))

    actor: Mapped[Person | None] = relationship(lazy="raise")


class SelfReport(Base):
    """What forms 01 and 02 ask beside the criteria; what is empty is still to be written.

    `home` is where the representative lives, `goods` how the product is made up and by which standard,
    `history` and `structure` are those of the producer. Revenue and profit are đồng of the last full year.
    Names of people and where they live are personal data of the producer.
    """

    __tablename__ = "self_report"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), primary_key=True)
    representative: Mapped[str] = mapped_column(sa.String(120), default="")
    title: Mapped[str] = mapped_column(sa.String(120), default="")
    female: Mapped[bool | None]
    ethnicity: Mapped[str] = mapped_column(sa.String(60), default="")
    home: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(20), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    founded_on: Mapped[date | None]
    licence: Mapped[str] = mapped_column(sa.String(120), default="")
    goods: Mapped[str] = mapped_column(sa.Text, default="")
    history: Mapped[str] = mapped_column(sa.Text, default="")
    structure: Mapped[str] = mapped_column(sa.Text, default="")
    workers: Mapped[int | None]
    local_workers: Mapped[int | None]
    materials: Mapped[str] = mapped_column(sa.Text, default="")
    technology: Mapped[str] = mapped_column(sa.Text, default="")
    quality: Mapped[str] = mapped_column(sa.Text, default="")
    market: Mapped[str] = mapped_column(sa.Text, default="")
    changes: Mapped[str] = mapped_column(sa.Text, default="")
    plan: Mapped[str] = mapped_column(sa.Text, default="")
    revenue: Mapped[int | None] = mapped_column(sa.BigInteger)
    profit: Mapped[int | None] = mapped_column(sa.BigInteger)


class Topic(StrEnum):
    """What the commune examines (article 5): material, labour, the idea's origin, and local identity."""

    MATERIAL = "material"
    LABOUR = "labour"
    IDEA = "idea"
    IDENTITY = "identity"


class CommuneFinding(Base):
    """What the commune found on one topic (form 03)."""

    __tablename__ = "commune_finding"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), primary_key=True)
    topic: Mapped[Topic] = mapped_column(primary_key=True)
    holds: Mapped[bool]
    words: Mapped[str] = mapped_column(sa.String(1000))


class CommuneLetter(Base):
    """The official letter by which a commune proposes a dossier to its province, with form 03."""

    __tablename__ = "commune_letter"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), primary_key=True)
    number: Mapped[str] = mapped_column(sa.String(60))
    written_on: Mapped[date]
    written_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


class AdvisoryReport(Base):
    """What the advisory group (tổ tư vấn) reports of a dossier; `visited_on` is the day of a site visit."""

    __tablename__ = "advisory_report"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), primary_key=True)
    group: Mapped[str] = mapped_column("group_members", sa.String(500))
    words: Mapped[str] = mapped_column(sa.Text)
    visited_on: Mapped[date | None]
    reported_on: Mapped[date]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))


class MinistryFile(Base):
    """A dossier of 90 points and more on its way to the ministry and back; points are the ministry's mean."""

    __tablename__ = "ministry_file"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), primary_key=True)
    letter: Mapped[str] = mapped_column(sa.String(60))
    sent_on: Mapped[date]
    answered_on: Mapped[date | None]
    points: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    words: Mapped[str | None] = mapped_column(sa.String(1000))


class PublicHoliday(Base):
    """A working day on which offices are closed, or a Saturday or Sunday worked instead (`worked`)."""

    __tablename__ = "public_holiday"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    worked: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(sa.String(300))
