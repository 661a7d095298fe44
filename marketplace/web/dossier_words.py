"""What kinds, states and topics of dossiers and their evidence are called, in pages and in letters."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.certification.dossiers.evidence_models import EvidenceKind, OwnPage
from marketplace.certification.dossiers.models import DossierKind, DossierState, Topic
from marketplace.certification.rubrics.stars import Outcome

DOSSIER_KINDS: dict[DossierKind, LazyString] = {
    DossierKind.FIRST: _l("Đánh giá lần đầu"),
    DossierKind.UPGRADE: _l("Nâng hạng sao"),
    DossierKind.REASSESS: _l("Đánh giá lại khi hết hạn"),
}
DOSSIER_STATES: dict[DossierState, LazyString] = {
    DossierState.DRAFT: _l("Đang soạn"),
    DossierState.SUBMITTED: _l("Xã đang xem xét"),
    DossierState.RETURNED: _l("Xã đã trả lại để sửa"),
    DossierState.FORWARDED: _l("Đã lên tỉnh, chờ tiếp nhận"),
    DossierState.NEEDS_COMPLETION: _l("Chờ chủ thể bổ sung"),
    DossierState.ACCEPTED: _l("Tổ tư vấn đang xem xét"),
    DossierState.ADVISED: _l("Chờ đưa ra hội đồng"),
    DossierState.IN_COUNCIL: _l("Hội đồng đang chấm"),
    DossierState.EVALUATED: _l("Đã chấm, chờ quyết định"),
    DossierState.PROPOSED: _l("Đạt từ 90 điểm, chờ trình Bộ"),
    DossierState.AT_MINISTRY: _l("Đang ở Bộ"),
    DossierState.SENT_BACK: _l("Bộ chuyển kết quả về tỉnh"),
    DossierState.RECOGNISED: _l("Đã được công nhận"),
    DossierState.NOT_RECOGNISED: _l("Không được công nhận"),
    DossierState.WITHDRAWN: _l("Đã rút"),
}
TOPICS: dict[Topic, LazyString] = {
    Topic.MATERIAL: _l("Nguồn gốc sản phẩm, nguyên liệu địa phương"),
    Topic.LABOUR: _l("Sử dụng lao động địa phương"),
    Topic.IDEA: _l("Nguồn gốc ý tưởng sản phẩm"),
    Topic.IDENTITY: _l("Bản sắc, trí tuệ địa phương"),
}
"""What the commune examines, in the order of form 03."""
EVIDENCE_KINDS: dict[EvidenceKind, LazyString] = {
    EvidenceKind.BUSINESS_REGISTRATION: _l("Giấy đăng ký kinh doanh"),
    EvidenceKind.FOOD_SAFETY: _l("Giấy đủ điều kiện an toàn thực phẩm"),
    EvidenceKind.PRODUCTION_CONDITIONS: _l("Giấy đủ điều kiện sản xuất"),
    EvidenceKind.MATERIAL_ORIGIN: _l("Hợp đồng, giấy tờ về nguồn nguyên liệu"),
    EvidenceKind.ENVIRONMENT: _l("Hồ sơ môi trường"),
    EvidenceKind.LOCAL_LABOUR: _l("Danh sách, hợp đồng lao động địa phương"),
    EvidenceKind.FINANCES: _l("Báo cáo tài chính, doanh thu"),
    EvidenceKind.TRADEMARK: _l("Giấy chứng nhận đăng ký nhãn hiệu"),
    EvidenceKind.SHARED_MARK: _l("Quyền dùng chỉ dẫn địa lý, nhãn hiệu tập thể, nhãn hiệu chứng nhận"),
    EvidenceKind.PATENT: _l("Bằng sáng chế"),
    EvidenceKind.DESIGN: _l("Bằng độc quyền kiểu dáng công nghiệp"),
    EvidenceKind.COPYRIGHT: _l("Giấy chứng nhận bản quyền tác giả"),
    EvidenceKind.IP_RIGHT: _l("Giấy khác về sở hữu trí tuệ"),
    EvidenceKind.MARKET_CONTRACT: _l("Hợp đồng bán hàng, phân phối"),
    EvidenceKind.PROMOTION: _l("Minh chứng quảng bá, xúc tiến"),
    EvidenceKind.STORY_MEDIA: _l("Câu chuyện sản phẩm, ảnh, phim"),
    EvidenceKind.QUALITY_DECLARATION: _l("Bản công bố chất lượng"),
    EvidenceKind.LAB_TEST: _l("Phiếu kiểm nghiệm"),
    EvidenceKind.TRACE_CODE: _l("Mã vạch, tem truy xuất"),
    EvidenceKind.QUALITY_SYSTEM: _l("Giấy về hệ thống quản lý chất lượng"),
    EvidenceKind.AWARD: _l("Giải thưởng"),
    EvidenceKind.OTHER: _l("Giấy tờ khác"),
}
OWN_PAGES: dict[OwnPage, LazyString] = {
    OwnPage.TRACE: _l("Trang truy xuất nguồn gốc"),
    OwnPage.STORY: _l("Câu chuyện sản phẩm trên chợ"),
    OwnPage.STALL: _l("Gian hàng trên chợ"),
}
OUTCOMES: dict[Outcome, LazyString] = {
    Outcome.RECOGNISED: _l("Đủ điều kiện công nhận"),
    Outcome.PROPOSED: _l("Tỉnh đề nghị, Bộ đánh giá 5 sao"),
    Outcome.SENT_BACK: _l("Bộ chuyển kết quả về tỉnh"),
    Outcome.NOT_RECOGNISED: _l("Chưa đủ 3 sao, không có giấy chứng nhận"),
    Outcome.DISQUALIFIED: _l("Bị loại khi chấm"),
}
"""What a council's result means for what comes next."""
