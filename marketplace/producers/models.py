"""Producers and the spellings they are known by."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from marketplace.database import Base
from marketplace.places.models import Located
from marketplace.register import PublicFact


class LegalForm(StrEnum):
    """Legal forms of a chủ thể OCOP (Decision 26/2026/QĐ-TTg, article 2.3)."""

    COOPERATIVE = "htx"
    COOPERATIVE_GROUP = "to-hop-tac"
    ENTERPRISE = "doanh-nghiep"
    FARM = "trang-trai"
    HOUSEHOLD = "ho-kinh-doanh"
    WORKSHOP = "co-so-san-xuat"
    ASSOCIATION = "hoi"


class Producer(Base, PublicFact, Located):
    """A subject of the programme (chủ thể OCOP) that holds or held certificates.

    `name_key` is the name in the one spelling that the importer matches by: folded, abbreviations
    written out. `printed_type` is the type as the source states it. `sample_contact` marks a street
    address or telephone that the demo made up.
    """

    __tablename__ = "producer"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(sa.String(120), unique=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200), index=True)
    legal_form: Mapped[LegalForm | None]
    printed_type: Mapped[str | None] = mapped_column(sa.String(80))
    phone: Mapped[str | None] = mapped_column(sa.String(20))
    email: Mapped[str | None] = mapped_column(sa.String(120))
    website: Mapped[str | None] = mapped_column(sa.String(200))
    story: Mapped[str | None] = mapped_column(sa.Text)
    sample_contact: Mapped[bool] = mapped_column(default=False)
    source_url: Mapped[str | None] = mapped_column(sa.String(400))

    aliases: Mapped[list["ProducerAlias"]] = relationship(
        back_populates="producer", cascade="all, delete-orphan", lazy="raise"
    )

    @property
    def can_sell(self) -> bool:
        """Whether the law lets it sell here: a seller's name and address are on every offer."""
        return bool(self.name and self.printed_address)


class ProducerAlias(Base):
    """Another spelling under which sources print a producer."""

    __tablename__ = "producer_alias"

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(200))
    name_key: Mapped[str] = mapped_column(sa.String(200), index=True)

    producer: Mapped[Producer] = relationship(back_populates="aliases", lazy="raise")
