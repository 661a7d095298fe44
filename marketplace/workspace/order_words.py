"""What states of orders, of their money and of returns are called where a producer works, as tags."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.ordering.after_sale_models import ReturnState
from marketplace.ordering.status import ParcelState
from marketplace.payments.status import PaymentStatus
from marketplace.workspace.words import Mark

PARCELS: dict[ParcelState, Mark] = {
    ParcelState.DRAFT: Mark(_l("Khách đang trả tiền"), "", "wait"),
    ParcelState.WAITING: Mark(_l("Chờ nhận"), "warn", "clock"),
    ParcelState.CONFIRMED: Mark(_l("Cần gói"), "new", "box"),
    ParcelState.PACKED: Mark(_l("Cần gửi"), "new", "pkg"),
    ParcelState.PARTLY_SHIPPED: Mark(_l("Mới gửi một phần"), "warn", "truck"),
    ParcelState.SHIPPED: Mark(_l("Đang đi"), "", "truck"),
    ParcelState.DELIVERED: Mark(_l("Đã giao"), "ok", "ok"),
    ParcelState.FAILED: Mark(_l("Giao không thành"), "bad", "undo"),
    ParcelState.CANCELED: Mark(_l("Đã huỷ"), "", "x"),
}
TO_FETCH = Mark(_l("Chờ khách đến lấy"), "new", "store")
"""A parcel that stands ready, when its buyer comes for it."""
PAYMENTS: dict[PaymentStatus, Mark] = {
    PaymentStatus.NONE: Mark(_l("Chưa trả"), "warn", "wait"),
    PaymentStatus.PARTIALLY_PAID: Mark(_l("Mới trả một phần"), "warn", "wait"),
    PaymentStatus.PAID: Mark(_l("Đã trả"), "ok", "ok"),
    PaymentStatus.PARTIALLY_REFUNDED: Mark(_l("Đã trả, hoàn lại một phần"), "", "undo"),
    PaymentStatus.REFUNDED: Mark(_l("Đã hoàn tiền"), "", "undo"),
    PaymentStatus.OVERCHARGED: Mark(_l("Trả thừa, chợ hoàn phần thừa"), "", "info"),
    PaymentStatus.VOIDED: Mark(_l("Không phải trả"), "", "x"),
}
RETURNS: dict[ReturnState, Mark] = {
    ReturnState.REQUESTED: Mark(_l("Chờ trả lời"), "warn", "clock"),
    ReturnState.APPROVED: Mark(_l("Đã đồng ý, đợi hàng về"), "new", "truck"),
    ReturnState.RECEIVED: Mark(_l("Hàng đã về, chờ hoàn tiền"), "warn", "undo"),
    ReturnState.REFUNDED: Mark(_l("Đã hoàn tiền"), "ok", "ok"),
    ReturnState.CANCELED: Mark(_l("Đã khép lại"), "", "x"),
}
REFUSALS: dict[str, LazyString] = {
    "order_moved_on": _l("Đơn này vừa đổi ở nơi khác nên chưa làm gì thêm. Mời xem lại bên dưới rồi bấm."),
    "not_confirmable": _l("Đơn này đã huỷ nên không nhận được nữa."),
    "not_shippable": _l("Đơn này đã huỷ hoặc chưa được nhận nên chưa gửi được."),
    "nothing_to_ship": _l("Mọi món của đơn này đã gửi hoặc đã huỷ, không còn gì để gửi."),
    "not_paid": _l("Khách chưa chuyển khoản đủ nên chưa gửi được. Tiền về thì nút gửi hiện ra."),
    "money_went_back": _l("Tiền của đơn này đã được trả lại khách nên không gửi nữa. Mời huỷ đơn."),
    "refund_beyond_paid": _l("Số tiền hoàn lớn hơn số khách đã trả."),
    "order_frozen": _l(
        "Đơn này có hàng đang bị thu hồi nên chưa gói, chưa gửi được. Mời xem lý do bên dưới."
    ),
    "no_good_lot": _l(
        "Các lô còn trên kệ đã quá hạn dùng hoặc bị thu hồi. Mời tạo lô mới hoặc nhập thêm hàng."
    ),
    "lot_not_sendable": _l(
        "Lô đã gói vừa quá hạn dùng hoặc bị thu hồi. Mời chọn lô khác ở ô Lô hàng rồi gói lại."
    ),
    "not_on_the_way": _l("Lần gửi này đã được ghi kết quả khác. Mời xem lại bên dưới."),
    "not_cancelable": _l("Hàng của đơn này đã gửi đi nên không huỷ được nữa."),
    "return_moved_on": _l("Yêu cầu này vừa đổi ở nơi khác. Mời xem lại bên dưới rồi bấm."),
}
"""Why a deed was refused, as its seller is told."""
