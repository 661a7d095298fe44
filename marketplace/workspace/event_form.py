"""The form of an event: what was done to a lot, when and where, as people type it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.errors import InvalidInput
from marketplace.traceability.events.errors import InvalidEvent
from marketplace.traceability.events.models import Action, BizStep, EventKind, TraceEvent
from marketplace.traceability.events.recording import EventFacts, new_event_id
from marketplace.traceability.lots.models import MeasureUnit
from marketplace.traceability.zones.models import MaterialZone, Site
from marketplace.traceability.zones.sites import list_sites
from marketplace.traceability.zones.zones import list_zones
from marketplace.web.words import gettext as _
from marketplace.workspace.lot_words import MEASURES, STEPS
from marketplace.workspace.numbers import read_decimal, write_decimal
from marketplace.workspace.typed import Typed, read_required_day

ELSEWHERE = "khac"
FIELDS = {
    "biz_step": "viec",
    "event_time": "ngay",
    "site_id": "noi",
    "zone_id": "noi",
    "place_words": "noi_khac",
    "words": "ghi_chu",
    "quantity": "so_luong",
    "uom": "don_vi",
    "event_id": "viec",
}
"""The field of the form for each fact of an event."""


@dataclass(frozen=True, slots=True)
class Places:
    """The sites and zones of a producer that are in use, which events may name.

    `former` are those that were retired: not offered, but read, for a note may be older than their end.
    """

    sites: Sequence[Site]
    zones: Sequence[MaterialZone]
    former: "Places | None" = None

    @classmethod
    def of(cls, session: Session, producer_id: int) -> "Places":
        """Read them: two statements."""
        return cls(list_sites(session, producer_id), list_zones(session, producer_id))

    @classmethod
    def ever(cls, session: Session, producer_id: int) -> "Places":
        """Read them with those that were retired: four statements."""
        sites, zones = (
            list_sites(session, producer_id, retired=True),
            list_zones(session, producer_id, retired=True),
        )
        return cls(list_sites(session, producer_id), list_zones(session, producer_id), cls(sites, zones))

    def choices(self) -> list[tuple[str, str]]:
        """Return them as choices of a form, sites first, then a place typed freely."""
        return [
            *((f"s{one.id}", one.name) for one in self.sites),
            *((f"z{one.id}", one.name) for one in self.zones),
            (ELSEWHERE, _("Nơi khác, ghi ở dưới")),
        ]

    def read(self, chosen: str) -> tuple[int | None, int | None]:
        """Return the site and the zone that were chosen; none for a place typed freely.

        Raises InvalidInput for those of other producers.
        """
        if chosen in {"", ELSEWHERE}:
            return None, None
        sites, zones = (
            {f"s{one.id}": one.id for one in self.sites},
            {f"z{one.id}": one.id for one in self.zones},
        )
        if chosen in sites | zones:
            return sites.get(chosen), zones.get(chosen)
        if self.former is not None:
            return self.former.read(chosen)
        raise InvalidInput(field="noi")


def blank_event(places: Places) -> dict[str, str]:
    """Return what an empty form holds: now, the first place, and an identity of its own.

    A form sent twice carries the same identity, so that it counts once.
    """
    now = clock.now().astimezone(clock.VIETNAM)
    return {
        "ma_su_kien": new_event_id(),
        "viec": "",
        "ngay": f"{now:%Y-%m-%d}",
        "gio": f"{now:%H:%M}",
        "noi": places.choices()[0][0],
        "don_vi": MeasureUnit.KILOGRAM.value,
    }


def event_as_typed(event: TraceEvent, places: Places) -> dict[str, str]:
    """Return an event as a form holds it, with an identity of its own for what comes in its place."""
    at = event.event_time.astimezone(clock.VIETNAM)
    known = {key for key, _words in places.choices()}
    place = f"s{event.site_id}" if event.site_id else f"z{event.zone_id}" if event.zone_id else ELSEWHERE
    return {
        "ma_su_kien": new_event_id(),
        "viec": event.biz_step.value,
        "ngay": f"{at:%Y-%m-%d}",
        "gio": f"{at:%H:%M}",
        "noi": place if place in known else ELSEWHERE,
        "noi_khac": event.place_words or "",
        "ghi_chu": event.words or "",
        "so_luong": write_decimal(event.quantity) if event.quantity is not None else "",
        "don_vi": (event.uom or MeasureUnit.KILOGRAM).value,
    }


def read_event(typed: Typed, places: Places) -> EventFacts | None:
    """Return what somebody typed of an event; None where something is wrong, which `typed` then tells."""
    step = typed.read("viec", _read_step, _("Mời chọn việc đã làm."))
    at = _read_instant(typed)
    place = typed.read("noi", places.read, _("Nơi này không còn dùng. Mời chọn nơi khác."))
    if typed.text("noi") == ELSEWHERE and not typed.text("noi_khac").strip():
        typed.fault("noi_khac", _("Mời ghi nơi đã làm việc này."))
    quantity, unit = _read_quantity(typed)
    if typed.faults or step is None or at is None or place is None:
        return None
    return EventFacts(
        event_id=typed.text("ma_su_kien").strip() or None,
        kind=EventKind.OBJECT,
        action=Action.DELETE if step is BizStep.DESTROYING else Action.OBSERVE,
        biz_step=step,
        disposition=STEPS[step].leads_to,
        event_time=at,
        site_id=place[0],
        zone_id=place[1],
        place_words=typed.text("noi_khac").strip() or None if place == (None, None) else None,
        words=typed.text("ghi_chu"),
        quantity=quantity,
        uom=unit,
    )


def fault_of(refusal: InvalidEvent) -> tuple[str, str]:
    """Return the field that an event was refused for, and the words that say so."""
    fact = str(refusal.parameters["field"])
    words = {
        "event_time": _("Giờ này chưa đến. Mời xem lại ngày giờ."),
        "words": _("Ghi chú dài quá. Mời viết ngắn lại."),
        "place_words": _("Tên nơi dài quá. Mời viết ngắn lại."),
        "quantity": _("Số lượng là số lớn hơn 0, ví dụ 12,5."),
    }
    return FIELDS.get(fact, "viec"), words.get(fact, _("Chưa ghi được việc này. Mời xem lại các ô."))


def step_choices() -> list[tuple[str, object]]:
    """Return the steps as choices of a form."""
    return [(step.value, named.words) for step, named in STEPS.items()]


def measure_choices() -> list[tuple[str, object]]:
    """Return the units as choices of a form."""
    return [(unit.value, words) for unit, words in MEASURES.items()]


def form_of(places: Places, typed: Mapping[str, str]) -> dict[str, Any]:
    """Return what the template of the form needs."""
    return {
        "typed": typed,
        "steps": step_choices(),
        "measures": measure_choices(),
        "places": places.choices(),
    }


def _read_step(text: str) -> BizStep:
    if text not in {step.value for step in STEPS}:
        raise InvalidInput(field="viec")
    return BizStep(text)


def _read_instant(typed: Typed) -> datetime | None:
    day = typed.read("ngay", read_required_day, _("Mời chọn ngày, ví dụ 14/11/2026."))
    hour = typed.read("gio", _read_time, _("Mời ghi giờ, ví dụ 07:30."))
    if day is None or hour is None:
        return None
    return datetime.combine(day, hour, clock.VIETNAM)


def _read_time(text: str) -> time:
    try:
        return time.fromisoformat(text.strip() or "12:00").replace(tzinfo=None)
    except ValueError as error:
        raise InvalidInput(field="gio") from error


def _read_quantity(typed: Typed) -> tuple[Decimal | None, MeasureUnit | None]:
    if not typed.text("so_luong").strip():
        return None, None
    words = _("Số lượng là số lớn hơn 0, ví dụ 12,5.")
    quantity = typed.read("so_luong", partial(read_decimal, "so_luong"), words)
    unit = typed.read("don_vi", MeasureUnit, words) if typed.text("don_vi") in set(MeasureUnit) else None
    if quantity is not None and (not quantity or unit is None):
        typed.fault("so_luong", words)
        return None, None
    return quantity, unit
