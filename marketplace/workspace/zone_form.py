"""The form of a shipping zone: read as typed, and written back as typed where something is wrong."""

from collections.abc import Iterable
from decimal import Decimal
from functools import partial

from werkzeug.datastructures import MultiDict

from marketplace.ordering.shipping_rules import ShippingZone
from marketplace.ordering.shipping_zones import MOST_STEPS, ZoneTerms
from marketplace.text import clean, whole_number
from marketplace.web.filters import write_number
from marketplace.web.words import gettext as _
from marketplace.workspace.numbers import read_decimal, write_decimal
from marketplace.workspace.typed import Typed

FIELDS = {
    "name": "ten",
    "provinces": "tinh",
    "steps": "nang-0",
    "further": "them",
    "free_from": "mien_tu",
    "days_from": "ngay_tu",
    "days_to": "ngay_den",
    "zones": "ten",
}
"""The field of the form for each column of a zone."""
STEPS = range(MOST_STEPS)


def read_zone(fields: MultiDict[str, str], known: Iterable[int]) -> tuple[ZoneTerms, Typed]:
    """Return what somebody typed of a zone, and with it what is wrong; `known` are provinces of today."""
    typed = Typed(fields)
    steps = _read_steps(typed)
    free = typed.text("mien_tu").strip()
    terms = ZoneTerms(
        name=clean(typed.text("ten")),
        provinces=sorted(set(known) & {whole_number(text) for text in fields.getlist("tinh")}),
        steps=steps,
        further=typed.whole("them", _("Mời gõ số tiền bằng đồng, 0 là không lấy phí.")),
        free_from=typed.whole("mien_tu", _("Mời gõ số tiền, hoặc bỏ trống.")) if free else None,
        days_from=typed.whole("ngay_tu", _("Mời gõ số ngày.")),
        days_to=typed.whole("ngay_den", _("Mời gõ số ngày.")),
    )
    return terms, typed


def _read_steps(typed: Typed) -> list[tuple[int, int]]:
    """Return the rows that are filled in, as (grams up to, đồng)."""
    steps = []
    for row in STEPS:
        weight, fee = f"nang-{row}", f"phi-{row}"
        if not (typed.text(weight).strip() or typed.text(fee).strip()):
            continue
        kilograms = typed.read(
            weight, partial(read_decimal, weight), _("Mời gõ số ki-lô-gam, ví dụ 0,5.")
        ) or Decimal(0)
        amount = typed.whole(fee, _("Mời gõ số tiền bằng đồng, 0 là không lấy phí."))
        steps.append((int(kilograms * 1_000), amount))
    return steps


def zone_as_typed(zone: ShippingZone) -> MultiDict[str, str]:
    """Return a zone as its form holds it."""
    fields: MultiDict[str, str] = MultiDict(
        {
            "ten": zone.name,
            "them": write_number(zone.further),
            "mien_tu": "" if zone.free_from is None else write_number(zone.free_from),
            "ngay_tu": str(zone.days_from),
            "ngay_den": str(zone.days_to),
        }
    )
    for row, (up_to, fee) in enumerate(zone.steps):
        fields[f"nang-{row}"] = write_decimal(Decimal(up_to) / 1_000)
        fields[f"phi-{row}"] = write_number(fee)
    fields.setlist("tinh", [str(province) for province in zone.provinces])
    return fields
