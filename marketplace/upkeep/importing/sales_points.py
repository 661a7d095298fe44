"""Importing sales points."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.places.gazetteer import Gazetteer
from marketplace.places.resolving import ResolvedPlace
from marketplace.sales_points.actions import name_key, open_sales_point
from marketplace.sales_points.models import SalesPoint
from marketplace.sales_points.opening_hours import InvalidOpeningHours, from_vietnamese, parse
from marketplace.upkeep.importing.cells import Speaker, read_address, read_degrees, read_text
from marketplace.upkeep.importing.changes import assign
from marketplace.upkeep.importing.locating import Locator
from marketplace.upkeep.importing.producers import pinned
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.importing.run import Progress, day_or_today, no_progress, run_import
from marketplace.upkeep.sheets import Columns, Row

COLUMNS = Columns(
    known=(
        "name", "address", "commune", "district", "province", "province_2025", "phone", "opening_hours",
        "lat", "lon", "approx_lat", "approx_lon", "approx_level", "source_url",
    ),
    required=("name", "province"),
)  # fmt: skip


def import_sales_points(
    path: Path, *, dry_run: bool = False, day: date | None = None, progress: Progress = no_progress
) -> Report:
    """Import a file of sales points: all of it, or nothing when a cell is in error. Raises SheetRefused."""
    return run_import(SalesPointImporter(day_or_today(day)), path, dry_run=dry_run, progress=progress)


class SalesPointImporter:
    """Applies rows of sales points; a point is known by its name and printed province."""

    what = "Điểm bán"
    columns = COLUMNS

    def __init__(self, day: date) -> None:
        self.day = day
        self._seen: dict[tuple[str, str], int] = {}

    def examine(self, row: Row, report: Report) -> None:
        """Note what is wrong with a row."""
        say = Speaker(row.number, report.findings)
        if not row["name"]:
            say.error("name", "thiếu tên điểm bán")
        read_text(row["name"], "name", 200, say)
        _facts(row, say)
        earlier = self._seen.setdefault((name_key(row["name"]), row["province"]), row.number)
        if earlier != row.number:
            say.error("name", f"điểm bán này đã có ở dòng {earlier}")

    def prepare(self, session: Session) -> None:
        """Load the places and the points that are there."""
        self._session = session
        self._locator = Locator(Gazetteer.load())

    def apply(self, row: Row, report: Report) -> None:
        """Write one row."""
        say = Speaker(row.number, report.findings)
        place = self._locator.place_of(row, None, say)
        located = replace(place, resolved=_located(place.resolved, row, say))
        facts = {**_facts(row, Speaker.silent(row.number)), **located.columns()}
        point = self._session.scalar(
            sa.select(SalesPoint).where(
                SalesPoint.name_key == name_key(row["name"]), SalesPoint.printed_province == place.province
            )
        )
        if point is None:
            open_sales_point(self._session, row["name"], **facts)
            report.added += 1
            return
        given = {column: value for column, value in facts.items() if value is not None}
        changed = assign(point, given)
        report.changed += changed
        report.unchanged += not changed

    def finish(self, report: Report) -> None:
        """Nothing waits."""


def _located(resolved: ResolvedPlace, row: Row, say: Speaker) -> ResolvedPlace:
    """Return the place with the row's own point: an exact one has no accuracy to speak of."""
    lat, lon = read_degrees(row["lat"], "lat", say), read_degrees(row["lon"], "lon", say)
    if lat is None or lon is None:
        return pinned(resolved, row, say)
    return replace(resolved, lat=lat, lon=lon, accuracy=None)


def _facts(row: Row, say: Speaker) -> dict[str, Any]:
    return {
        "printed_address": read_text(row["address"], "address", 300, say),
        "phone": read_text(row["phone"], "phone", 20, say),
        "opening_hours": _hours(row["opening_hours"], say),
        "source_url": read_address(row["source_url"], "source_url", say),
    }


def _hours(cell: str, say: Speaker) -> str | None:
    if not cell:
        return None
    try:
        parse(cell)
    except InvalidOpeningHours:
        written = from_vietnamese(cell)
        if written is None:
            say.doubt("opening_hours", f"«{cell[:60]}» không đọc được thành giờ mở cửa; bỏ qua")
        return written
    return cell
