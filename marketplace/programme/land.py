"""Producers, products and sales points of a plan's land, for its office to name in a book."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from marketplace.programme.metrics import Ground
from marketplace.programme.models import Programme
from marketplace.sales_points.models import SalesPoint
from marketplace.text import fold

MOST_OFFERED = 500
"""Names offered while typing; more of them can be typed all the same."""

Named = dict[str, int]
"""Ids by name; of namesakes none, so that nobody is taken for another."""


def producers_of(session: Session, programme: Programme, without: Collection[int]) -> Named:
    """Return the producers that lie in the land or have a product there, but those of the officer."""
    ground = Ground.of(programme, ())
    makers = ground.products(Product.producer_id)
    wanted = sa.select(Producer.name, Producer.id).where(
        sa.or_(Producer.origin_id.in_(ground.land), Producer.id.in_(makers)), Producer.id.not_in(without)
    )
    return _unique(session, wanted.order_by(Producer.name_key))


def products_of(session: Session, programme: Programme, without: Collection[int]) -> Named:
    """Return the products of the land, but those of the officer's own producers."""
    own = sa.or_(Product.producer_id.is_(None), Product.producer_id.not_in(without))
    wanted = Ground.of(programme, ()).products(Product.name, Product.id).where(own)
    return _unique(session, wanted.order_by(Product.name_folded))


def points_of(session: Session, programme: Programme) -> Named:
    """Return the sales points of the land."""
    land = Ground.of(programme, ()).land
    wanted = sa.select(SalesPoint.name, SalesPoint.id).where(SalesPoint.origin_id.in_(land))
    return _unique(session, wanted.order_by(SalesPoint.name_key))


def districts_named(units: Collection[AdminUnit]) -> Named:
    """Return districts by their full names."""
    return {unit.full_name: unit.id for unit in units}


def find_named(names: Named, typed: str) -> int | None:
    """Return whom a typed name means, case and spaces put aside; None when nobody is called so."""
    wanted = fold(" ".join(typed.split()))
    found = {number for name, number in names.items() if fold(name) == wanted}
    return found.pop() if len(found) == 1 else None


def _unique(session: Session, wanted: sa.Select[str, int]) -> Named:
    found: Named = {}
    doubled: set[str] = set()
    for name, number in session.execute(wanted):
        if name in found:
            doubled.add(name)
        found[name] = number
    return {name: number for name, number in found.items() if name not in doubled}
