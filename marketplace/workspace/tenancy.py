"""What is the actor's own: fetched through their memberships, so that somebody else's is not there.

Writes fetch it again inside their unit of work, with the actor of that moment.
"""

from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.errors import SecondFactorNeeded
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.catalogue.pictures import ProductPicture
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.web.visitors import require_actor

Found = TypeVar("Found", Producer, Product)

MEMBERS = (Role.OWNER, Role.STAFF)
"""Who works in a producer's workspace; dangerous things are the owner's alone."""


def own_producer(slug: str, *roles: Role) -> Producer:
    """Return a producer of the actor's own, with its place; without roles, of any role.

    Raises NotFound (404) for what is not theirs, and SecondFactorNeeded where it would be after one.
    """
    return own_producer_in(db.session(), require_actor(), slug, *roles)


def own_producer_in(session: Session, actor: Actor, slug: str, *roles: Role) -> Producer:
    """Return a producer of the actor's own inside a unit of work; raises as `own_producer` does."""
    wanted = (
        sa.select(Producer)
        .where(Producer.slug == slug, Producer.id.in_(_scopes(actor, *roles)))
        .options(joinedload(Producer.province), joinedload(Producer.commune))
    )
    return _found(session, actor, slug, roles, session.scalar(wanted))


def own_product(slug: str, product_slug: str, *roles: Role) -> Product:
    """Return a product of a producer of the actor's own, on public view or not.

    Its producer, set, group, places, listing, pictures and all its variants come with it. Raises as
    `own_producer` does.
    """
    return own_product_in(db.session(), require_actor(), slug, product_slug, *roles)


def own_product_in(session: Session, actor: Actor, slug: str, product_slug: str, *roles: Role) -> Product:
    """Return a product of the actor's own inside a unit of work; raises as `own_producer` does."""
    wanted = (
        sa.select(Product)
        .join(Product.producer)
        .where(Product.slug == product_slug, Producer.slug == slug, Producer.id.in_(_scopes(actor, *roles)))
        .options(
            joinedload(Product.producer).options(joinedload(Producer.province), joinedload(Producer.commune)),
            joinedload(Product.set),
            joinedload(Product.group),
            joinedload(Product.province),
            joinedload(Product.commune),
            joinedload(Product.listing),
            joinedload(Product.cover),
            joinedload(Product.variants),
            selectinload(Product.pictures).joinedload(ProductPicture.picture),
        )
        .execution_options(populate_existing=True)
    )
    return _found(session, actor, slug, roles, session.scalars(wanted).unique().one_or_none())


def list_own_producers(actor: Actor) -> list[Producer]:
    """Return the producers that the actor works for, by name."""
    wanted = (
        sa.select(Producer)
        .where(Producer.id.in_(_scopes(actor)))
        .options(joinedload(Producer.province), joinedload(Producer.commune))
        .order_by(Producer.name)
    )
    return list(db.session.scalars(wanted))


def _scopes(actor: Actor, *roles: Role) -> frozenset[int]:
    return actor.scope_ids(ScopeKind.PRODUCER, *(roles or MEMBERS))


def _found(session: Session, actor: Actor, slug: str, roles: tuple[Role, ...], found: Found | None) -> Found:
    """Return what was found; else say whether a second factor is missing, or that it is not there."""
    if found is not None:
        return found
    waiting = {
        held.scope.id
        for held in actor.memberships - actor.live_memberships
        if held.scope.kind is ScopeKind.PRODUCER and held.role in (roles or MEMBERS)
    }
    asked = sa.select(Producer.id).where(Producer.slug == slug, Producer.id.in_(waiting))
    if waiting and session.scalar(asked) is not None:
        raise SecondFactorNeeded
    raise NotFound
