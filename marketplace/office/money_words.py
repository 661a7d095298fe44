"""What refunds, payouts and disputes are called at the office, with the kind of tag each is shown as."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.ordering.status import ParcelState
from marketplace.payments.ledger_models import PayoutState
from marketplace.payments.models import Refund, RefundState
from marketplace.payments.refund_ends import is_by_hand

Tag = tuple[LazyString, str]

PAYOUTS: dict[PayoutState, Tag] = {
    PayoutState.PENDING: (_l("chờ chuyển"), "warn"),
    PayoutState.PROCESSING: (_l("đang chuyển"), "warn"),
    PayoutState.COMPLETED: (_l("đã chuyển"), "ok"),
    PayoutState.FAILED: (_l("không tới"), "bad"),
}
DISPUTES: dict[str, Tag] = {
    "needs_response": (_l("cần trả lời"), "bad"),
    "warning_needs_response": (_l("cần trả lời"), "bad"),
    "under_review": (_l("ngân hàng đang xem"), "warn"),
    "warning_under_review": (_l("ngân hàng đang xem"), "warn"),
    "won": (_l("giữ được tiền"), "ok"),
    "lost": (_l("đã mất tiền"), "bad"),
    "warning_closed": (_l("đã khép lại"), ""),
    "prevented": (_l("đã khép lại"), ""),
}
PARCELS: dict[ParcelState, Tag] = {
    ParcelState.DRAFT: (_l("chờ trả tiền"), "warn"),
    ParcelState.WAITING: (_l("chờ người bán nhận"), "warn"),
    ParcelState.CONFIRMED: (_l("người bán đã nhận"), ""),
    ParcelState.PACKED: (_l("đã gói xong"), ""),
    ParcelState.PARTLY_SHIPPED: (_l("đã gửi một phần"), ""),
    ParcelState.SHIPPED: (_l("đang đi"), ""),
    ParcelState.DELIVERED: (_l("đã giao"), "ok"),
    ParcelState.FAILED: (_l("giao không thành"), "bad"),
    ParcelState.CANCELED: (_l("đã huỷ"), ""),
}
UNKNOWN: Tag = (_l("xem ở cổng"), "warn")


def refund_tag(refund: Refund) -> Tag:
    """Return who gives a refund back now; its payment is loaded."""
    if refund.state is RefundState.FAILED:
        return _l("cổng không trả được"), "bad"
    return (_l("chờ chuyển"), "warn") if is_by_hand(refund) else (_l("cổng đang trả"), "")


def dispute_tag(state: str) -> Tag:
    """Return what a state of a dispute at its gateway is called."""
    return DISPUTES.get(state, UNKNOWN)
