"""What a producer does with an order, by the end of the address, each in one transaction.

A deed returns the words that say it is done; with a field that is wrong it notes that and does nothing. Who
taps twice does it once: deeds know from the order, or from what the page showed, that they were done.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.errors import MarketplaceError, NotFound
from marketplace.ordering.deadlines import pay_by
from marketplace.ordering.fulfillment import confirm_order, mark_failed, pack_order
from marketplace.ordering.line_lots import choose_lots
from marketplace.ordering.models import CancelReason, Fulfillment, Order, PaymentMethod
from marketplace.ordering.status import is_off, parcel_state, units_to_send
from marketplace.payments import settlement
from marketplace.payments.standings import standing_of
from marketplace.web.words import gettext as _
from marketplace.workspace.order_lots import read_lots
from marketplace.workspace.typed import Typed

SELLER_REASONS = (CancelReason.INVENTORY, CancelReason.DECLINED, CancelReason.UNPAID)
LONGEST_WORDS = 300

Deed = Callable[[Session, Order, Typed, datetime], str]


class OrderMovedOn(MarketplaceError):
    """An order that is not as the page showed it: somebody else was faster."""

    code = "order_moved_on"


def confirm(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Take an order on."""
    confirm_order(session, order.id, at)
    return _("Đã nhận đơn. Khách được báo.")


def pack(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Note that an order stands ready."""
    pack_order(session, order.id, at)
    return _("Đã ghi là gói xong, chờ khách đến lấy.") if order.pickup else _("Đã ghi là gói xong, chờ gửi.")


def send(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Send all that is left of an order."""
    carrier, number = typed.text("hang"), typed.text("van_don")
    settlement.ship(session, order.id, None, carrier, number, at, position=typed.id("lan"))
    return _("Đã ghi là gửi. Khách được báo kèm mã vận đơn.")


def send_part(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Send some units of an order; the rest waits."""
    words = _("Mời gõ số, 0 là chưa gửi món này.")
    units = {
        line.id: typed.whole(f"so_{line.id}", words)
        for line in order.lines
        if f"so_{line.id}" in typed.fields
    }
    if typed.faults:
        return ""
    carrier, number = typed.text("phan_hang"), typed.text("phan_van_don")
    settlement.ship(session, order.id, units, carrier, number, at, position=typed.id("phan_lan"))
    return _("Đã ghi là gửi một phần. Phần còn lại vẫn chờ ở đơn này.")


def deliver(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Note that a sending arrived, and what was collected for it."""
    sending, collected = _sending(order, typed), _read_collected(typed)
    if typed.faults:
        return ""
    settlement.deliver(session, sending.id, collected, at)
    return _("Đã ghi là giao xong.")


def hand_over(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Note that the buyer fetched an order, and what they paid."""
    collected = _read_collected(typed)
    if typed.faults:
        return ""
    settlement.hand_over(session, order.id, collected, at)
    return _("Đã ghi là khách lấy hàng.")


def fail(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Note that a sending could not be delivered."""
    mark_failed(session, _sending(order, typed).id, at)
    return _("Đã ghi là giao không thành. Hàng về thì bấm thêm một lần nữa.")


def take_back(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Note that an undelivered sending is back, good or not."""
    good = "kho" in typed.fields
    settlement.came_back(session, _sending(order, typed).id, good, at)
    return _("Hàng đã về kho, vẫn dành cho đơn này.") if good else _("Đã trừ hàng hỏng hoặc mất khỏi đơn.")


def give_up_rest(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Give up what cannot be sent of an order after all."""
    left = sum(units_to_send(order).values())
    if left and left != typed.id("con"):
        raise OrderMovedOn
    settlement.cancel_rest(session, order.id, at)
    return _("Đã trừ phần không gửi được. Khách được báo.")


def leave_recalled_out(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Take recalled goods off an order, so that the rest of it can go."""
    settlement.take_recalled_off(session, order.id, at)
    if is_off(order):
        return _("Cả đơn là hàng bị thu hồi nên đã huỷ. Khách được báo.")
    return _("Đã bỏ hàng bị thu hồi khỏi đơn. Khách được báo, phần còn lại gửi được.")


def name_lots(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Say which lots the goods that are not sent yet are taken from."""
    chosen = read_lots(typed, _("Mời gõ số, 0 là không lấy từ lô này."))
    if typed.faults:
        return ""
    choose_lots(session, order, chosen, at)
    return _("Đã ghi lô của đơn này.")


def cancel(session: Session, order: Order, typed: Typed, at: datetime) -> str:
    """Refuse an order, or give it up before anything of it was sent."""
    reason = next((one for one in SELLER_REASONS if one.value == typed.text("ly_do")), None)
    if reason is None or (reason is CancelReason.UNPAID and not may_give_up(session, order, at)):
        typed.fault("ly_do", _("Chưa chọn lý do."))
    words = typed.text("loi").strip()
    if len(words) > LONGEST_WORDS:
        typed.fault("loi", _("Lời nhắn dài quá %(longest)s chữ.", longest=LONGEST_WORDS))
    if typed.faults or reason is None:
        return ""
    if not is_off(order) and parcel_state(order).value != typed.text("da_thay"):
        raise OrderMovedOn
    settlement.cancel(session, order.id, reason, at, words or None)
    return _("Đã huỷ đơn. Khách được báo, hàng về kho.")


def may_give_up(session: Session, order: Order, at: datetime) -> bool:
    """Return whether a transfer for an order was waited for long enough, and is not there."""
    in_cash = order.group.payment_method is PaymentMethod.CASH_ON_DELIVERY
    late = order.placed_at is not None and pay_by(order.placed_at) < at
    return late and not in_cash and standing_of(session, order).owed > 0


DEEDS: dict[str, Deed] = {
    "nhan": confirm,
    "goi": pack,
    "gui": send,
    "gui-mot-phan": send_part,
    "da-giao": deliver,
    "da-lay": hand_over,
    "giao-hong": fail,
    "hang-ve": take_back,
    "thoi-gui": give_up_rest,
    "bo-hang-thu-hoi": leave_recalled_out,
    "lo": name_lots,
    "huy": cancel,
}


def _sending(order: Order, typed: Typed) -> Fulfillment:
    number = typed.id("lan")
    found = next((one for one in order.fulfillments if one.position == number), None)
    if found is None:
        raise NotFound(sending=number)
    return found


def _read_collected(typed: Typed) -> int | None:
    if not typed.text("thu").strip():
        return None
    return typed.whole("thu", _("Mời gõ số tiền đã thu, bằng đồng."))
