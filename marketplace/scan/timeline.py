"""What a lot went through, in plain words: one step an event, those declared wrong left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from marketplace.places.models import Located
from marketplace.traceability.events.models import BizStep, TraceEvent
from marketplace.traceability.lots.models import LotPaper, MeasureUnit
from marketplace.web.words import gettext as _

STEPS: dict[BizStep, tuple[LazyString, str]] = {
    BizStep.GROWING: (_l("Trồng, chăn nuôi"), "sprout"),
    BizStep.COLLECTING: (_l("Thu hoạch, thu mua"), "leaf"),
    BizStep.PROCESSING: (_l("Chế biến"), "factory"),
    BizStep.COMMISSIONING: (_l("Lập lô, đóng gói"), "pkg"),
    BizStep.CREATING_CLASS_INSTANCE: (_l("Lập mã lô"), "hash"),
    BizStep.INSPECTING: (_l("Kiểm tra chất lượng"), "eye"),
    BizStep.SAMPLING: (_l("Lấy mẫu kiểm nghiệm"), "flask"),
    BizStep.PACKING: (_l("Đóng gói, dán tem"), "pkg"),
    BizStep.UNPACKING: (_l("Mở gói, đóng lại"), "box"),
    BizStep.STORING: (_l("Cất kho"), "box"),
    BizStep.HOLDING: (_l("Tạm giữ lại"), "clock"),
    BizStep.SHIPPING: (_l("Xuất kho"), "truck"),
    BizStep.TRANSPORTING: (_l("Vận chuyển"), "truck"),
    BizStep.RECEIVING: (_l("Nhận hàng"), "hand"),
    BizStep.STOCKING: (_l("Bày lên kệ"), "store"),
    BizStep.RETAIL_SELLING: (_l("Bán lẻ"), "cart"),
    BizStep.DECOMMISSIONING: (_l("Ngừng dùng mã"), "x"),
    BizStep.DESTROYING: (_l("Tiêu huỷ"), "trash"),
    BizStep.OTHER: (_l("Việc khác"), "info"),
}
"""The steps as shoppers read them, with their icons."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what, when in the clock of its place, where with the code of the place, and the rest."""

    heading: LazyString
    icon: str
    when: str
    place: str
    place_code: str
    words: str
    amount: str
    paper: LotPaper | None
    corrected: bool


def steps_of(events: Sequence[TraceEvent]) -> list[Step]:
    """Return the steps of living events in their order."""
    return [_step(event) for event in events]


def write_amount(quantity: Decimal | None, uom: MeasureUnit | None) -> str:
    """Return a quantity as people write it in Vietnam, 1.250,5 kg; nothing for none."""
    if quantity is None or uom is None:
        return ""
    number = f"{quantity.normalize():,f}".translate(str.maketrans(",.", ".,"))
    return {
        MeasureUnit.KILOGRAM: f"{number} kg",
        MeasureUnit.LITRE: _("%(number)s lít", number=number),
        MeasureUnit.PIECE: _("%(number)s sản phẩm", number=number),
    }[uom]


def name_place(place: Located, name: str) -> str:
    """Return the name of a zone or site with its commune and province of today, else as printed."""
    units = [unit.name for unit in (place.commune, place.province) if unit is not None]
    return ", ".join([name, *(units or filter(None, [place.printed_place]))])


def _step(event: TraceEvent) -> Step:
    heading, icon = STEPS[event.biz_step]
    place, code = _place(event)
    return Step(
        heading=heading,
        icon=icon,
        when=_when(event),
        place=place,
        place_code=code,
        words=event.words or "",
        amount=write_amount(event.quantity, event.uom),
        paper=event.paper,
        corrected=event.corrects_id is not None,
    )


def _place(event: TraceEvent) -> tuple[str, str]:
    if event.site is not None:
        return name_place(event.site, event.site.name), event.site.gln or ""
    if event.zone is not None:
        return name_place(event.zone, event.zone.name), event.zone.growing_area_code or ""
    return event.place_words or "", ""


def _when(event: TraceEvent) -> str:
    """Return the local time of an event; midnight sharp stands for a day without an hour."""
    try:
        local = event.event_time.astimezone(_offset(event.time_zone_offset))
    except OverflowError:
        local = event.event_time
    return f"{local:%d/%m/%Y}" if _is_midnight(local) else f"{local:%H:%M, %d/%m/%Y}"


def _is_midnight(local: datetime) -> bool:
    return (local.hour, local.minute, local.second) == (0, 0, 0)


def _offset(text: str) -> timezone:
    minutes = int(text[1:3]) * 60 + int(text[4:6])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))
