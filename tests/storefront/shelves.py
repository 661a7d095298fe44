"""Products on the shelf, for page tests: as certified, priced and stocked as a test wants them."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.ordering.stock import receive
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

ALIVE = date(2025, 8, 5)
LAPSED = date(2023, 3, 1)


def a_province(session: Session, name: str, slug: str, code: str, **changes: Any) -> AdminUnit:
    """Write a province of today."""
    facts = {
        "kind": "tỉnh",
        "level": Level.PROVINCE,
        "name_key": slug.replace("-", " "),
        "ended": False,
        **changes,
    }
    unit = AdminUnit(key=f"p-{slug}", name=name, slug=slug, code=code, **facts)
    session.add(unit)
    session.flush()
    return unit


def on_shelf(
    session: Session,
    name: str = "Cam Khe Mây",
    *,
    stars: int | None = 4,
    issued_on: date | None = ALIVE,
    producer: Producer | None = None,
    on_hand: int = 20,
    price: int | None = 90_000,
    province: AdminUnit | None = None,
    **changes: Any,
) -> Product:
    """Put a product on view: certified unless `stars` and `issued_on` are None, offered unless `price` is."""
    maker = producer or a_producer(session, f"HTX {name}")
    product = a_product(session, name, producer=maker, **changes)
    if province is not None:
        product.province_id = province.id
    if stars is not None:
        a_certificate(session, product, stars=stars, issued_on=issued_on)
    if price is not None:
        variant = a_variant(session, product, price=price)
        session.flush()
        if on_hand:
            receive(session, variant.id, on_hand, "nhập kho", clock.now())
    session.flush()
    return product
