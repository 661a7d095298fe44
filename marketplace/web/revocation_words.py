"""Why certificates are revoked, in the words of pages and letters (Decision 26/2026/QĐ-TTg, article 8)."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.certification.models import RevocationReason

REVOCATION_REASONS: dict[RevocationReason, LazyString] = {
    RevocationReason.DISHONEST_FILE: _l("Hồ sơ không trung thực, giả mạo"),
    RevocationReason.CRITERIA_NOT_MET: _l("Không còn đạt tiêu chí của hạng sao"),
    RevocationReason.LAW_BROKEN: _l(
        "Vi phạm pháp luật về chất lượng, an toàn thực phẩm, môi trường, sở hữu trí tuệ hoặc nhãn hàng hoá"
    ),
    RevocationReason.MARK_MISUSED: _l("Dùng sai nhãn hiệu chứng nhận OCOP"),
    RevocationReason.PRODUCTION_STOPPED: _l("Đã thôi sản xuất"),
    RevocationReason.OTHER: _l("Lý do khác theo kết luận của cơ quan có thẩm quyền"),
}
