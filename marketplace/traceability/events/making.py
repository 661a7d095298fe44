"""Making a lot: what it is, what went into it, and the first event of its chain."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.text import clean
from marketplace.traceability.events.first_event import first_details
from marketplace.traceability.events.models import Action, BizStep, Disposition, EventKind
from marketplace.traceability.events.recording import EventFacts, record_event
from marketplace.traceability.lots.errors import InvalidLot, LotCodeTaken, MadeBefore
from marketplace.traceability.lots.inputs import InputFacts, read_inputs
from marketplace.traceability.lots.lot_codes import claim_code, next_code, read_code
from marketplace.traceability.lots.models import Lot, LotInput, MeasureUnit
from marketplace.traceability.lots.own_goods import get_own_goods

LONGEST_NAME = 120
MOST_UNITS = 10_000_000
TRIES = 20
_COLUMNS = (
    "product_id",
    "variant_id",
    "made_on",
    "use_by",
    "quantity",
    "uom",
    "certificate_code",
    "form_key",
    "sample",
)
LONGEST_LIFE_DAYS = 36_525
"""A hundred years: a later last day of use is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LotFacts:
    """What is to be recorded of a lot; the fields are those of Lot.

    Goods have a `product_id`, material has a `name`. Without a `code` one is proposed. `site_id` is where
    it was made. `certificate_code` is that of the certificate that lives on the day of packing; `recalled`
    says that a recall in force touches the lot from the start (`recalls.new_lots`). `form_key` stands for
    the form that all of this came with: it makes one lot, however often it comes.
    """

    made_on: date
    quantity: Decimal
    product_id: int | None = None
    name: str | None = None
    variant_id: int | None = None
    code: str | None = None
    use_by: date | None = None
    uom: MeasureUnit = MeasureUnit.PIECE
    certificate_code: str | None = None
    site_id: int | None = None
    inputs: tuple[InputFacts, ...] = ()
    form_key: str | None = None
    sample: bool = False
    recalled: bool = False


def make_lot(session: Session, actor: Actor | None, producer: Producer, facts: LotFacts, at: datetime) -> Lot:
    """Record a lot with its inputs and the first event of its chain.

    Raises InvalidLot, LotCodeTaken, MadeBefore, and NotFound for goods, zones and lots of others.
    """
    _refuse_second(session, producer.id, facts.form_key)
    name = get_own_goods(session, producer.id, facts.product_id, facts.variant_id, facts.name)
    _check(facts, name, at)
    inputs = read_inputs(session, producer.id, facts.inputs)
    lot = _write(session, producer.id, facts, name, at)
    for one in inputs:
        one.lot_id = lot.id
    session.add_all(inputs)
    session.flush()
    recorded_by = actor.person_id if actor else None
    record_event(session, lot.id, _first_event(lot, inputs, facts.site_id, at), at, recorded_by)
    data = {"product_id": lot.product_id, "made_on": lot.made_on}
    journal.record(session, actor, "lot:make", "lot", lot.id, scope_of(producer), at=at, data=data)
    return lot


def _check(facts: LotFacts, name: str, at: datetime) -> None:
    if not 0 < len(clean(name)) <= max(LONGEST_NAME, 0 if facts.product_id is None else 200):
        raise InvalidLot(field="name")
    if not date(2000, 1, 1) <= facts.made_on <= clock.local_date(at):
        raise InvalidLot(field="made_on")
    if facts.use_by and not 0 <= (facts.use_by - facts.made_on).days <= LONGEST_LIFE_DAYS:
        raise InvalidLot(field="use_by")
    whole = facts.uom is not MeasureUnit.PIECE or facts.quantity == facts.quantity.to_integral_value()
    if not (0 < facts.quantity <= MOST_UNITS and whole):
        raise InvalidLot(field="quantity")
    if facts.quantity != facts.quantity.quantize(Decimal("0.001")):
        raise InvalidLot(field="quantity")


def _write(session: Session, producer_id: int, facts: LotFacts, name: str, at: datetime) -> Lot:
    """Write the row; of two that claim a code at the same moment the second gets another, or is refused."""
    code = facts.code
    for _ in range(TRIES if code is None else 1):
        lot = Lot(
            producer_id=producer_id,
            name=None if facts.product_id else clean(name),
            code=_code(session, producer_id, facts, name),
            created_at=at,
            recalled_at=at if facts.recalled else None,
            **{column: getattr(facts, column) for column in _COLUMNS},
        )
        with suppress(IntegrityError), session.begin_nested():
            session.add(lot)
            session.flush()
            return lot
        _refuse_second(session, producer_id, facts.form_key)
        code = lot.code
    raise LotCodeTaken(lot_code=code)


def _refuse_second(session: Session, producer_id: int, form_key: str | None) -> None:
    if form_key is None:
        return
    same = sa.select(Lot.id).where(Lot.producer_id == producer_id, Lot.form_key == form_key)
    if (made := session.scalar(same)) is not None:
        raise MadeBefore(lot=made)


def _code(session: Session, producer_id: int, facts: LotFacts, name: str) -> str:
    if facts.code is None:
        return next_code(session, producer_id, name, facts.made_on)
    return claim_code(session, producer_id, facts.product_id, read_code(facts.code))


def _first_event(lot: Lot, inputs: list[LotInput], site_id: int | None, at: datetime) -> EventFacts:
    """Return what brings a lot into being: out of inputs a transformation, else by itself."""
    return EventFacts(
        kind=EventKind.TRANSFORMATION if inputs else EventKind.OBJECT,
        action=None if inputs else Action.ADD,
        biz_step=BizStep.CREATING_CLASS_INSTANCE,
        disposition=Disposition.ACTIVE,
        event_time=min(at, clock.start_of(lot.made_on)) if lot.made_on < clock.local_date(at) else at,
        site_id=site_id,
        quantity=lot.quantity,
        uom=lot.uom,
        details=first_details(lot, inputs),
    )
