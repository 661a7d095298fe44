"""The register of decisions and certificates."""

from datetime import date
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.catalogue.models import Product
from marketplace.database import Base
from marketplace.places.models import AdminUnit
from marketplace.register import PublicFact


class Authority(StrEnum):
    """The level whose authority recognises or revokes."""

    DISTRICT = "district"
    PROVINCE = "province"
    MINISTRY = "ministry"


class AuthorityBasis(StrEnum):
    """How the level of an authority is known: said by the source, by the number, or by the rules then."""

    SOURCE = "source"
    NUMBER = "number"
    REGULATION = "regulation"


class RevocationReason(StrEnum):
    """Why a certificate may be revoked (Decision 26/2026/QĐ-TTg, article 8, a to e and other)."""

    DISHONEST_FILE = "dishonest_file"
    CRITERIA_NOT_MET = "criteria_not_met"
    LAW_BROKEN = "law_broken"
    MARK_MISUSED = "mark_misused"
    PRODUCTION_STOPPED = "production_stopped"
    OTHER = "other"


class CertificateState(StrEnum):
    """What a certificate is on a given day (Decision 26/2026/QĐ-TTg, articles 4, 7 and 8)."""

    VALID = "valid"
    RENEWAL_WINDOW = "renewal_window"
    RENEWAL_LATE = "renewal_late"
    EXTENDED = "extended"
    EXPIRED = "expired"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    UNDATED = "undated"

    @property
    def alive(self) -> bool:
        """Whether the stars may be shown."""
        return self in {
            CertificateState.VALID,
            CertificateState.RENEWAL_WINDOW,
            CertificateState.RENEWAL_LATE,
            CertificateState.EXTENDED,
        }


class Regulation(Base, PublicFact):
    """A version of the rules of evaluation; certificates keep the one they were issued under.

    Points are the maximum of parts A, B and C. `province_from` is the lowest number of stars that
    the province recognises, `ministry_from` that the ministry does; below `province_from` the
    district did. What no source tells of the oldest rules is None.
    """

    __tablename__ = "regulation"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(30), unique=True)
    title: Mapped[str] = mapped_column(sa.String(300))
    effective_from: Mapped[date]
    effective_to: Mapped[date | None]
    amends_id: Mapped[int | None] = mapped_column(sa.ForeignKey("regulation.id"))
    points_a: Mapped[int | None]
    points_b: Mapped[int | None]
    points_c: Mapped[int | None]
    validity_months: Mapped[int | None]
    province_from: Mapped[int | None]
    ministry_from: Mapped[int | None]


class Decision(Base, PublicFact):
    """A numbered decision (quyết định) of an authority, which may since have been dissolved.

    The authority is kept as text; `authority_unit_id` points at the unit where it is known.
    `authority` is None where nothing tells its level, and `authority_basis` says what told it;
    `printed_place` keeps apart decisions of equal number from different places.
    """

    __tablename__ = "decision"
    __table_args__ = (sa.CheckConstraint("(authority IS NULL) = (authority_basis IS NULL)", name="basis"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(120), unique=True)
    number: Mapped[str] = mapped_column(sa.String(60))
    decided_on: Mapped[date | None]
    year: Mapped[int | None]
    authority: Mapped[Authority | None]
    authority_basis: Mapped[AuthorityBasis | None]
    authority_name: Mapped[str | None] = mapped_column(sa.String(120))
    printed_place: Mapped[str | None] = mapped_column(sa.String(200))
    authority_unit_id: Mapped[int | None] = mapped_column(sa.ForeignKey("admin_unit.id"))
    regulation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("regulation.id"))
    source_url: Mapped[str | None] = mapped_column(sa.String(400))

    regulation: Mapped[Regulation | None] = relationship(lazy="raise")
    authority_unit: Mapped[AdminUnit | None] = relationship(lazy="raise")


class Certificate(Base, PublicFact):
    """The recognition of a product (giấy chứng nhận), or as much of it as a source tells.

    `stars` is None where the source names none: then there is no plate. `issued_on` is the day of
    issue, `year` a year known without the day. `valid_until` is the last day of validity, derived
    when the row is written (`certification.validity`) and None when nothing tells.
    `superseded_on` is the day from which the product's next recognition stands in its place. `points` is the
    mean that the decision rests on, None where no source tells it.
    """

    __tablename__ = "certificate"
    __table_args__ = (
        sa.CheckConstraint("stars IS NULL OR stars BETWEEN 3 AND 5", name="stars"),
        sa.CheckConstraint("points BETWEEN 0 AND 100", name="points"),
        sa.CheckConstraint("(revoked_on IS NULL) = (revocation_reason IS NULL)", name="revocation"),
        sa.CheckConstraint("extended_until IS NULL OR extended_until > valid_until", name="extension"),
        sa.CheckConstraint("(superseded_on IS NULL) = (superseded_by_id IS NULL)", name="supersession"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(sa.String(120), unique=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), index=True)
    stars: Mapped[int | None]
    points: Mapped[Decimal | None] = mapped_column(sa.Numeric(5, 2))
    decision_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    regulation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("regulation.id"))
    issued_on: Mapped[date | None]
    year: Mapped[int | None]
    valid_until: Mapped[date | None] = mapped_column(index=True)
    extended_until: Mapped[date | None]
    revoked_on: Mapped[date | None]
    revocation_reason: Mapped[RevocationReason | None]
    superseded_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("certificate.id"))
    superseded_on: Mapped[date | None]
    holder_name: Mapped[str | None] = mapped_column(sa.String(200))
    product_name: Mapped[str] = mapped_column(sa.String(200))
    external_id: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    source_url: Mapped[str | None] = mapped_column(sa.String(400))

    product: Mapped[Product] = relationship(lazy="raise")
    decision: Mapped[Decision | None] = relationship(lazy="raise")
    regulation: Mapped[Regulation | None] = relationship(lazy="raise")
