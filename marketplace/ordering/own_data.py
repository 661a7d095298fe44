"""What orders know of a buyer, and how long: two years after delivery, then only what was sold.

Sellers have to be able to answer for what they sold, so an erasure before then leaves orders alone and
says so. The two years are ours, until the owner's accountants name another period. Who an invoice was
asked for stays ten years, as vouchers do (Luật Kế toán 88/2015/QH13, điều 41).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace import clock
from marketplace.accounts.privacy import Subject, erasers, exporters
from marketplace.database import unit_of_work
from marketplace.media.pictures import Picture, erase, picture_url
from marketplace.ordering.after_sale_models import InvoiceRequest, Return, ReturnPicture
from marketplace.ordering.complaint_models import Complaint, ComplaintMessage, Voice
from marketplace.ordering.complaint_queries import list_complaints
from marketplace.ordering.models import Fulfillment, Order, OrderGroup
from marketplace.ordering.order_queries import list_returns

DELIVERED_WITHIN = timedelta(days=60)
"""Orders without a delivery on record count as over after so long."""
KEPT_FOR = timedelta(days=730)
INVOICES_KEPT_FOR = timedelta(days=3653)
AT_ONCE = 100
KEPT_BECAUSE = (
    "đơn hàng, kèm tên, số điện thoại và địa chỉ nhận, trong 24 tháng sau khi giao, để người bán trả lời được"
    " về hàng đã bán; thông tin xuất hoá đơn trong 10 năm theo Luật Kế toán"
)


@dataclass(frozen=True, slots=True)
class Known:
    """What became of orders after their sale, by the id of the order."""

    returns: Mapping[int, Sequence[Return]]
    complaints: Mapping[int, Sequence[Complaint]]


def export_orders(session: Session, subject: Subject) -> list[dict[str, Any]]:
    """Return the orders of a subject, with what was in them and what became of them."""
    whole = selectinload(OrderGroup.orders).options(
        selectinload(Order.lines), selectinload(Order.fulfillments)
    )
    named = sa.select(OrderGroup).where(orders_of(subject)).options(whole).order_by(OrderGroup.id)
    groups = session.scalars(named).all()
    order_ids = [order.id for group in groups for order in group.orders]
    known = Known(list_returns(session, order_ids), _complaints(session, order_ids))
    wanted = InvoiceRequest.group_id.in_([group.id for group in groups])
    invoices = {one.group_id: one for one in session.scalars(sa.select(InvoiceRequest).where(wanted))}
    return [_told(group, known, invoices.get(group.id)) for group in groups]


def keep_orders(session: Session, subject: Subject, at: datetime) -> str | None:
    """Erase what a buyer wrote in complaints, and say that the orders themselves stay.

    They name an account that has no name any more.
    """
    groups = sa.select(OrderGroup.id).where(orders_of(subject))
    _blank_complaints(session, sa.select(Order.id).where(Order.group_id.in_(groups)), Voice.BUYER)
    held = session.execute(sa.select(OrderGroup.id).where(orders_of(subject)).limit(1)).first()
    return KEPT_BECAUSE if held else None


def let_buyers_go() -> None:
    """Take buyers off orders that are old enough, and invoices asked for off older ones; a periodic duty.

    With the names go the words and photographs of returns, and the words of complaints.
    """
    with unit_of_work() as session:
        groups = list(session.scalars(sa.select(OrderGroup.id).where(*_old(clock.now())).limit(AT_ONCE)))
        of_groups = sa.select(Order.id).where(Order.group_id.in_(groups))
        _erase_pictures(session, of_groups)
        session.execute(sa.update(Return).where(Return.order_id.in_(of_groups)).values(words="", answer=None))
        session.execute(sa.update(Order).where(Order.group_id.in_(groups)).values(cancel_words=None))
        _blank_complaints(session, of_groups, *Voice)
        nameless = {"buyer_name": "", "buyer_phone": "", "buyer_email": None, "person_id": None}
        blank = {**nameless, "ship_address": "", "note": None}
        session.execute(sa.update(OrderGroup).where(OrderGroup.id.in_(groups)).values(**blank))
        older = sa.select(OrderGroup.id).where(OrderGroup.placed_at < clock.now() - INVOICES_KEPT_FOR)
        session.execute(sa.delete(InvoiceRequest).where(InvoiceRequest.group_id.in_(older)))


def _blank_complaints(session: Session, order_ids: sa.Select[int], *voices: Voice) -> None:
    complaints = sa.select(Complaint.id).where(Complaint.order_id.in_(order_ids))
    said = (ComplaintMessage.complaint_id.in_(complaints), ComplaintMessage.voice.in_(voices))
    session.execute(sa.update(ComplaintMessage).where(*said).values(words=""))


def _old(at: datetime) -> Sequence[sa.ColumnElement[bool]]:
    """Return what holds of named groups that were delivered more than two years ago."""
    last = (
        sa.select(sa.func.max(Fulfillment.delivered_at))
        .join(Fulfillment.order)
        .where(Order.group_id == OrderGroup.id)
        .scalar_subquery()
    )
    undelivered = sa.and_(last.is_(None), OrderGroup.placed_at < at - DELIVERED_WITHIN - KEPT_FOR)
    return (OrderGroup.buyer_phone != "", sa.or_(last < at - KEPT_FOR, undelivered))


def _erase_pictures(session: Session, order_ids: sa.Select[int]) -> None:
    shown = (
        sa.select(ReturnPicture)
        .join(Return, Return.id == ReturnPicture.return_id)
        .where(Return.order_id.in_(order_ids))
        .options(joinedload(ReturnPicture.picture))
    )
    for one in session.scalars(shown).all():
        picture: Picture = one.picture
        session.delete(one)
        session.flush()
        erase(session, picture)


def orders_of(subject: Subject) -> sa.ColumnElement[bool]:
    """Return which order groups are a subject's: by telephone, e-mail address or account."""
    known = (
        (OrderGroup.buyer_phone, subject.phone),
        (OrderGroup.buyer_email, subject.email),
        (OrderGroup.person_id, subject.person_id),
    )
    return sa.or_(sa.false(), *(column == value for column, value in known if value))


