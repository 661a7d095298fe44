"""Recalls told: to buyers, to the points that stock the goods, to the people who made them.

Whoever left a telephone gets a short message at once, some hundred in one job; e-mails are jobs of their
own, so that a server that is away keeps nobody else waiting.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace import clock, jobs
from marketplace.accounts.memberships import list_members
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.letters.mail import post_email
from marketplace.letters.order_matters import find_order_path
from marketplace.letters.outbox import Outbox
from marketplace.letters.recipients import Recipient, find_person
from marketplace.letters.short_messages import in_one_part
from marketplace.letters.writing import write_letter
from marketplace.ordering.cancellation import may_cancel
from marketplace.ordering.lot_models import OrderFreeze, RecallTold
from marketplace.ordering.models import Fulfillment, Order
from marketplace.ordering.order_number import write_number
from marketplace.ordering.recall_ends import list_cleared, list_still_recalled
from marketplace.ordering.recall_reach import points_of
from marketplace.ordering.recalled import BUYERS_JOB
from marketplace.ordering.status import is_off, units_to_send
from marketplace.register import raise_version
from marketplace.sales_points.models import SalesPoint, SalesPointProduct
from marketplace.traceability.recalls.acts import NEWS_JOB, lock_recall
from marketplace.traceability.recalls.goods import list_goods, trace_path
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.recalls.queries import get_recall
from marketplace.traceability.recalls.touching import products_of
from marketplace.web.lot_words import RECALL_REASONS
from marketplace.web.post import Letter
from marketplace.web.recall_words import name_pack, name_recalled

EMAIL_JOB = "recalls.email"
Pack: TypeAlias = tuple[str, str | None, str]
_WHOLE = (
    joinedload(Order.group),
    selectinload(Order.lines),
    selectinload(Order.fulfillments).selectinload(Fulfillment.lines),
)


@dataclass(frozen=True, slots=True)
class Told:
    """A letter about a recall to somebody; `whom` names them in the letter's mark, and finds them again."""

    letter: Letter
    whom: str
    recipient: Recipient
    facts: dict[str, Any]


@jobs.handler(BUYERS_JOB)
def tell_buyers(recall_id: int, order_ids: list[int], lifted: bool) -> None:
    """Tell the buyers of some orders of a recall as long as it is in force, or of its end."""
    told = sa.update(RecallTold).where(RecallTold.recall_id == recall_id, RecallTold.order_id.in_(order_ids))
    if lifted or _mark_told(recall_id, told.values(written_at=clock.now())):
        recall = _load(db.session(), recall_id)
        _tell(recall, lifted, _list_buyers(db.session(), recall, order_ids, lifted))


@jobs.handler(NEWS_JOB)
def tell_trade(recall_id: int, lifted: bool) -> None:
    """Tell the points that stock the goods, and the people who made them, of a recall or of its end.

    Of a recall that was lifted before anybody heard of it nothing is told.
    """
    session = db.session()
    recall = _load(session, recall_id)
    still = list_still_recalled(session, recall) if lifted else set()
    points = _list_points(session, recall, still)
    if lifted:
        heard = recall.trade_told_at is not None
    else:
        values = {"trade_told_at": clock.now(), "points_told": len(points)}
        heard = _mark_told(recall_id, sa.update(Recall).where(Recall.id == recall_id).values(**values))
    if heard:
        recall = _load(session, recall_id)
        letters = (Letter.RECALL_LIFTED,) * 2 if lifted else (Letter.RECALL_POINT, Letter.RECALL_SELLER)
        told = [one for point in points for one in _list_keepers(session, letters[0], point)]
        _tell(recall, lifted, told + _list_makers(session, letters[1], recall, still))


def _mark_told(recall_id: int, mark: sa.Update) -> bool:
    """Write down that a recall is told, and say so; a recall that is not in force any more is not told."""
    with unit_of_work() as session:
        if not lock_recall(session, recall_id).in_force:
            return False
        session.execute(mark, execution_options={"synchronize_session": False})
        raise_version(session)
        return True


def _list_points(session: Session, recall: Recall, still: set[int]) -> Sequence[SalesPoint]:
    """Return the points that stock the goods, without those with goods of it that are `still` recalled."""
    wanted = sa.select(SalesPoint).where(
        SalesPoint.id.in_(points_of(recall.scope, recall.subject_id)),
        SalesPoint.id.not_in(
            sa.select(SalesPointProduct.sales_point_id).where(SalesPointProduct.product_id.in_(still))
        ),
    )
    return session.scalars(wanted).all()


@jobs.handler(EMAIL_JOB)
def send_email(recall_id: int, whom: str, letter: str, lifted: bool) -> None:
    """Send the e-mail of one recipient, who is looked up anew; not of a recall that was lifted meanwhile."""
    session = db.session()
    recall = _load(session, recall_id)
    if recall.in_force is lifted:
        return
    told = _find(session, recall, Letter(letter), whom, lifted)
    if told is not None and told.recipient.email:
        written = write_letter(told.letter, _facts(recall, told, _list_packs(session, recall)))
        post_email(_mark(recall, told), told.recipient.email, written, _moment(recall, lifted))


