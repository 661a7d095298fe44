"""Plans of provinces, their targets, and when the office holds a figure to be whole."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.places.models import AdminUnit
from marketplace.producers.models import LegalForm
from marketplace.register import PublicFact
from marketplace.sales_points.models import PointLevel


class TargetKind(StrEnum):
    """What a row of a plan is: a target, a fact that its source reports, or a duty (nhiệm vụ)."""

    TARGET = "target"
    FACT = "fact"
    DUTY = "duty"


class Metric(StrEnum):
    """What a figure counts; each has its query in `programme.metrics`."""

    RECOGNISED = "recognised"
    FIRST_RECOGNISED = "first_recognised"
    RENEWED = "renewed"
    KEPT = "kept"
    ONLINE = "online"
    FLAGSHIPS = "flagships"
    VILLAGE_PRODUCTS = "village_products"
    DOSSIERS_SUPPORTED = "dossiers_supported"
    PRODUCERS_RANKED = "producers_ranked"
    PRODUCERS_NEW = "producers_new"
    PRODUCERS_SUPPORTED = "producers_supported"
    PRODUCERS_TRAINED = "producers_trained"
    PRODUCERS_IN_MODERN_CHANNELS = "producers_in_modern_channels"
    PRODUCERS_WITH_STATISTICS = "producers_with_statistics"
    POINTS = "points"
    POINTS_OPENED = "points_opened"
    TRADE_EVENTS = "trade_events"
    TRAINING_SESSIONS = "training_sessions"
    IP_RIGHTS = "ip_rights"
    IDEAS = "ideas"
    POTENTIAL_IDEAS = "potential_ideas"
    INSPECTIONS = "inspections"


class Compare(StrEnum):
    """How a figure is held against its target; NONE where the plan names no number."""

    AT_LEAST = "at_least"
    RANGE = "range"
    EXACTLY = "exactly"
    NONE = "none"


class Spread(StrEnum):
    """Whether a target is one figure, or asks something of each district, or of each year."""

    WHOLE = "whole"
    EACH_DISTRICT = "each_district"
    EACH_YEAR = "each_year"


class Programme(Base, PublicFact):
    """A province's plan (kế hoạch, đề án) of the One Commune One Product programme.

    `unit` is the province as it was when the plan was made; `document` and `issued_on` name the paper as far
    as it is known, and `source` says where the figures come from.
    """

    __tablename__ = "programme"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(60), unique=True)
    title: Mapped[str] = mapped_column(sa.String(120))
    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    document: Mapped[str | None] = mapped_column(sa.String(200))
    issued_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.String(400))
    period_start: Mapped[date]
    period_end: Mapped[date]
    units_on: Mapped[date]

    unit: Mapped[AdminUnit] = relationship(lazy="raise")
    targets: Mapped[list["Target"]] = relationship(lazy="raise", order_by="Target.position")


class Target(Base, PublicFact):
    """A row of a plan: what is counted, over which period, and what the plan asks for.

    `least` and `most` are numbers of what is counted, or per cent of the base where `percent` is set.
    `fixed_base` stands in for a base that the source itself numbers. `parent_id` names the row whose part
    this one is; parts are never added up to it. `needs_village` asks only districts with a craft village.
    """

    __tablename__ = "programme_target"
    __table_args__ = (
        sa.UniqueConstraint("programme_id", "code"),
        sa.CheckConstraint("(compare = 'none') = (least IS NULL)", name="least"),
        sa.CheckConstraint("(compare = 'range') = (most IS NOT NULL)", name="most"),
        sa.CheckConstraint("least <= most", name="range"),
        sa.CheckConstraint("compare = 'none' OR metric IS NOT NULL", name="metric"),
        sa.CheckConstraint("period_start <= period_end", name="period"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(sa.ForeignKey("programme.id"), index=True)
    code: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme_target.id"))
    kind: Mapped[TargetKind]
    words: Mapped[str] = mapped_column(sa.String(300))
    note: Mapped[str | None] = mapped_column(sa.String(400))
    metric: Mapped[Metric | None]
    compare: Mapped[Compare]
    least: Mapped[int | None]
    most: Mapped[int | None]
    percent: Mapped[bool] = mapped_column(default=False)
    fixed_base: Mapped[int | None]
    spread: Mapped[Spread] = mapped_column(default=Spread.WHOLE)
    needs_village: Mapped[bool] = mapped_column(default=False)
    star_from: Mapped[int | None]
    star_to: Mapped[int | None]
    legal_form: Mapped[LegalForm | None]
    group_slug: Mapped[str | None] = mapped_column(sa.String(40))
    point_level: Mapped[PointLevel | None]
    period_start: Mapped[date]
    period_end: Mapped[date]

    parent: Mapped["Target | None"] = relationship(remote_side="Target.id", lazy="raise")
    mark: Mapped["PeriodMark | None"] = relationship(lazy="raise", viewonly=True)
    evidence: Mapped[list["Evidence"]] = relationship(
        lazy="raise", viewonly=True, order_by="Evidence.recorded_at, Evidence.id"
    )


class PeriodMark(Base, PublicFact):
    """The office holds that the register has everything that a target's period needs.

    Until then a figure is a lower bound: no percentage, no verdict, no colour.
    """

    __tablename__ = "programme_period_mark"

    target_id: Mapped[int] = mapped_column(sa.ForeignKey("programme_target.id"), primary_key=True)
    marked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    checked_against: Mapped[str] = mapped_column(sa.String(200))


class Evidence(Base, PublicFact):
    """What shows that a row of a plan was seen to: a paper, a page, an event told in words."""

    __tablename__ = "programme_evidence"

    id: Mapped[int] = mapped_column(primary_key=True)
    target_id: Mapped[int] = mapped_column(sa.ForeignKey("programme_target.id"), index=True)
    words: Mapped[str] = mapped_column(sa.String(300))
    happened_on: Mapped[date]
    source: Mapped[str] = mapped_column(sa.String(400))
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    recorded_at: Mapped[datetime] = mapped_column(UtcDateTime)
