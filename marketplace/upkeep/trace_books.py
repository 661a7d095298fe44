"""Whether lots are what their chains say, codes what was printed, and only what is recalled stopped."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Variant
from marketplace.payments.books import Off
from marketplace.traceability.codes.models import LabelBatch, LabelLevel, SerialCode
from marketplace.traceability.events.attached import PAPER, PICTURE, digest_of
from marketplace.traceability.events.chain import hash_of
from marketplace.traceability.events.first_event import differences
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.lots.models import Lot, LotPaper
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.recalls.touching import halted_variants, recalled_lots
from marketplace.upkeep.zone_books import list_zone_faults

AT_ONCE = 500
SHOWN = 12
"""Digits of a hash that tell two apart at a glance."""


def list_trace_faults(session: Session) -> Iterator[Off]:
    """Name what is wrong with events, lots, labels, recalls and zones, row by row."""
    yield from _chains(session)
    yield from _ends(session)
    yield from _first_events(session)
    yield from _files(session)
    yield from _corrections(session)
    yield from _labels(session)
    yield from _stopped(session)
    yield from list_zone_faults(session)


def _chains(session: Session) -> Iterator[Off]:
    every = sa.select(TraceEvent).order_by(TraceEvent.lot_id, TraceEvent.position)
    rows = session.scalars(every.execution_options(yield_per=AT_ONCE, populate_existing=True))
    for _, events in groupby(rows, key=lambda event: event.lot_id):
        yield from _chain(events)


def _chain(events: Iterable[TraceEvent]) -> Iterator[Off]:
    previous: str | None = None
    for position, event in enumerate(events, start=1):
        if event.position != position:
            yield Off("event, position in its chain", event.id, position, event.position)
            return
        if event.previous_hash != previous:
            yield Off(
                "event, hash of the one before", event.id, _short(previous), _short(event.previous_hash)
            )
        made = hash_of(event)
        if event.hash != made:
            yield Off("event, hash of what it says", event.id, _short(made), _short(event.hash))
        previous = event.hash


def _short(digest: str | None) -> str:
    return (digest or "—")[:SHOWN]


def _ends(session: Session) -> Iterator[Off]:
    """Compare the end of each chain with what the lot keeps of it: what is cut off shows."""
    last = sa.and_(TraceEvent.lot_id == Lot.id, TraceEvent.position == Lot.chain_length)
    behind = sa.select(sa.func.max(TraceEvent.position)).where(TraceEvent.lot_id == Lot.id).scalar_subquery()
    reached = sa.func.coalesce(behind, 0)
    lengths = sa.select(Lot.id, Lot.chain_length, reached).where(Lot.chain_length != reached)
    yield from _offs(session, "lot, events in its chain", lengths.order_by(Lot.id))
    hashes = sa.select(Lot.id, Lot.chain_hash, TraceEvent.hash).join(TraceEvent, last)
    for lot_id, kept, found in session.execute(hashes.where(Lot.chain_hash != TraceEvent.hash)):
        yield Off("lot, hash of its last event", lot_id, _short(kept), _short(found))


def _first_events(session: Session) -> Iterator[Off]:
    """Compare each lot with the event that it began with: what its pack says is in the chain."""
    pairs = (
        sa.select(Lot, TraceEvent)
        .outerjoin(TraceEvent, sa.and_(TraceEvent.lot_id == Lot.id, TraceEvent.position == 1))
        .options(joinedload(Lot.inputs))
        .order_by(Lot.id)
        .execution_options(populate_existing=True)
    )
    for lot, event in session.execute(pairs).unique():
        if event is None:
            yield Off("lot, event it began with", lot.id, 1, 0)
            continue
        for name, told, found in differences(lot, lot.inputs, event):
            yield Off(f"lot, {name} by its first event", lot.id, _said(told), _said(found))


def _said(fact: object) -> str:
    return "—" if fact is None else str(fact)[:80]


def _files(session: Session) -> Iterator[Off]:
    """Compare the files that events name with the digests that the events were recorded with."""
    paper = joinedload(TraceEvent.paper)
    named = (
        sa.select(TraceEvent)
        .where(sa.or_(TraceEvent.paper_id.is_not(None), TraceEvent.picture_id.is_not(None)))
        .options(paper.joinedload(LotPaper.document), paper.joinedload(LotPaper.picture))
        .options(joinedload(TraceEvent.picture))
        .order_by(TraceEvent.id)
        .execution_options(populate_existing=True)
    )
    for event in session.scalars(named):
        of_paper = event.paper.document or event.paper.picture if event.paper else None
        for name, file in ((PAPER, of_paper), (PICTURE, event.picture)):
            told, found = event.details.get(name), digest_of(file)
            if told is not None and told != found:
                yield Off("event, file that it names", event.id, _short(told), _short(found))


def _corrections(session: Session) -> Iterator[Off]:
    """Name events that correct one which nobody declared wrong, or one of another lot."""
    wrong, declaration = sa.orm.aliased(TraceEvent), sa.orm.aliased(TraceEvent)
    declared = sa.select(declaration.id).where(declaration.declares_wrong_id == wrong.id).exists()
    rows = (
        sa.select(TraceEvent.id, TraceEvent.lot_id, wrong.lot_id)
        .join(wrong, wrong.id == sa.func.coalesce(TraceEvent.corrects_id, TraceEvent.declares_wrong_id))
        .where(sa.or_(wrong.lot_id != TraceEvent.lot_id, ~declared))
        .order_by(TraceEvent.id)
    )
    for event_id, lot_id, other in session.execute(rows):
        yield Off("event, the one it corrects", event_id, f"lot {lot_id}", f"lot {other}")


def _labels(session: Session) -> Iterator[Off]:
    last = LabelBatch.first_number + LabelBatch.count - 1
    within = sa.and_(
        SerialCode.lot_id == LabelBatch.lot_id, SerialCode.number.between(LabelBatch.first_number, last)
    )
    own = sa.func.count(sa.case((within, SerialCode.id)))
    should = sa.case((LabelBatch.level == LabelLevel.ITEM, LabelBatch.count), else_=0)
    serials = (
        sa.select(LabelBatch.id, should, own)
        .outerjoin(SerialCode, SerialCode.batch_id == LabelBatch.id)
        .group_by(LabelBatch.id)
        .having(sa.or_(own != should, sa.func.count(SerialCode.id) != should))
        .order_by(LabelBatch.id)
    )
    yield from _offs(session, "labels, serials of them", serials)
    later, earlier = sa.orm.aliased(LabelBatch), LabelBatch
    overlap = (
        sa.select(later.id, last + 1, later.first_number)
        .join(earlier, sa.and_(earlier.lot_id == later.lot_id, earlier.id < later.id))
        .where(later.first_number <= last)
        .order_by(later.id)
    )
    yield from _offs(session, "labels, first number", overlap)
    printed = sa.select(sa.func.count(LabelBatch.id)).where(LabelBatch.lot_id == Lot.id).scalar_subquery()
    unmarked = sa.select(Lot.id, printed, sa.literal(0)).where(Lot.printed_at.is_(None), printed > 0)
    yield from _offs(session, "lot, printed", unmarked.order_by(Lot.id))


def _stopped(session: Session) -> Iterator[Off]:
    """Compare what is stopped with the recalls in force."""
    needless = sa.select(Lot.id, sa.literal(0), sa.literal(1)).where(
        Lot.recalled_at.is_not(None), Lot.id.not_in(recalled_lots())
    )
    yield from _offs(session, "lot recalled, recalls of it", needless.order_by(Lot.id))
    traded = sa.select(Lot.id, sa.literal(1), sa.literal(0)).where(
        Lot.recalled_at.is_(None),
        Lot.id.in_(sa.select(Recall.lot_id).where(Recall.lifted_at.is_(None), Recall.lot_id.is_not(None))),
    )
    yield from _offs(session, "lot, recalled", traded.order_by(Lot.id))
    halted = sa.select(Variant.id, sa.literal(0), sa.literal(1)).where(
        Variant.halted, Variant.id.not_in(halted_variants())
    )
    yield from _offs(session, "variant halted, recalls of it", halted.order_by(Variant.id))


def _offs(session: Session, what: str, rows: sa.Select[int, int, Any]) -> Iterator[Off]:
    for number, expected, found in session.execute(rows):
        yield Off(what, number, int(expected), int(found))