def _complaints(session: Session, order_ids: Sequence[int]) -> Mapping[int, Sequence[Complaint]]:
    found: dict[int, list[Complaint]] = {}
    for one in reversed(list_complaints(session, order_ids)):
        found.setdefault(one.order_id, []).append(one)
    return found


def _told(group: OrderGroup, known: Known, invoice: InvoiceRequest | None) -> dict[str, Any]:
    wanted = ("company", "tax_code", "address", "email")
    return {
        "number": group.number,
        "placed_at": group.placed_at.isoformat(),
        "paid_by": group.payment_method.value,
        "name": group.buyer_name,
        "phone": group.buyer_phone,
        "email": group.buyer_email,
        "address": ", ".join(filter(None, (group.ship_address, group.ship_place))),
        "note": group.note,
        "total": group.total,
        "invoice": {name: getattr(invoice, name) for name in wanted} if invoice else None,
        "parcels": [_told_parcel(order) for order in group.orders],
        "lines": [
            {"seller": order.seller_name, "product": line.product_name, "variant": line.variant_name}
            | {"quantity": line.quantity, "canceled": line.canceled, "total": line.total}
            for order in group.orders
            for line in order.lines
        ],
        "returns": [_told_return(one) for order in group.orders for one in known.returns.get(order.id, ())],
        "complaints": [
            _told_complaint(one) for order in group.orders for one in known.complaints.get(order.id, ())
        ],
    }


def _told_parcel(order: Order) -> dict[str, Any]:
    return {
        "seller": order.seller_name,
        "status": order.status.value,
        "words": order.cancel_words,
        "sent": [
            {"carrier": sending.carrier, "tracking_number": sending.tracking_number}
            | {"shipped_at": sending.shipped_at.isoformat(), "collected": sending.collected}
            | {"delivered_at": sending.delivered_at.isoformat() if sending.delivered_at else None}
            for sending in order.fulfillments
        ],
    }


def _told_return(one: Return) -> dict[str, Any]:
    return {
        "asked_at": one.asked_at.isoformat(),
        "state": one.state.value,
        "reason": one.reason.value,
        "words": one.words,
        "answer": one.answer,
        "refund_amount": one.refund_amount,
        "lines": [{"product": line.line.product_name, "quantity": line.quantity} for line in one.lines],
        "pictures": [picture_url(shown.picture) for shown in one.pictures],
    }


def _told_complaint(one: Complaint) -> dict[str, Any]:
    return {
        "ticket": one.code,
        "kind": one.kind.value,
        "state": one.state.value,
        "opened_at": one.opened_at.isoformat(),
        "said": [
            {"by": said.voice.value, "words": said.words, "at": said.at.isoformat()} for said in one.messages
        ],
    }


exporters["orders"] = export_orders
erasers["orders"] = keep_orders
