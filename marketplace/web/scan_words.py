"""Scan rules that explain themselves: to shoppers on the trace page, to producers and to the office."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.traceability.scans.models import ScanAlert, ScanRule
from marketplace.web.filters import write_date
from marketplace.web.words import gettext as _

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


def explain_alert(alert: ScanAlert) -> str:
    """Return in a sentence what was measured, and why it is odd."""
    day, number = write_date(alert.raised_at), alert.count
    return {
        ScanRule.RATE: _(
            "Trong ngày %(day)s, mã tem này được mở trên %(number)s điện thoại; một gói hàng hiếm khi thế.",
            day=day,
            number=number,
        ),
        ScanRule.SPREAD: _(
            "Trong 30 ngày, mã tem này được mở %(number)s lượt, mỗi máy mỗi ngày một lượt.",
            number=number,
        ),
        ScanRule.SOLD_OUT: _(
            "Ngày %(day)s, mã của lô được mở %(number)s lần, hơn 30 ngày sau khi lô bán hết.",
            day=day,
            number=number,
        ),
        ScanRule.BEFORE_ACTIVATION: _(
            "Ngày %(day)s, tem chưa kích hoạt được mở trên %(number)s điện thoại.", day=day, number=number
        ),
        ScanRule.VOID: _(
            "Ngày %(day)s, tem đã huỷ được mở trên %(number)s điện thoại.", day=day, number=number
        ),
        ScanRule.AFTER_RECALL: _(
            "Ngày %(day)s, mã của lô đang thu hồi được mở %(number)s lần: hàng còn ở tay người mua.",
            day=day,
            number=number,
        ),
        ScanRule.FORGED: _(
            "Ngày %(day)s, lô này bị quét %(number)s lần với số tem không phải của lô.",
            day=day,
            number=number,
        )
        if alert.product_id is None
        else _(
            "Ngày %(day)s, sản phẩm này bị quét %(number)s lần với số tem không có trong sổ.",
            day=day,
            number=number,
        ),
        ScanRule.UNKNOWN_LOT: _(
            "Ngày %(day)s, sản phẩm này bị quét %(number)s lần với mã lô không có trong sổ.",
            day=day,
            number=number,
        ),
    }[alert.rule]
