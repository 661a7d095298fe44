"""What is known to be wrong in the list of communes of 30 June 2025, put right.

Where two provinces merged, the list sometimes gives a commune the successor of its namesake in the
other one as well (phường 4 of Mỹ Tho that of Cao Lãnh), and places a new commune where a namesake
lies. Both show in the distance.
"""

from collections import defaultdict
from dataclasses import replace

from marketplace.places.facts import Point, Shipped, UnitFact, kilometres, middle
from marketplace.places.models import Level

FAR_KM = 15
MISPLACED_KM = 25
SPECIAL_ZONE = "đặc khu"


def drop_namesakes(shipped: Shipped) -> None:
    """Take from a commune the successors that are those of a namesake elsewhere."""
    namesakes: dict[tuple[str, str], list[str]] = defaultdict(list)
    for key in shipped.successors:
        unit = shipped.units[key]
        if unit.level is Level.COMMUNE:
            namesakes[unit.kind, unit.name].append(key)
    for keys in namesakes.values():
        for key in keys:
            others = {shipped.successors[other][0] for other in keys if other != key}
            _keep_near(shipped, key, others)


def _keep_near(shipped: Shipped, key: str, foreign: set[str]) -> None:
    main, *rest = shipped.successors[key]
    kept = [
        later
        for later in rest
        if later not in foreign or _distance(shipped.units[key], shipped.units[later]) <= FAR_KM
    ]
    shipped.successors[key] = (main, *kept)


def place_by_former_communes(shipped: Shipped) -> None:
    """Move a commune of today that lies far from everything it was made of to the middle of that.

    Special zones (đặc khu) are islands, whose own point is the better one: their parts take it.
    """
    parts: dict[str, list[str]] = defaultdict(list)
    for former, successors in shipped.successors.items():
        for later in successors:
            if shipped.units[former].level is Level.COMMUNE is shipped.units[later].level:
                parts[later].append(former)
    for later, formers in parts.items():
        unit = shipped.units[later]
        points = [_point(shipped.units[former]) for former in formers]
        if min(kilometres(_point(unit), point) for point in points) <= MISPLACED_KM:
            continue
        for key in formers if unit.kind == SPECIAL_ZONE else [later]:
            lat, lon = _point(unit) if unit.kind == SPECIAL_ZONE else middle(points)
            shipped.units[key] = replace(shipped.units[key], lat=lat, lon=lon)


def _point(unit: UnitFact) -> Point:
    assert unit.lat is not None
    assert unit.lon is not None
    return unit.lat, unit.lon


def _distance(one: UnitFact, other: UnitFact) -> float:
    return kilometres(_point(one), _point(other))
