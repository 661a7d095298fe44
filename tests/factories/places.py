"""Units of administration for tests that need a handful of them, or all."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from marketplace.places.loading import load_units
from marketplace.places.models import AdminSuccession, AdminUnit, Level
from marketplace.places.names import name_key
from marketplace.text import slugify


def make_unit(session: Session, name: str, kind: str, level: Level, **columns: Any) -> AdminUnit:
    """Add a unit; its key is made of its level, kind and name unless given."""
    slug = slugify(name)
    values = {
        "key": f"{level.value}-{slugify(kind)}-{slug}",
        "slug": slug,
        "name_key": name_key(name),
        "ended": columns.get("valid_to") is not None,
        **columns,
    }
    unit = AdminUnit(name=name, kind=kind, level=level, **values)
    session.add(unit)
    session.flush()
    return unit


def make_province(session: Session, name: str = "Hà Tĩnh", kind: str = "tỉnh", **columns: Any) -> AdminUnit:
    """Add a province of today."""
    return make_unit(session, name, kind, Level.PROVINCE, **columns)


def make_commune(session: Session, name: str, province: AdminUnit, **columns: Any) -> AdminUnit:
    """Add a commune of today."""
    return make_unit(
        session, name, columns.pop("kind", "xã"), Level.COMMUNE, parent_id=province.id, **columns
    )


def make_district(session: Session, name: str, province: AdminUnit, **columns: Any) -> AdminUnit:
    """Add a district that ended with the reform."""
    columns.setdefault("valid_to", date(2025, 6, 30))
    kind = columns.pop("kind", "huyện")
    return make_unit(session, name, kind, Level.DISTRICT, parent_id=province.id, **columns)


def succeed(session: Session, former: AdminUnit, *later: AdminUnit) -> None:
    """Let a former unit go into later ones, the first of which is the main one."""
    for place, unit in enumerate(later):
        session.add(AdminSuccession(predecessor_id=former.id, successor_id=unit.id, main=place == 0))
    session.flush()


def load_all_units(session: Session) -> None:
    """Load the real units, all of them."""
    load_units(session)
