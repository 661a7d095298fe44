"""What producers read of their dossiers: kinds, what follows in each state, and the fields of the forms."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.certification.dossiers.models import DossierKind, DossierState

ABOUT_KINDS: dict[DossierKind, LazyString] = {
    DossierKind.FIRST: _l("Sản phẩm chưa từng được công nhận"),
    DossierKind.UPGRADE: _l("Đang có sao, muốn lên hạng cao hơn; điền sẵn từ hồ sơ trước"),
    DossierKind.REASSESS: _l("Giấy sắp hết hoặc đã hết hạn; điền sẵn từ hồ sơ trước"),
}
NEXT_WORDS: dict[DossierState, LazyString] = {
    DossierState.DRAFT: _l("Nộp hồ sơ"),
    DossierState.RETURNED: _l("Nộp lại hồ sơ"),
    DossierState.NEEDS_COMPLETION: _l("Gửi phần bổ sung"),
}
"""What handing in is called, by what it follows upon."""
WHAT_FOLLOWS: dict[DossierState, LazyString] = {
    DossierState.DRAFT: _l("Chấm đủ tiêu chí, điền thông tin, đính minh chứng rồi nộp cho xã."),
    DossierState.SUBMITTED: _l(
        "Xã xem nguồn gốc, lao động, ý tưởng và bản sắc trong 15 ngày làm việc, rồi chuyển lên tỉnh hoặc "
        "trả lại kèm lý do."
    ),
    DossierState.RETURNED: _l("Sửa theo lời cán bộ rồi nộp lại."),
    DossierState.FORWARDED: _l("Tỉnh kiểm đủ giấy tờ rồi xếp vào một đợt đánh giá."),
    DossierState.NEEDS_COMPLETION: _l("Bổ sung theo lời cán bộ rồi gửi lại trước hạn."),
    DossierState.ACCEPTED: _l(
        "Tổ tư vấn xem xét, có thể đến thăm cơ sở hoặc lấy mẫu kiểm nghiệm, rồi báo cáo hội đồng."
    ),
    DossierState.ADVISED: _l("Hồ sơ chờ phiên họp của hội đồng."),
    DossierState.IN_COUNCIL: _l("Các thành viên chấm riêng từng người; điểm chỉ mở khi mọi phiếu đã ký."),
    DossierState.EVALUATED: _l("Có điểm rồi nhưng chưa phải quyết định. Tỉnh đang làm quyết định."),
    DossierState.PROPOSED: _l("Tỉnh không công nhận 5 sao: tỉnh đề nghị Bộ Nông nghiệp và Môi trường xét."),
    DossierState.AT_MINISTRY: _l("Hồ sơ đang ở Bộ Nông nghiệp và Môi trường."),
    DossierState.SENT_BACK: _l("Bộ chấm dưới 90 điểm. Tỉnh công nhận theo điểm ấy hoặc đánh giá lại."),
    DossierState.RECOGNISED: _l("Sao đã hiện trên trang sản phẩm và trong sổ công khai."),
    DossierState.NOT_RECOGNISED: _l(
        "Giấy chứng nhận chỉ cấp từ 3 sao. Xem mốc còn thiếu rồi mở hồ sơ mới khi đã đạt."
    ),
    DossierState.WITHDRAWN: _l("Hồ sơ này đã rút, không ai xem xét nữa."),
}

FACTS: dict[str, tuple[str, LazyString]] = {
    "representative": ("dai_dien", _l("Người đại diện pháp luật")),
    "title": ("chuc_vu", _l("Chức vụ")),
    "female": ("gioi_tinh", _l("Giới tính")),
    "ethnicity": ("dan_toc", _l("Dân tộc")),
    "home": ("thuong_tru", _l("Địa chỉ thường trú")),
    "phone": ("dien_thoai", _l("Điện thoại")),
    "email": ("email", _l("Email")),
    "founded_on": ("thanh_lap", _l("Ngày thành lập, đăng ký kinh doanh")),
    "licence": ("so_dang_ky", _l("Số giấy đăng ký kinh doanh")),
    "goods": ("quy_cach", _l("Quy cách, tiêu chuẩn sản phẩm")),
    "history": ("lich_su", _l("Lịch sử hình thành")),
    "structure": ("co_cau", _l("Cơ cấu tổ chức")),
    "workers": ("lao_dong", _l("Số lao động")),
    "local_workers": ("lao_dong_xa", _l("Trong đó người địa phương")),
    "materials": ("nguyen_lieu", _l("Vùng nguyên liệu")),
    "technology": ("cong_nghe", _l("Công nghệ sản xuất, chế biến, đóng gói")),
    "quality": ("chat_luong", _l("Chất lượng, tiêu chuẩn, bao bì, nhãn")),
    "market": ("thi_truong", _l("Thị trường phân phối")),
    "changes": ("thay_doi", _l("Thay đổi từ lần công nhận trước")),
    "revenue": ("doanh_thu", _l("Doanh thu năm gần nhất, đồng")),
    "profit": ("loi_nhuan", _l("Lợi nhuận năm gần nhất, đồng")),
    "plan": ("ke_hoach", _l("Kế hoạch sắp tới")),
}
"""The facts of forms 01 and 02: the name of each field in its form, and what it is called."""
