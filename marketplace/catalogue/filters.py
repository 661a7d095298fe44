"""What narrows a list of products down, and the SQL that does it."""

import json
from array import array
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from hashlib import blake2b
from typing import Any

import sqlalchemy as sa

from marketplace.catalogue.models import (
    Product,
    ProductGroup,
    ProductSet,
    Publication,
    certified,
    live_stars,
)
from marketplace.database import db
from marketplace.producers.models import LegalForm
from marketplace.settings import LapsedProducts

HITS = "hits"
"""The parameter that names the hits of a search; a statement once made counts other hits too."""


class State(StrEnum):
    """Which certificates a list asks for; what is not known to live counts as lapsed."""

    ALIVE = "hieu_luc"
    LAPSED = "het_han"
    ALL = "tat_ca"


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """What a list asks for; within one filter the values add up, between filters they narrow.

    Prices are whole đồng, both bounds included. `origin_ids` are administrative units as of the
    certificate's day, former ones too. `product_ids` are the hits of a search, best first; None
    means that nobody searched.
    """

    stars: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    province_ids: tuple[int, ...] = ()
    commune_ids: tuple[int, ...] = ()
    origin_ids: tuple[int, ...] = ()
    price_from: int | None = None
    price_to: int | None = None
    legal_forms: tuple[LegalForm, ...] = ()
    offered: bool = False
    state: State = State.ALL
    producer_id: int | None = None
    product_ids: tuple[int, ...] | None = None

    @property
    def question(self) -> tuple["Filters", bytes | None]:
        """Return what answers are kept under: thousands of hits stand in it as a digest."""
        if self.product_ids is None:
            return self, None
        hits = array("q", self.product_ids).tobytes()
        return replace(self, product_ids=None), blake2b(hits, digest_size=16).digest()


def among(column: sa.ColumnElement[Any], numbers: Collection[int], name: str) -> sa.ColumnElement[bool]:
    """Return whether a column's value is among numbers sent as one named parameter, however many they are."""
    listed = sa.bindparam(name, as_parameter(numbers), sa.Text)
    if db.engine.dialect.name == "postgresql":
        rows = sa.func.json_array_elements_text(sa.cast(listed, sa.JSON)).table_valued("value")
        return column.in_(sa.select(sa.cast(rows.c.value, sa.Integer)))
    return column.in_(sa.select(sa.func.json_each(listed).table_valued("value").c.value))


def as_parameter(numbers: Collection[int]) -> str:
    """Return numbers as the parameter that `among` sends."""
    return json.dumps(list(numbers))


def for_sale(day: date, lapsed: LapsedProducts) -> sa.ColumnElement[bool]:
    """Return whether a product can be ordered on a day, under what the shop does with lapsed ones."""
    if lapsed is LapsedProducts.SELL:
        return Product.offered.expression
    return sa.and_(Product.offered, certified(day))


def conditions(filters: Filters, day: date, lapsed: LapsedProducts) -> dict[str, sa.ColumnElement[bool]]:
    """Return the conditions that are asked for, by the facet each belongs to; `always` holds for all."""
    asked: dict[str, sa.ColumnElement[bool] | None] = {
        "always": _always(filters, day, lapsed),
        "stars": live_stars(day).in_(filters.stars) if filters.stars else None,
        "group": Product.group_id.in_(_ids(ProductGroup, filters.groups)) if filters.groups else None,
        "set": Product.set_id.in_(_ids(ProductSet, filters.sets)) if filters.sets else None,
        "province": Product.province_id.in_(filters.province_ids) if filters.province_ids else None,
        "commune": Product.commune_id.in_(filters.commune_ids) if filters.commune_ids else None,
        "price": _price(filters),
        "legal_form": Product.legal_form.in_(filters.legal_forms) if filters.legal_forms else None,
        "offered": for_sale(day, lapsed) if filters.offered else None,
        "state": _state(filters.state, day),
    }
    return {facet: condition for facet, condition in asked.items() if condition is not None}


def _always(filters: Filters, day: date, lapsed: LapsedProducts) -> sa.ColumnElement[bool]:
    held = [_published(searched=filters.product_ids is not None)]
    if lapsed is LapsedProducts.HIDE:
        held.append(certified(day))
    if filters.origin_ids:
        held.append(among(Product.origin_id.expression, filters.origin_ids, "origins"))
    if filters.producer_id is not None:
        held.append(Product.producer_id == filters.producer_id)
    if filters.product_ids is not None:
        held.append(among(Product.id.expression, filters.product_ids, HITS))
    return sa.and_(*held)


def _published(*, searched: bool) -> sa.ColumnElement[bool]:
    """Return whether a product is on public view; hits are read by their ids, not through the index."""
    if searched:
        return sa.cast(Product.publication, sa.Text) == sa.literal(Publication.PUBLISHED.value, sa.Text)
    return Product.publication == Publication.PUBLISHED


def _ids(named: type[ProductGroup] | type[ProductSet], slugs: tuple[str, ...]) -> sa.Select[Any]:
    return sa.select(named.id).where(named.slug.in_(slugs))


def _price(filters: Filters) -> sa.ColumnElement[bool] | None:
    bounds = []
    if filters.price_from is not None:
        bounds.append(Product.from_price >= filters.price_from)
    if filters.price_to is not None:
        bounds.append(Product.from_price <= filters.price_to)
    return sa.and_(*bounds) if bounds else None


def _state(state: State, day: date) -> sa.ColumnElement[bool] | None:
    if state is State.ALL:
        return None
    return certified(day) if state is State.ALIVE else sa.not_(certified(day))
