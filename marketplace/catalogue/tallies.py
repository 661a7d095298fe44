"""Views of products, and the words that led to them: counted in memory, written in batches after answers.

Nothing is known of who looked. A place is the province that the visitor narrowed the list to, never one
guessed from a network; words are folded, and what could name somebody is not kept.
"""

import re
from collections import Counter
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.database import Base, unit_of_work
from marketplace.places.models import AdminUnit, Level
from marketplace.tallying import Counted, Tallies, add_up
from marketplace.text import fold

TABLES = ("product_view", "leading_words")
"""The tables that reading a page may write to, by way of this module."""
NOWHERE = 0
"""Stands for the province of a visitor who chose none."""
LONGEST_WORDS = 60
MOST_VIEWS, MOST_WORDS = 5_000, 200
"""How many different things one process remembers until it writes; what comes on top is not counted."""
KEPT_MONTHS = 25
RARE, RARE_KEPT_MONTHS = 3, 2
"""Words that led to a product less often than this are let go early: they could be somebody's own."""

_COULD_NAME_SOMEBODY = re.compile(r"@|(?:\d\W?){6}|https?:|www\.")


class ProductView(Base):
    """How often a product's page was looked at on a day by visitors of a province, or of none chosen."""

    __tablename__ = "product_view"
    __table_args__ = (sa.CheckConstraint("views > 0", name="views"), sa.Index(None, "day"))

    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    province_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    views: Mapped[int]


class LeadingWords(Base):
    """How often words searched for led to a product, in the month that begins on `month`."""

    __tablename__ = "leading_words"
    __table_args__ = (sa.CheckConstraint("times > 0", name="times"), sa.Index(None, "month"))

    product_id: Mapped[int] = mapped_column(sa.ForeignKey("product.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    words: Mapped[str] = mapped_column(sa.String(LONGEST_WORDS), primary_key=True)
    times: Mapped[int]


Seen = tuple[str, date, str]
"""Slug of a product, the day, and a province's slug or words; both may be empty."""


class ViewTallies(Tallies):
    """What one process has counted since it last wrote."""

    def __init__(self) -> None:
        super().__init__("views", "words")

    def note(self, slug: str, at: datetime, province: str = "", words: str = "") -> None:
        """Count a view of a product, with the province chosen and the words that led to it, if any."""
        day = clock.local_date(at)
        self.count("views", (slug, day, province), MOST_VIEWS, at)
        if words:
            self.count("words", (slug, day, words), MOST_WORDS, at)

    def write(self, session: Session, counted: Counted, at: datetime) -> None:
        """Write counted views, and the words that led to them."""
        _write(session, counted["views"], counted["words"])


def words_to_keep(text: str) -> str:
    """Return words searched for as they are kept: folded and cut; nothing where they could name somebody."""
    words = fold(text)
    return "" if _COULD_NAME_SOMEBODY.search(words) else words[:LONGEST_WORDS].strip()


def forget_old_tallies() -> None:
    """Delete what is older than 25 months, and rare words after two; a periodic duty."""
    today = clock.today()
    kept_from = clock.add_months(today.replace(day=1), -KEPT_MONTHS)
    rare_from = clock.add_months(today.replace(day=1), -RARE_KEPT_MONTHS)
    rare = sa.and_(LeadingWords.month < rare_from, LeadingWords.times < RARE)
    with unit_of_work() as session:
        session.execute(sa.delete(ProductView).where(ProductView.day < kept_from))
        session.execute(sa.delete(LeadingWords).where(sa.or_(LeadingWords.month < kept_from, rare)))


def _write(session: Session, views: Counter[Seen], words: Counter[Seen]) -> None:
    """Write in the order of keys, so that two processes do not wait for each other in a circle."""
    products = _product_ids(session, {slug for slug, *_ in views})
    provinces = _province_ids(session, {province for *_, province in views if province})
    seen: Counter[tuple[Any, ...]] = Counter()
    for (slug, day, province), number in views.items():
        if slug in products:
            seen[products[slug], day, provinces.get(province, NOWHERE)] += number
    led: Counter[tuple[Any, ...]] = Counter()
    for (slug, day, text), number in words.items():
        if slug in products and (kept := words_to_keep(text)):
            led[products[slug], day.replace(day=1), kept] += number
    add_up(session, ProductView, ("product_id", "day", "province_id"), "views", seen)
    add_up(session, LeadingWords, ("product_id", "month", "words"), "times", led)


def _product_ids(session: Session, wanted: set[str]) -> dict[str, int]:
    known = sa.select(Product.slug, Product.id).where(Product.slug.in_(sorted(wanted)))
    return {row.slug: row.id for row in session.execute(known)}


def _province_ids(session: Session, wanted: set[str]) -> dict[str, int]:
    if not wanted:
        return {}
    today = sa.select(AdminUnit.slug, AdminUnit.id).where(
        AdminUnit.level == Level.PROVINCE, AdminUnit.ended.is_(False), AdminUnit.slug.in_(sorted(wanted))
    )
    return {row.slug: row.id for row in session.execute(today)}
