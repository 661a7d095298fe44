"""Orders of a shop as they stand on their way, for the tests of its pages."""

from typing import Any

import sqlalchemy as sa

from marketplace.database import db
from marketplace.ordering import fulfillment
from marketplace.ordering.models import Order, PaymentMethod
from marketplace.payments import settlement
from marketplace.places.models import AdminUnit
from tests.factories.after_sale import reload, sent, step
from tests.factories.ordering import a_commune, ordered, stocked
from tests.signin.browsing import write
from tests.workspace.conftest import Shop


def goods(shop: Shop, name: str = "Cam Khe Mây", on_hand: int = 50, **pack: Any) -> int:
    """Put a product on the shelf of a shop; return the variant."""
    variant_id: int = write(stocked, name, producer=shop.producer, on_hand=on_hand, **pack).id
    return variant_id


def somewhere(name: str = "Cầu Giấy", province: str = "Hà Nội") -> AdminUnit:
    """Return a commune to send to, written where it is not there yet."""
    wanted = sa.select(AdminUnit).where(AdminUnit.name == name)
    db.session.rollback()
    commune: AdminUnit = db.session.scalar(wanted) or write(a_commune, name, province)
    return commune


def waiting(variant_id: int, commune: AdminUnit, quantity: int = 2, **changes: Any) -> Order:
    """Have somebody order packs; the order waits for its seller."""
    return reload(ordered({variant_id: quantity}, commune, **changes).orders[0].id)


def confirmed(variant_id: int, commune: AdminUnit, quantity: int = 2, **changes: Any) -> Order:
    """Have somebody order packs, and the seller take the order on."""
    order = waiting(variant_id, commune, quantity, **changes)
    step(fulfillment.confirm_order, order.id)
    return reload(order.id)


def packed(variant_id: int, commune: AdminUnit, quantity: int = 2, **changes: Any) -> Order:
    """Have an order stand ready."""
    order = confirmed(variant_id, commune, quantity, **changes)
    step(fulfillment.pack_order, order.id)
    return reload(order.id)


def on_the_way(variant_id: int, commune: AdminUnit, quantity: int = 2, **changes: Any) -> Order:
    """Have an order sent whole."""
    order = confirmed(variant_id, commune, quantity, **changes)
    sent(order.id)
    return reload(order.id)


def delivered(variant_id: int, commune: AdminUnit, quantity: int = 2, **changes: Any) -> Order:
    """Have an order delivered, and paid in cash where that is its way."""
    order = on_the_way(variant_id, commune, quantity, **changes)
    in_cash = changes.get("method", PaymentMethod.CASH_ON_DELIVERY) is PaymentMethod.CASH_ON_DELIVERY
    step(settlement.deliver, order.fulfillments[0].id, order.total if in_cash else None)
    return reload(order.id)
