"""Evidence of producers, kept once and laid to criteria of their dossiers."""

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base, UtcDateTime
from marketplace.media.models import Document, Picture


class EvidenceKind(StrEnum):
    """What a piece of evidence is (boxes and table of form 02); `IP_RIGHT` is a right of no kind named there.

    `SHARED_MARK` is the right to use a geographical indication, a collective or a certification mark.
    """

    BUSINESS_REGISTRATION = "business_registration"
    FOOD_SAFETY = "food_safety"
    PRODUCTION_CONDITIONS = "production_conditions"
    MATERIAL_ORIGIN = "material_origin"
    ENVIRONMENT = "environment"
    LOCAL_LABOUR = "local_labour"
    FINANCES = "finances"
    TRADEMARK = "trademark"
    SHARED_MARK = "shared_mark"
    PATENT = "patent"
    DESIGN = "design"
    COPYRIGHT = "copyright"
    IP_RIGHT = "ip_right"
    MARKET_CONTRACT = "market_contract"
    PROMOTION = "promotion"
    STORY_MEDIA = "story_media"
    QUALITY_DECLARATION = "quality_declaration"
    LAB_TEST = "lab_test"
    TRACE_CODE = "trace_code"
    QUALITY_SYSTEM = "quality_system"
    AWARD = "award"
    OTHER = "other"


class OwnPage(StrEnum):
    """A page of this market that is evidence itself."""

    TRACE = "trace"
    STORY = "story"
    STALL = "stall"


class EvidenceFile(Base):
    """A piece of evidence of a producer: a PDF, a photograph, or a page of this market.

    It is kept for ever once a dossier was handed in with it (`handed_in`); `valid_until` is the last day
    on which it is good, None where it does not end. `digest` is the SHA-256 of the file; None for a page.
    """

    __tablename__ = "evidence_file"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN document_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN picture_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN own_page IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_thing",
        ),
        sa.CheckConstraint("(own_page IS NULL) = (digest IS NOT NULL)", name="digest"),
        sa.CheckConstraint("(own_page IS NULL) = (product_id IS NULL)", name="page_of"),
        sa.UniqueConstraint("product_id", "own_page"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    kind: Mapped[EvidenceKind]
    title: Mapped[str] = mapped_column(sa.String(160))
    number: Mapped[str | None] = mapped_column(sa.String(60))
    issued_on: Mapped[date | None]
    valid_until: Mapped[date | None]
    document_id: Mapped[int | None] = mapped_column(sa.ForeignKey("document.id"), unique=True)
    picture_id: Mapped[int | None] = mapped_column(sa.ForeignKey("picture.id"), unique=True)
    own_page: Mapped[OwnPage | None]
    product_id: Mapped[int | None] = mapped_column(sa.ForeignKey("product.id"))
    digest: Mapped[str | None] = mapped_column(sa.String(64))
    handed_in: Mapped[bool] = mapped_column(default=False)
    added_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    added_at: Mapped[datetime] = mapped_column(UtcDateTime)

    document: Mapped[Document | None] = relationship(lazy="raise")
    picture: Mapped[Picture | None] = relationship(lazy="raise")


class EvidenceUse(Base):
    """A piece of evidence that a dossier lays to a criterion."""

    __tablename__ = "evidence_use"

    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(sa.ForeignKey("evidence_file.id"), primary_key=True, index=True)

    evidence: Mapped[EvidenceFile] = relationship(lazy="raise")
