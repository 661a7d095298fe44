"""The shipped plans, read from their files and written once."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.places.models import AdminUnit
from marketplace.producers.models import LegalForm
from marketplace.programme.models import Compare, Metric, Programme, Spread, Target, TargetKind
from marketplace.sales_points.models import PointLevel

Row = dict[str, Any]
_STATES = {
    "kind": TargetKind,
    "metric": Metric,
    "compare": Compare,
    "spread": Spread,
    "legal_form": LegalForm,
    "point_level": PointLevel,
}
_DEFAULTS = {"kind": "target", "compare": "none", "spread": "whole"}


@cache
def shipped_plans() -> dict[str, Row]:
    """Return the shipped plans by slug, as their files have them."""
    folder = files("marketplace") / "data" / "programme"
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=lambda one: one.name)
    return {one.name.removesuffix(".toml"): tomllib.loads(one.read_text(encoding="utf-8")) for one in found}


def load_plans(session: Session) -> int:
    """Write the shipped plans that are not there yet and return how many were written.

    A plan is never changed afterwards: marks and evidence stand on its rows.
    """
    kept = set(session.scalars(sa.select(Programme.slug)))
    new = {slug: plan for slug, plan in shipped_plans().items() if slug not in kept}
    for slug, plan in new.items():
        _write_plan(session, slug, plan)
    return len(new)


def _write_plan(session: Session, slug: str, plan: Row) -> None:
    start, end = plan["period"]
    programme = Programme(
        slug=slug,
        title=plan["title"],
        unit_id=session.scalars(sa.select(AdminUnit.id).where(AdminUnit.key == plan["unit"])).one(),
        document=plan.get("document"),
        issued_on=plan.get("issued_on"),
        source=plan["source"],
        period_start=start,
        period_end=end,
        units_on=plan["units_on"],
    )
    session.add(programme)
    session.flush()
    ids: dict[str, int] = {}
    for position, row in enumerate(plan["targets"]):
        target = _target(row, (start, end), ids)
        target.programme_id, target.position = programme.id, position
        session.add(target)
        session.flush()
        ids[target.code] = target.id


def _target(row: Row, period: tuple[date, date], ids: dict[str, int]) -> Target:
    columns = {**_DEFAULTS, **row}
    start, end = columns.pop("period", period)
    parent = columns.pop("parent", None)
    for name, states in _STATES.items():
        if name in columns:
            columns[name] = states(columns[name])
    return Target(
        **columns, period_start=start, period_end=end, parent_id=None if parent is None else ids[parent]
    )
