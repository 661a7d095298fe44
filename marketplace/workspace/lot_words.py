"""What steps, units and states of lots are called in the workspace."""

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.traceability.codes.models import LabelLevel
from marketplace.traceability.events.models import BizStep, Disposition, ErrorReason
from marketplace.traceability.lots.models import Lot, MeasureUnit
from marketplace.workspace.words import Mark


@dataclass(frozen=True, slots=True)
class Step:
    """A step as producers name it, with its drawing; `leads_to` is the state that goods are in after it."""

    words: LazyString
    drawing: str
    leads_to: Disposition | None = None


STEPS: dict[BizStep, Step] = {
    BizStep.GROWING: Step(_l("Chăm sóc cây, con"), "sprout", Disposition.IN_PROGRESS),
    BizStep.COLLECTING: Step(_l("Thu hái, thu mua"), "leaf", Disposition.IN_PROGRESS),
    BizStep.RECEIVING: Step(_l("Nhận nguyên liệu, nhận hàng"), "inbox", Disposition.IN_PROGRESS),
    BizStep.PROCESSING: Step(_l("Chế biến"), "factory", Disposition.IN_PROGRESS),
    BizStep.INSPECTING: Step(_l("Kiểm tra chất lượng"), "check", Disposition.IN_PROGRESS),
    BizStep.SAMPLING: Step(_l("Lấy mẫu gửi đi kiểm"), "flask", Disposition.IN_PROGRESS),
    BizStep.PACKING: Step(_l("Đóng gói, dán tem"), "pkg", Disposition.IN_PROGRESS),
    BizStep.STORING: Step(_l("Cất kho"), "box", Disposition.SELLABLE_NOT_ACCESSIBLE),
    BizStep.SHIPPING: Step(_l("Gửi đi"), "truck", Disposition.IN_TRANSIT),
    BizStep.TRANSPORTING: Step(_l("Vận chuyển"), "truck", Disposition.IN_TRANSIT),
    BizStep.STOCKING: Step(_l("Bày lên kệ"), "store", Disposition.SELLABLE_ACCESSIBLE),
    BizStep.RETAIL_SELLING: Step(_l("Bán lẻ"), "card", Disposition.RETAIL_SOLD),
    BizStep.HOLDING: Step(_l("Tạm giữ lại"), "pause", Disposition.NON_SELLABLE_OTHER),
    BizStep.UNPACKING: Step(_l("Mở gói, đóng lại"), "box", Disposition.IN_PROGRESS),
    BizStep.DESTROYING: Step(_l("Tiêu huỷ"), "trash", Disposition.DESTROYED),
    BizStep.OTHER: Step(_l("Việc khác"), "list"),
}
"""The steps that people write down, in the order of the work."""
OWN_STEPS: dict[BizStep, Step] = {
    BizStep.COMMISSIONING: Step(_l("Tạo lô"), "flag"),
    BizStep.CREATING_CLASS_INSTANCE: Step(_l("Tạo lô"), "flag"),
    BizStep.DECOMMISSIONING: Step(_l("Ngừng dùng mã"), "ban"),
}
"""The steps that the house writes down by itself."""
MEASURES: dict[MeasureUnit, LazyString] = {
    MeasureUnit.PIECE: _l("gói, hộp, cái"),
    MeasureUnit.KILOGRAM: _l("kg"),
    MeasureUnit.LITRE: _l("lít"),
}
ERRORS: dict[ErrorReason, LazyString] = {
    ErrorReason.INCORRECT_DATA: _l("Có xảy ra, nhưng ghi sai"),
    ErrorReason.DID_NOT_OCCUR: _l("Không hề xảy ra"),
}
LEVELS: dict[LabelLevel, LazyString] = {
    LabelLevel.ITEM: _l("Mỗi gói một số riêng"),
    LabelLevel.LOT: _l("Cả lô một mã"),
}
RECALLED = Mark(_l("Đang thu hồi"), "bad", "siren")
PAST_USE = Mark(_l("Quá hạn dùng"), "warn", "calclock")
GONE = Mark(_l("Đã hết hàng"), "", "box")
MATERIAL = Mark(_l("Nguyên liệu"), "", "leaf")
PRINTED = Mark(_l("Đã in tem"), "ok", "printer")
UNPRINTED = Mark(_l("Chưa in tem"), "", "printer")


def step_of(step: BizStep) -> Step:
    """Return a step as people name it."""
    return STEPS.get(step) or OWN_STEPS[step]


def mark_of(lot: Lot, day: date) -> Mark:
    """Return how a lot stands on a day, the most serious first."""
    if lot.recalled_at is not None:
        return RECALLED
    if lot.is_past_use(day):
        return PAST_USE
    if lot.gone_at is not None:
        return GONE
    if lot.product_id is None:
        return MATERIAL
    return PRINTED if lot.printed_at is not None else UNPRINTED
