"""Papers for orders: what to take from the shelves, a slip for each order, and what lies in the parcel."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.ordering.gathering import MOST_AT_ONCE, list_chosen, list_to_gather
from marketplace.text import whole_number
from marketplace.web.guards import requires
from marketplace.workspace import door
from marketplace.workspace.answers import page
from marketplace.workspace.order_pages import make_cards, sum_goods
from marketplace.workspace.tenancy import own_producer


@door.get("/<slug>/don-hang/phieu-soan")
@requires(Role.OWNER, Role.STAFF)
def show_packing_list(slug: str) -> Response:
    """Show what to gather for the chosen orders, or for all that wait: sums first, then order by order."""
    producer, session = own_producer(slug), db.session()
    waiting, numbers = list_to_gather(session, producer.id), _chosen()
    chosen = list_chosen(session, producer.id, numbers) if numbers else waiting
    every = {order.id: order for order in (*waiting, *chosen)}
    made = {card.order.id: card for card in make_cards(session, list(every.values()), clock.now())}
    cards = [made[order.id] for order in chosen if made[order.id].left]
    return page(
        "order_packing",
        producer,
        cards=cards,
        goods=sum_goods(cards),
        waiting=[made[order.id] for order in waiting],
        chosen={card.order.id for card in cards},
        at=clock.now(),
    )


@door.get("/<slug>/don-hang/phieu-giao")
@requires(Role.OWNER, Role.STAFF)
def show_slips(slug: str) -> Response:
    """Show the papers that lie in the parcels of the chosen orders, each on a sheet of its own."""
    producer, session = own_producer(slug), db.session()
    numbers = _chosen()
    orders = list_chosen(session, producer.id, numbers) if numbers else list_to_gather(session, producer.id)
    return page("order_slips", producer, cards=make_cards(session, orders, clock.now()))


def _chosen() -> list[int]:
    """Return the orders that are named in the address; what is no number names none that is there."""
    named = request.args.getlist("don")[:MOST_AT_ONCE]
    return [whole_number(text) or 0 for text in named]