def _tell(recall: Recall, lifted: bool, everybody: Iterable[Told]) -> None:
    outbox, emails = Outbox(current_app.extensions["settings"].outbox), []
    packs = _list_packs(db.session(), recall)
    for told in everybody:
        if told.recipient.phone:
            written = write_letter(told.letter, _facts(recall, told, packs))
            short = replace(written, message=in_one_part(written.message))
            outbox.keep_message(_mark(recall, told), told.recipient.phone, short, _moment(recall, lifted))
        if told.recipient.email:
            named = {"whom": told.whom, "letter": told.letter.value}
            emails.append({"recall_id": recall.id, "lifted": lifted, **named})
    if emails:
        with unit_of_work() as session:
            rows = [
                {"kind": EMAIL_JOB, "payload": one, "due_at": clock.now(), "attempts": 0} for one in emails
            ]
            session.connection().execute(sa.insert(jobs.Job), rows)


def _list_buyers(session: Session, recall: Recall, order_ids: list[int], lifted: bool) -> Iterable[Told]:
    chosen = list_cleared(session, recall, order_ids) if lifted else order_ids
    wanted = sa.select(Order, OrderFreeze.frozen_at).outerjoin(
        OrderFreeze, sa.and_(OrderFreeze.order_id == Order.id, OrderFreeze.recall_id == recall.id)
    )
    rows = session.execute(wanted.where(Order.id.in_(chosen)).options(*_WHOLE).order_by(Order.id))
    letter = Letter.RECALL_LIFTED if lifted else Letter.RECALL_BUYER
    for order, frozen_at in rows:
        group = order.group
        if group.buyer_phone:
            buyer = Recipient(group.buyer_name, group.buyer_email, group.buyer_phone)
            yield Told(letter, f"order:{order.id}", buyer, _of_order(order, frozen_at is not None))


def _of_order(order: Order, frozen: bool) -> dict[str, Any]:
    return {
        "number": write_number(order.group.number),
        "path": find_order_path(order.group),
        "frozen": frozen,
        "cancelable": may_cancel(order),
        "canceled": is_off(order),
        "waits": bool(units_to_send(order)),
    }


def _list_keepers(session: Session, letter: Letter, point: SalesPoint) -> list[Told]:
    """Return the keepers of a point, or the point itself where nobody keeps it here."""
    people = _list_people(session, letter, Scope(ScopeKind.SALES_POINT, point.id), point)
    if people or not point.phone:
        return people
    return [
        Told(letter, f"point:{point.id}", Recipient(point.name, None, point.phone), {"point": point.name})
    ]


def _list_makers(session: Session, letter: Letter, recall: Recall, still: set[int]) -> list[Told]:
    touched = products_of(recall.scope, recall.subject_id)
    owners = sa.select(Product.producer_id).where(Product.id.in_(touched), Product.id.not_in(still))
    ids = {one for one in session.scalars(owners) if one}
    if recall.lot and not still:
        ids.add(recall.lot.producer_id)
    scopes = (Scope(ScopeKind.PRODUCER, producer_id) for producer_id in sorted(ids))
    return [told for scope in scopes for told in _list_people(session, letter, scope, None)]


def _list_people(session: Session, letter: Letter, scope: Scope, point: SalesPoint | None) -> list[Told]:
    facts, place = ({"point": point.name}, point.id) if point else ({}, 0)
    found = ((one.person_id, find_person(session, one.person_id)) for one in list_members(session, scope))
    return [Told(letter, f"person:{number}:{place}", person, facts) for number, person in found if person]


def _find(session: Session, recall: Recall, letter: Letter, whom: str, lifted: bool) -> Told | None:
    kind, *numbers = whom.split(":")
    if kind == "order":
        return next(iter(_list_buyers(session, recall, [int(numbers[0])], lifted)), None)
    person, point = find_person(session, int(numbers[0])), session.get(SalesPoint, int(numbers[1]))
    return Told(letter, whom, person, {"point": point.name} if point else {}) if person else None


def _facts(recall: Recall, told: Told, packs: list[Pack]) -> dict[str, Any]:
    return {
        "name": told.recipient.name,
        "recalled": name_recalled(recall),
        "code": recall.code,
        "reason": str(RECALL_REASONS[recall.reason]),
        "packs": packs,
        "words": recall.lift_words if told.letter is Letter.RECALL_LIFTED else recall.words,
        "advice": recall.advice,
        "notice": f"/thu-hoi/{recall.code}",
        "number": "",
        "path": "",
        "point": "",
        "frozen": False,
        "cancelable": False,
        "canceled": False,
        "waits": False,
        **told.facts,
    }


def _list_packs(session: Session, recall: Recall) -> list[Pack]:
    """Return what a recall touches beyond what it names: in words, its GTIN, and its trace address."""
    goods = list_goods(session, [recall])[recall.id]
    packs = [(one.product, one) for one in goods.lots if one.product]
    return [
        (name_pack(product, lot), product.gtin, trace_path(product, lot))
        for product, lot in [*packs, *((one, None) for one in goods.products)]
    ]


def _mark(recall: Recall, told: Told) -> str:
    """Return a name that is the same however often a job is done."""
    return hashlib.sha256(f"{told.letter} {recall.code} {told.whom}".encode()).hexdigest()[:16]


def _moment(recall: Recall, lifted: bool) -> datetime:
    return (recall.lifted_at if lifted else None) or recall.ordered_at


def _load(session: Session, recall_id: int) -> Recall:
    code = session.scalar(sa.select(Recall.code).where(Recall.id == recall_id))
    return get_recall(session, code or "")
