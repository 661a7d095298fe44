"""Ordering a recall and lifting it: what must not be sold is not sold from the same moment on.

Everything that takes long (orders to freeze, people to write to) is left to jobs. Locks: the product or
producer, the packs by id, the lots by id, then the register version; so that of two recalls that overlap
the one that comes second sees the first.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product, Variant
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.register import raise_version
from marketplace.text import clean, clean_lines
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls import new_packs  # noqa: F401 - it keeps new packs from being sold
from marketplace.traceability.recalls.chains import CHAINS_JOB
from marketplace.traceability.recalls.errors import (
    AlreadyLifted,
    AlreadyRecalled,
    InvalidRecall,
    LiftedByAnother,
    NotResumable,
    OfficeRecall,
)
from marketplace.traceability.recalls.models import Recall, RecallReason, RecallScope
from marketplace.traceability.recalls.touching import halted_variants, lots_of, recalled_lots, variants_of

ORDERED_JOB = "recalls.ordered"
LIFTED_JOB = "recalls.lifted"
NEWS_JOB = "recalls.news"
SHORTEST_WORDS, LONGEST_WORDS = 10, 1000
LONGEST_NUMBER = 60
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


@dataclass(frozen=True, slots=True)
class RecallFacts:
    """What is recalled, why, and what people are told: `words` what is wrong, `advice` what to do."""

    scope: RecallScope
    id: int
    reason: RecallReason
    words: str
    advice: str
    document_number: str | None = None


def order_recall(
    session: Session, actor: Actor | None, facts: RecallFacts, *, by_office: bool, at: datetime
) -> Recall:
    """Stop the trade in a lot, a product or all goods of a producer, at once and in public.

    A recall of the office stands beside the producer's own, which the producer may lift at any time.
    Whoever calls has asked whether the actor may. Raises NotFound, InvalidRecall and AlreadyRecalled.
    """
    recall = Recall(
        code=_draw_code(session, at),
        scope=facts.scope,
        reason=facts.reason,
        words=_read("words", facts.words),
        advice=_read("advice", facts.advice),
        document_number=_read_number(facts.document_number),
        ordered_at=at,
        ordered_by=actor.person_id if actor else None,
        by_office=by_office,
    )
    setattr(recall, f"{facts.scope.value}_id", facts.id)
    producer_id = _lock(session, facts.scope, facts.id)
    if known := session.scalar(_same(facts, by_office)):
        raise AlreadyRecalled(recall=known)
    session.add(recall)
    session.flush()
    _settle(session, facts.scope, facts.id, at)
    jobs.put_first(session, ORDERED_JOB, recall_id=recall.id)
    jobs.put_first(session, NEWS_JOB, recall_id=recall.id, lifted=False)
    jobs.put(session, CHAINS_JOB, recall_id=recall.id, lifted=False)
    _record(session, actor, "recall:order", recall, producer_id, at)
    return recall


def lift_recall(
    session: Session, actor: Actor, recall: Recall, words: str, at: datetime, *, by_office: bool = True
) -> Recall:
    """End a recall, with a reason; what another recall in force touches stays stopped.

    A recall of the office is lifted by the office, and by another person than who ordered it. Raises
    NotFound, AlreadyLifted, LiftedByAnother, OfficeRecall and InvalidRecall.
    """
    told = _read("lift_words", words)
    kept = lock_recall(session, recall.id)
    if kept.lifted_at is not None:
        raise AlreadyLifted(recall=kept.code)
    if kept.by_office and not by_office:
        raise OfficeRecall(recall=kept.code)
    if kept.by_office and kept.ordered_by == actor.person_id:
        raise LiftedByAnother(recall=kept.code)
    producer_id = _lock(session, kept.scope, kept.subject_id)
    kept.lifted_at, kept.lifted_by, kept.lift_words = at, actor.person_id, told
    session.flush()
    _settle(session, kept.scope, kept.subject_id, at)
    jobs.put_first(session, LIFTED_JOB, recall_id=kept.id)
    jobs.put_first(session, NEWS_JOB, recall_id=kept.id, lifted=True)
    jobs.put(session, CHAINS_JOB, recall_id=kept.id, lifted=True)
    _record(session, actor, "recall:lift", kept, producer_id, at)
    return kept


def resume_sale(session: Session, actor: Actor | None, recall_id: int, at: datetime) -> Recall:
    """Let other lots be sold while a lot stays recalled; ordering has taken it off the shelf.

    Doing it twice changes nothing more. Raises NotFound and NotResumable.
    """
    kept = lock_recall(session, recall_id)
    if kept.resumed_at is not None:
        return kept
    if kept.scope is not RecallScope.LOT or not kept.in_force or kept.done_at is None:
        raise NotResumable(recall=kept.code)
    producer_id = _lock(session, kept.scope, kept.subject_id)
    kept.resumed_at = at
    session.flush()
    _settle(session, kept.scope, kept.subject_id, at)
    _record(session, actor, "recall:resume", kept, producer_id, at)
    return kept


def lock_recall(session: Session, recall_id: int) -> Recall:
    """Load a recall for changing; raises NotFound."""
    kept = session.get(Recall, recall_id, with_for_update=True, populate_existing=True)
    if kept is None:
        raise NotFound(recall=recall_id)
    return kept


def lock_packs(session: Session, recall_id: int) -> Recall:
    """Load a recall for changing and lock the packs it touches; raises NotFound."""
    kept = lock_recall(session, recall_id)
    _lock_variants(session, kept.scope, kept.subject_id)
    return kept


def _lock(session: Session, scope: RecallScope, subject_id: int) -> int | None:
    """Lock what a recall touches; return whose goods it is. Raises NotFound."""
    owner = _lock_owner(session, scope, subject_id)
    _lock_variants(session, scope, subject_id)
    lots = sa.select(Lot.id).where(Lot.id.in_(lots_of(scope, subject_id)))
    session.execute(lots.order_by(Lot.id).with_for_update(key_share=True)).all()
    return owner


def _lock_variants(session: Session, scope: RecallScope, subject_id: int) -> None:
    packs = sa.select(Variant.id).where(Variant.id.in_(variants_of(scope, subject_id)))
    session.execute(packs.order_by(Variant.id).with_for_update(key_share=True)).all()


def _lock_owner(session: Session, scope: RecallScope, subject_id: int) -> int | None:
    found: sa.Row[Any] | None
    if scope is RecallScope.LOT:
        found = session.execute(sa.select(Lot.producer_id).where(Lot.id == subject_id)).one_or_none()
    elif scope is RecallScope.PRODUCT:
        wanted = sa.select(Product.producer_id).where(Product.id == subject_id)
        found = session.execute(wanted.with_for_update(key_share=True)).one_or_none()
    else:
        chosen = sa.select(Producer.id).where(Producer.id == subject_id)
        found = session.execute(chosen.with_for_update(key_share=True)).one_or_none()
    if found is None:
        raise NotFound(subject=subject_id)
    owner: int | None = found[0]
    return owner


def _settle(session: Session, scope: RecallScope, subject_id: int, at: datetime) -> None:
    """Write on the lots and packs that a recall touches what all recalls in force say of them now."""
    recalled = sa.case((Lot.id.in_(recalled_lots()), sa.func.coalesce(Lot.recalled_at, at)), else_=sa.null())
    unsynchronized = {"synchronize_session": False}
    touched = sa.update(Lot).where(Lot.id.in_(lots_of(scope, subject_id)))
    session.execute(touched.values(recalled_at=recalled), execution_options=unsynchronized)
    packs = sa.update(Variant).where(Variant.id.in_(variants_of(scope, subject_id)))
    halted = Variant.id.in_(halted_variants())
    session.execute(packs.values(halted=halted), execution_options=unsynchronized)
    raise_version(session)


def _same(facts: RecallFacts, by_office: bool) -> sa.Select[str]:
    subject = getattr(Recall, f"{facts.scope.value}_id")
    known = sa.select(Recall.code).where(subject == facts.id, Recall.lifted_at.is_(None))
    return (known.where(Recall.by_office) if by_office else known).limit(1)


def _draw_code(session: Session, at: datetime) -> str:
    while True:
        ending = "".join(secrets.choice(_LETTERS) for _ in range(4))
        code = f"TH{clock.local_date(at):%y%m%d}-{ending}"
        if session.scalar(sa.select(Recall.id).where(Recall.code == code)) is None:
            return code


def _read(field: str, text: str) -> str:
    words = clean_lines(text)
    if not SHORTEST_WORDS <= len(words) <= LONGEST_WORDS:
        raise InvalidRecall(field=field, shortest=SHORTEST_WORDS, longest=LONGEST_WORDS)
    return words


def _read_number(text: str | None) -> str | None:
    number = clean(text or "")
    if len(number) > LONGEST_NUMBER:
        raise InvalidRecall(field="document_number", shortest=0, longest=LONGEST_NUMBER)
    return number or None


def _record(
    session: Session, actor: Actor | None, deed: str, recall: Recall, producer_id: int | None, at: datetime
) -> None:
    org = Scope(ScopeKind.PRODUCER, producer_id) if producer_id else None
    data = {"code": recall.code, "scope_kind": recall.scope, "subject_id": recall.subject_id}
    journal.record(session, actor, deed, "recall", recall.id, org, at=at, data=data)
