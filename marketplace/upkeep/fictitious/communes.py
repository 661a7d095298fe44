"""The communes of today, over which fictitious producers are spread."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.places.models import AdminUnit, Level


def list_communes(session: Session) -> list[dict[str, Any]]:
    """Return every commune with what a place is printed from, in a fixed order."""
    province = sa.orm.aliased(AdminUnit)
    found = session.execute(
        sa.select(AdminUnit, province.name)
        .join(province, province.id == AdminUnit.parent_id)
        .where(AdminUnit.level == Level.COMMUNE, AdminUnit.ended.is_(False))
        .order_by(AdminUnit.key)
    )
    return [
        {
            "id": unit.id,
            "full_name": unit.full_name,
            "province": name,
            "province_id": unit.parent_id,
            "lat": unit.lat,
            "lon": unit.lon,
        }
        for unit, name in found
    ]


def place_columns(unit: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of `Located` for a commune of today."""
    return {
        "printed_commune": unit["full_name"],
        "printed_province": unit["province"],
        "origin_id": unit["id"],
        "commune_id": unit["id"],
        "province_id": unit["province_id"],
        "lat": unit["lat"],
        "lon": unit["lon"],
        "point_accuracy": "commune centroid",
    }
