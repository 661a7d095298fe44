"""What went into a lot and where it came from, in words."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from marketplace.producers.models import QualityKind
from marketplace.scan.timeline import name_place, write_amount
from marketplace.traceability.events.history import History
from marketplace.traceability.lots.models import LotInput
from marketplace.traceability.zones.models import MaterialZone
from marketplace.web.filters import write_date
from marketplace.web.words import gettext as _

STANDARDS = {
    QualityKind.VIETGAP: "VietGAP",
    QualityKind.GLOBALGAP: "GLOBALG.A.P.",
    QualityKind.HACCP: "HACCP",
    QualityKind.ISO_22000: "ISO 22000",
    QualityKind.HALAL: "Halal",
}
"""Standards by the names that they have in every language."""


@dataclass(frozen=True, slots=True)
class Source:
    """One material of a lot; `standard` is what its zone is certified to, as its holder states.

    `holds` says whether that certificate lives, None where there is none to speak of. `changed_at` is when
    its zone last came to be told otherwise, where that was after the lot was made.
    """

    material: str
    origin: str
    facts: str
    standard: str = ""
    holds: bool | None = None
    changed_at: datetime | None = None


def name_standard(kind: QualityKind | None) -> str:
    """Return what a standard is called; nothing for none and for those without a name of their own."""
    if kind is None:
        return ""
    return _("Hữu cơ") if kind is QualityKind.ORGANIC else STANDARDS.get(kind, "")


def sources_of(history: History, day: date) -> list[Source]:
    """Return the materials of a lot, and how their zones stand on a day."""
    return [_source(one, day, history.lot.created_at) for one in history.inputs]


def _source(one: LotInput, day: date, made_at: datetime) -> Source:
    facts = ", ".join(filter(None, _facts(one)))
    zone = one.zone
    if zone is None:
        return Source(one.material, _origin(one), facts)
    standard = name_standard(zone.standard)
    holds = zone.is_certified(day) if standard and zone.valid_until else None
    later = zone.changed_at if zone.changed_at is not None and zone.changed_at > made_at else None
    return Source(one.material, name_place(zone, zone.name), facts, standard, holds, later)


def _origin(one: LotInput) -> str:
    if one.source_lot is not None:
        return _("Lô %(code)s", code=one.source_lot.code)
    units = ", ".join(unit.name for unit in (one.commune, one.province) if unit is not None)
    bought = _("Mua của %(seller)s", seller=one.bought_from)
    return f"{bought}, {units}" if units else bought


def _facts(one: LotInput) -> Iterator[str]:
    yield write_amount(one.quantity, one.uom)
    if one.harvested_on:
        yield _("thu hoạch %(day)s", day=write_date(one.harvested_on))
    if one.zone is not None:
        yield from _zone_facts(one.zone)


def _zone_facts(zone: MaterialZone) -> Iterator[str]:
    if zone.growing_area_code:
        yield _("mã vùng trồng %(code)s", code=zone.growing_area_code)
    if zone.area_ha:
        yield f"{zone.area_ha.normalize():f}".replace(".", ",") + " ha"
