"""What letters about orders, wishes and questions tell, read when they are sent."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace import clock
from marketplace.catalogue.models import Product, Variant
from marketplace.ordering.after_sale_models import BackInStockWish, Return
from marketplace.ordering.complaint_models import Voice
from marketplace.ordering.complaint_queries import find_message, list_complaints
from marketplace.ordering.deadlines import pay_by
from marketplace.ordering.models import Fulfillment, Order, OrderGroup, OrderLine, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.ordering.secret import find_order_secret
from marketplace.ordering.status import amount_due, is_off
from marketplace.payments.models import PaymentSplit, Refund
from marketplace.payments.standings import find_standings, whole_of
from marketplace.producers.models import Producer
from marketplace.reviews.models import Question
from marketplace.web.complaint_words import COMPLAINT_ENDS, COMPLAINT_KINDS, VOICES
from marketplace.web.order_words import CANCEL_REASONS, HOW_PAID, HOW_REFUNDED, REFUND_REASONS, RETURN_REASONS
from marketplace.web.post import Letter

Facts: TypeAlias = dict[str, Any]

_WHOLE = (
    joinedload(Order.group),
    selectinload(Order.lines),
    selectinload(Order.fulfillments).selectinload(Fulfillment.lines),
)
_ANEW = {"populate_existing": True}


def tell_of_group(session: Session, group_id: int) -> Facts | None:
    """Return what letters say of a whole order group."""
    wanted = sa.select(OrderGroup).where(OrderGroup.id == group_id)
    loaded = wanted.options(selectinload(OrderGroup.orders).selectinload(Order.lines))
    group = session.execute(loaded.execution_options(**_ANEW)).scalar_one_or_none()
    if group is None:
        return None
    standing = whole_of(find_standings(session, group.orders).values())
    waits = group.payment_method is PaymentMethod.VIETQR and standing.owed
    return {
        **_of_group(group),
        "parcels": [order for order in group.orders if not is_off(order)] or group.orders,
        "total": group.total,
        "paid": standing.kept,
        "owed": standing.owed,
        "pay_day": _last_day(pay_by(group.placed_at)) if waits else None,
    }


def tell_of_order(session: Session, order_id: int) -> Facts | None:
    """Return what letters say of one seller's part of a group."""
    order = _find_order(session, order_id)
    return _as_it_stands(session, order) if order else None


def _as_it_stands(session: Session, order: Order) -> Facts:
    asked = sa.select(Return).where(Return.order_id == order.id).order_by(Return.id.desc()).limit(1)
    given_back = session.scalars(asked.execution_options(**_ANEW)).first()
    in_cash = order.group.payment_method is PaymentMethod.CASH_ON_DELIVERY
    facts = {
        **_of_order(session, order),
        "due": amount_due(order) if in_cash else 0,
        "deadline": _last_day(order.confirm_by) if order.confirm_by else None,
        "wait_for_money": order.group.payment_method is PaymentMethod.VIETQR,
        "reason": str(CANCEL_REASONS[order.cancel_reason]) if order.cancel_reason else "",
        "words": order.cancel_words or "",
    }
    return facts if given_back is None else {**facts, **_of_return(given_back)}


def tell_of_sending(session: Session, order_id: int) -> Facts | None:
    """Return what letters say of the newest sending of an order: only what is in it."""
    order = _find_order(session, order_id)
    if order is None or not order.fulfillments:
        return None
    facts = _as_it_stands(session, order)
    newest = max(order.fulfillments, key=lambda sending: sending.position)
    units = {line.order_line_id: line.quantity for line in newest.lines}
    whole = all(units.get(line.id, 0) == line.quantity - line.canceled for line in order.lines)
    sent = {"carrier": newest.carrier, "tracking": newest.tracking_number}
    return {**facts, **sent, "goods": _goods(order.lines, units), "due": facts["due"] if whole else 0}


def tell_of_shortage(session: Session, order_id: int) -> Facts | None:
    """Return what the letter says of units that the seller could not send after all."""
    order = _find_order(session, order_id)
    if order is None:
        return None
    facts = _as_it_stands(session, order)
    return {**facts, "goods": _goods(order.lines, {line.id: line.canceled for line in order.lines})}


def tell_of_complaint(session: Session, order_id: int) -> Facts | None:
    """Return what the letter to the seller says of a complaint: what it is about, none of its words."""
    order, complaints = _find_order(session, order_id), list_complaints(session, [order_id])
    if order is None or not complaints:
        return None
    newest = complaints[0]
    return {
        **_of_order(session, order),
        "ticket": newest.code,
        "kind": str(COMPLAINT_KINDS[newest.kind]),
        "answer_by": newest.due_at,
    }


def tell_of_answer(session: Session, message_id: int) -> Facts | None:
    """Return what letters say of a word of seller or office to the buyer who complained."""
    found = find_message(session, message_id)
    order = _find_order(session, found[0].order_id) if found else None
    if found is None or order is None:
        return None
    complaint, said = found
    by_seller = said.voice is Voice.SELLER
    return {
        **_of_order(session, order),
        "ticket": complaint.code,
        "who": order.seller_name if by_seller else str(VOICES[Voice.OFFICE]),
        "words": said.words,
        "ended": str(COMPLAINT_ENDS[complaint.closed_because]) if complaint.closed_because else "",
        "resolve_by": complaint.resolve_by,
    }


def tell_of_refund(session: Session, refund_id: int) -> Facts | None:
    """Return what letters say of money that goes back."""
    wanted = sa.select(Refund).where(Refund.id == refund_id)
    loaded = wanted.options(joinedload(Refund.split).joinedload(PaymentSplit.payment))
    refund = session.execute(loaded.execution_options(**_ANEW)).scalar_one_or_none()
    order = _find_order(session, refund.split.order_id) if refund else None
    if refund is None or order is None:
        return None
    return {
        **_of_order(session, order),
        "amount": refund.amount,
        "reason": str(REFUND_REASONS[refund.reason]),
        "reference": refund.reference,
        "words": refund.words or "",
        "way": str(HOW_REFUNDED[refund.split.payment.method]),
    }


