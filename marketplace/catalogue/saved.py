"""Products that buyers with an account keep for later; nobody else learns which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from marketplace import clock
from marketplace.accounts.people import hold_person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of
from marketplace.catalogue.errors import TooManySaved
from marketplace.catalogue.models import Product, Publication
from marketplace.database import Base, UtcDateTime, db
from marketplace.errors import NotFound

MOST_SAVED = 200


class SavedProduct(Base):
    """A product that a person keeps, with the price and stars they last heard of, as of `news_at` or saving.

    `news_at` is when a letter last told them of a change.
    """

    __tablename__ = "saved_product"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True, index=True)
    saved_at: Mapped[datetime] = mapped_column(UtcDateTime)
    price_told: Mapped[int | None] = mapped_column(sa.BigInteger)
    stars_told: Mapped[int | None]
    news_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    product: Mapped[Product] = relationship(lazy="raise")


@dataclass(frozen=True, slots=True)
class Keepsake:
    """A saved product; `on_view` is false for one that has left the market since."""

    product: Product
    saved_at: datetime
    on_view: bool


def save_product(session: Session, actor: Actor, slug: str, at: datetime) -> Product:
    """Keep a product that is on public view; keeping it twice is keeping it once.

    Raises NotFound, and TooManySaved past 200.
    """
    product = _find(session, slug)
    if product is None:
        raise NotFound(slug=slug)
    hold_person(session, actor)
    if session.get(SavedProduct, (actor.person_id, product.id)) is None:
        own = sa.select(sa.func.count()).select_from(SavedProduct)
        if session.execute(own.where(SavedProduct.person_id == actor.person_id)).scalar_one() >= MOST_SAVED:
            raise TooManySaved(most=MOST_SAVED)
        kept = SavedProduct(person_id=actor.person_id, product_id=product.id, saved_at=at)
        kept.price_told, kept.stars_told = product.from_price, product.live_stars(clock.local_date(at))
        session.add(kept)
    return product


def let_go_of_product(session: Session, actor: Actor, product_id: int) -> None:
    """Keep a product no longer; one that was not kept changes nothing."""
    own = sa.and_(SavedProduct.person_id == actor.person_id, SavedProduct.product_id == product_id)
    session.execute(sa.delete(SavedProduct).where(own))


def find_savable(slug: str) -> Product | None:
    """Return a product on public view by its slug, or None."""
    return _find(db.session(), slug)


def list_saved(person_id: int) -> Sequence[Keepsake]:
    """Return what a person keeps, the latest first, each with its producer, province and packs."""
    product = joinedload(SavedProduct.product)
    kept = db.session.scalars(
        sa.select(SavedProduct)
        .where(SavedProduct.person_id == person_id)
        .options(
            product.joinedload(Product.producer),
            product.joinedload(Product.province),
            product.joinedload(Product.set),
            product.joinedload(Product.group),
        )
        .order_by(SavedProduct.saved_at.desc(), SavedProduct.product_id)
    )
    return [Keepsake(one.product, one.saved_at, _on_view(one.product)) for one in kept]


def export_saved(session: Session, subject: Subject) -> list[dict[str, Any]]:
    """Return which products a person keeps, by number and day."""
    return rows_of(session, SavedProduct, SavedProduct.person_id == subject.person_id, "person_id")


def erase_saved(session: Session, subject: Subject, at: datetime) -> None:
    """Delete which products a person keeps."""
    session.execute(sa.delete(SavedProduct).where(SavedProduct.person_id == subject.person_id))


def _find(session: Session, slug: str) -> Product | None:
    found = session.scalar(sa.select(Product).where(Product.slug == slug))
    return found if found is not None and _on_view(found) else None


def _on_view(product: Product) -> bool:
    return product.publication is Publication.PUBLISHED


exporters["saved_products"] = export_saved
erasers["saved_products"] = erase_saved
