"""Products and what they are sold as, for tests."""

from decimal import Decimal
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.actions import add_alias, register_product
from marketplace.catalogue.classification import load_groups_and_sets
from marketplace.catalogue.models import Product, ProductSet, Uom, Variant
from marketplace.catalogue.packs import Pack, set_variants
from marketplace.producers.models import Producer

_numbers = count(1)

FRESH_FRUIT = 1
WHITE_SPIRIT = 14
TOURISM = 26


def a_set(session: Session, number: int = FRESH_FRUIT) -> ProductSet:
    """Return one of the 26 sets, loading them all on first use."""
    found = session.scalar(sa.select(ProductSet).where(ProductSet.number == number))
    if found is None:
        load_groups_and_sets(session)
        found = session.scalars(sa.select(ProductSet).where(ProductSet.number == number)).one()
    return found


def a_product(
    session: Session,
    name: str = "Cam Khe Mây",
    *,
    producer: Producer | None = None,
    set_number: int | None = FRESH_FRUIT,
    external_id: str | None = None,
    **changes: Any,
) -> Product:
    """Register a product without certificate, variant or price."""
    product_set = a_set(session, set_number) if set_number else None
    facts = {"at": clock.now(), "product_set": product_set, "producer": producer, **changes}
    product = register_product(session, name, **facts)
    if external_id:
        add_alias(session, product, external_id)
    return product


def a_pack(**changes: Any) -> Pack:
    """Describe a pack of a kilogram at 90,000 đồng, with a SKU of its own."""
    facts = {
        "sku": f"SKU-{next(_numbers)}",
        "name": "Túi 1 kg",
        "price": 90_000,
        "vat_percent": 8,
        "content": Decimal(1000),
        "uom": Uom.GRAM,
        "weight_g": 1_050,
        **changes,
    }
    return Pack(**facts)


def a_variant(session: Session, product: Product, **changes: Any) -> Variant:
    """Offer a product in one pack, beside none else."""
    return set_variants(session, product, [a_pack(**changes)])[0]
