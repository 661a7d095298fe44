"""Merging two producers: one transaction, after which the one that went is an older address of the other."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import register
from marketplace.accounts import journal
from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.accounts.sessions import end_sign_ins
from marketplace.catalogue.actions import refresh_offers_of
from marketplace.catalogue.models import Product
from marketplace.errors import NotFound
from marketplace.producers.actions import add_spelling
from marketplace.producers.models import FormerProducer, Producer, ProducerAlias
from marketplace.producers.profile import scope_of
from marketplace.upkeep.merging.errors import MergeOutdated, MergeRefused
from marketplace.upkeep.merging.filling import fill
from marketplace.upkeep.merging.moving import lock_rows, move_rows, move_scopes
from marketplace.upkeep.merging.weighing import weigh
from marketplace.upkeep.shop_sheets.models import SheetTrial
from marketplace.upkeep.shop_sheets.trials import let_go_of


def merge_producers(
    session: Session, actor: Actor | None, stays_id: int, goes_id: int, stamp: str, at: datetime
) -> FormerProducer:
    """Make two producers one, with the name, address and slug of the first, and return what the other was.

    `stamp` is that of what was shown. The other's slug leads here for ever and its names stay spellings;
    deeds and lines of the register's chain keep what they said. There is no way back. Raises NotFound,
    MergeOutdated and MergeRefused.
    """
    stays, goes = _lock(session, stays_id, goes_id)
    weighed = weigh(session, stays, goes)
    if weighed.stamp != stamp:
        raise MergeOutdated
    if weighed.obstacles:
        raise MergeRefused(weighed.obstacles)
    spellings = [goes.name, *session.scalars(_names_of(goes))]
    former = _former(stays, goes, at)
    fill(stays, goes)
    _join_members(session, stays, goes)
    _move_all(session, stays, goes)
    session.add(former)
    session.flush()
    for name in spellings:
        add_spelling(session, stays, name)
    refresh_offers_of(session, stays)
    register.raise_version(session)
    moved = sorted(f"{name}:{there}" for name, (_, there) in weighed.counts.items() if there)
    data = {"former_id": former.number, "moved_codes": moved}
    journal.record(session, actor, "producer:merge", "producer", stays.id, scope_of(stays), at=at, data=data)
    return former


def _lock(session: Session, stays_id: int, goes_id: int) -> tuple[Producer, Producer]:
    """Lock what is moved and then both producers whole, the lower id first; raises NotFound."""
    both = {stays_id, goes_id}
    lock_rows(session, both)
    wanted = sa.select(Producer).where(Producer.id.in_(both)).order_by(Producer.id)
    locked = session.scalars(wanted.with_for_update().execution_options(populate_existing=True))
    found = {one.id: one for one in locked}
    if len(found) < 2:
        raise NotFound(producer=goes_id)
    return found[stays_id], found[goes_id]


def _former(stays: Producer, goes: Producer, at: datetime) -> FormerProducer:
    return FormerProducer(
        number=goes.id,
        slug=goes.slug,
        name=goes.name,
        producer_id=stays.id,
        merged_at=at,
        printed_province=goes.printed_province,
        printed_district=goes.printed_district,
        printed_commune=goes.printed_commune,
        province_id=goes.province_id,
        commune_id=goes.commune_id,
    )


def _names_of(producer: Producer) -> sa.Select[str]:
    own = sa.select(ProducerAlias.name).where(ProducerAlias.producer_id == producer.id)
    return own.order_by(ProducerAlias.id)


def _join_members(session: Session, stays: Producer, goes: Producer) -> None:
    """Give the members of the one that goes their role in the other; owners stay owners, sign-ins end."""
    wanted = sa.select(Membership).where(
        Membership.scope_kind == ScopeKind.PRODUCER, Membership.scope_id.in_((stays.id, goes.id))
    )
    held = session.scalars(wanted.order_by(Membership.id)).all()
    before = {one.person_id: one for one in held if one.scope_id == stays.id}
    for member in (one for one in held if one.scope_id == goes.id):
        end_sign_ins(session, member.person_id)
        known = before.get(member.person_id)
        if known is None:
            continue
        if member.role is Role.OWNER:
            known.role = Role.OWNER
        session.delete(member)
    session.flush()


def _move_all(session: Session, stays: Producer, goes: Producer) -> None:
    """Move every row, the products one by one so that the index of words hears of it."""
    let_go_of(session, SheetTrial.producer_id == goes.id)
    for product in session.scalars(sa.select(Product).where(Product.producer_id == goes.id)):
        product.producer_id = stays.id
    session.flush()
    move_rows(session, stays.id, goes.id)
    move_scopes(session, stays.id, goes.id)
    session.execute(sa.delete(Producer).where(Producer.id == goes.id))