def tell_of_given_back(session: Session, order_id: int) -> Facts | None:
    """Return what the letter says to a seller of whose order the office gave money back."""
    order = _find_order(session, order_id)
    told = (
        sa.select(Refund)
        .join(Refund.split)
        .where(PaymentSplit.order_id == order_id, Refund.words.is_not(None))
        .order_by(Refund.id.desc())
    )
    newest = session.scalars(told.limit(1).execution_options(**_ANEW)).first()
    if order is None or newest is None:
        return None
    refunded = find_standings(session, [order])[order.id].refunded
    return {**_of_order(session, order), "amount": refunded, "words": newest.words}


def tell_of_wish(session: Session, wish_id: int) -> Facts | None:
    """Return what the letter says to whoever waits for a variant; None when the wish is gone."""
    wish = session.get(BackInStockWish, wish_id, populate_existing=True)
    if wish is None:
        return None
    named = sa.select(Product.name, Product.slug, Variant.name).join(Variant.product)
    product, slug, variant = session.execute(named.where(Variant.id == wish.variant_id)).one()
    return {"product": product, "variant": variant, "path": f"/san-pham/{slug}"}


def tell_of_question(session: Session, question_id: int) -> Facts | None:
    """Return what the letter says to whoever asked a question; None when it has no answer."""
    wanted = sa.select(Question).where(Question.id == question_id).options(joinedload(Question.product))
    question = session.execute(wanted.execution_options(**_ANEW)).scalar_one_or_none()
    if question is None or question.answer is None:
        return None
    seller = session.get(Producer, question.producer_id)
    return {
        "product": question.product.name,
        "question": question.words,
        "words": question.answer,
        "seller": seller.name if seller else "",
        "path": f"/san-pham/{question.product.slug}",
    }


def _last_day(end: datetime) -> date:
    """Return the last whole day before a moment, as people count deadlines."""
    return clock.local_date(end - timedelta(seconds=1))


def _find_order(session: Session, order_id: int) -> Order | None:
    wanted = sa.select(Order).where(Order.id == order_id).options(*_WHOLE)
    return session.execute(wanted.execution_options(**_ANEW)).scalar_one_or_none()


def find_order_path(group: OrderGroup) -> str:
    """Return the address that opens an order, or that of the look-up where its secret is lost."""
    secret = find_order_secret(group)
    return f"/don-hang/{group.number}/{secret}" if secret else "/tra-cuu"


def _of_group(group: OrderGroup) -> Facts:
    how_paid = str(HOW_PAID[group.payment_method])
    return {"number": write_number(group.number), "path": find_order_path(group), "how_paid": how_paid}


def _of_order(session: Session, order: Order) -> Facts:
    slug = session.scalar(sa.select(Producer.slug).where(Producer.id == order.producer_id))
    return {
        **_of_group(order.group),
        "seller": order.seller_name,
        "goods": _goods(order.lines),
        "total": order.total,
        "shop": f"/gian-hang/{slug}/don-hang/{order.id}",
    }


def _of_return(given_back: Return) -> Facts:
    return {
        "reason": str(RETURN_REASONS[given_back.reason]),
        "words": given_back.answer or "",
        "amount": given_back.refund_amount or 0,
    }


def _goods(lines: list[OrderLine], units: Mapping[int, int] | None = None) -> list[str]:
    """Return lines in words, with their own quantities or with those given by the id of the line."""
    counted = [(line.quantity if units is None else units.get(line.id, 0), line) for line in lines]
    return [f"{count} × {line.product_name} ({line.variant_name})" for count, line in counted if count]


MATTERS: dict[Letter, Callable[[Session, int], Facts | None]] = {
    Letter.ORDER_PLACED: tell_of_group,
    Letter.ORDER_PAID: tell_of_group,
    Letter.ORDER_SHORT: tell_of_group,
    Letter.ORDER_MONEY_IN: tell_of_order,
    Letter.ORDER_EXPIRED: tell_of_group,
    Letter.ORDER_ARRIVED: tell_of_order,
    Letter.ORDER_CONFIRMED: tell_of_order,
    Letter.ORDER_DECLINED: tell_of_order,
    Letter.ORDER_TAKEN_BACK: tell_of_order,
    Letter.ORDER_OVERDUE: tell_of_order,
    Letter.ORDER_READY: tell_of_order,
    Letter.ORDER_SHIPPED: tell_of_sending,
    Letter.ORDER_SHORTENED: tell_of_shortage,
    Letter.ORDER_DELIVERED: tell_of_sending,
    Letter.DELIVERY_FAILED: tell_of_order,
    Letter.RETURN_ASKED: tell_of_order,
    Letter.RETURN_APPROVED: tell_of_order,
    Letter.RETURN_DECLINED: tell_of_order,
    Letter.RETURN_RECEIVED: tell_of_order,
    Letter.COMPLAINT_TOLD: tell_of_complaint,
    Letter.COMPLAINT_ANSWERED: tell_of_answer,
    Letter.COMPLAINT_CLOSED: tell_of_answer,
    Letter.OFFICE_GAVE_BACK: tell_of_given_back,
    Letter.REFUND_DUE: tell_of_refund,
    Letter.REFUND_DONE: tell_of_refund,
    Letter.REFUND_FAILED: tell_of_refund,
    Letter.BACK_IN_STOCK: tell_of_wish,
    Letter.QUESTION_ANSWERED: tell_of_question,
}
