"""Lists of products: filtered, sorted, in numbered pages."""

import json
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias, cast

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from marketplace.catalogue.errors import PageBeyondEnd
from marketplace.catalogue.filters import Filters, conditions
from marketplace.catalogue.memory import Memory
from marketplace.catalogue.models import Product, Variant, live_stars, prominence
from marketplace.database import db
from marketplace.settings import LapsedProducts

PAGE_SIZE = 24
KEPT_ORDERS = 128
NUMBERS_AROUND = 2

Ids: TypeAlias = "array[int]"


class Sort(StrEnum):
    """How a list can be ordered; RELEVANCE is the order of a search's hits."""

    DEFAULT = "mac_dinh"
    NEWEST = "moi"
    STARS = "sao"
    PRICE_UP = "gia_tang"
    PRICE_DOWN = "gia_giam"
    NAME = "ten"
    RELEVANCE = "lien_quan"


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: its products, its number from 1, and how many products there are in all."""

    products: tuple[Product, ...]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Return the number of the last page; an empty list has one page."""
        return max(1, -(-self.total // PAGE_SIZE))

    @property
    def first_position(self) -> int:
        """Return the place of its first product in the whole list, counted from 1."""
        return (self.number - 1) * PAGE_SIZE + 1

    def numbers(self) -> Iterator[int | None]:
        """Yield the page numbers to offer, with None where some are left out."""
        near = range(self.number - NUMBERS_AROUND, self.number + NUMBERS_AROUND + 1)
        shown = sorted({1, self.last, *(n for n in near if 1 <= n <= self.last)})
        for before, number in zip([0, *shown], shown, strict=False):
            if number > before + 1:
                yield None
            yield number


_order: Memory[Ids] = Memory(KEPT_ORDERS)


def list_products(
    filters: Filters,
    sort: Sort = Sort.DEFAULT,
    page: int = 1,
    *,
    day: date,
    lapsed: LapsedProducts = LapsedProducts.SHOW,
) -> Page:
    """Return a page of 24 published products with their producers, sets, communes and provinces.

    The order of a list is found once and kept, so that deep pages cost what the first one does.
    Raises PageBeyondEnd, whose `last` is the last page there is.
    """
    ids = list_product_ids(filters, sort, day=day, lapsed=lapsed)
    asked = Page((), page, len(ids))
    if not 1 <= page <= asked.last:
        raise PageBeyondEnd(page=page, last=asked.last)
    start = asked.first_position - 1
    return Page(load_cards(ids[start : start + PAGE_SIZE]), page, len(ids))


def list_first(
    filters: Filters, most: int, *, day: date, lapsed: LapsedProducts = LapsedProducts.SHOW
) -> tuple[Product, ...]:
    """Return the first products of a list as their cards show them, in one statement."""
    return first_products(most, day, *conditions(filters, day, lapsed).values())


def first_products(most: int, day: date, *held: sa.ColumnElement[bool]) -> tuple[Product, ...]:
    """Return the most prominent products that meet conditions, with all that a card shows."""
    wanted = sa.select(Product).where(*held).order_by(*sort_keys(Sort.DEFAULT, day)).limit(most)
    return tuple(db.session.scalars(wanted.options(*card_relations())).unique())


def list_product_ids(
    filters: Filters, sort: Sort, *, day: date, lapsed: LapsedProducts = LapsedProducts.SHOW
) -> Ids:
    """Return the ids of all products of a list, in its order; kept per version, day and filters."""
    question = (filters.question, sort, day, lapsed)
    return _order.recall(question, lambda: _find_order(filters, sort, day, lapsed))


def _find_order(filters: Filters, sort: Sort, day: date, lapsed: LapsedProducts) -> Ids:
    wanted = sa.select(Product.id).where(*conditions(filters, day, lapsed).values())
    if sort is not Sort.RELEVANCE or filters.product_ids is None:
        return array("i", _fetch_ids(wanted.order_by(*sort_keys(sort, day))))
    found = set(_fetch_ids(wanted))
    return array("i", (hit for hit in filters.product_ids if hit in found))


def _fetch_ids(wanted: sa.Select[Any]) -> list[int]:
    """Return the ids as one JSON array: of tens of thousands, rows would take twice as long."""
    ids = wanted.subquery()
    if db.engine.dialect.name == "postgresql":
        return db.session.scalar(sa.select(sa.func.json_agg(ids.c.id))) or []
    listed = db.session.scalar(sa.select(sa.func.json_group_array(ids.c.id, type_=sa.Text)))
    return cast("list[int]", json.loads(listed or "[]"))


def sort_keys(sort: Sort, day: date) -> list[sa.ColumnElement[Any]]:
    """Return what a list is ordered by in SQL; names and ids make every order complete."""
    stars = sa.func.coalesce(live_stars(day), 0).desc()
    name: list[sa.ColumnElement[Any]] = [Product.name_folded.expression, Product.id.expression]
    match sort:
        case Sort.NEWEST:
            return [Product.published_at.desc(), Product.id.desc()]
        case Sort.STARS:
            return [stars, *name]
        case Sort.PRICE_UP:
            return [Product.from_price.is_(None), Product.from_price.expression, *name]
        case Sort.PRICE_DOWN:
            return [Product.from_price.is_(None), Product.from_price.desc(), *name]
        case Sort.NAME:
            return name
        case _:
            return [prominence(day).desc(), *name]


def load_cards(ids: Sequence[int]) -> tuple[Product, ...]:
    """Return products with all that a card shows, in the order of their ids, in one statement."""
    if not ids:
        return ()
    wanted = sa.select(Product).where(Product.id.in_(list(ids))).options(*card_relations())
    products = {product.id: product for product in db.session.scalars(wanted).unique()}
    return tuple(products[number] for number in ids if number in products)


def card_relations() -> list[LoaderOption]:
    """Return the options that load what a product's card shows besides the product."""
    relations = (
        Product.producer,
        Product.set,
        Product.group,
        Product.commune,
        Product.province,
        Product.cover,
    )
    return [*map(joinedload, relations), joinedload(Product.variants.and_(Variant.active))]
