"""Listings of producers, and who acts upon them, for tests."""

import secrets
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.listing_content import describe_listing, set_listing_packs, set_listing_pictures
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.listings import approve_listing, start_listing, submit_listing
from marketplace.catalogue.models import Product
from marketplace.catalogue.packs import Pack
from marketplace.media.models import Picture
from marketplace.media.pictures import owner_of
from marketplace.producers.models import Producer
from tests.factories.accounts import an_actor
from tests.factories.catalogue import a_pack, a_product
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

OFFICER_ID = 90
DESCRIPTION = "Cam giòn, ngọt thanh, hái buổi sớm ở vườn Khe Mây."
LEADS = {
    ("submit", "draft"): "submitted",
    ("submit", "declined"): "submitted",
    ("withdraw", "submitted"): "draft",
    ("approve", "submitted"): "live",
    ("decline", "submitted"): "declined",
    ("pause", "live"): "paused",
    ("resume", "paused"): "live",
    ("decline", "live"): "declined",
    ("decline", "paused"): "declined",
}
"""Where a deed leads from a state: the story of listings, written down a second time on purpose."""
_numbers = count(1)


def the_owner(producer: Producer, *, strong: bool = False) -> Actor:
    """Return the owner of a producer, who has not proved who they are just now."""
    return an_actor(1, (Scope(ScopeKind.PRODUCER, producer.id), Role.OWNER), strong=strong)


def the_staff(producer: Producer) -> Actor:
    """Return somebody who works for a producer, fresh from signing in."""
    return an_actor(2, (Scope(ScopeKind.PRODUCER, producer.id), Role.STAFF))


def an_officer() -> Actor:
    """Return an officer of a province."""
    return an_actor(OFFICER_ID, (Scope(ScopeKind.ADMIN_UNIT, 1), Role.PROVINCE_OFFICER))


def a_picture(session: Session, producer: Producer, **changes: Any) -> Picture:
    """Write a picture of a producer, without its files."""
    facts = {
        "key": secrets.token_urlsafe(16),
        "owner": owner_of("producer", producer.id),
        "width": 1200,
        "height": 900,
        "digest": f"{next(_numbers):064x}",
        "sizes": [200, 400, 800, 1200],
        "created_at": clock.now(),
        **changes,
    }
    picture = Picture(**facts)
    session.add(picture)
    session.flush()
    return picture


def a_certified_product(session: Session, name: str = "Cam Khe Mây", **changes: Any) -> Product:
    """Register a product that was certified, of a producer who may sell."""
    product = a_product(session, name, **{"producer": a_producer(session, f"HTX {name}"), **changes})
    a_certificate(session, product)
    return product


def producer_of(session: Session, product: Product) -> Producer:
    """Return the producer of a product that has one."""
    return session.get_one(Producer, product.producer_id)


def a_listing(session: Session, product: Product, packs: list[Pack] | None = None) -> Listing:
    """Write a listing that lacks nothing, ready to be submitted: words, two pictures, one pack."""
    producer = producer_of(session, product)
    by: dict[str, Any] = {"actor": the_owner(producer), "at": clock.now()}
    listing = start_listing(session, producer, product=product, **by)
    pictures = [(a_picture(session, producer).id, alt) for alt in ("Mặt trước", "Nhãn và hạn dùng")]
    describe_listing(session, listing, version=listing.version, description=DESCRIPTION, **by)
    set_listing_pictures(session, listing, pictures, version=listing.version, **by)
    set_listing_packs(session, listing, packs or [a_pack()], version=listing.version, **by)
    return listing


def a_live_listing(session: Session, product: Product, packs: list[Pack] | None = None) -> Listing:
    """Write a listing that an officer has let through."""
    listing = a_listing(session, product, packs)
    submit_listing(session, listing, actor=the_owner(producer_of(session, product)), at=clock.now())
    approve_listing(session, listing, version=listing.version, actor=an_officer(), at=clock.now())
    return listing
