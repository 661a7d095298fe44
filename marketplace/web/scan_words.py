"""Scan rules that explain themselves: to shoppers on the trace page, to producers and to the office."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.traceability.scans.models import ScanAlert, ScanRule
from marketplace.web.filters import write_date

SCAN_RULES: dict[ScanRule, LazyString] = {
    ScanRule.RATE: _l("Quét quá nhiều trong một ngày"),
    ScanRule.SPREAD: _l("Quét trên quá nhiều điện thoại"),
    ScanRule.SOLD_OUT: _l("Vẫn được quét sau khi bán hết"),
    ScanRule.BEFORE_ACTIVATION: _l("Quét khi tem chưa kích hoạt"),
    ScanRule.VOID: _l("Quét tem đã huỷ"),
    ScanRule.AFTER_RECALL: _l("Vẫn được quét sau khi thu hồi"),
    ScanRule.FORGED: _l("Số tem không phải của lô"),
    ScanRule.UNKNOWN_LOT: _l("Mã lô không có trong sổ"),
}

_MEASURED: dict[ScanRule, LazyString] = {
    ScanRule.RATE: _l(
        "Trong ngày %(day)s, mã tem này được mở trên %(number)s điện thoại; một gói hàng hiếm khi thế."
    ),
    ScanRule.SPREAD: _l("Trong 30 ngày, mã tem này được mở %(number)s lượt, mỗi máy mỗi ngày một lượt."),
    ScanRule.SOLD_OUT: _l("Ngày %(day)s, mã của lô được mở %(number)s lần, hơn 30 ngày sau khi lô bán hết."),
    ScanRule.BEFORE_ACTIVATION: _l("Ngày %(day)s, tem chưa kích hoạt được mở trên %(number)s điện thoại."),
    ScanRule.VOID: _l("Ngày %(day)s, tem đã huỷ được mở trên %(number)s điện thoại."),
    ScanRule.AFTER_RECALL: _l(
        "Ngày %(day)s, mã của lô đang thu hồi được mở %(number)s lần: hàng còn ở tay người mua."
    ),
    ScanRule.FORGED: _l("Ngày %(day)s, lô này bị quét %(number)s lần với số tem không phải của lô."),
    ScanRule.UNKNOWN_LOT: _l(
        "Ngày %(day)s, sản phẩm này bị quét %(number)s lần với mã lô không có trong sổ."
    ),
}
_FORGED_OF_PRODUCT = _l("Ngày %(day)s, sản phẩm này bị quét %(number)s lần với số tem không có trong sổ.")


def explain_alert(alert: ScanAlert) -> str:
    """Return in a sentence what was measured, and why it is odd."""
    of_product = alert.rule is ScanRule.FORGED and alert.product_id is not None
    words = _FORGED_OF_PRODUCT if of_product else _MEASURED[alert.rule]
    return str(words) % {"day": write_date(alert.raised_at), "number": alert.count}
