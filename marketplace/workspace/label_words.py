"""What sheets and rolls of labels are called, and the choices of a form that orders labels."""

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.traceability.codes.models import LabelLevel
from marketplace.traceability.labels.errors import InvalidLabels
from marketplace.traceability.labels.formats import FORMATS
from marketplace.traceability.labels.making import MOST_LABELS, LabelOrder
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext
from marketplace.workspace.lot_words import LEVELS
from marketplace.workspace.typed import Typed

FORMAT_WORDS: dict[str, tuple[LazyString, LazyString]] = {
    "a4-24": (_l("Giấy A4, 24 tem một tờ"), _l("63,5 × 33,9 mm, máy in thường")),
    "roll-50x30": (_l("Cuộn tem 50 × 30 mm"), _l("Máy in tem nhiệt")),
    "a4-24-70x37": (_l("Giấy A4, 24 tem, không lề"), _l("70 × 37 mm, máy in thường")),
    "a4-40": (_l("Giấy A4, 40 tem một tờ"), _l("45,7 × 25,4 mm, máy in thường")),
    "a4-40-52x30": (_l("Giấy A4, 40 tem, không lề"), _l("52,5 × 29,7 mm, máy in thường")),
    "a4-65": (_l("Giấy A4, 65 tem nhỏ"), _l("38,1 × 21,2 mm, máy in thường")),
    "roll-40x30": (_l("Cuộn tem 40 × 30 mm"), _l("Máy in tem nhiệt")),
}
"""Formats with their names, the two most used first."""
FIRST_FORMAT = "a4-24"

Choice = tuple[str, object, object, str]
"""A format as a card: code, words, small words, drawing."""


def format_words(code: str) -> str:
    """Return what a format is called; labels stand for ever, one that is offered no longer has its code."""
    return str(FORMAT_WORDS[code][0]) if code in FORMAT_WORDS else code


def format_choices(count: int = 0) -> list[Choice]:
    """Return the formats as cards; for a count of labels, sheets say how many pages that is."""
    return [
        (code, words, _small(code, small, count), "qr" if FORMATS[code].is_roll else "printer")
        for code, (words, small) in FORMAT_WORDS.items()
    ]


def level_choices() -> list[tuple[str, object]]:
    """Return how labels may be numbered, as choices of a form."""
    return [(level.value, words) for level, words in LEVELS.items()]


def read_order(typed: Typed, count: int) -> LabelOrder | None:
    """Return what labels somebody asks for, `count` of them unless they say another number."""
    asked = typed.text("so_tem").strip()
    wanted = typed.whole("so_tem", _("Mời ghi số tem, ví dụ 48.")) if asked else count
    if not 0 < wanted <= MOST_LABELS:
        typed.fault("so_tem", _("Mỗi lần in từ 1 đến %(most)s tem.", most=MOST_LABELS))
    level = LabelLevel(typed.text("muc")) if typed.text("muc") in set(LabelLevel) else LabelLevel.ITEM
    form = typed.text("kho")
    if form not in FORMATS:
        typed.fault("kho", _("Mời chọn khổ tem."))
        return None
    return LabelOrder(form, level, wanted, bool(typed.text("ma_cao")), typed.text("ma_don"))


def fault_of(refusal: InvalidLabels) -> tuple[str, str]:
    """Return the field that labels were refused for, and the words that say so."""
    if refusal.parameters["field"] == "with_pins":
        words = _("Khổ này không in kèm mã bí mật được. Mời chọn khổ lớn hơn, mỗi gói một số riêng.")
        return "kho", words
    if refusal.parameters["field"] == "count":
        return "so_tem", _("Mỗi lần in từ 1 đến %(most)s tem.", most=MOST_LABELS)
    return "kho", _("Mời chọn khổ tem.")


def _small(code: str, small: LazyString, count: int) -> str:
    if not count or FORMATS[code].is_roll:
        return str(small)
    pages = -(-count // FORMATS[code].per_page)
    fits = ngettext("%(count)s tem vừa %(num)s tờ", "%(count)s tem vừa %(num)s tờ", pages, count=count)
    return f"{fits}, {_('máy in thường')}"
