"""What reasons, kinds of certificates and movements of stock are called in the workspace."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.ordering.models import MovementKind
from marketplace.ordering.stock_keeping import StockReason
from marketplace.producers.models import QualityKind

REASONS: dict[StockReason, LazyString] = {
    StockReason.PRODUCED: _l("Vừa làm ra, vừa thu hoạch"),
    StockReason.RETURNED: _l("Khách trả lại, còn tốt"),
    StockReason.MISCOUNTED: _l("Đếm lại cho đúng"),
    StockReason.SOLD_ELSEWHERE: _l("Đã bán ở nơi khác"),
    StockReason.DAMAGED: _l("Hỏng, hết hạn, thất lạc"),
    StockReason.GIVEN_AWAY: _l("Biếu, làm hàng mẫu"),
    StockReason.RECALLED: _l("Lô bị thu hồi, cất riêng"),
    StockReason.RECALL_LIFTED: _l("Hết lệnh thu hồi, bán lại"),
}
MOVEMENTS: dict[MovementKind, LazyString] = {
    MovementKind.RECEIVED: _l("Nhập"),
    MovementKind.ALLOCATED: _l("Hứa cho đơn"),
    MovementKind.SHIPPED: _l("Gửi đi"),
    MovementKind.RELEASED: _l("Đơn huỷ, về kệ"),
    MovementKind.ADJUSTED: _l("Đếm lại"),
}
QUALITY_KINDS: dict[QualityKind, str | LazyString] = {
    QualityKind.VIETGAP: "VietGAP",
    QualityKind.GLOBALGAP: "GLOBALG.A.P.",
    QualityKind.ORGANIC: _l("Hữu cơ"),
    QualityKind.HACCP: "HACCP",
    QualityKind.ISO_22000: "ISO 22000",
    QualityKind.HALAL: "Halal",
    QualityKind.OTHER: _l("Giấy khác"),
}


def reason_words(kept: str | None) -> str:
    """Return why a shelf changed; older reasons are words already."""
    try:
        return str(REASONS[StockReason(kept or "")])
    except ValueError:
        return kept or ""
