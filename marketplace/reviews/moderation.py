"""Reports of reviews and questions, and the desk's word on them: hidden for breaking a rule, or kept.

A report takes nothing off view by itself, and fault found with goods is no reason to hide anything.
"""

from datetime import datetime
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts import journal
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.errors import NotFound
from marketplace.reviews.errors import VoiceSettled
from marketplace.reviews.models import BrokenRule, Question, Review, ReviewPicture, Shown, Voice
from marketplace.reviews.queries import questions_on_view, reviews_on_view

Kind = TypeVar("Kind", Review, Question)

DAYS_FOR_VOICES = 3
"""Working days in which the desk answers a report."""


def claim_report(address: str | None, at: datetime) -> None:
    """Take one of the reports that an address may make; a unit of work of its own.

    Raises TooManyAttempts.
    """
    claim([(Rule.REPORT_ADDRESS, address or "unknown"), (Rule.REPORT_GLOBAL, "")], at)


def get_review(session: Session, voice_id: int) -> Review:
    """Return a review that the public sees, with its photographs and product; raises NotFound."""
    pictures = selectinload(Review.pictures).joinedload(ReviewPicture.picture)
    wanted = sa.select(Review).where(Review.id == voice_id, reviews_on_view())
    shown = wanted.options(joinedload(Review.product), pictures)
    return _found(session.execute(shown).scalar_one_or_none())


def get_question(session: Session, voice_id: int) -> Question:
    """Return a question that the public sees, with its product; raises NotFound."""
    wanted = sa.select(Question).where(Question.id == voice_id, questions_on_view())
    shown = wanted.options(joinedload(Question.product))
    return _found(session.execute(shown).scalar_one_or_none())


def report_voice(session: Session, actor: Actor | None, voice: Voice, words: str, at: datetime) -> bool:
    """Note what somebody finds wrong with a text, and say whether the desk will look at it.

    It does not look again at what it has decided on and nobody changed since. Nothing on view changes,
    so the register version stays.
    """
    kind = type(voice)
    open_to_report = sa.and_(kind.shown == Shown.PUBLISHED, kind.decided_at.is_(None))
    reported = (
        sa.update(kind)
        .where(kind.id == voice.id, open_to_report)
        .values(shown=Shown.REPORTED, reported_at=at, report_words=words)
        .returning(kind.id)
    )
    taken = session.execute(reported).first() is not None
    if taken:
        _note(session, actor, "report", voice, at)
    return taken


def hide_voice(session: Session, actor: Actor, voice: Voice, rule: BrokenRule, at: datetime) -> None:
    """Take a text that breaks a rule off view; who asked a question is not told of it, so is forgotten.

    Raises VoiceSettled.
    """
    _lock(session, voice, Shown.REPORTED)
    voice.shown, voice.hidden_because = Shown.HIDDEN, rule
    voice.decided_at, voice.decided_by = at, actor.person_id
    if isinstance(voice, Question):
        voice.contact = None
    _note(session, actor, "hide", voice, at, rule)


def keep_voice(session: Session, actor: Actor, voice: Voice, at: datetime) -> None:
    """Leave a reported text on view. Raises VoiceSettled."""
    _lock(session, voice, Shown.REPORTED)
    voice.shown = Shown.PUBLISHED
    voice.decided_at, voice.decided_by = at, actor.person_id
    _note(session, actor, "keep", voice, at)


def show_again(session: Session, actor: Actor, voice: Voice, at: datetime) -> None:
    """Put a text that was hidden in error on view again. Raises VoiceSettled."""
    _lock(session, voice, Shown.HIDDEN)
    voice.shown, voice.hidden_because = Shown.PUBLISHED, None
    voice.decided_at, voice.decided_by = at, actor.person_id
    _note(session, actor, "restore", voice, at)


def name_of(voice: Voice) -> str:
    """Return what the journal calls a text: review or question."""
    return "review" if isinstance(voice, Review) else "question"


def _lock(session: Session, voice: Voice, shown: Shown) -> None:
    """Lock a text that stands so, so that of two who decide at once the second is refused."""
    kind = type(voice)
    waits = sa.select(kind.id).where(kind.id == voice.id, kind.shown == shown)
    if session.execute(waits.with_for_update()).first() is None:
        raise VoiceSettled


def _found(voice: Kind | None) -> Kind:
    if voice is None:
        raise NotFound
    return voice


def _note(
    session: Session,
    actor: Actor | None,
    verb: str,
    voice: Voice,
    at: datetime,
    rule: BrokenRule | None = None,
) -> None:
    name, org = name_of(voice), Scope(ScopeKind.PRODUCER, voice.producer_id)
    data = {"rule": rule} if rule else {}
    journal.record(session, actor, f"{name}:{verb}", name, voice.id, org, at=at, data=data)
