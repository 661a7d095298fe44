"""Material zones: added, corrected, and retired; one that lots name is never deleted nor moved."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.producers.models import Producer, QualityKind
from marketplace.traceability.zones.errors import InvalidPlace
from marketplace.traceability.zones.keeping import (
    change,
    get_own,
    hold,
    list_own,
    read_line,
    read_required,
    write,
)
from marketplace.traceability.zones.models import MaterialZone
from marketplace.traceability.zones.placing import Place, columns_of

LONGEST_NAME = LONGEST_CROP = 120
LONGEST_CODE, LONGEST_NUMBER, LONGEST_ISSUER = 40, 60, 160
LARGEST_AREA = Decimal(1_000_000)
FINEST_AREA = Decimal("0.001")
"""Areas are kept to ten square metres."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneFacts:
    """What is to be recorded of a material zone; the fields are those of MaterialZone.

    A zone that is certified to a standard has number, issuer and last day of its certificate.
    """

    name: str
    crop: str
    place: Place
    growing_area_code: str | None = None
    area_ha: Decimal | None = None
    standard: QualityKind | None = None
    certificate_number: str | None = None
    certificate_issuer: str | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    sample: bool = False


def add_zone(
    session: Session, actor: Actor | None, producer: Producer, facts: ZoneFacts, at: datetime
) -> MaterialZone:
    """Record a zone; raises InvalidPlace and PlaceNameTaken."""
    zone = MaterialZone(producer_id=producer.id, **_columns(session, facts))
    return write(session, actor, producer, zone, "add", at)


def change_zone(
    session: Session, actor: Actor, producer: Producer, zone: MaterialZone, facts: ZoneFacts, at: datetime
) -> None:
    """Correct what is recorded of a zone; raises InvalidPlace, PlaceNameTaken, and PlaceInUse for a move."""
    before = change(session, zone, _columns(session, facts))
    write(session, actor, producer, zone, "change", at, before)


def retire_zone(session: Session, actor: Actor, producer: Producer, zone: MaterialZone, at: datetime) -> None:
    """End the use of a zone: lots that name it keep it, new ones cannot."""
    before = hold(session, zone)
    if zone.retired_at is None:
        zone.retired_at = at
        write(session, actor, producer, zone, "retire", at, before)


def get_own_zone(session: Session, zone_id: int, producer_id: int) -> MaterialZone:
    """Return a zone of a producer with its units; raises NotFound for those of others."""
    return get_own(session, MaterialZone, zone_id, producer_id)


def list_zones(session: Session, producer_id: int, *, retired: bool = False) -> list[MaterialZone]:
    """Return the zones of a producer that are in use, or those that are not, by name."""
    return list_own(session, MaterialZone, producer_id, retired=retired)


def _columns(session: Session, facts: ZoneFacts) -> dict[str, Any]:
    _check_certificate(facts)
    area = facts.area_ha
    if area is not None and (not 0 < area <= LARGEST_AREA or area != area.quantize(FINEST_AREA)):
        raise InvalidPlace(field="area_ha")
    return {
        "name": read_required("name", facts.name, LONGEST_NAME),
        "crop": read_required("crop", facts.crop, LONGEST_CROP),
        "growing_area_code": read_line("growing_area_code", facts.growing_area_code, LONGEST_CODE),
        "certificate_number": read_line("certificate_number", facts.certificate_number, LONGEST_NUMBER),
        "certificate_issuer": read_line("certificate_issuer", facts.certificate_issuer, LONGEST_ISSUER),
        **{name: getattr(facts, name) for name in ("area_ha", "standard", "valid_from", "valid_until")},
        "sample": facts.sample,
        **columns_of(session, facts.place),
    }


def _check_certificate(facts: ZoneFacts) -> None:
    stated = {
        name: getattr(facts, name) for name in ("certificate_number", "certificate_issuer", "valid_until")
    }
    if facts.standard is None and (any(stated.values()) or facts.valid_from):
        raise InvalidPlace(field="standard")
    for name, value in stated.items():
        if facts.standard is not None and not value:
            raise InvalidPlace(field=name)
    if facts.valid_from and facts.valid_until and facts.valid_from > facts.valid_until:
        raise InvalidPlace(field="valid_until")
