"""The ten data items that a trace page must tell (Thông tư 02/2024/TT-BKHCN), or say that one is missing."""

from dataclasses import dataclass

from marketplace.scan.material import name_standard
from marketplace.scan.page import TracePage
from marketplace.scan.timeline import name_place
from marketplace.web.filters import write_date
from marketplace.web.words import gettext as _
from marketplace.web.words import ngettext


@dataclass(frozen=True, slots=True)
class DataItem:
    """One item by its number in the circular; `value` is empty where nobody has told it."""

    number: int
    words: str
    value: str


def list_data_items(page: TracePage) -> list[DataItem]:
    """Return the ten items in the order of the circular."""
    product, lot = page.product, page.lot
    producer = lot.producer if lot else product.producer
    values = (
        (_("Tên sản phẩm"), product.name),
        (_("Hình ảnh"), _("ở đầu trang") if product.cover else _("ở đầu trang, tranh minh hoạ")),
        (_("Cơ sở sản xuất"), producer.name if producer else ""),
        (_("Địa chỉ cơ sở"), producer.full_address if producer else ""),
        (_("Các công đoạn"), _steps(page)),
        (_("Thời gian sản xuất"), write_date(lot.made_on) if lot else ""),
        (_("Mã truy xuất sản phẩm"), page.code.product_code.path),
        (_("Thương hiệu, số lô, số tem"), _marks(page)),
        (_("Hạn sử dụng"), write_date(lot.use_by) if lot else ""),
        (_("Tiêu chuẩn áp dụng"), _standards(page)),
    )
    return [DataItem(number, words, value) for number, (words, value) in enumerate(values, 1)]


def _steps(page: TracePage) -> str:
    """Return how many steps are told, and the codes of the places where they happened."""
    if page.history is None or not page.history.living_events:
        return ""
    number = len(page.history.living_events)
    told = ngettext("%(num)s công đoạn, xem hành trình", "%(num)s công đoạn, xem hành trình", number)
    codes = [f"{name_place(site, site.name)} (GLN {site.gln})" for site in page.history.sites if site.gln]
    for zone in page.history.zones:
        if zone.growing_area_code:
            code = _("mã vùng trồng %(code)s", code=zone.growing_area_code)
            codes.append(f"{name_place(zone, zone.name)} ({code})")
    return "; ".join([told, *codes])


def _marks(page: TracePage) -> str:
    parts = [page.product.name]
    if page.lot:
        parts.append(_("lô %(code)s", code=page.lot.code))
    if page.number:
        parts.append(_("tem %(number)s", number=page.number))
    return ", ".join(parts) if len(parts) > 1 else ""


def _standards(page: TracePage) -> str:
    zones = page.history.zones if page.history else []
    return ", ".join(sorted({name for zone in zones if (name := name_standard(zone.standard))}))
