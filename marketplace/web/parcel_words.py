"""Where a parcel stands, in the words that its buyer reads."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.ordering.models import Order
from marketplace.ordering.status import ParcelState


@dataclass(frozen=True, slots=True)
class Told:
    """A state in a few words, with the kind of tag and the drawing that go with it."""

    words: LazyString
    kind: str
    drawing: str


STATES: dict[ParcelState, Told] = {
    ParcelState.DRAFT: Told(_l("Chờ bạn trả tiền"), "warn", "clock"),
    ParcelState.WAITING: Told(_l("Chờ người bán nhận"), "warn", "clock"),
    ParcelState.CONFIRMED: Told(_l("Người bán đã nhận"), "ok", "check"),
    ParcelState.PACKED: Told(_l("Đã gói xong"), "ok", "pkg"),
    ParcelState.PARTLY_SHIPPED: Told(_l("Đã gửi một phần"), "ok", "truck"),
    ParcelState.SHIPPED: Told(_l("Đang giao"), "ok", "truck"),
    ParcelState.DELIVERED: Told(_l("Đã nhận"), "ok", "ok"),
    ParcelState.FAILED: Told(_l("Giao không thành"), "bad", "alert"),
    ParcelState.CANCELED: Told(_l("Đã huỷ"), "bad", "x"),
}
GIVEN_BACK = Told(_l("Đã trả lại hàng"), "", "undo")
READY = Told(_l("Mời đến lấy"), "ok", "store")


def told_state(order: Order, state: ParcelState) -> Told:
    """Return a parcel's state in words; one that stands ready is fetched, not sent, by who picks it up."""
    return READY if order.pickup and state is ParcelState.PACKED else STATES[state]
