"""What an officer compares before two producers become one."""

import re
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.memberships import list_members
from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.text import fold

_ADDRESS = re.compile(r"/chu-the/([\w-]+)")


@dataclass(frozen=True)
class Side:
    """A producer with those who work there and the names of its products."""

    producer: Producer
    members: list[Membership]
    products: list[str]


def find_typed(session: Session, reach: Reach, typed: str) -> Producer | None:
    """Return the producer of the provinces whose page's address, or whose slug, was typed."""
    address = _ADDRESS.search(typed)
    slug = address.group(1) if address else typed.strip()
    wanted = sa.select(Producer).where(Producer.slug == slug, reach.producers_of_provinces())
    return session.scalar(wanted)


def get_both(session: Session, actor: Actor, stays_id: int, goes_id: int) -> tuple[Producer, Producer]:
    """Return two producers of the actor's provinces with their places; raises NotFound."""
    wanted = (
        sa.select(Producer)
        .where(Producer.id.in_((stays_id, goes_id)), Reach.of(actor).producers_of_provinces())
        .options(joinedload(Producer.province), joinedload(Producer.commune))
    )
    found = {one.id: one for one in session.scalars(wanted)}
    if found.keys() != {stays_id, goes_id}:
        raise NotFound(producer=goes_id)
    return found[stays_id], found[goes_id]


def look_at(session: Session, producer: Producer) -> Side:
    """Return a producer as one side of the comparison."""
    names = sa.select(Product.name).where(Product.producer_id == producer.id).order_by(Product.name)
    return Side(producer, list_members(session, scope_of(producer)), list(session.scalars(names)))


def list_namesakes(one: Side, other: Side) -> list[str]:
    """Return the names of products that both sides have: they will stand beside each other."""
    theirs = {fold(name) for name in other.products}
    return [name for name in one.products if fold(name) in theirs]
