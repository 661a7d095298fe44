"""The chain of what a zone was said to be: a line for each time that something of it changed.

A line says all that pages tell of the zone, so that whoever opens a lot sees what its zone was called and
certified to when the lot was made. The address is left out and a point is told to the kilometre, as on the
map: it may be somebody's home, and what is in a chain cannot be erased.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.traceability.chains import find_break
from marketplace.traceability.hashed_text import digest, write_instant, write_lines, write_number
from marketplace.traceability.zones.models import MaterialZone, ZoneLine

Facts = dict[str, str]
FORM = "phien-cho-ocop zone 1"


def facts_of(zone: MaterialZone) -> Facts:
    """Return what pages tell of a zone, absent facts left out."""
    told = {
        "name": zone.name,
        "crop": zone.crop,
        "place": zone.printed_place,
        "point": _point(zone),
        "area": write_number(zone.area_ha),
        "growing-area": zone.growing_area_code,
        "standard": zone.standard.value if zone.standard else None,
        "certificate": zone.certificate_number,
        "issuer": zone.certificate_issuer,
        "from": zone.valid_from.isoformat() if zone.valid_from else None,
        "until": zone.valid_until.isoformat() if zone.valid_until else None,
        "retired": "yes" if zone.retired_at else None,
    }
    return {name: fact for name, fact in told.items() if fact}


def _point(zone: MaterialZone) -> str | None:
    """Return the point of a zone in hundredths of a degree; the middle of its commune is none."""
    if zone.lat is None or zone.lon is None or zone.point_accuracy is not None:
        return None
    return f"{zone.lat:.2f} {zone.lon:.2f}"


def canonical_text(line: ZoneLine) -> str:
    """Return the text of a line that is hashed: its place in the chain, then what it says."""
    place = (
        ("zone", line.zone_id),
        ("position", line.position),
        ("previous", line.previous_hash),
        ("recorded", write_instant(line.recorded_at)),
    )
    return f"{FORM}\n{write_lines(place)}{write_lines(sorted(line.facts.items()))}"


def hash_of(line: ZoneLine) -> str:
    """Return the SHA-256 of the canonical text, as 64 hexadecimal digits."""
    return digest(canonical_text(line))


@dataclass(frozen=True, slots=True)
class ZoneBook:
    """A zone with its lines, each with the text that is hashed."""

    zone: MaterialZone
    lines: list[tuple[ZoneLine, str]]

    @property
    def broken(self) -> int | None:
        """Return the first position at which its chain is broken, or None."""
        return first_broken(self.zone, [line for line, _ in self.lines])

    @property
    def changed(self) -> bool:
        """Whether the zone is no longer what its last line says."""
        return is_changed(self.zone, self.lines[-1][0] if self.lines else None)


def list_books(session: Session, zones: Sequence[MaterialZone]) -> list[ZoneBook]:
    """Return the books of zones, in their order."""
    lines: defaultdict[int, list[tuple[ZoneLine, str]]] = defaultdict(list)
    wanted = sa.select(ZoneLine).where(ZoneLine.zone_id.in_([zone.id for zone in zones]))
    for line in session.scalars(wanted.order_by(ZoneLine.zone_id, ZoneLine.position)):
        lines[line.zone_id].append((line, canonical_text(line)))
    return [ZoneBook(zone, lines[zone.id]) for zone in zones]


def note_zone(session: Session, zone: MaterialZone, at: datetime, recorded_by: int | None) -> None:
    """Add a line to the chain of a zone that the caller holds, unless its last line says the same."""
    note_facts(session, zone, facts_of(zone), at, recorded_by)


def note_facts(
    session: Session, zone: MaterialZone, facts: Facts, at: datetime, recorded_by: int | None
) -> None:
    """Add a line that says what a zone is, or was until now, unless the last line says the same."""
    last = session.get(ZoneLine, (zone.id, zone.chain_length))
    if last is not None and last.facts == facts:
        return
    line = ZoneLine(
        zone_id=zone.id,
        position=zone.chain_length + 1,
        facts=facts,
        recorded_at=at,
        recorded_by=recorded_by,
        previous_hash=zone.chain_hash,
    )
    line.hash = hash_of(line)
    session.add(line)
    zone.chain_length, zone.chain_hash = line.position, line.hash
    if line.position > 1 and (last is None or _without_end(last.facts) != _without_end(facts)):
        zone.changed_at = at
    session.flush()


def _without_end(facts: Facts) -> Facts:
    """Return what is told of the lots of a zone: that it is out of use since says nothing of them."""
    return {name: fact for name, fact in facts.items() if name != "retired"}


def first_broken(zone: MaterialZone, lines: Iterable[ZoneLine]) -> int | None:
    """Return the first position at which a zone's lines are no whole chain, or None if they are."""
    return find_break(lines, hash_of, zone.chain_length, zone.chain_hash)


def is_changed(zone: MaterialZone, last: ZoneLine | None) -> bool:
    """Whether a zone is no longer what the last line of its chain says; one without a chain cannot tell."""
    if zone.chain_length == 0:
        return False
    return last is None or last.facts != facts_of(zone)
