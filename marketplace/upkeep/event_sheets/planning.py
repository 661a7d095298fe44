"""What a sheet of events would record, and what stands against it, row by row."""

import re
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.text import clean, fold
from marketplace.traceability.events.chain import statement_of
from marketplace.traceability.events.models import Action, BizStep, TraceEvent
from marketplace.traceability.events.recording import (
    LONGEST_ID,
    LONGEST_PLACE,
    LONGEST_WORDS,
    EventFacts,
    lock_chain,
    record_event,
)
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.zones.sites import list_sites
from marketplace.traceability.zones.zones import list_zones
from marketplace.upkeep.event_sheets.columns import REQUIRED, Column, cell_name
from marketplace.upkeep.event_sheets.reading import (
    Upload,
    read_day,
    read_quantity,
    read_step,
    read_time,
    read_unit,
)
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.sheets import Finding, Row, Severity
from marketplace.upkeep.shop_sheets.errors import TrialHasErrors

EVENTS = uuid.UUID("2e6f6a34-6a2c-5b0e-9a57-0d5f7a1b7c11")
"""The name space of identities that are made of what a row says: the same row is the same event."""
_URI = re.compile(rf"(?=.{{1,{LONGEST_ID}}}$)[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class EventWork:
    """An event to be recorded of a lot; `known` says that it is recorded already."""

    row: int
    lot: Lot
    facts: EventFacts
    known: bool


@dataclass(slots=True)
class EventPlan:
    """What a sheet would do. With an error it does nothing."""

    rows: int = 0
    works: list[EventWork] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        """Return the findings that stop it."""
        return [one for one in self.findings if one.severity is Severity.ERROR]

    @property
    def doubts(self) -> list[Finding]:
        """Return the findings that a person should look at."""
        return [one for one in self.findings if one.severity is Severity.DOUBT]

    @property
    def new(self) -> list[EventWork]:
        """Return the events that are not recorded yet."""
        return [work for work in self.works if not work.known]


def examine_events(session: Session, producer_id: int, upload: Upload, at: datetime) -> EventPlan:
    """Find out what a sheet would record of a producer's lots; nothing is written."""
    known = _Known.load(session, producer_id, upload.rows)
    plan = EventPlan(rows=len(upload.rows), findings=list(upload.findings))
    said: dict[tuple[int, str], int] = {}
    for row in upload.rows:
        say = Speaker(row.number, plan.findings)
        work = _examine(row, known, say, at)
        if work is None:
            continue
        event = work.lot.id, work.facts.event_id or ""
        if event in said:
            say.error(Column.EVENT, f"giống hệt dòng {said[event]}")
        said.setdefault(event, row.number)
        plan.works.append(work)
    plan.works = _settle(session, plan)
    return plan


def record_sheet(session: Session, producer_id: int, actor: Actor, upload: Upload, at: datetime) -> EventPlan:
    """Record all events of a sheet that are not recorded yet, or nothing; raises TrialHasErrors."""
    plan = examine_events(session, producer_id, upload, at)
    if plan.errors:
        raise TrialHasErrors
    for lot_id in sorted({work.lot.id for work in plan.new}):
        lock_chain(session, lot_id)
    for work in plan.new:
        record_event(session, work.lot.id, work.facts, at, actor.person_id)
    return plan


@dataclass(frozen=True, slots=True)
class _Known:
    """The lots that a sheet names, and the places of its producer, as cells call them."""

    lots: Mapping[str, Sequence[Lot]]
    sites: Mapping[str, int]
    zones: Mapping[str, int]

    @classmethod
    def load(cls, session: Session, producer_id: int, rows: Sequence[Row]) -> "_Known":
        codes = {row[cell_name(Column.LOT)].lower() for row in rows}
        own = sa.select(Lot).where(Lot.producer_id == producer_id, sa.func.lower(Lot.code).in_(codes))
        lots: dict[str, list[Lot]] = {}
        for lot in session.scalars(own.options(joinedload(Lot.product))):
            lots.setdefault(lot.code.lower(), []).append(lot)
        sites = {fold(one.name): one.id for one in list_sites(session, producer_id)}
        zones = {fold(one.name): one.id for one in list_zones(session, producer_id)}
        return cls(lots, sites, zones)


def _examine(row: Row, known: _Known, say: Speaker, at: datetime) -> EventWork | None:
    before = len(say.findings)
    for column in REQUIRED:
        if not row[cell_name(column)]:
            say.error(column, "thiếu ô này")
    if row[cell_name(Column.EVENT)] and not _URI.fullmatch(row[cell_name(Column.EVENT)]):
        say.error(Column.EVENT, "không đúng dạng mã của một việc, ví dụ urn:uuid:…")
    lot = _find_lot(row, known, say)
    step = _read(row, Column.STEP, read_step, say, "không có việc này; xem tờ Hướng dẫn")
    happened = _read_instant(row, say, at)
    facts = _facts(row, known, say, step, happened) if step and happened else None
    if lot is None or facts is None or len(say.findings) > before:
        return None
    event_id = row[cell_name(Column.EVENT)] or f"urn:uuid:{uuid.uuid5(EVENTS, _essence(lot, facts))}"
    return EventWork(row.number, lot, EventFacts(**{**asdict(facts), "event_id": event_id}), known=False)


def _find_lot(row: Row, known: _Known, say: Speaker) -> Lot | None:
    code, product = row[cell_name(Column.LOT)], fold(row[cell_name(Column.PRODUCT)])
    found = known.lots.get(code.lower(), [])
    if product:
        found = [lot for lot in found if product == fold(_name(lot))]
    if not found and code:
        say.error(Column.LOT, "không có lô này trong gian hàng")
    if len(found) > 1:
        say.error(Column.PRODUCT, "nhiều sản phẩm có lô cùng mã này; ghi tên sản phẩm")
    return found[0] if len(found) == 1 else None


def _name(lot: Lot) -> str:
    return lot.product.name if lot.product else lot.name or ""


def _read(row: Row, column: Column, reader: Callable[[str], Value], say: Speaker, words: str) -> Value | None:
    cell = row[cell_name(column)]
    if not cell:
        return None
    try:
        return reader(cell)
    except ValueError:
        say.error(column, f"«{cell[:40]}»: {words}")
        return None


def _read_instant(row: Row, say: Speaker, at: datetime) -> datetime | None:
    day = _read(row, Column.DAY, read_day, say, "không phải ngày, ví dụ 14/11/2026")
    try:
        hour = read_time(row[cell_name(Column.TIME)])
    except ValueError:
        say.error(Column.TIME, "không phải giờ, ví dụ 07:30")
        return None
    if day is None:
        return None
    happened = datetime.combine(day, hour, clock.VIETNAM)
    if day.year < 2000 or happened > at:
        say.error(Column.DAY, "ngày giờ này chưa đến, hoặc quá xưa")
        return None
    return happened


def _facts(row: Row, known: _Known, say: Speaker, step: BizStep, happened: datetime) -> EventFacts:
    place, words = clean(row[cell_name(Column.PLACE)]), clean(row[cell_name(Column.WORDS)])
    site, zone = known.sites.get(fold(place)), known.zones.get(fold(place))
    if len(place) > LONGEST_PLACE:
        say.error(Column.PLACE, f"dài quá {LONGEST_PLACE} chữ")
    if len(words) > LONGEST_WORDS:
        say.error(Column.WORDS, f"dài quá {LONGEST_WORDS} chữ")
    quantity = _read(row, Column.QUANTITY, read_quantity, say, "không phải số lớn hơn 0")
    unit = _read(row, Column.UNIT, read_unit, say, "không có đơn vị này")
    if (quantity is None) != (unit is None):
        say.error(Column.UNIT, "số lượng và đơn vị đi cùng nhau")
    return EventFacts(
        biz_step=step,
        event_time=happened,
        action=Action.DELETE if step is BizStep.DESTROYING else Action.OBSERVE,
        site_id=site,
        zone_id=None if site else zone,
        place_words=None if site or zone else place or None,
        words=words or None,
        quantity=quantity,
        uom=unit,
    )


def _essence(lot: Lot, facts: EventFacts) -> str:
    """Return what makes an event this one: the same row of a sheet sent again is the same event."""
    return f"{lot.id}\n{statement_of(TraceEvent(lot_id=lot.id, **{**asdict(facts), 'event_id': ''}))}"


def _settle(session: Session, plan: EventPlan) -> list[EventWork]:
    """Say of each event whether it is recorded; an identity that stands for another event is an error."""
    identities = TraceEvent.event_id.in_([work.facts.event_id for work in plan.works])
    lots = TraceEvent.lot_id.in_({work.lot.id for work in plan.works})
    found = session.scalars(sa.select(TraceEvent).where(identities, lots))
    held = {(one.lot_id, one.event_id): one for one in found}
    works = []
    for work in plan.works:
        one = held.get((work.lot.id, work.facts.event_id or ""))
        if one is not None:
            said = TraceEvent(lot_id=work.lot.id, **asdict(work.facts))
            if statement_of(one) != statement_of(said):
                Speaker(work.row, plan.findings).error(Column.EVENT, "mã này đã dùng cho một việc khác")
        works.append(EventWork(work.row, work.lot, work.facts, known=one is not None))
    return works
