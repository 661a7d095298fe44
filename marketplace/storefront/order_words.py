"""How orders are told to their buyers: steps in words, tags, and where a carrier lets one follow a parcel."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.catalogue.answer_times import answer_due
from marketplace.ordering.models import Fulfillment, Order, PaymentMethod
from marketplace.ordering.status import ParcelState
from marketplace.text import fold


@dataclass(frozen=True, slots=True)
class Way:
    """A way of paying as the checkout page offers it; `button` is what its button adds."""

    value: PaymentMethod
    words: LazyString
    small: LazyString
    button: LazyString
    drawing: str


@dataclass(frozen=True, slots=True)
class Step:
    """One of the five steps of a parcel: done, the one it is at (`now`), or still to come."""

    words: LazyString
    drawing: str
    done: bool
    now: bool


WAYS = (
    Way(
        PaymentMethod.CASH_ON_DELIVERY,
        _l("Trả khi nhận hàng"),
        _l("Xem hàng rồi trả tiền mặt cho người giao"),
        _l("trả khi nhận"),
        "hand",
    ),
    Way(
        PaymentMethod.VIETQR,
        _l("Chuyển khoản VietQR"),
        _l("Quét bằng ứng dụng ngân hàng bất kỳ"),
        _l("rồi chuyển khoản"),
        "qr",
    ),
    Way(
        PaymentMethod.CARD,
        _l("Thẻ quốc tế"),
        _l("Visa, Mastercard, JCB qua Stripe"),
        _l("rồi trả bằng thẻ"),
        "card",
    ),
)

_SENT = (
    (_l("Đã đặt"), "check"),
    (_l("Người bán nhận"), "store"),
    (_l("Đã gửi"), "pkg"),
    (_l("Đang giao"), "truck"),
    (_l("Đã nhận"), "ok"),
)
_FETCHED = (*_SENT[:2], (_l("Đã gói xong"), "pkg"), (_l("Bạn đến lấy"), "user"), _SENT[4])
_DONE: dict[ParcelState, int] = {
    ParcelState.DRAFT: 0,
    ParcelState.WAITING: 1,
    ParcelState.CONFIRMED: 2,
    ParcelState.PACKED: 2,
    ParcelState.PARTLY_SHIPPED: 2,
    ParcelState.SHIPPED: 3,
    ParcelState.FAILED: 3,
    ParcelState.DELIVERED: 5,
}

CARRIERS = (
    (("ghn", "giao hang nhanh"), "https://donhang.ghn.vn/?order_code="),
    (("ghtk", "giao hang tiet kiem"), "https://i.ghtk.vn/"),
    (("j&t", "jt express"), "https://jtexpress.vn/vi/tracking?type=track&billcode="),
    (("viettel",), "https://viettelpost.vn/thong-tin-don-hang?peopleTracking=sender&orderNumber="),
)
"""Where carriers show a parcel, by the words in their names; of others the number is told alone."""


def list_steps(order: Order, state: ParcelState) -> list[Step]:
    """Return the five steps of a parcel that is not canceled."""
    done = _DONE[state] + (order.pickup and state is ParcelState.PACKED)
    return [
        Step(words, drawing, done=position < done, now=position == done)
        for position, (words, drawing) in enumerate(_FETCHED if order.pickup else _SENT)
    ]


def tracking_address(sending: Fulfillment) -> str | None:
    """Return where the carrier shows a sending, or None where we know no such page."""
    name = fold(sending.carrier or "")
    for words, address in CARRIERS:
        if sending.tracking_number and any(word in name for word in words):
            return f"{address}{quote(sending.tracking_number, safe='')}"
    return None


def arrives_by(order: Order, sending: Fulfillment) -> datetime:
    """Return the last moment of the day by which a sending is to arrive, by the days that were shown."""
    return answer_due(sending.shipped_at, order.days_to) - timedelta(seconds=1)
