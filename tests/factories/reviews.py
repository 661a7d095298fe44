"""Delivered orders, reviews and questions for tests."""

from collections.abc import Mapping
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product, Variant
from marketplace.database import unit_of_work
from marketplace.ordering.models import Fulfillment, FulfillmentLine, Order, OrderGroup, OrderLine
from marketplace.places.models import AdminUnit
from marketplace.reviews.asking import Asked, ask_question
from marketplace.reviews.models import BrokenRule, Question, Review, Shown, Voice
from marketplace.reviews.writing import Told, write_review
from tests.factories.ordering import ordered

_numbers = count(1)


def delivered(quantities: Mapping[int, int], commune: AdminUnit, **changes: Any) -> OrderGroup:
    """Order variants and have every parcel delivered."""
    group = ordered(quantities, commune, **changes)
    with unit_of_work() as session:
        deliver(session, group.id)
    return group


def deliver(session: Session, group_id: int) -> None:
    """Write down that all of an order group was sent and delivered."""
    at = clock.now()
    for order in session.scalars(sa.select(Order).where(Order.group_id == group_id)).all():
        sent = Fulfillment(order_id=order.id, position=1, shipped_at=at, delivered_at=at)
        session.add(sent)
        session.flush()
        for line in lines_of(session, group_id):
            if line.order_id == order.id:
                session.add(
                    FulfillmentLine(fulfillment_id=sent.id, order_line_id=line.id, quantity=line.quantity)
                )
    session.flush()


def lines_of(session: Session, group_id: int) -> list[OrderLine]:
    """Return the lines of an order group."""
    wanted = sa.select(OrderLine).join(OrderLine.order).where(Order.group_id == group_id)
    return list(session.scalars(wanted.order_by(OrderLine.id)))


def told(**changes: Any) -> Told:
    """Return what a satisfied buyer says."""
    facts = {"rating": 5, "author": "An T.", "words": "Cam giòn, ngọt thanh.", **changes}
    return Told(**facts)


def a_review(variant: Variant, commune: AdminUnit, **changes: Any) -> Review:
    """Order a variant, have it delivered, and review it."""
    group = delivered({variant.id: 1}, commune, phone=f"09{next(_numbers):08}")
    with unit_of_work() as session:
        [line] = lines_of(session, group.id)
        return write_review(session, group.id, line.id, told(**changes), clock.now())


def a_question(session: Session, product: Product, **changes: Any) -> Question:
    """Ask about a product, without a contact."""
    facts = {"words": "Cam này để được mấy ngày?", **changes}
    return ask_question(session, product, Asked(**facts), clock.now())


def fresh(session: Session, voice: Voice) -> Voice:
    """Return a review or question as the database has it now."""
    if isinstance(voice, Review):
        return session.get_one(Review, voice.id, populate_existing=True)
    return session.get_one(Question, voice.id, populate_existing=True)


def hide(session: Session, voice: Voice, rule: BrokenRule = BrokenRule.INSULT) -> None:
    """Hide a review or question, whoever reported it."""
    hidden = fresh(session, voice)
    hidden.shown, hidden.hidden_because = Shown.HIDDEN, rule
