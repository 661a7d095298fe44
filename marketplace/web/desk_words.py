"""What the moderation desk's reasons and the public's reports are called, in pages and in letters."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.catalogue.listing_models import DeclineReason
from marketplace.catalogue.report_models import ReportKind, ReportReason

DECLINE_REASONS: dict[DeclineReason, LazyString] = {
    DeclineReason.PICTURES_UNCLEAR: _l("Ảnh chưa rõ sản phẩm hoặc nhãn"),
    DeclineReason.LABEL_INCOMPLETE: _l("Nhãn thiếu nội dung bắt buộc"),
    DeclineReason.NOT_AS_CERTIFIED: _l("Không đúng với sản phẩm được công nhận"),
    DeclineReason.MISLEADING: _l("Lời giới thiệu dễ gây hiểu nhầm"),
    DeclineReason.NOT_ALLOWED: _l("Hàng không được bán qua mạng"),
    DeclineReason.OTHER: _l("Lý do khác, ghi ở dưới"),
}
REPORT_KINDS: dict[ReportKind, LazyString] = {
    ReportKind.FAKE: _l("Nghi hàng giả, tem giả"),
    ReportKind.WRONG: _l("Thông tin sai"),
    ReportKind.PHOTO: _l("Ảnh không đúng hoặc không phải của họ"),
    ReportKind.OTHER: _l("Việc khác"),
}
REPORT_REASONS: dict[ReportReason, LazyString] = {
    ReportReason.CORRECTED: _l("Báo đúng, đã sửa"),
    ReportReason.SUSPENDED: _l("Báo đúng, tạm ẩn sản phẩm"),
    ReportReason.PASSED_ON: _l("Đã chuyển cơ quan quản lý thị trường"),
    ReportReason.NOT_FOUND_WRONG: _l("Đã kiểm tra, không thấy sai"),
    ReportReason.NOT_OURS: _l("Không thuộc việc của chợ"),
    ReportReason.REPEATED: _l("Đã trả lời ở báo cáo trước"),
}
