"""Where a zone or site lies: a commune of today, and perhaps a point in it."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.places.models import AdminUnit, Level
from marketplace.text import clean
from marketplace.traceability.zones.errors import InvalidPlace

LONGEST_ADDRESS = 300
SOUTH, NORTH, WEST, EAST = 6.0, 23.5, 102.0, 118.0
"""Degrees around Vietnam, its islands included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A commune of today by its id, an address in it, and a point in degrees where one was taken."""

    commune_id: int
    address: str | None = None
    lat: float | None = None
    lon: float | None = None


def columns_of(session: Session, place: Place) -> dict[str, Any]:
    """Return the columns of `Located`; without a point the middle of the commune is taken, and told so.

    Raises InvalidPlace.
    """
    wanted = sa.select(AdminUnit).where(AdminUnit.id == place.commune_id, AdminUnit.ended.is_(False))
    commune = session.scalar(wanted.options(joinedload(AdminUnit.parent)))
    if commune is None or commune.level is not Level.COMMUNE or commune.parent is None:
        raise InvalidPlace(field="commune_id")
    address = clean(place.address or "")
    if len(address) > LONGEST_ADDRESS:
        raise InvalidPlace(field="address", most=LONGEST_ADDRESS)
    return {
        "printed_address": address or None,
        "printed_commune": commune.full_name,
        "printed_district": None,
        "printed_province": commune.parent.full_name,
        "origin_id": commune.id,
        "commune_id": commune.id,
        "province_id": commune.parent.id,
        **_point(place, commune),
    }


def _point(place: Place, commune: AdminUnit) -> dict[str, Any]:
    if place.lat is None or place.lon is None:
        accuracy = "commune centroid" if commune.lat is not None else None
        return {"lat": commune.lat, "lon": commune.lon, "point_accuracy": accuracy}
    if not (SOUTH <= place.lat <= NORTH and WEST <= place.lon <= EAST):
        raise InvalidPlace(field="point")
    return {"lat": place.lat, "lon": place.lon, "point_accuracy": None}
