"""What each refusal is called in words that people read."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.errors import MarketplaceError

EXPLANATIONS: dict[str, LazyString] = {
    "refused": _l("Yêu cầu không thực hiện được."),
    "not_found": _l("Không tìm thấy nội dung bạn hỏi."),
    "invalid_input": _l("Nội dung nhập chưa đúng."),
    "form_outdated": _l("Trang đã mở quá lâu. Mời tải lại trang rồi bấm lại."),
    "invalid_quantity": _l("Số lượng là số nguyên từ 1 đến 999."),
    "invalid_phone": _l("Số điện thoại gồm 10 chữ số, bắt đầu bằng 0 hoặc +84."),
    "not_for_sale": _l("Sản phẩm này hiện không đặt mua qua mạng được."),
    "cart_full": _l("Giỏ chỉ giữ được 50 món. Mời đặt bớt rồi thêm tiếp."),
    "not_cancelable": _l("Người bán đã nhận gói này nên không huỷ trên trang được. Mời gọi người bán."),
    "foreign_origin": _l("Yêu cầu không đến từ trang của chúng tôi nên không được nhận."),
}


def explain(refusal: MarketplaceError) -> str:
    """Return the words for a refusal, its parameters filled in."""
    words = EXPLANATIONS.get(refusal.code, EXPLANATIONS["refused"])
    return str(words) % refusal.parameters if "%(" in str(words) else str(words)
