"""The forms of material zones and sites: what they are, and the commune of today where they lie."""

import re
from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from marketplace.errors import InvalidInput
from marketplace.places.models import AdminUnit
from marketplace.places.queries import list_communes, list_provinces
from marketplace.producers.models import Producer, QualityKind
from marketplace.text import clean, fold
from marketplace.traceability.codes.gln import read_gln
from marketplace.traceability.zones.errors import InvalidPlace, PlaceInUse, PlaceNameTaken
from marketplace.traceability.zones.models import MaterialZone, Site, SiteKind
from marketplace.traceability.zones.placing import Place
from marketplace.traceability.zones.sites import SiteFacts
from marketplace.traceability.zones.zones import ZoneFacts
from marketplace.web.lot_words import SITE_KINDS
from marketplace.web.words import gettext as _
from marketplace.workspace.numbers import read_decimal, write_decimal
from marketplace.workspace.shop_words import QUALITY_KINDS
from marketplace.workspace.typed import Typed, read_day

FIELDS = {
    "name": "ten",
    "crop": "cay",
    "growing_area_code": "ma_vung",
    "area_ha": "dien_tich",
    "standard": "tieu_chuan",
    "certificate_number": "so",
    "certificate_issuer": "noi_cap",
    "valid_from": "tu_ngay",
    "valid_until": "den_ngay",
    "commune_id": "xa",
    "address": "dia_chi",
    "point": "toa_do",
    "kind": "loai",
    "gln": "gln",
}
"""The field of the forms for each fact of a zone or a site."""
_POINT = re.compile(r"\s*(-?\d{1,3}[.,]\d+)\s*[;, ]\s*(-?\d{1,3}[.,]\d+)\s*", re.ASCII)
_KINDS_OF_UNITS = re.compile(r"^(xã|phường|đặc khu|thị trấn)\s+", re.IGNORECASE)


