"""What the districts went into: later districts, their province, and the communes of today."""

from collections import Counter, defaultdict

from marketplace.places.facts import Shipped
from marketplace.places.models import Level


def succeed_districts(shipped: Shipped) -> None:
    """Let each district go into the communes that its own communes became, and into its province.

    Later districts come first where there are any, so that Lộc Hà leads to Thạch Hà and to the
    communes of Lộc Hà, not to all of Thạch Hà. A district that only changed its name or rank
    before its communes are known takes those of the next one.
    """
    members: dict[str, Counter[str]] = defaultdict(Counter)
    for key, unit in shipped.units.items():
        if unit.level is Level.COMMUNE and unit.ended and unit.parent:
            members[unit.parent].update(_today(shipped, key))
    districts = [key for key, unit in shipped.units.items() if unit.level is Level.DISTRICT]
    for key in districts:
        later = shipped.successors.get(key, ())
        communes = members.get(key) or members.get(later[0] if later else "", Counter())
        province = (
            [] if _leads_to_district(shipped, later) else _today(shipped, shipped.units[key].parent or "")
        )
        ordered = sorted(communes, key=lambda commune: (-communes[commune], commune))
        shipped.add(shipped.units[key], [*later, *province, *ordered])


def _today(shipped: Shipped, key: str) -> list[str]:
    later = shipped.successors.get(key, ())
    if not later:
        return [] if shipped.units[key].ended else [key]
    return list(dict.fromkeys(today for unit in later for today in _today(shipped, unit)))


def _leads_to_district(shipped: Shipped, later: tuple[str, ...]) -> bool:
    return any(shipped.units[key].level is Level.DISTRICT for key in later)
