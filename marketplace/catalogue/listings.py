"""The way of a listing: begun, submitted, let through or declined, paused and resumed.

Actions take the open unit of work first, and by keyword who acts and when; who may act is the door's
to say, by fetching the listing through the actor's scopes. What a listing says is changed in
`listing_content`. All raise IllegalTransition for a deed that is not open in its state.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.errors import ConflictOfDuty
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import ScopeKind
from marketplace.catalogue.actions import publish_product, refresh_offer, register_product
from marketplace.catalogue.answer_times import DAYS_FOR_LISTINGS, answer_due
from marketplace.catalogue.completeness import list_gaps
from marketplace.catalogue.errors import ListingExists, ListingIncomplete, NeverCertified
from marketplace.catalogue.listing_models import DeclineReason, Listing, ListingState
from marketplace.catalogue.listing_states import By, Deed, advance, claim, note_deed
from marketplace.catalogue.listing_words import LONGEST_NOTE, tidied
from marketplace.catalogue.models import ClassifiedBy, Product, ProductGroup, ProductSet, Publication, Variant
from marketplace.catalogue.pictures import first_picture_id
from marketplace.errors import NotFound
from marketplace.producers.models import Producer


def start_listing(
    session: Session,
    producer: Producer,
    *,
    actor: Actor,
    at: datetime,
    product: Product | None = None,
    name: str = "",
    product_set: ProductSet | None = None,
    group: ProductGroup | None = None,
) -> Listing:
    """Begin the listing of a product of the register, or of one by `name` that is not in it yet.

    The second kind is registered as a draft, which no public page shows. Raises NotFound for a product
    of somebody else, ListingExists, and InvalidWords for an empty name.
    """
    if product is None:
        product = _draft_product(session, producer, name, at, product_set, group)
    elif product.producer_id != producer.id:
        raise NotFound(product_id=product.id)
    if session.get(Listing, product.id) is not None:
        raise ListingExists(product_id=product.id)
    listing = Listing(product_id=product.id, producer_id=producer.id, state=ListingState.DRAFT)
    listing.version, listing.touched_at = 1, at
    session.add(listing)
    session.flush()
    note_deed(session, listing, "start", By(actor, at), state=listing.state)
    return listing


def _draft_product(
    session: Session,
    producer: Producer,
    name: str,
    at: datetime,
    product_set: ProductSet | None,
    group: ProductGroup | None,
) -> Product:
    columns = ("origin_id", "commune_id", "province_id", "lat", "lon", "point_accuracy")
    printed = ("printed_commune", "printed_district", "printed_province")
    return register_product(
        session,
        tidied("name", name, required=True) or "",
        at=at,
        producer=producer,
        product_set=product_set,
        group=group,
        classified_by=ClassifiedBy.SOURCE,
        location={column: getattr(producer, column) for column in (*columns, *printed)},
        publication=Publication.DRAFT,
    )


def submit_listing(session: Session, listing: Listing, *, actor: Actor, at: datetime) -> None:
    """Hand a listing to the office, which answers within seven working days.

    Raises NeverCertified when no recognition of the product is on record, and ListingIncomplete with
    the step that misses something.
    """
    claim(session, listing, Deed.SUBMIT)
    product = session.get_one(Product, listing.product_id)
    if not product.ever_certified:
        raise NeverCertified(product_id=product.id)
    if gaps := list_gaps(session, listing, product):
        raise ListingIncomplete(step=gaps[0])
    advance(session, listing, Deed.SUBMIT, By(actor, at))
    listing.submitted_at = at
    listing.answer_due_at = answer_due(at, DAYS_FOR_LISTINGS)
    listing.decided_at = listing.decided_by = listing.decline_reason = listing.decline_words = None
    session.flush()


def withdraw_listing(session: Session, listing: Listing, *, actor: Actor, at: datetime) -> None:
    """Take a listing back from the office, to be edited again."""
    advance(session, listing, Deed.WITHDRAW, By(actor, at))
    listing.submitted_at = listing.answer_due_at = None
    session.flush()


def approve_listing(session: Session, listing: Listing, *, version: int, actor: Actor, at: datetime) -> None:
    """Let a listing through as it was at a version: from now on it is on public view and sale.

    Its packs take the place of those the product had before. Raises ListingChanged when it was taken
    back and submitted anew meanwhile, ConflictOfDuty for a member of the producer.
    """
    _decide(session, listing, Deed.APPROVE, version, actor, at)
    listing.live_since = listing.live_since or at
    _show(session, listing)


def decline_listing(
    session: Session,
    listing: Listing,
    reason: DeclineReason,
    words: str,
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> None:
    """Give a listing back with a reason and words that say what to change; it is submitted anew.

    One that is live or paused is taken down by it, as after a report that proved right. Raises
    InvalidWords for no words, ListingChanged and ConflictOfDuty as `approve_listing` does.
    """
    words = tidied("words", words, most=LONGEST_NOTE, required=True) or ""
    claim(session, listing, Deed.DECLINE, version)
    was = listing.state
    _decide(session, listing, Deed.DECLINE, version, actor, at, reason)
    listing.decline_reason, listing.decline_words = reason, words
    if was is not ListingState.SUBMITTED:
        _hide(session, listing)
    session.flush()


def pause_listing(session: Session, listing: Listing, *, actor: Actor, at: datetime) -> None:
    """Take a listing off sale and view for a while; what the register says stays."""
    advance(session, listing, Deed.PAUSE, By(actor, at))
    _hide(session, listing)


def resume_listing(session: Session, listing: Listing, *, actor: Actor, at: datetime) -> None:
    """Put a paused listing on view and sale again."""
    advance(session, listing, Deed.RESUME, By(actor, at))
    _show(session, listing)


def _decide(
    session: Session,
    listing: Listing,
    deed: Deed,
    version: int,
    actor: Actor,
    at: datetime,
    reason: DeclineReason | None = None,
) -> None:
    if listing.producer_id in actor.scope_ids(ScopeKind.PRODUCER):
        raise ConflictOfDuty
    advance(session, listing, deed, By(actor, at), version, decline_code=reason)
    listing.decided_at, listing.decided_by = at, actor.person_id


def _show(session: Session, listing: Listing) -> None:
    """Put on sale the packs that waited, and no others, and show the first picture on cards."""
    product = session.get_one(Product, listing.product_id)
    for variant in session.scalars(sa.select(Variant).where(Variant.product_id == product.id)):
        variant.active, variant.waiting = variant.waiting, False
    if product.publication is Publication.DRAFT:
        publish_product(session, product)
    product.cover_id = session.scalar(first_picture_id(product.id))
    refresh_offer(session, product)


def _hide(session: Session, listing: Listing) -> None:
    product = session.get_one(Product, listing.product_id)
    for variant in session.scalars(sa.select(Variant).where(Variant.product_id == product.id)):
        variant.waiting, variant.active = variant.active or variant.waiting, False
    product.cover_id = None
    refresh_offer(session, product)
