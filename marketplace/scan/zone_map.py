"""The map of where a lot comes from: zones and sites on their province, or on the country.

It is a picture of its own, loaded when it is scrolled to; every one shows Hoàng Sa and Trường Sa.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from marketplace.places.models import Located
from marketplace.places.outlines import Map, country_map, province_map
from marketplace.traceability.events.history import History

COUNTRY_WIDTH = 420
PROVINCE_WIDTH = 480


@dataclass(frozen=True, slots=True)
class Spot:
    """A zone or site on the map, by its name; `number` stands beside its dot and in the list below."""

    number: int
    name: str
    x: int
    y: int
    is_zone: bool


@dataclass(frozen=True, slots=True)
class ZoneMap:
    """A map with its spots."""

    drawn: Map
    spots: tuple[Spot, ...]

    @property
    def names(self) -> str:
        """Return what it shows, for those who do not see it."""
        return ", ".join(spot.name for spot in self.spots)


def map_of(history: History) -> ZoneMap | None:
    """Return the map of a lot's zones and sites, or None where nobody has told where any lies."""
    places = list(_placed(history))
    if not places:
        return None
    provinces = {place.province.code for place, *_ in places if place.province is not None}
    known = all(place.province is not None for place, *_ in places)
    code = provinces.pop() if known and len(provinces) == 1 else None
    drawn = province_map(code, PROVINCE_WIDTH) if code else country_map(COUNTRY_WIDTH)
    spots = (
        Spot(number, name, *drawn.project(lat, lon), is_zone)
        for number, (_, name, is_zone, lat, lon) in enumerate(places, 1)
        if drawn.shows(lat, lon)
    )
    return ZoneMap(drawn, tuple(spots))


def _placed(history: History) -> Iterator[tuple[Located, str, bool, float, float]]:
    """Yield zones, then sites, with where they lie: their own point, else that of commune or province."""
    zones: list[tuple[Located, str, bool]] = [(zone, zone.name, True) for zone in history.zones]
    sites: list[tuple[Located, str, bool]] = [(site, site.name, False) for site in history.sites]
    for place, name, is_zone in [*zones, *sites]:
        for at in (place, place.commune, place.province):
            if at is not None and at.lat is not None and at.lon is not None:
                yield place, name, is_zone, at.lat, at.lon
                break
