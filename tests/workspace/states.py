"""Listings as they lie in each state, without asking how they came there."""

from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.listing_models import DeclineReason, Listing, ListingState
from marketplace.catalogue.models import Product


def a_listing(
    session: Session, product: Product, state: ListingState = ListingState.DRAFT, **changes: Any
) -> Listing:
    """Write the listing of a product as it would be in a state, without asking how it came there."""
    facts: dict[str, Any] = {
        "description": "Cam chín cây, vườn nhà trồng trên đồi Khe Mây.",
        "touched_at": clock.now(),
        "version": 1,
    }
    if state is ListingState.SUBMITTED:
        facts |= {"submitted_at": clock.now(), "answer_due_at": clock.now()}
    if state is ListingState.DECLINED:
        facts |= {"decline_reason": DeclineReason.PICTURES_UNCLEAR, "decline_words": "Ảnh nhãn bị mờ."}
    if state in {ListingState.LIVE, ListingState.PAUSED}:
        facts |= {"live_since": clock.now()}
    assert product.producer_id is not None
    listing = Listing(
        product_id=product.id, producer_id=product.producer_id, state=state, **{**facts, **changes}
    )
    session.add(listing)
    session.flush()
    return listing
