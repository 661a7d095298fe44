"""Ideas of producers, what the commune's officer ticks off, business plans, and roadmaps."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base, UtcDateTime
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer


class IdeaState(StrEnum):
    """What became of an idea (six steps of the programme's yearly cycle, 2 to 4)."""

    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ProductIdea(Base):
    """A product that a producer registers for a yearly cycle (phiếu đăng ký ý tưởng sản phẩm).

    `slip_number` is given when the commune takes it in; it is unique within the commune and year.
    `product_id` is set once the idea has become a product of the catalogue. `potential` marks a product
    that the office counts as potential (tiềm năng) and gives a roadmap. `set_number` is that of annex I.
    `words` are the office's last answer, `answered_by` who gave it.
    """

    __tablename__ = "product_idea"
    __table_args__ = (
        sa.UniqueConstraint("commune_id", "year", "slip_number"),
        sa.CheckConstraint("set_number BETWEEN 1 AND 26", name="set_number"),
        sa.CheckConstraint("state <> 'accepted' OR slip_number IS NOT NULL", name="numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"), index=True)
    commune_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    province_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), index=True)
    year: Mapped[int]
    name: Mapped[str] = mapped_column(sa.String(200))
    set_number: Mapped[int | None]
    origin: Mapped[str] = mapped_column(sa.Text)
    material: Mapped[str] = mapped_column(sa.Text)
    market: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[IdeaState] = mapped_column(index=True)
    slip_number: Mapped[int | None]
    potential: Mapped[bool] = mapped_column(default=False)
    words: Mapped[str | None] = mapped_column(sa.String(1000))
    submitted_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_by: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    producer: Mapped[Producer] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
    commune: Mapped[AdminUnit] = relationship(foreign_keys=[commune_id], lazy="raise")
    province: Mapped[AdminUnit] = relationship(foreign_keys=[province_id], lazy="raise")
    ticks: Mapped[list["IdeaTick"]] = relationship(lazy="raise", cascade="all, delete-orphan")
    plan: Mapped["BusinessPlan | None"] = relationship(back_populates="idea", lazy="raise")
    steps: Mapped[list["RoadmapStep"]] = relationship(
        order_by="(RoadmapStep.due_on, RoadmapStep.id)", lazy="raise", viewonly=True
    )


class IdeaCheck(StrEnum):
    """What the receiving officer ticks off before an idea is taken in."""

    LOCAL_MATERIAL = "local_material"
    LOCAL_LABOUR = "local_labour"
    OWN_IDEA = "own_idea"
    IDENTITY = "identity"
    LEGAL_FORM = "legal_form"
    RIGHT_SET = "right_set"


class IdeaTick(Base):
    """One line of the officer's checklist: whether it holds, and words where it does not."""

    __tablename__ = "idea_tick"

    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("product_idea.id"), primary_key=True)
    check: Mapped[IdeaCheck] = mapped_column(primary_key=True)
    holds: Mapped[bool]
    words: Mapped[str | None] = mapped_column(sa.String(300))


class PlanState(StrEnum):
    """What became of a business plan."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"


class BusinessPlan(Base):
    """How a producer means to make an idea a product (phương án sản xuất kinh doanh); money in đồng."""

    __tablename__ = "business_plan"
    __table_args__ = (
        sa.CheckConstraint("own_capital >= 0 AND borrowed >= 0 AND support >= 0", name="money"),
        sa.CheckConstraint("(state = 'draft') = (submitted_at IS NULL)", name="submitted"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("product_idea.id"), unique=True)
    state: Mapped[PlanState] = mapped_column(index=True)
    goals: Mapped[str] = mapped_column(sa.Text, default="")
    materials: Mapped[str] = mapped_column(sa.Text, default="")
    technology: Mapped[str] = mapped_column(sa.Text, default="")
    labour: Mapped[str] = mapped_column(sa.Text, default="")
    market: Mapped[str] = mapped_column(sa.Text, default="")
    schedule: Mapped[str] = mapped_column(sa.Text, default="")
    own_capital: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    borrowed: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    support: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    words: Mapped[str | None] = mapped_column(sa.String(1000))
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    idea: Mapped[ProductIdea] = relationship(back_populates="plan", lazy="raise")


class RoadmapStep(Base):
    """A step by which a potential product reaches a criterion (lộ trình chuẩn hoá), due by a day."""

    __tablename__ = "roadmap_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    idea_id: Mapped[int] = mapped_column(sa.ForeignKey("product_idea.id"), index=True)
    criterion: Mapped[str | None] = mapped_column(sa.String(12))
    words: Mapped[str] = mapped_column(sa.String(300))
    due_on: Mapped[date]
    done_on: Mapped[date | None]
    recorded_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))

    def is_late(self, day: date) -> bool:
        """Whether its day is over and it is not done."""
        return self.done_on is None and self.due_on < day
