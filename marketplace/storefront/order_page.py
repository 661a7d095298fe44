"""The page of an order, gathered for its buyer: parcels as they stand, money paid and to pay, returns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy.orm import Session

from marketplace.accounts.phone import mask_phone
from marketplace.money import vat_included
from marketplace.ordering.after_sale_models import InvoiceRequest, ReturnReason, ReturnState
from marketplace.ordering.complaint_models import Complaint, ComplaintState
from marketplace.ordering.complaint_queries import list_complaints
from marketplace.ordering.line_lots import LineLot, list_line_lots
from marketplace.ordering.models import (
    OrderGroup,
    OrderLine,
    OrderStatus,
    PaymentMethod,
    StockReservation,
)
from marketplace.ordering.order_number import write_number
from marketplace.ordering.order_queries import WholeGroup
from marketplace.ordering.status import ParcelState
from marketplace.payments.models import PaymentSplit, Refund, RefundState
from marketplace.payments.standings import find_standings, whole_of
from marketplace.payments.status import Standing
from marketplace.storefront.order_panels import Panel, make_panels
from marketplace.web.complaint_words import COMPLAINT_STATES
from marketplace.web.order_words import HOW_REFUNDED, REFUND_REASONS, RETURN_REASONS, RETURN_STATES


@dataclass(frozen=True, slots=True)
class Given:
    """Money on its way back to the buyer, in đồng, for the parcel of a position."""

    position: int
    amount: int
    because: LazyString
    state: RefundState
    done_at: datetime | None
    words: str | None

    @property
    def done(self) -> bool:
        """Whether it is back."""
        return self.state is RefundState.COMPLETED

    @property
    def failed(self) -> bool:
        """Whether people have to look after it."""
        return self.state is RefundState.FAILED


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order group as its buyer sees it."""

    group: OrderGroup
    path: str
    panels: tuple[Panel, ...]
    refunds: tuple[Given, ...]
    held_until: datetime | None
    invoice: InvoiceRequest | None
    lots: Mapping[int, Sequence[LineLot]]
    complaints: Mapping[int, Sequence[Complaint]]

    @property
    def number(self) -> str:
        """Return the order's number as people read it."""
        return write_number(self.group.number)

    @property
    def phone(self) -> str:
        """Return the buyer's telephone with its middle hidden."""
        return mask_phone(self.group.buyer_phone)

    @property
    def method(self) -> PaymentMethod:
        """Return how it is paid."""
        return self.group.payment_method

    @property
    def money(self) -> Standing:
        """Return how the whole group stands with money."""
        return whole_of(panel.money for panel in self.panels)

    @property
    def all_canceled(self) -> bool:
        """Return whether nothing of it is sent."""
        return all(panel.state is ParcelState.CANCELED for panel in self.panels)

    @property
    def anything_sent(self) -> bool:
        """Return whether some parcel is brought to the buyer."""
        return not all(panel.order.pickup for panel in self.panels)

    @property
    def any_pickup(self) -> bool:
        """Return whether the buyer fetches some parcel that is not canceled."""
        standing = (panel for panel in self.panels if panel.state is not ParcelState.CANCELED)
        return any(panel.order.pickup for panel in standing)

    @property
    def waits_for_money(self) -> bool:
        """Return whether goods are not sent before a transfer arrives."""
        return self.method is PaymentMethod.VIETQR and self.money.owed > 0

    @property
    def pay_words(self) -> str:
        """Return what the button says that leads to paying; nothing where there is nothing to pay so."""
        if not self.money.owed or self.method is PaymentMethod.CASH_ON_DELIVERY:
            return ""
        return str(_("Trả bằng VietQR") if self.method is PaymentMethod.VIETQR else _("Trả bằng thẻ"))

    @property
    def how_refunded(self) -> LazyString:
        """Return by which way money goes back."""
        return HOW_REFUNDED[self.method]

    @property
    def return_reasons(self) -> dict[ReturnReason, LazyString]:
        """Return why goods are given back, in words."""
        return RETURN_REASONS

    @property
    def return_states(self) -> dict[ReturnState, LazyString]:
        """Return how returns stand, in words."""
        return RETURN_STATES

    @property
    def complaint_states(self) -> dict[ComplaintState, tuple[LazyString, str]]:
        """Return how complaints stand, in words, each with the kind of its tag."""
        return COMPLAINT_STATES

    @staticmethod
    def vat_of(line: OrderLine) -> int:
        """Return the VAT inside what is charged for a line, in đồng."""
        return vat_included((line.quantity - line.canceled) * line.unit_price, line.vat_percent)

    @property
    def reorderable(self) -> bool:
        """Return whether some parcel is canceled, whose goods can be put into the cart again."""
        return any(panel.order.status is OrderStatus.CANCELED for panel in self.panels)


def gather(session: Session, whole: WholeGroup, path: str, at: datetime) -> OrderPage:
    """Gather the page of an order group, with what money came and went for it."""
    group = whole.group
    money = find_standings(session, group.orders)
    panels = make_panels(session, whole, money, at)
    paid = any(standing.captured for standing in money.values())
    return OrderPage(
        group=group,
        path=path,
        panels=panels,
        refunds=tuple(_list_refunds(session, group)) if paid else (),
        held_until=_held_until(session, group, at),
        invoice=whole.invoice,
        lots=list_line_lots(session, group.orders) if whole.traced else {},
        complaints=_complaints(session, group),
    )


def _complaints(session: Session, group: OrderGroup) -> dict[int, list[Complaint]]:
    """Return the complaints about the parcels of a group by the order's id, newest first."""
    found: dict[int, list[Complaint]] = {}
    for one in list_complaints(session, [order.id for order in group.orders]):
        found.setdefault(one.order_id, []).append(one)
    return found


def _list_refunds(session: Session, group: OrderGroup) -> list[Given]:
    positions = {order.id: order.position for order in group.orders}
    owed = (
        sa.select(Refund, PaymentSplit.order_id)
        .join(PaymentSplit, PaymentSplit.id == Refund.split_id)
        .where(PaymentSplit.order_id.in_(positions))
        .order_by(Refund.id)
    )
    return [_given(one, positions[order_id]) for one, order_id in session.execute(owed)]


def _given(one: Refund, position: int) -> Given:
    because = REFUND_REASONS[one.reason]
    return Given(position, one.amount, because, one.state, one.done_at, one.words)


def _held_until(session: Session, group: OrderGroup, at: datetime) -> datetime | None:
    """Return until when all goods of the draft orders are held, or None where nothing is any more."""
    drafts = [order.id for order in group.orders if order.status is OrderStatus.DRAFT]
    if not drafts:
        return None
    held = sa.select(sa.func.min(StockReservation.expires_at)).where(StockReservation.order_id.in_(drafts))
    until: datetime | None = session.execute(held).scalar_one()
    return until if until is not None and until > at else None
