"""The form of a lot: goods or material, dates, how much, and what went in, as people type it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

from marketplace.errors import InvalidInput, NotFound
from marketplace.ordering.secret import hash_secret, is_secret
from marketplace.text import clean, whole_number
from marketplace.traceability.events.making import LotFacts
from marketplace.traceability.lots.errors import InvalidLot
from marketplace.traceability.lots.inputs import MOST_MATERIAL, InputFacts
from marketplace.traceability.lots.models import MeasureUnit
from marketplace.web.words import gettext as _
from marketplace.workspace.lot_goods import Goods, Sources
from marketplace.workspace.numbers import read_decimal
from marketplace.workspace.typed import Typed, read_day, read_required_day

OWN_ROWS, BOUGHT_ROWS = range(3), range(3)
MOST_DAYS_KEPT = 99_999
FIELDS = {
    "product": "goi",
    "name": "ten",
    "made_on": "ngay_lam",
    "use_by": "han_dung",
    "quantity": "so_luong",
    "code": "ma_lo",
    "inputs": "tu-0",
}
"""The field of the form for each fact of a lot."""


def read_goods_lot(typed: Typed, goods: Goods, sources: Sources, provinces: Sequence[int]) -> LotFacts | None:
    """Return what somebody typed of a lot of goods; None where something is wrong, which `typed` tells."""
    days = _read_days(typed)
    quantity = _read_amount(typed, "so_luong", _("Mời ghi số gói, hộp, hũ của lô, ví dụ 48."))
    inputs = (*_read_own(typed, sources), *_read_bought(typed, provinces))
    if typed.faults or days is None or quantity is None:
        return None
    return LotFacts(
        product_id=goods.product.id,
        variant_id=goods.variant.id if goods.variant else None,
        code=read_goods_code(typed) or None,
        made_on=days[0],
        use_by=days[1],
        quantity=quantity,
        site_id=None,
        inputs=inputs,
    )


def read_goods_code(typed: Typed) -> str:
    """Return the code of a lot of goods; an emptied one is the code that the page proposed.

    So a form sent twice names one lot, whatever was done to the field.
    """
    return typed.text("ma_lo").strip() or typed.text("ma_lo_san").strip()


def read_material_lot(typed: Typed, sources: Sources) -> LotFacts | None:
    """Return what somebody typed of a lot of material: harvested from a zone, all of it."""
    harvested = typed.read("ngay_lam", read_required_day, _("Mời chọn ngày thu hái."))
    quantity = _read_amount(typed, "so_luong", _("Mời ghi số lượng, ví dụ 350."))
    name = clean(typed.text("ten"))
    if not name:
        typed.fault("ten", _("Mời ghi tên nguyên liệu."))
    uom = MeasureUnit(typed.text("don_vi")) if typed.text("don_vi") in set(MeasureUnit) else None
    if uom is None:
        typed.fault("don_vi", _("Mời chọn đơn vị."))
    inputs = _read_own(typed, sources)
    if not typed.text("tu-0"):
        typed.fault("tu-0", _("Mời chọn nơi thu hái."))
    if typed.faults or harvested is None or quantity is None or uom is None:
        return None
    inputs = [replace(one, quantity=quantity, uom=uom) for one in inputs]
    code = typed.text("ma_lo").strip() or None
    facts = LotFacts(
        name=name, code=code, made_on=harvested, quantity=quantity, uom=uom, inputs=tuple(inputs)
    )
    return replace(facts, form_key=_key(typed, facts))


def _key(typed: Typed, facts: LotFacts) -> str | None:
    """Return what stands for a form with what was typed into it; changed it makes another lot."""
    key = typed.text("khoa")
    return hash_secret(f"{key} {facts!r}") if is_secret(key) else None


def fault_of(refusal: InvalidLot) -> tuple[str, str]:
    """Return the field that a lot was refused for, and the words that say so."""
    fact = str(refusal.parameters["field"])
    words = {
        "made_on": _("Ngày làm không ở sau hôm nay."),
        "use_by": _("Hạn dùng không trước ngày làm, và không quá xa."),
        "quantity": _("Số lượng là số nguyên lớn hơn 0."),
        "code": _("Mã lô gồm chữ không dấu, số, dấu gạch ngang, nhiều nhất 20 ký tự."),
        "inputs": _("Mời xem lại các dòng nguyên liệu."),
        "name": _("Mời ghi một tên ngắn."),
    }
    return FIELDS.get(fact, "goi"), words.get(fact, _("Chưa tạo được lô. Mời xem lại các ô."))


def _read_days(typed: Typed) -> tuple[date, date | None] | None:
    made = typed.read("ngay_lam", read_required_day, _("Mời chọn ngày đóng gói, ví dụ 21/11/2026."))
    use_by = typed.read("han_dung", read_day, _("Mời chọn hạn dùng, hoặc bỏ trống nếu hàng không có hạn."))
    if made is None:
        return None
    kept = whole_number(typed.text("so_ngay_dung"), MOST_DAYS_KEPT)
    untouched = typed.text("han_dung_san") == typed.text("han_dung")
    moved = untouched and typed.text("ngay_lam_san") != made.isoformat()
    if moved and kept is not None:
        use_by = made + timedelta(days=kept)
    return made, use_by


def _read_amount(typed: Typed, field: str, words: str) -> Decimal | None:
    amount = typed.read(field, partial(read_decimal, field), words)
    if amount is not None and not amount:
        typed.fault(field, words)
        return None
    return amount


def _read_own(typed: Typed, sources: Sources) -> list[InputFacts]:
    """Return the rows of own material that are filled in."""
    found = []
    for row in OWN_ROWS:
        chosen = typed.text(f"tu-{row}")
        if not chosen:
            continue
        material = typed.read(
            f"tu-{row}", partial(_material, sources), _("Nguồn này không còn. Mời chọn lại.")
        )
        picked = typed.read(f"hai-{row}", read_day, _("Mời chọn ngày hái."))
        quantity, uom = _read_weight(typed, f"kg-{row}")
        if material is None:
            continue
        number = int(chosen[1:])
        found.append(
            InputFacts(
                material=material,
                zone_id=number if chosen[0] == "z" else None,
                source_lot_id=number if chosen[0] == "l" else None,
                harvested_on=picked,
                quantity=quantity,
                uom=uom,
            )
        )
    return found


def _material(sources: Sources, chosen: str) -> str:
    try:
        return sources.material(chosen)
    except NotFound as error:
        raise InvalidInput(field="tu") from error


def _read_bought(typed: Typed, provinces: Sequence[int]) -> list[InputFacts]:
    """Return the rows of bought-in material that are filled in."""
    found = []
    for row in BOUGHT_ROWS:
        material, seller = clean(typed.text(f"mua_gi-{row}")), clean(typed.text(f"mua_cua-{row}"))
        if not material and not seller:
            continue
        if not material or not seller:
            typed.fault(f"mua_gi-{row}", _("Mời ghi cả tên nguyên liệu và mua của ai."))
            continue
        quantity, uom = _read_weight(typed, f"mua_kg-{row}")
        province = typed.id(f"mua_tinh-{row}")
        found.append(
            InputFacts(
                material=material,
                bought_from=seller,
                province_id=province if province in provinces else None,
                quantity=quantity,
                uom=uom,
            )
        )
    return found


def _read_weight(typed: Typed, field: str) -> tuple[Decimal | None, MeasureUnit | None]:
    """Return a weight in kilograms; none where nothing was typed."""
    if not typed.text(field).strip():
        return None, None
    words = _("Mời ghi số ki-lô-gam, ví dụ 12,5.")
    weight = _read_amount(typed, field, words)
    if weight is not None and weight > MOST_MATERIAL:
        typed.fault(field, words)
    return (weight, MeasureUnit.KILOGRAM) if weight is not None else (None, None)
