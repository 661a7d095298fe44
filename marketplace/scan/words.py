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
    Verdict.RECALLED: Words(
        _l("Đang bị thu hồi"),
        _l("Không dùng, không bán. Xem lý do và cách trả lại ngay dưới đây."),
        "alert",
    ),
    Verdict.FORGED: Words(
        _l("Tem không hợp lệ"),
        _l("Số tem này không phải của lô hàng này. Tem có thể là giả, hoặc mã đã bị sửa."),
        "x",
    ),
    Verdict.VOID: Words(
        _l("Tem đã bị huỷ"),
        _l("Cơ sở đã huỷ tem này, tem không được nằm trên hàng đang bán."),
        "x",
    ),
    Verdict.EDITED: Words(
        _l("Mã đã bị sửa"),
        _l("Hạn dùng trong mã khác hạn dùng trong sổ của lô. Hãy tin hạn ghi dưới đây."),
        "alert",
    ),
    Verdict.PAST_USE: Words(
        _l("Đã quá hạn dùng"),
        _l("Hạn dùng của lô này là hết ngày %(use_by)s. Đừng ăn, đừng dùng."),
        "clock",
    ),
    Verdict.TOO_OFTEN: Words(
        _l("Cẩn thận với mã này"),
        _l("%(alert)s Tem có thể đã bị sao chép."),
        "flag",
    ),
    Verdict.NOT_ACTIVE: Words(
        _l("Tem chưa kích hoạt"),
        _l("Tem đã in nhưng cơ sở chưa báo là đã dán lên hàng. Hãy gọi cơ sở để hỏi."),
        "info",
    ),
    Verdict.SUSPENDED: Words(
        _l("Sản phẩm tạm ngừng"),
        _l("Mã đúng, nhưng sản phẩm đang bị tạm ngừng giới thiệu trên chợ."),
        "alert",
    ),
    Verdict.WITHDRAWN: Words(
        _l("Sản phẩm đã rút"),
        _l("Mã đúng, nhưng sản phẩm không còn được giới thiệu trên chợ."),
        "info",
    ),
    Verdict.REVOKED: Words(
        _l("Chứng nhận bị thu hồi"),
        _l("Mã đúng, nhưng giấy đã bị thu hồi: sản phẩm không được mang sao OCOP."),
        "x",
    ),
    Verdict.LAPSED: Words(
        _l("Chứng nhận đã hết hạn"),
        _l("Mã đúng, nhưng sản phẩm không còn được mang sao OCOP."),
        "clock",
    ),
    Verdict.UNDATED: Words(
        _l("Chưa rõ chứng nhận"),
        _l("Mã đúng. Nguồn không ghi ngày cấp giấy nên không thể nói giấy còn hiệu lực."),
        "info",
    ),
    Verdict.UNCERTIFIED: Words(
        _l("Chưa có chứng nhận"),
        _l("Mã đúng, nhưng sổ chứng nhận không có giấy nào của sản phẩm này."),
        "info",
    ),
    Verdict.LOT_NOT_OURS: Words(
        _l("Không có lô này"),
        _l("Cơ sở ghi các lô của sản phẩm này trên chợ, nhưng không có lô nào mang mã này."),
        "alert",
    ),
    Verdict.LOT_UNKNOWN: Words(
        _l("Chưa có dữ liệu lô"),
        _l("Mã sản phẩm đúng, nhưng chợ chưa giữ dữ liệu nào về lô hay số tem này."),
        "info",
    ),
    Verdict.SERIAL_UNKNOWN: Words(
        _l("Chưa có dữ liệu tem"),
        _l("Tem đúng kiểu tem của chợ, nhưng sổ không ghi số này. Hãy gọi cơ sở để hỏi."),
        "info",
    ),
    Verdict.SOLD_OUT: Words(
        _l("Lô đã bán hết"),
        _l("Cơ sở báo lô này bán hết từ ngày %(gone)s. Nếu vừa mua, hãy hỏi lại nơi bán."),
        "info",
    ),
    Verdict.SERIAL_GOOD: Words(
        _l("Mã tem hợp lệ"),
        _l("Hãy so với số in trên tem: %(number)s. %(seen)s"),
        "check",
    ),
    Verdict.LOT_GOOD: Words(
        _l("Lô hàng có thật"),
        _l("Hãy so mã lô %(lot)s và hạn dùng dưới đây với chữ in trên bao bì."),
        "check",
    ),
    Verdict.GOOD: Words(
        _l("Đúng mã sản phẩm"),
        _l("Chứng nhận OCOP còn hiệu lực. Hãy so tên và cơ sở dưới đây với chữ in trên bao bì."),
        "check",
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
