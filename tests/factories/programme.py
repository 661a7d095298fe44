"""Plans for tests."""

from datetime import date
from itertools import count
from typing import Any

from sqlalchemy.orm import Session

from marketplace.places.models import AdminUnit
from marketplace.programme.models import Compare, Metric, Programme, Target, TargetKind

_numbers = count(1)


def a_programme(session: Session, unit: AdminUnit | int, **changes: Any) -> Programme:
    """Write a plan of a province for 2024."""
    facts = {
        "slug": f"ke-hoach-{next(_numbers)}",
        "title": "Hà Tĩnh 2024",
        "source": "Kế hoạch 1/KH-UBND",
        "period_start": date(2024, 1, 1),
        "period_end": date(2024, 12, 31),
        "units_on": date(2024, 1, 1),
        **changes,
    }
    programme = Programme(unit_id=unit if isinstance(unit, int) else unit.id, **facts)
    session.add(programme)
    session.flush()
    return programme


def a_target(session: Session, programme: Programme, code: str = "T1", **changes: Any) -> Target:
    """Write a target of a plan: ten products recognised in its period, unless told otherwise."""
    facts: dict[str, Any] = {
        "kind": TargetKind.TARGET,
        "words": f"Chỉ tiêu {code}",
        "metric": Metric.RECOGNISED,
        "compare": Compare.AT_LEAST,
        "least": 10,
        "position": next(_numbers),
        "period_start": programme.period_start,
        "period_end": programme.period_end,
        **changes,
    }
    if facts["compare"] is Compare.NONE:
        facts["least"] = None
    target = Target(programme_id=programme.id, code=code, **facts)
    session.add(target)
    session.flush()
    return target
