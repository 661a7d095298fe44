"""Answers in words that people read: a heading of at most four words, and what follows from it."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.scan.verdict import Verdict
from marketplace.traceability.errors import Misreading


@dataclass(frozen=True, slots=True)
class Words:
    """A heading, one or two sentences, and the icon that stands for them."""

    heading: LazyString
    sentence: LazyString
    icon: str


ANSWERS: dict[Verdict, Words] = {
    Verdict.GOOD: Words(
        _l("Đúng mã sản phẩm"),
        _l("Chứng nhận OCOP còn hiệu lực. Hãy so tên và cơ sở dưới đây với chữ in trên bao bì."),
        "check",
    ),
    Verdict.LOT_UNKNOWN: Words(
        _l("Chưa có dữ liệu lô"),
        _l("Mã sản phẩm đúng, nhưng chợ chưa giữ dữ liệu nào về lô hay số tem này."),
        "info",
    ),
    Verdict.UNCERTIFIED: Words(
        _l("Chưa có chứng nhận"),
        _l("Mã đúng, nhưng sổ chứng nhận không có giấy nào của sản phẩm này."),
        "info",
    ),
    Verdict.UNDATED: Words(
        _l("Chưa rõ chứng nhận"),
        _l("Mã đúng. Nguồn không ghi ngày cấp giấy nên không thể nói giấy còn hiệu lực."),
        "info",
    ),
    Verdict.LAPSED: Words(
        _l("Chứng nhận đã hết hạn"),
        _l("Mã đúng, nhưng sản phẩm không còn được mang sao OCOP."),
        "clock",
    ),
    Verdict.REVOKED: Words(
        _l("Chứng nhận bị thu hồi"),
        _l("Mã đúng, nhưng giấy đã bị thu hồi: sản phẩm không được mang sao OCOP."),
        "x",
    ),
    Verdict.WITHDRAWN: Words(
        _l("Sản phẩm đã rút"),
        _l("Mã đúng, nhưng sản phẩm không còn được giới thiệu trên chợ."),
        "info",
    ),
    Verdict.SUSPENDED: Words(
        _l("Sản phẩm tạm ngừng"),
        _l("Mã đúng, nhưng sản phẩm đang bị tạm ngừng giới thiệu trên chợ."),
        "alert",
    ),
}

UNREADABLE: dict[str, Words] = {
    Misreading.CHECK_DIGIT: Words(
        _l("Mã sai số kiểm tra"),
        _l("Chữ số cuối không khớp với các số trước. Có thể gõ nhầm, tem bị mờ, hoặc mã là giả."),
        "x",
    ),
    Misreading.LENGTH: Words(
        _l("Mã sai độ dài"),
        _l("Mã vạch sản phẩm có 8, 12, 13 hoặc 14 chữ số. Hãy kiểm lại từng số."),
        "x",
    ),
    Misreading.FORM: Words(
        _l("Không đọc được mã"),
        _l("Mã có ký tự mà tem của chợ không dùng. Hãy quét lại, hoặc gõ lại từng chữ."),
        "x",
    ),
    "unknown": Words(
        _l("Không biết mã này"),
        _l(
            "Mã viết đúng cách nhưng không thuộc sản phẩm nào trong sổ. Có thể chưa đăng ký, hoặc tem là giả."
        ),
        "alert",
    ),
}
