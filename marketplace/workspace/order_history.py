"""What happened to an order, in the order it happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from marketplace.ordering.after_sale_models import Return
from marketplace.ordering.models import Fulfillment, Order
from marketplace.web.order_words import CANCEL_REASONS
from marketplace.web.words import gettext as _


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened at an instant, with a drawing and, where there is more to say, details."""

    at: datetime
    drawing: str
    words: str
    detail: str = ""


def list_happenings(order: Order, returns: Sequence[Return]) -> list[Happening]:
    """Return what happened to an order, its sendings loaded, and to its returns, in its order."""
    found = [*_of_order(order), *_of_sendings(order.fulfillments), *_of_returns(returns)]
    return sorted(found, key=lambda one: one.at)


def _of_order(order: Order) -> Iterator[Happening]:
    if order.placed_at:
        yield Happening(order.placed_at, "inbox", _("Khách đặt"))
    if order.confirmed_at:
        yield Happening(order.confirmed_at, "check", _("Đã nhận đơn"))
    if order.packed_at:
        yield Happening(order.packed_at, "pkg", _("Đã gói xong"))
    if order.canceled_at:
        reason = str(CANCEL_REASONS[order.cancel_reason]) if order.cancel_reason else ""
        yield Happening(
            order.canceled_at, "x", _("Đã huỷ: %(reason)s", reason=reason), order.cancel_words or ""
        )


def _of_sendings(sendings: Sequence[Fulfillment]) -> Iterator[Happening]:
    for one in sendings:
        number, carried = one.position, " · ".join(filter(None, (one.carrier, one.tracking_number)))
        yield Happening(one.shipped_at, "truck", _("Gửi lần %(number)s", number=number), carried)
        if one.delivered_at:
            yield Happening(one.delivered_at, "ok", _("Lần %(number)s: khách đã nhận", number=number))
        if one.failed_at:
            yield Happening(one.failed_at, "alert", _("Lần %(number)s: giao không thành", number=number))
        if one.came_back_at:
            yield Happening(one.came_back_at, "undo", _("Lần %(number)s: hàng đã về", number=number))


def _of_returns(returns: Sequence[Return]) -> Iterator[Happening]:
    for one in returns:
        yield Happening(one.asked_at, "undo", _("Khách xin trả hàng"))
        if one.received_at:
            yield Happening(one.received_at, "box", _("Hàng trả đã về"))
        if one.refunded_at:
            yield Happening(one.refunded_at, "price", _("Đã ghi hoàn tiền"))
