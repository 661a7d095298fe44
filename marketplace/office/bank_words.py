"""What outcomes, faults and columns of bank statements are called."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.payments.bank_columns import Column
from marketplace.payments.bank_statements import FaultKind
from marketplace.payments.reconciliation import Outcome

OUTCOMES: dict[Outcome, tuple[LazyString, str]] = {
    Outcome.KNOWN: (_l("Đã ghi lần trước"), ""),
    Outcome.DIFFERS: (_l("Đã ghi với số tiền khác"), "bad"),
    Outcome.UNMATCHED: (_l("Chưa rõ của đơn nào"), "warn"),
    Outcome.PAID: (_l("Trả đủ"), "ok"),
    Outcome.SHORT: (_l("Còn thiếu"), "warn"),
    Outcome.OVER: (_l("Trả thừa"), "warn"),
    Outcome.CANCELED: (_l("Đơn đã huỷ, sẽ trả lại"), "warn"),
}
"""With the kind of tag each is shown as."""
FAULTS: dict[FaultKind, LazyString] = {
    FaultKind.NO_DATE: _l("không phải ngày, cần dạng ngày/tháng/năm"),
    FaultKind.FUTURE: _l("ngày chưa tới"),
    FaultKind.NO_AMOUNT: _l("không phải số tiền đồng"),
    FaultKind.NO_REFERENCE: _l("không phải mã giao dịch"),
    FaultKind.NO_SIGN: _l("không rõ tiền vào hay tiền ra"),
    FaultKind.DIFFERS: _l("mã giao dịch lặp lại với số tiền khác"),
}
COLUMNS: dict[Column, LazyString] = {
    Column.DATE: _l("ngày giao dịch"),
    Column.CREDIT: _l("số tiền ghi có"),
    Column.MESSAGE: _l("nội dung"),
    Column.REFERENCE: _l("mã giao dịch"),
}
