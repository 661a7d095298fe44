"""The shipped register in a database and an index of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from marketplace.catalogue.models import Product, ProductAlias
from marketplace.database import db
from marketplace.search import actions
from marketplace.upkeep.importing.producers import import_producers
from marketplace.upkeep.importing.products import import_products
from marketplace.upkeep.setup import REGISTER, load_facts
from tests.environment.application import empty_application


@contextmanager
def shipped_register(folder: Path) -> Iterator[None]:
    """Import the shipped producers and products, build the index, and stay in the application."""
    with empty_application(f"sqlite:///{folder / 'register.db'}", folder):
        load_facts(report=lambda line: None)
        import_producers(REGISTER / "producers.csv")
        import_products(REGISTER / "products.csv")
        actions.rebuild()
        yield


def products_by_alias() -> dict[str, int]:
    """Return the product of each outside id."""
    rows = db.session.execute(sa.select(ProductAlias.external_id, ProductAlias.product_id))
    return {external_id: product_id for external_id, product_id in rows}  # noqa: C416 - rows are no pairs


def names() -> dict[int, str]:
    """Return the names of all products."""
    rows = db.session.execute(sa.select(Product.id, Product.name).order_by(Product.id))
    return {identity: name for identity, name in rows}  # noqa: C416 - rows are no pairs
