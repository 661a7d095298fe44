"""Mergers of producers in words: what moves, what the two share, and what stands against it."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.upkeep.merging.errors import Hindrance, Obstacle
from marketplace.upkeep.merging.pairs import Sign
from marketplace.web.words import gettext as _

TABLES: dict[str, LazyString] = {
    "product": _l("Sản phẩm"),
    "listing": _l("Trang bán hàng"),
    "order": _l("Đơn hàng"),
    "seller_transfer": _l("Dòng trong sổ tiền"),
    "seller_payout": _l("Lần chi trả"),
    "payout_account": _l("Tài khoản nhận tiền"),
    "membership": _l("Người làm việc ở đây"),
    "invitation": _l("Lời mời chưa nhận"),
    "api_key": _l("Khoá cho chương trình"),
    "lot": _l("Lô hàng"),
    "material_zone": _l("Vùng nguyên liệu"),
    "site": _l("Nơi làm, nơi đóng gói"),
    "epcis_capture": _l("Lần nhận dữ liệu truy xuất"),
    "recall": _l("Lệnh thu hồi cả cơ sở"),
    "product_idea": _l("Phiếu ý tưởng"),
    "dossier": _l("Hồ sơ đánh giá"),
    "evidence_file": _l("Minh chứng"),
    "inspection": _l("Cuộc kiểm tra"),
    "change_request": _l("Đề nghị thay đổi"),
    "report": _l("Báo cáo của khách"),
    "review": _l("Lời đánh giá"),
    "question": _l("Câu hỏi của khách"),
    "quality_certificate": _l("Giấy chất lượng"),
    "producer_picture": _l("Ảnh trên trang cơ sở"),
    "producer_alias": _l("Cách viết tên khác"),
    "former_producer": _l("Trang cũ đã gộp"),
    "shipping_rule": _l("Quy định giao hàng"),
    "sheet_trial": _l("Bảng tính đang xem thử"),
    "ip_right": _l("Quyền sở hữu trí tuệ"),
    "capacity_support": _l("Lần được hỗ trợ"),
    "channel_presence": _l("Kênh bán hàng"),
    "producer_year_stat": _l("Số liệu lao động theo năm"),
    "training_attendance": _l("Lớp tập huấn đã dự"),
    "trade_event_participant": _l("Hội chợ, sự kiện đã dự"),
}
"""What the rows of a table are called, in the order of the page."""
SIGNS: dict[Sign, LazyString] = {
    Sign.TAX_CODE: _l("cùng mã số thuế"),
    Sign.NAME: _l("cùng tên"),
    Sign.PHONE: _l("cùng điện thoại"),
    Sign.LIKENESS: _l("tên gần giống"),
}
_SECRET = frozenset({"epcis_capture"})
"""Tables whose unique values say nothing to people."""


def tell(obstacle: Obstacle) -> str:
    """Return what stands against a merger, and what to do about it."""
    if obstacle.hindrance is Hindrance.CLASH:
        return _tell_clash(obstacle)
    return {
        Hindrance.MONEY: _(
            "Cả hai bên đã có đơn hàng, dòng tiền hoặc tài khoản nhận tiền. Sổ tiền hai bên không gộp được."
        ),
        Hindrance.TAX_CODE: _(
            "Hai mã số thuế khác nhau (%(codes)s) là hai người nộp thuế. Mã nào ghi sai thì cơ sở sửa trước.",
            codes=obstacle.about,
        ),
        Hindrance.ADDRESS: _(
            "Bên giữ chưa có địa chỉ, nơi của hai bên không khớp: gộp thì hàng ngừng bán. Mời đổi chiều gộp."
        ),
        Hindrance.RECALL: _(
            "Lệnh thu hồi %(code)s đang áp cho mọi hàng của một bên. Gỡ lệnh xong mới gộp.",
            code=obstacle.about,
        ),
        Hindrance.DUTY: _("Có người làm ở bên này là cán bộ nơi bên kia đóng. Mời thôi một vai trò trước."),
    }[obstacle.hindrance]


def _tell_clash(obstacle: Obstacle) -> str:
    name, value = str(TABLES[obstacle.table]), obstacle.about
    if obstacle.table in _SECRET:
        return _("%(what)s: hai bên có cùng một bản.", what=name)
    if obstacle.table == "lot":
        return _(
            "Lô nguyên liệu mã “%(code)s” có ở cả hai bên. Còn cả hai lô thì hai bên không gộp được.",
            code=value,
        )
    if obstacle.table == "producer_year_stat":
        return _(
            "Số liệu lao động năm %(year)s văn phòng đã ghi cho cả hai bên. Mời bỏ một dòng trong sổ trước.",
            year=value,
        )
    return _(
        "%(what)s “%(value)s” có ở cả hai bên. Mời cơ sở đổi tên hoặc bỏ một bên trước.",
        what=name,
        value=value,
    )
