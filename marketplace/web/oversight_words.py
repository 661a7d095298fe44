"""What kinds of inspections and topics of findings are called, on pages and in letters."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.certification.oversight.models import FindingTopic, InspectionKind

INSPECTION_KINDS: dict[InspectionKind, LazyString] = {
    InspectionKind.POST_CHECK: _l("Hậu kiểm"),
    InspectionKind.PERIODIC: _l("Kiểm tra định kỳ"),
    InspectionKind.UNANNOUNCED: _l("Kiểm tra đột xuất"),
}
FINDING_TOPICS: dict[FindingTopic, LazyString] = {
    FindingTopic.CRITERIA_KEPT: _l("Giữ tiêu chí của hạng sao"),
    FindingTopic.MARK_USE: _l("Dùng nhãn hiệu OCOP, sao"),
    FindingTopic.INFORMATION: _l("Thông tin, nhãn, truy xuất"),
    FindingTopic.ADVERTISING: _l("Quảng cáo"),
    FindingTopic.SAFETY: _l("An toàn thực phẩm"),
}
