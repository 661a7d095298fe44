"""Importing producers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from marketplace.catalogue.actions import refresh_offers_of
from marketplace.places.gazetteer import Gazetteer
from marketplace.places.resolving import ResolvedPlace
from marketplace.producers.errors import InvalidProfile
from marketplace.producers.known import KnownProducers
from marketplace.producers.profile import read_website
from marketplace.upkeep.importing.cells import Speaker, read_address, read_degrees, read_text
from marketplace.upkeep.importing.changes import assign, fill
from marketplace.upkeep.importing.locating import Locator, Place
from marketplace.upkeep.importing.naming import detail, find_or_register, move, printed_detail
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.importing.run import Progress, day_or_today, no_progress, run_import
from marketplace.upkeep.sheets import Columns, Row

COLUMNS = Columns(
    known=(
        "name", "producer_type", "address", "commune", "district", "province", "province_2025", "phone",
        "email", "website", "product_rows", "approx_lat", "approx_lon", "approx_level", "source_url",
    ),
    required=("name", "province"),
)  # fmt: skip
OWN_WORDS = frozenset({"phone", "email", "website"})
"""What a producer says of itself: once it has, no source says otherwise."""


def import_producers(
    path: Path, *, dry_run: bool = False, day: date | None = None, progress: Progress = no_progress
) -> Report:
    """Import a file of producers: all of it, or nothing when a cell is in error. Raises SheetRefused."""
    return run_import(ProducerImporter(day_or_today(day)), path, dry_run=dry_run, progress=progress)


class ProducerImporter:
    """Applies rows of producers; `product_rows` is a tally of the source's and is not kept.

    Several rows of one producer: the one that places it closest counts, of equals the first.
    """

    what = "Chủ thể"
    columns = COLUMNS

    def __init__(self, day: date) -> None:
        self.day = day
        self._told: set[int] = set()

    def examine(self, row: Row, report: Report) -> None:
        """Note what is wrong with a row."""
        say = Speaker(row.number, report.findings)
        if not row["name"]:
            say.error("name", "thiếu tên chủ thể")
        read_text(row["name"], "name", 200, say)
        _facts(row, say)

    def prepare(self, session: Session) -> None:
        """Load what rows are matched against."""
        self._session = session
        self._locator = Locator(Gazetteer.load())
        self._known = KnownProducers.load(session)

    def apply(self, row: Row, report: Report) -> None:
        """Write one row."""
        say = Speaker(row.number, report.findings)
        facts = _facts(row, Speaker.silent(row.number))
        place = self._locator.place_of(row, None, say)
        named = find_or_register(
            self._session,
            self._known,
            row["name"],
            place,
            say,
            row["producer_type"] or None,
            facts["source_url"],
        )
        if named.former:
            report.unchanged += 1
            return
        changed = named.changed
        first = named.producer.id not in self._told
        if detail(place) > printed_detail(named.producer) - first:
            changed |= move(self._known, named.producer, self._pinned(place, row, say))
        own = OWN_WORDS if named.producer.described_at is not None else frozenset()
        given = {column: value for column, value in facts.items() if value is not None and column not in own}
        changed |= (assign if first else fill)(named.producer, given)
        self._told.add(named.producer.id)
        if changed:
            refresh_offers_of(self._session, named.producer)
        report.added += named.new
        report.changed += changed and not named.new
        report.unchanged += not changed and not named.new

    def finish(self, report: Report) -> None:
        """Nothing waits."""

    def _pinned(self, place: Place, row: Row, say: Speaker) -> Place:
        return replace(place, resolved=pinned(place.resolved, row, say))


def pinned(resolved: ResolvedPlace, row: Row, say: Speaker) -> ResolvedPlace:
    """Return a resolved place with the point that the row itself gives, if it gives one."""
    lat = read_degrees(row["approx_lat"], "approx_lat", say)
    lon = read_degrees(row["approx_lon"], "approx_lon", say)
    if lat is None or lon is None:
        return resolved
    return replace(resolved, lat=lat, lon=lon, accuracy=row["approx_level"][:40] or None)


def _facts(row: Row, say: Speaker) -> dict[str, str | None]:
    return {
        "printed_address": read_text(row["address"], "address", 300, say),
        "phone": read_text(row["phone"], "phone", 20, say),
        "email": read_text(row["email"], "email", 120, say),
        "website": _website(row, say),
        "source_url": read_address(row["source_url"], "source_url", say),
    }


def _website(row: Row, say: Speaker) -> str | None:
    try:
        return read_website(row["website"])
    except InvalidProfile:
        say.doubt("website", "không phải địa chỉ web; bỏ qua")
        return None
