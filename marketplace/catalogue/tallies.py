"""Views of products, and the words that led to them: counted in memory, written in batches after answers.

Nothing is known of who looked. A place is the province that the visitor narrowed the list to, never one
guessed from a network; words are folded, and what could name somebody is not kept.
"""

import logging
import re
from collections import Counter
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.database import Base, unit_of_work
from marketplace.places.models import AdminUnit, Level
from marketplace.text import fold

log = logging.getLogger(__name__)

WRITE_EVERY = timedelta(seconds=30)
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


class Tallies:
    """What one process has counted since it last wrote."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._views: Counter[Seen] = Counter()
        self._words: Counter[Seen] = Counter()
        self._since: datetime | None = None

    def note(self, slug: str, at: datetime, province: str = "", words: str = "") -> None:
        """Count a view of a product, with the province chosen and the words that led to it, if any."""
        day = clock.local_date(at)
        with self._lock:
            self._since = self._since or at
            _count(self._views, (slug, day, province), MOST_VIEWS)
            if words:
                _count(self._words, (slug, day, words), MOST_WORDS)

    def is_due(self, at: datetime) -> bool:
        """Say whether something has waited long enough to be written."""
        return self._since is not None and at - self._since >= WRITE_EVERY

    def write_when_due(self, at: datetime) -> bool:
        """Write what was counted, in a unit of work of its own, when it has waited long enough.

        While the database is away or busy it is kept and tried again later.
        """
        with self._lock:
            if not self.is_due(at):
                return False
            views, words = self._views, self._words
            self._views, self._words, self._since = Counter(), Counter(), None
        try:
            with unit_of_work() as session:
                _write(session, views, words)
        except OperationalError as error:
            log.warning("tallies wait for the database: %s", type(error.orig).__name__)
            self._take_back(views, words, at)
            return False
        return True

    def _take_back(self, views: Counter[Seen], words: Counter[Seen], at: datetime) -> None:
        with self._lock:
            self._views.update(views)
            self._words.update(words)
            self._since = at


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


def _count(counter: Counter[Seen], seen: Seen, most: int) -> None:
    if seen in counter or len(counter) < most:
        counter[seen] += 1


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
    _add(session, ProductView, ("product_id", "day", "province_id"), "views", seen)
    _add(session, LeadingWords, ("product_id", "month", "words"), "times", led)


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


def _add(
    session: Session, model: type[Base], key: tuple[str, ...], column: str, counted: Counter[tuple[Any, ...]]
) -> None:
    """Add numbers to the rows of their keys, which may not be there yet."""
    if not counted:
        return
    rows = [{**dict(zip(key, one, strict=True)), column: counted[one]} for one in sorted(counted)]
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    fresh = postgresql.insert(model) if on_postgresql else sqlite.insert(model)
    own = sa.inspect(model).local_table.columns[column]
    session.execute(
        fresh.on_conflict_do_update(index_elements=list(key), set_={column: own + fresh.excluded[column]}),
        rows,
    )
