"""Which events are asked for: of a lot, or by the query parameters of EPCIS 2.0."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.sql.base import ExecutableOption

from marketplace.catalogue.models import Product, Publication
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.events.models import Action, BizStep, Disposition, EventKind, TraceEvent
from marketplace.traceability.lots.models import Lot, LotInput

MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for; an empty condition leaves all. Times include their beginning and not their end.

    `after` is the id of the last event that was answered before.
    """

    kinds: Sequence[EventKind] = ()
    actions: Sequence[Action] = ()
    steps: Sequence[BizStep] = ()
    dispositions: Sequence[Disposition] = ()
    event_ids: Sequence[str] = ()
    lots: Sequence[TraceCode] = ()
    happened_from: datetime | None = None
    happened_before: datetime | None = None
    recorded_from: datetime | None = None
    recorded_before: datetime | None = None
    after: int = 0
    most: int = MOST_EVENTS


def list_events(session: Session, producer_id: int, question: Question) -> list[TraceEvent]:
    """Return events of a producer's lots, as recorded.

    Of the lots of others, events are told like on the trace page: to who has the whole code of a lot.
    """
    found = (
        sa.select(TraceEvent)
        .join(Lot, Lot.id == TraceEvent.lot_id)
        .outerjoin(Product, Product.id == Lot.product_id)
        .where(*_conditions(producer_id, question))
        .order_by(TraceEvent.id)
        .limit(question.most)
        .options(*_loaded())
    )
    return list(session.execute(found).scalars())


def list_events_of_lot(session: Session, lot_id: int) -> list[TraceEvent]:
    """Return the chain of a lot, in its order."""
    chain = sa.select(TraceEvent).where(TraceEvent.lot_id == lot_id).order_by(TraceEvent.position)
    return list(session.execute(chain.options(*_loaded())).scalars())


def list_beside(session: Session, events: Sequence[TraceEvent]) -> list[TraceEvent]:
    """Return the events that some take back, and those that replace them: documents name both."""
    wrong = [event.declares_wrong_id for event in events if event.declares_wrong_id is not None]
    if not wrong:
        return []
    named = sa.or_(TraceEvent.id.in_(wrong), TraceEvent.corrects_id.in_(wrong))
    return list(session.execute(sa.select(TraceEvent).where(named).options(*_loaded())).scalars())


def list_recorded(session: Session, lots: Collection[int], identities: Collection[str]) -> list[TraceEvent]:
    """Return the events of lots that have one of some identities."""
    named = sa.and_(TraceEvent.lot_id.in_(lots), TraceEvent.event_id.in_(identities))
    return list(session.execute(sa.select(TraceEvent).where(named).options(*_loaded())).scalars())


def _loaded() -> tuple[ExecutableOption, ...]:
    lot = joinedload(TraceEvent.lot)
    inputs = lot.selectinload(Lot.inputs)
    return (
        lot.joinedload(Lot.product),
        inputs.joinedload(LotInput.zone),
        inputs.joinedload(LotInput.source_lot).joinedload(Lot.product),
        joinedload(TraceEvent.site),
        joinedload(TraceEvent.zone),
    )


def _conditions(producer_id: int, question: Question) -> list[sa.ColumnElement[bool]]:
    among = (
        (TraceEvent.kind, question.kinds),
        (TraceEvent.action, question.actions),
        (TraceEvent.biz_step, question.steps),
        (TraceEvent.disposition, question.dispositions),
        (TraceEvent.event_id, question.event_ids),
    )
    since = (
        (TraceEvent.event_time, question.happened_from),
        (TraceEvent.recorded_at, question.recorded_from),
    )
    until = (
        (TraceEvent.event_time, question.happened_before),
        (TraceEvent.recorded_at, question.recorded_before),
    )
    return [
        TraceEvent.id > question.after,
        _of_lots(producer_id, question.lots),
        *(column.in_(values) for column, values in among if values),
        *(column >= moment for column, moment in since if moment is not None),
        *(column < moment for column, moment in until if moment is not None),
    ]


def _of_lots(producer_id: int, codes: Sequence[TraceCode]) -> sa.ColumnElement[bool]:
    own = Lot.producer_id == producer_id
    if not codes:
        return own
    listed = Product.publication != Publication.DRAFT
    whole = [sa.and_(listed, _is_lot(code)) for code in codes if code.lot]
    return sa.or_(sa.and_(own, sa.or_(*map(_is_lot, codes))), *whole)


def _is_lot(code: TraceCode) -> sa.ColumnElement[bool]:
    named = Product.gtin == code.gtin if code.gtin else Product.trace_token == code.token
    return sa.and_(named, Lot.code == code.lot) if code.lot else named
