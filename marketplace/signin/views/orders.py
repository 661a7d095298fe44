"""What one has ordered while signed in; every order opens its own page."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response

from marketplace.database import db
from marketplace.ordering.models import Order, OrderGroup
from marketplace.ordering.order_number import write_number
from marketplace.ordering.order_queries import list_groups_of_person
from marketplace.ordering.secret import find_order_secret
from marketplace.ordering.status import amount_due, parcel_state
from marketplace.signin import door
from marketplace.signin.answers import page
from marketplace.web.guards import signed_in
from marketplace.web.parcel_words import Told, told_state
from marketplace.web.visitors import require_actor


@dataclass(frozen=True, slots=True)
class Row:
    """One order of the list: its page, where its link is known, its parcels, and what it comes to in đồng."""

    group: OrderGroup
    number: str
    path: str | None
    parcels: Sequence[tuple[Order, Told]]
    due: int


@door.get("/tai-khoan/don-hang")
@signed_in
def show_orders() -> Response:
    """Show one's own orders, newest first."""
    groups = list_groups_of_person(db.session(), require_actor().person_id)
    return page("orders", rows=[_row(group) for group in groups])


def _row(group: OrderGroup) -> Row:
    secret = find_order_secret(group)
    return Row(
        group=group,
        number=write_number(group.number),
        path=f"/don-hang/{group.number}/{secret}" if secret else None,
        parcels=[(order, told_state(order, parcel_state(order))) for order in group.orders],
        due=sum(amount_due(order) for order in group.orders),
    )
