"""Inspecting recognised producers: what was found, what was mended and when, and the end of it.

Decision 26/2026/QĐ-TTg, article 9: checks afterwards, periodic and unannounced ones, of whether the criteria
are kept and how the mark is used.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.oversight.duty import may_act, office_of, refuse_own
from marketplace.certification.oversight.errors import (
    FindingMended,
    FindingsOpen,
    InspectionClosed,
    InspectionRepeated,
    TooManyFindings,
)
from marketplace.certification.oversight.inspection_facts import (
    MOST_FINDINGS,
    FindingFacts,
    InspectionFacts,
    answer_day,
    fitting,
    tidy_finding,
    tidy_inspection,
    within,
)
from marketplace.certification.oversight.models import Finding, Inspection, Revocation, RevocationState
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.text import clean_lines


def record_inspection(
    session: Session,
    actor: Actor,
    producer: Producer,
    product: Product | None,
    facts: InspectionFacts,
    at: datetime,
) -> Inspection:
    """Write down an inspection of a producer, of all it makes or of one product.

    One that found nothing is closed at once. Raises NotPermitted, ConflictOfDuty, NotFound,
    InvalidInspection, ImpossibleDay, InvalidProfile, TooManyFindings and InspectionRepeated.
    """
    unit_id = office_of(actor, producer)
    refuse_own(session, actor, producer.id)
    if product is not None and product.producer_id != producer.id:
        raise NotFound
    told = tidy_inspection(facts, clock.local_date(at))
    inspection = Inspection(
        unit_id=unit_id,
        producer_id=producer.id,
        product_id=product.id if product else None,
        kind=told.kind,
        inspected_on=told.inspected_on,
        inspectors=told.inspectors,
        words=told.words,
        answer_by=told.answer_by,
        phone=told.phone or None,
        closed_on=None if told.findings else clock.local_date(at),
        recorded_by=actor.person_id,
        recorded_at=at,
        findings=[Finding(topic=one.topic, words=one.words) for one in told.findings],
    )
    _refuse_repeated(session, inspection)
    session.add(inspection)
    session.flush()
    _note(session, actor, inspection, "record", at, kind=told.kind, findings=len(told.findings))
    return inspection


def add_finding(
    session: Session, actor: Actor, inspection_id: int, finding: FindingFacts, answer_by: date, at: datetime
) -> Inspection:
    """Add what showed later, a sample's result say, with a new day to answer by; a closed one opens again.

    Raises NotPermitted, ConflictOfDuty, InvalidInspection, ImpossibleDay and TooManyFindings.
    """
    inspection = _claim(session, actor, inspection_id)
    if len(inspection.findings) >= MOST_FINDINGS:
        raise TooManyFindings(most=MOST_FINDINGS)
    told = tidy_finding(finding)
    inspection.answer_by = answer_day(answer_by, clock.local_date(at))
    inspection.closed_on = None
    inspection.findings.append(Finding(topic=told.topic, words=told.words))
    session.flush()
    _note(session, actor, inspection, "add", at, topic_kind=told.topic)
    return inspection


def mend_finding(
    session: Session, actor: Actor, inspection_id: int, finding_id: int, words: str, on: date, at: datetime
) -> None:
    """Say how and on which day a finding was put right.

    Raises NotPermitted, ConflictOfDuty, NotFound, InspectionClosed, FindingMended, InvalidInspection and
    ImpossibleDay.
    """
    inspection = _claim(session, actor, inspection_id)
    finding = next((one for one in inspection.findings if one.id == finding_id), None)
    if finding is None:
        raise NotFound
    if inspection.closed_on is not None:
        raise InspectionClosed
    if finding.mended_on is not None:
        raise FindingMended
    finding.mended_words = fitting("mended_words", clean_lines(words))
    finding.mended_on = within("mended_on", on, inspection.inspected_on, clock.local_date(at))
    session.flush()
    _note(session, actor, inspection, "mend", at, finding_id=finding.id)


def close_inspection(session: Session, actor: Actor, inspection_id: int, at: datetime) -> Inspection:
    """Close an inspection of which everything is mended, or that led to a revocation which was decided.

    Raises NotPermitted, ConflictOfDuty, InspectionClosed and FindingsOpen.
    """
    inspection = _claim(session, actor, inspection_id)
    if inspection.closed_on is not None:
        raise InspectionClosed
    left = sum(one.mended_on is None for one in inspection.findings)
    led_to = find_revocation(session, inspection.id)
    if left and (led_to is None or led_to.state is not RevocationState.DECIDED):
        raise FindingsOpen(left=left)
    inspection.closed_on = clock.local_date(at)
    session.flush()
    _note(session, actor, inspection, "close", at, left=left)
    return inspection


def find_revocation(session: Session, inspection_id: int) -> Revocation | None:
    """Return the revocation that rests on an inspection and was not withdrawn, or None.

    Of several one that was decided, of those the newest.
    """
    decided_first = sa.case((Revocation.state == RevocationState.DECIDED, 0), else_=1)
    led = (Revocation.inspection_id == inspection_id, Revocation.state != RevocationState.WITHDRAWN)
    wanted = sa.select(Revocation).where(*led).order_by(decided_first, Revocation.id.desc())
    return session.scalar(wanted.limit(1))


def require_inspection_of(session: Session, inspection_id: int | None, product: Product) -> None:
    """Go on only when an inspection, where one is named, was of the product's producer; raises NotFound.

    One of another product of the same producer is not of this one.
    """
    if inspection_id is None:
        return
    found = session.get(Inspection, inspection_id)
    if found is None or found.producer_id != product.producer_id:
        raise NotFound
    if found.product_id not in {None, product.id}:
        raise NotFound


def _claim(session: Session, actor: Actor, inspection_id: int) -> Inspection:
    """Return an inspection that the actor may go on with, locked, with producer and findings."""
    wanted = sa.select(Inspection).where(Inspection.id == inspection_id)
    loaded = wanted.options(joinedload(Inspection.producer), selectinload(Inspection.findings))
    locked = loaded.with_for_update(of=Inspection).execution_options(populate_existing=True)
    inspection = session.execute(locked).scalar_one_or_none()
    if inspection is None or not may_act(actor, inspection):
        raise NotPermitted
    refuse_own(session, actor, inspection.producer_id)
    return inspection


def _refuse_repeated(session: Session, made: Inspection) -> None:
    """Raise InspectionRepeated for the same again; the producer's row has two at once come one by one."""
    locked = sa.select(Producer.id).where(Producer.id == made.producer_id)
    session.execute(locked.with_for_update(key_share=True))
    same = sa.select(Inspection.id).where(
        Inspection.producer_id == made.producer_id,
        Inspection.product_id.is_not_distinct_from(made.product_id),
        Inspection.unit_id == made.unit_id,
        Inspection.kind == made.kind,
        Inspection.inspected_on == made.inspected_on,
    )
    if (found := session.scalar(same.limit(1))) is not None:
        raise InspectionRepeated(inspection=found)


def _note(
    session: Session, actor: Actor, inspection: Inspection, verb: str, at: datetime, **data: object
) -> None:
    org = Scope(ScopeKind.PRODUCER, inspection.producer_id)
    journal.record(session, actor, f"inspection:{verb}", "inspection", inspection.id, org, at=at, data=data)
