"""What states of ideas and business plans, and the lines of the officer's checklist, are called."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.certification.ideas.models import IdeaCheck, IdeaState, PlanState

IDEA_STATES: dict[IdeaState, tuple[LazyString, str, str]] = {
    IdeaState.SUBMITTED: (_l("Đã nộp, xã đang xem"), "warn", "wait"),
    IdeaState.RETURNED: (_l("Xã trả lại để bổ sung"), "bad", "undo"),
    IdeaState.ACCEPTED: (_l("Xã đã nhận"), "ok", "ok"),
    IdeaState.DECLINED: (_l("Không được nhận"), "", "x"),
    IdeaState.WITHDRAWN: (_l("Cơ sở đã rút"), "", "x"),
}
"""For each state of an idea: its name, the kind of its tag, and a drawing."""
PLAN_STATES: dict[PlanState, tuple[LazyString, str, str]] = {
    PlanState.DRAFT: (_l("Đang viết"), "", "pencil"),
    PlanState.SUBMITTED: (_l("Đã nộp, văn phòng đang xem"), "warn", "wait"),
    PlanState.RETURNED: (_l("Trả lại để viết thêm"), "bad", "undo"),
    PlanState.APPROVED: (_l("Đã duyệt"), "ok", "ok"),
}
"""The same of a business plan."""
IDEA_CHECKS: dict[IdeaCheck, LazyString] = {
    IdeaCheck.LEGAL_FORM: _l("Cơ sở thuộc diện được tham gia chương trình"),
    IdeaCheck.OWN_IDEA: _l("Ý tưởng của chính cơ sở, không chép sản phẩm nơi khác"),
    IdeaCheck.RIGHT_SET: _l("Chọn đúng bộ sản phẩm"),
    IdeaCheck.LOCAL_MATERIAL: _l("Nguyên liệu chính có ở địa phương"),
    IdeaCheck.LOCAL_LABOUR: _l("Dùng lao động địa phương"),
    IdeaCheck.IDENTITY: _l("Mang bản sắc, trí tuệ của địa phương"),
}
"""The lines of the checklist, in the order in which an officer looks."""
IDEA_TEXTS: dict[str, LazyString] = {
    "origin": _l("Ý tưởng từ đâu, khác hàng cùng loại ở điểm nào"),
    "material": _l("Nguyên liệu và nơi có nguyên liệu"),
    "market": _l("Bán cho ai, bán ở đâu"),
}
"""What a registration slip tells, by column."""
PLAN_TEXTS: dict[str, LazyString] = {
    "goals": _l("Mục tiêu: sản lượng, doanh thu, hạng sao"),
    "materials": _l("Nguyên liệu và vùng nguyên liệu"),
    "technology": _l("Nhà xưởng, máy móc, công nghệ"),
    "labour": _l("Lao động, trong đó người địa phương"),
    "market": _l("Thị trường, cách bán hàng"),
    "schedule": _l("Tiến độ: làm gì, bao giờ xong"),
}
"""What a business plan tells, by column."""
PLAN_MONEY: dict[str, LazyString] = {
    "own_capital": _l("Vốn của cơ sở"),
    "borrowed": _l("Vốn vay"),
    "support": _l("Đề nghị nhà nước hỗ trợ"),
}
"""Where the money of a business plan comes from, by column."""
