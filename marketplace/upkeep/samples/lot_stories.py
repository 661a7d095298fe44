"""What sample lots go through, step by step: made up, and told as such on every page."""

from dataclasses import dataclass
from typing import Literal

from marketplace.traceability.events.models import BizStep, Disposition

FRESH_SETS = frozenset({1, 2, 3, 4})
FOOD_SETS = frozenset(range(1, 14))
"""Sets that are eaten or brewed (Decision 26/2026/QĐ-TTg, annex I): of others these stories make no sense."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """A step so many hours before (or after) the lot was packed, where, and in which words."""

    hours: int
    step: BizStep
    place: Literal["zone", "workshop", "warehouse", "shop"]
    words: str
    leads_to: Disposition | None = Disposition.IN_PROGRESS


_GROWN = (
    Chapter(-24 * 40, BizStep.GROWING, "zone", "Chăm sóc theo nhật ký đồng ruộng (mẫu)"),
    Chapter(-28, BizStep.COLLECTING, "zone", "Thu hoạch buổi sáng, loại phần dập hỏng tại chỗ (mẫu)"),
    Chapter(-20, BizStep.RECEIVING, "workshop", "Nhận nguyên liệu, cân và ghi sổ (mẫu)"),
)
_SENT = (
    Chapter(16, BizStep.STORING, "warehouse", "Cất kho khô ráo, kê cao trên giá (mẫu)"),
    Chapter(
        40, BizStep.SHIPPING, "warehouse", "Gửi tới điểm giới thiệu sản phẩm (mẫu)", Disposition.IN_TRANSIT
    ),
    Chapter(64, BizStep.STOCKING, "shop", "Bày lên kệ bán (mẫu)", Disposition.SELLABLE_ACCESSIBLE),
)
FRESH = (
    *_GROWN,
    Chapter(-6, BizStep.INSPECTING, "workshop", "Kiểm tra bằng mắt, chọn cỡ (mẫu)", Disposition.CONFORMANT),
    Chapter(10, BizStep.PACKING, "workshop", "Đóng gói, dán tem từng gói (mẫu)"),
    *_SENT,
)
PROCESSED = (
    *_GROWN,
    Chapter(-12, BizStep.PROCESSING, "workshop", "Sơ chế và chế biến theo công bố của cơ sở (mẫu)"),
    Chapter(4, BizStep.INSPECTING, "workshop", "Lấy mẫu kiểm, đạt yêu cầu (mẫu)", Disposition.CONFORMANT),
    Chapter(10, BizStep.PACKING, "workshop", "Đóng gói, dán tem từng gói (mẫu)"),
    *_SENT,
)


def story_of(set_number: int) -> tuple[Chapter, ...]:
    """Return the story of goods of a set."""
    return FRESH if set_number in FRESH_SETS else PROCESSED


def days_of_use(set_number: int) -> int:
    """Return for how many days a sample of a set is good: a fortnight raw, else nine months."""
    return 14 if set_number in FRESH_SETS else 270
