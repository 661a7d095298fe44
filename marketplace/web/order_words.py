"""What ways of paying, reasons and states of orders are called, in pages of every door and in letters."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.ordering.after_sale_models import ReturnReason, ReturnState
from marketplace.ordering.models import CancelReason, PaymentMethod
from marketplace.payments.models import RefundReason

PAYMENT_METHODS: dict[PaymentMethod, LazyString] = {
    PaymentMethod.CASH_ON_DELIVERY: _l("Trả khi nhận hàng"),
    PaymentMethod.VIETQR: _l("Chuyển khoản VietQR"),
    PaymentMethod.CARD: _l("Thẻ"),
}
HOW_PAID: dict[PaymentMethod, LazyString] = {
    PaymentMethod.CASH_ON_DELIVERY: _l("Trả tiền mặt khi nhận hàng."),
    PaymentMethod.VIETQR: _l("Trả bằng chuyển khoản VietQR."),
    PaymentMethod.CARD: _l("Trả bằng thẻ."),
}
HOW_REFUNDED: dict[PaymentMethod, LazyString] = {
    PaymentMethod.CASH_ON_DELIVERY: _l(
        "Người bán trả lại bạn bằng tiền mặt hoặc chuyển khoản, và sẽ gọi để hẹn."
    ),
    PaymentMethod.VIETQR: _l("Chúng tôi chuyển lại về tài khoản đã chuyển, trong 7 ngày làm việc."),
    PaymentMethod.CARD: _l("Tiền về thẻ đã trả; tuỳ ngân hàng, có thể mất vài ngày làm việc mới hiện."),
}
CANCEL_REASONS: dict[CancelReason, LazyString] = {
    CancelReason.CUSTOMER: _l("người mua huỷ"),
    CancelReason.DECLINED: _l("người bán không nhận đơn"),
    CancelReason.INVENTORY: _l("hết hàng"),
    CancelReason.RECALLED: _l("hàng bị thu hồi"),
    CancelReason.UNPAID: _l("chưa được trả tiền"),
    CancelReason.EXPIRED: _l("quá hạn trả tiền"),
    CancelReason.UNDELIVERED: _l("không giao được"),
    CancelReason.STAFF: _l("ban quản trị huỷ"),
}
REFUND_REASONS: dict[RefundReason, LazyString] = {
    RefundReason.CANCELED: _l("phần đơn đã huỷ"),
    RefundReason.RETURNED: _l("hàng đã trả lại"),
    RefundReason.OUT_OF_STOCK: _l("hết hàng"),
    RefundReason.OVERPAID: _l("trả thừa"),
    RefundReason.PAID_TWICE: _l("trả hai lần"),
    RefundReason.DISPUTE: _l("khiếu nại qua ngân hàng"),
    RefundReason.STAFF: _l("chợ trả lại"),
}
RETURN_REASONS: dict[ReturnReason, LazyString] = {
    ReturnReason.DAMAGED: _l("Hàng hỏng, vỡ"),
    ReturnReason.WRONG_GOODS: _l("Giao nhầm hoặc thiếu hàng"),
    ReturnReason.NOT_AS_DESCRIBED: _l("Không đúng như giới thiệu"),
    ReturnReason.PAST_USE_BY: _l("Hết hạn dùng"),
    ReturnReason.RECALLED: _l("Hàng bị thu hồi"),
    ReturnReason.CHANGED_MIND: _l("Đổi ý, không muốn mua nữa"),
}
RETURN_STATES: dict[ReturnState, LazyString] = {
    ReturnState.REQUESTED: _l("Chờ người bán trả lời"),
    ReturnState.APPROVED: _l("Người bán đồng ý, chờ hàng về"),
    ReturnState.RECEIVED: _l("Người bán đã nhận lại hàng"),
    ReturnState.REFUNDED: _l("Đã trả lại tiền"),
    ReturnState.CANCELED: _l("Không trả hàng nữa"),
}