def read_zone(typed: Typed) -> ZoneFacts | None:
    """Return what somebody typed of a zone; None where something is wrong, which `typed` then tells."""
    place, day = _read_place(typed), _("Mời chọn ngày, ví dụ 10/02/2027.")
    area = typed.read("dien_tich", _read_area, _("Diện tích là số héc-ta, ví dụ 2,5."))
    valid_from, valid_until = typed.read("tu_ngay", read_day, day), typed.read("den_ngay", read_day, day)
    standard = typed.text("tieu_chuan")
    if typed.faults or place is None:
        return None
    return ZoneFacts(
        name=typed.text("ten"),
        crop=typed.text("cay"),
        place=place,
        growing_area_code=typed.text("ma_vung"),
        area_ha=area,
        standard=QualityKind(standard) if standard in set(QualityKind) else None,
        certificate_number=typed.text("so"),
        certificate_issuer=typed.text("noi_cap"),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def read_site(typed: Typed) -> SiteFacts | None:
    """Return what somebody typed of a site; None where something is wrong, which `typed` then tells."""
    place = _read_place(typed)
    kind = typed.read("loai", _read_kind, _("Mời chọn nơi này để làm gì."))
    gln = typed.read(
        "gln",
        lambda text: read_gln(text) if text.strip() else None,
        _("Mã địa điểm GLN gồm 13 số, số cuối là số kiểm tra."),
    )
    if typed.faults or place is None or kind is None:
        return None
    return SiteFacts(name=typed.text("ten"), kind=kind, place=place, gln=gln)


def fault_of(refusal: InvalidPlace | PlaceNameTaken | PlaceInUse) -> tuple[str, str]:
    """Return the field that a zone or site was refused for, and the words that say so."""
    if isinstance(refusal, PlaceNameTaken):
        return "ten", _("Tên hoặc mã này đã có nơi khác dùng.")
    if isinstance(refusal, PlaceInUse):
        return "xa", _("Đã có lô ghi nơi này nên không chuyển chỗ được. Mời thêm một nơi mới.")
    fact = str(refusal.parameters["field"])
    words = {
        "name": _("Mời đặt một tên ngắn."),
        "crop": _("Mời ghi trồng cây gì, nuôi con gì."),
        "area_ha": _("Diện tích là số héc-ta lớn hơn 0."),
        "standard": _("Có số giấy thì mời chọn tiêu chuẩn."),
        "valid_until": _("Ngày hết hạn phải có, và không trước ngày cấp."),
        "point": _("Toạ độ này không ở Việt Nam."),
    }
    return FIELDS.get(fact, "ten"), words.get(fact, _("Mời ghi mục này, ngắn gọn."))


def blank_place(producer: Producer) -> dict[str, str]:
    """Return what an empty form holds: the producer's own commune and province."""
    return {
        "tinh": str(producer.province_id or ""),
        "xa": producer.commune.name if producer.commune else "",
    }


def zone_as_typed(zone: MaterialZone) -> dict[str, str]:
    """Return a zone as its form holds it."""
    kept = {field: getattr(zone, fact, None) for fact, field in FIELDS.items()}
    kept["dien_tich"] = write_decimal(zone.area_ha) if zone.area_ha is not None else None
    return _filled({**kept, **_place_as_typed(zone)})


def site_as_typed(site: Site) -> dict[str, str]:
    """Return a site as its form holds it."""
    kept = {field: getattr(site, fact, None) for fact, field in FIELDS.items()}
    return _filled({**kept, **_place_as_typed(site)})


def choices_of(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what the forms choose from: provinces, communes of the one that is chosen, kinds."""
    provinces = list_provinces()
    chosen = next((unit.id for unit in provinces if str(unit.id) == typed.get("tinh")), None)
    return {
        "provinces": [(unit.id, unit.name) for unit in provinces],
        "communes": [unit.name for unit in list_communes(chosen)] if chosen else [],
        "standards": [(kind.value, words) for kind, words in QUALITY_KINDS.items()],
        "kinds": [(kind.value, words) for kind, words in SITE_KINDS.items()],
    }


def _filled(values: Mapping[str, object]) -> dict[str, str]:
    return {field: str(value) for field, value in values.items() if value is not None}


def _place_as_typed(place: MaterialZone | Site) -> dict[str, object]:
    taken = place.lat is not None and place.point_accuracy is None
    return {
        "tinh": place.province_id,
        "xa": place.commune.name if place.commune else None,
        "dia_chi": place.printed_address,
        "toa_do": f"{place.lat:.5f}, {place.lon:.5f}" if taken else None,
    }


def _read_place(typed: Typed) -> Place | None:
    commune = typed.read(
        "xa", partial(_commune, typed.id("tinh")), _("Không thấy xã, phường này trong tỉnh đã chọn.")
    )
    point = typed.read("toa_do", _read_point, _("Toạ độ gồm vĩ độ và kinh độ, ví dụ 18,2513; 105,7122."))
    if commune is None:
        return None
    lat, lon = point or (None, None)
    return Place(commune_id=commune.id, address=clean(typed.text("dia_chi")), lat=lat, lon=lon)


def _commune(province_id: int, name: str) -> AdminUnit:
    """Return the commune of today that bears a name in a province; raises InvalidInput."""
    wanted = fold(_KINDS_OF_UNITS.sub("", clean(name)))
    found = [unit for unit in list_communes(province_id) if fold(unit.name) == wanted]
    exact = [unit for unit in found if clean(name).casefold().endswith(unit.name.casefold())] or found
    if len(exact) != 1:
        raise InvalidInput(field="xa")
    return exact[0]


def _read_point(text: str) -> tuple[float, float] | None:
    if not text.strip():
        return None
    found = _POINT.fullmatch(text)
    if found is None:
        raise InvalidInput(field="toa_do")
    lat, lon = (float(part.replace(",", ".")) for part in found.groups())
    return lat, lon


def _read_area(text: str) -> Decimal | None:
    return read_decimal("dien_tich", text) if text.strip() else None


def _read_kind(text: str) -> SiteKind:
    if text not in set(SiteKind):
        raise InvalidInput(field="loai")
    return SiteKind(text)
