"""What kinds, states and ends of complaints are called, in pages of every door and in letters."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.ordering.complaint_models import ComplaintEnd, ComplaintKind, ComplaintState, Voice

COMPLAINT_KINDS: dict[ComplaintKind, LazyString] = {
    ComplaintKind.NOT_ARRIVED: _l("Giao chậm, chưa nhận được hàng"),
    ComplaintKind.DAMAGED: _l("Hàng hỏng, vỡ"),
    ComplaintKind.WRONG_GOODS: _l("Giao nhầm hoặc thiếu hàng"),
    ComplaintKind.QUALITY: _l("Hàng kém, nghi hàng giả hoặc không an toàn"),
    ComplaintKind.MONEY: _l("Tiền: trả hàng, hoàn tiền, thu sai"),
    ComplaintKind.SELLER_CONDUCT: _l("Cách cư xử của người bán"),
    ComplaintKind.OTHER: _l("Việc khác"),
}
COMPLAINT_STATES: dict[ComplaintState, tuple[LazyString, str]] = {
    ComplaintState.RECEIVED: (_l("Đã nhận, chờ trả lời"), "warn"),
    ComplaintState.ANSWERED: (_l("Đã trả lời"), "new"),
    ComplaintState.CLOSED: (_l("Đã khép lại"), ""),
}
"""Each state with the kind of tag that it is shown as."""
COMPLAINT_ENDS: dict[ComplaintEnd, LazyString] = {
    ComplaintEnd.AGREED: _l("Hai bên đã thoả thuận"),
    ComplaintEnd.REFUNDED: _l("Đã hoàn tiền hoặc đổi hàng"),
    ComplaintEnd.EXPLAINED: _l("Đã giải thích rõ"),
    ComplaintEnd.UNFOUNDED: _l("Đã xem xét, không có căn cứ"),
    ComplaintEnd.WITHDRAWN: _l("Người mua thôi khiếu nại"),
    ComplaintEnd.PASSED_ON: _l("Đã chuyển cơ quan có thẩm quyền"),
}
VOICES: dict[Voice, LazyString] = {
    Voice.BUYER: _l("Người mua"),
    Voice.SELLER: _l("Người bán"),
    Voice.OFFICE: _l("Văn phòng OCOP"),
}
