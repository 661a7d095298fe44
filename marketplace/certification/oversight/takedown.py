"""Orders of authorities to take products off public view: on record, carried out, answered within 24 hours.

Law on E-commerce 122/2025/QH15 and its decree: who runs a market removes within 24 hours of an authority's
request. Putting a product back is the office's ordinary deed (`catalogue.reports.lift_suspension`).
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.decisions.drafts import may_record, require_province
from marketplace.certification.oversight.duty import refuse_own
from marketplace.certification.oversight.errors import (
    AuthorityOrderAnswered,
    AuthorityOrderOnRecord,
    ItemsStillShown,
    TooManyItems,
)
from marketplace.certification.oversight.models import AuthorityOrder, OrderedItem
from marketplace.certification.oversight.order_facts import WITHIN, OrderFacts, fitting, tidy_order
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit
from marketplace.text import clean_lines

MOST_ITEMS = 200


def record_order(
    session: Session, actor: Actor, unit_id: int, facts: OrderFacts, at: datetime
) -> AuthorityOrder:
    """Write an order down in a province; what it names is added next.

    Raises NotPermitted, InvalidAuthorityOrder, ImpossibleTime and AuthorityOrderOnRecord.
    """
    unit = require_province(session, actor, unit_id)
    told = tidy_order(facts, at)
    _refuse_repeated(session, unit.id, told)
    order = AuthorityOrder(
        unit_id=unit.id,
        number=told.number,
        authority=told.authority,
        words=told.words,
        received_at=told.received_at,
        due_at=told.received_at + WITHIN,
        recorded_by=actor.person_id,
    )
    session.add(order)
    session.flush()
    _note(session, actor, order, "record", at)
    return order


def name_product(session: Session, actor: Actor, order_id: int, product_id: int, at: datetime) -> None:
    """Put a product of the province on an order; what is on it already stays as it is.

    Raises NotPermitted, AuthorityOrderAnswered, NotFound, ConflictOfDuty and TooManyItems.
    """
    order = _claim(session, actor, order_id)
    if any(item.product_id == product_id for item in order.items):
        return
    product = session.get(Product, product_id)
    drafted = product is not None and product.publication is Publication.DRAFT
    if product is None or drafted or product.province_id != order.unit_id:
        raise NotFound
    refuse_own(session, actor, product.producer_id)
    if len(order.items) >= MOST_ITEMS:
        raise TooManyItems(most=MOST_ITEMS)
    order.items.append(OrderedItem(product_id=product_id))
    session.flush()
    _note(session, actor, order, "name", at, product_id=product_id)


def drop_product(session: Session, actor: Actor, order_id: int, product_id: int, at: datetime) -> None:
    """Take a product off an order that was put there by mistake and is still on view.

    Raises NotPermitted, AuthorityOrderAnswered and NotFound.
    """
    order = _claim(session, actor, order_id)
    waiting = [one for one in order.items if one.product_id == product_id and one.taken_down_at is None]
    if not waiting:
        raise NotFound
    session.delete(waiting[0])
    session.flush()
    _note(session, actor, order, "drop", at, product_id=product_id)


def take_down(
    session: Session, actor: Actor, order_id: int, at: datetime, product_ids: Collection[int] = ()
) -> list[Product]:
    """Take the products of an order off public view, all or those named, and return those that went.

    What was hidden before stays hidden and counts as done. Raises NotPermitted, AuthorityOrderAnswered,
    NotFound where the order names none of them, and ConflictOfDuty.
    """
    order = _claim(session, actor, order_id)
    wanted = [one for one in order.items if not product_ids or one.product_id in product_ids]
    if not wanted:
        raise NotFound
    products = _lock_products(session, [one.product_id for one in wanted])
    taken = []
    for item in wanted:
        product = products[item.product_id]
        if product.publication is Publication.PUBLISHED:
            refuse_own(session, actor, product.producer_id)
            suspend_product(session, product)
            _note_suspended(session, actor, order, product, at)
            taken.append(product)
            item.taken_down_at = at
        item.taken_down_at = item.taken_down_at or at
    session.flush()
    return taken


def answer_order(session: Session, actor: Actor, order_id: int, words: str, at: datetime) -> None:
    """Say what was done; then the order is closed.

    Raises NotPermitted, AuthorityOrderAnswered, InvalidAuthorityOrder and ItemsStillShown.
    """
    order = _claim(session, actor, order_id)
    answer = fitting("answer", clean_lines(words))
    products = _lock_products(session, [one.product_id for one in order.items])
    shown = {one.id for one in products.values() if one.publication is Publication.PUBLISHED}
    left = [one for one in order.items if one.taken_down_at is None or one.product_id in shown]
    if left:
        raise ItemsStillShown(left=len(left))
    order.answered_at, order.answer = at, answer
    session.flush()
    _note(session, actor, order, "answer", at, in_time=at <= order.due_at)


def _claim(session: Session, actor: Actor, order_id: int) -> AuthorityOrder:
    """Return an order that the actor may carry out and that waits for its answer, locked, with its items."""
    wanted = sa.select(AuthorityOrder).where(AuthorityOrder.id == order_id).with_for_update()
    loaded = wanted.options(selectinload(AuthorityOrder.items))
    order = session.execute(loaded.execution_options(populate_existing=True)).scalar_one_or_none()
    if order is None or not may_record(actor, order.unit_id):
        raise NotPermitted
    if order.answered_at is not None:
        raise AuthorityOrderAnswered
    return order


def _lock_products(session: Session, ids: Collection[int]) -> dict[int, Product]:
    wanted = sa.select(Product).where(Product.id.in_(ids)).options(joinedload(Product.producer))
    locked = wanted.order_by(Product.id).with_for_update(of=Product)
    rows = session.execute(locked.execution_options(populate_existing=True)).scalars()
    return {product.id: product for product in rows}


def _refuse_repeated(session: Session, unit_id: int, told: OrderFacts) -> None:
    """Raise AuthorityOrderOnRecord for the same again; the unit's row has two at once come one by one."""
    locked = sa.select(AdminUnit.id).where(AdminUnit.id == unit_id)
    session.execute(locked.with_for_update(key_share=True))
    same = sa.select(AuthorityOrder.id).where(
        AuthorityOrder.unit_id == unit_id,
        AuthorityOrder.number == told.number,
        AuthorityOrder.authority == told.authority,
    )
    if (found := session.scalar(same.limit(1))) is not None:
        raise AuthorityOrderOnRecord(authority_order=found)


def _note_suspended(
    session: Session, actor: Actor, order: AuthorityOrder, product: Product, at: datetime
) -> None:
    org = Scope(ScopeKind.PRODUCER, product.producer_id) if product.producer_id else None
    data = {"authority_order_id": order.id}
    journal.record(session, actor, "product:suspend", "product", product.id, org, at=at, data=data)


def _note(
    session: Session, actor: Actor, order: AuthorityOrder, verb: str, at: datetime, **data: object
) -> None:
    office = Scope(ScopeKind.ADMIN_UNIT, order.unit_id)
    name = "authority_order"
    journal.record(session, actor, f"{name}:{verb}", name, order.id, office, at=at, data=data)
