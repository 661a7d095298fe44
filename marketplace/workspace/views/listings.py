"""The products of a producer, and how far the listing of each is."""

from collections import Counter
from collections.abc import Sequence

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.catalogue.listing_models import ListingState
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.own_products import list_own_products
from marketplace.database import db
from marketplace.web.guards import requires
from marketplace.workspace import door
from marketplace.workspace.answers import page
from marketplace.workspace.tenancy import own_producer
from marketplace.workspace.words import NOT_BEGUN, STATES, mark_of

NONE = "chua"
"""In the address, what has no listing; the states are called there as they are stored."""


@door.get("/<slug>/san-pham")
@requires(Role.OWNER, Role.STAFF)
def show_listings(slug: str) -> Response:
    """Show the products of a producer, all of them or those in one state."""
    producer = own_producer(slug)
    products = list_own_products(db.session(), producer.id)
    counts, wanted = Counter(map(_state, products)), request.args.get("trang_thai", "")
    return page(
        "listings",
        producer,
        products=[one for one in products if wanted not in counts or _state(one) == wanted],
        marks={one.id: mark_of(one) for one in products},
        segments=_segments(counts),
        wanted=wanted if wanted in counts else "",
        total=len(products),
        prices={one.id: _lowest(one.variants) for one in products},
        day=clock.today(),
    )


def _state(product: Product) -> str:
    return product.listing.state.value if product.listing else NONE


def _segments(counts: Counter[str]) -> list[tuple[str, object, int]]:
    named = [*((state.value, STATES[state].words) for state in ListingState), (NONE, NOT_BEGUN.words)]
    return [(state, words, counts[state]) for state, words in named if counts[state]]


def _lowest(variants: Sequence[Variant]) -> int | None:
    return min((one.price for one in variants if one.active or one.waiting), default=None)
