"""What kinds and reasons are called on the pages of the office."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.certification.decisions.paper_models import PaperState
from marketplace.office.ideas import Shelf

FIELDS: dict[str, LazyString] = {
    "name": _l("Tên sản phẩm"),
    "name_en": _l("Tên tiếng Anh"),
    "producer": _l("Chủ thể"),
    "set": _l("Bộ sản phẩm"),
    "ingredients": _l("Thành phần"),
    "labels": _l("Nội dung nhãn"),
}
"""The fields that a certificate fixes."""
PAPER_STATES: dict[PaperState, LazyString] = {
    PaperState.DRAFTED: _l("Chờ người thứ hai xác nhận"),
    PaperState.CONFIRMED: _l("Đã công bố"),
    PaperState.WITHDRAWN: _l("Đã rút, đã trả lại"),
}
IDEA_SHELVES: dict[Shelf, LazyString] = {
    Shelf.WAITING: _l("Chờ xem"),
    Shelf.PLANS: _l("Phương án chờ duyệt"),
    Shelf.ACCEPTED: _l("Đã nhận"),
    Shelf.POTENTIAL: _l("Tiềm năng"),
    Shelf.RETURNED: _l("Đã trả lại"),
    Shelf.OVER: _l("Không làm"),
}
"""The parts of the list of ideas."""
