"""Questions about a product: asked by anybody, public with the producer's answer, told to who asked once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import jobs
from marketplace.accounts import journal
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.errors import NotFound
from marketplace.reviews.errors import VoiceHidden
from marketplace.reviews.models import Question, Review, Shown

ANSWERED = "questions.answered"
"""The job that tells who asked, and then forgets their contact."""
CONTACT_KEPT_FOR = timedelta(days=90)
"""How long a contact waits for an answer before it is forgotten."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """A question as read from the form; `contact` is an e-mail address or a telephone number."""

    words: str
    contact: str | None = None


def claim_question(address: str | None, product_id: int, at: datetime) -> None:
    """Take one of the questions that an address may ask; a unit of work of its own.

    Raises TooManyAttempts.
    """
    subjects = [
        (Rule.QUESTION_ADDRESS, address or "unknown"),
        (Rule.QUESTION_PRODUCT, str(product_id)),
        (Rule.QUESTION_GLOBAL, ""),
    ]
    claim(subjects, at)


def get_askable(session: Session, slug: str) -> Product:
    """Return a product on view whose producer is named; raises NotFound."""
    on_view = sa.and_(Product.publication == Publication.PUBLISHED, Product.producer_id.is_not(None))
    product = session.execute(sa.select(Product).where(Product.slug == slug, on_view)).scalar_one_or_none()
    if product is None:
        raise NotFound
    return product


def ask_question(session: Session, product: Product, asked: Asked, at: datetime) -> Question:
    """Write a question down for the producer; the same words that wait already are one question."""
    assert product.producer_id is not None
    waits = sa.and_(Question.product_id == product.id, Question.answered_at.is_(None))
    same = sa.select(Question).where(waits, Question.words == asked.words, Question.contact == asked.contact)
    found = session.execute(same.limit(1)).scalar_one_or_none()
    if found is not None:
        return found
    question = Question(
        product_id=product.id,
        producer_id=product.producer_id,
        words=asked.words,
        contact=asked.contact,
        asked_at=at,
    )
    session.add(question)
    session.flush()
    return question


def answer_question(session: Session, actor: Actor, question: Question, words: str, at: datetime) -> None:
    """Answer a question, which makes it public, or write another answer; the first is told to who asked.

    Raises VoiceHidden.
    """
    _require_shown(question)
    first = question.answered_at is None
    question.answer = words
    question.decided_at, question.decided_by = None, None
    question.answered_at = question.answered_at or at
    if first and question.contact:
        jobs.put(session, ANSWERED, question_id=question.id, at=at.isoformat())
    _note(session, actor, "question:answer", question, at)


def reply_to_review(session: Session, actor: Actor, review: Review, words: str, at: datetime) -> None:
    """Reply to a review for its seller, once; a second reply takes the place of the first.

    Raises VoiceHidden.
    """
    _require_shown(review)
    review.reply, review.replied_at = words, at
    review.decided_at, review.decided_by = None, None
    _note(session, actor, "review:reply", review, at)


def forget_contacts(session: Session, at: datetime) -> None:
    """Forget the contacts of questions that nobody answered in time; pages show none of them."""
    old = sa.and_(Question.asked_at < at - CONTACT_KEPT_FOR, Question.contact.is_not(None))
    session.execute(sa.update(Question).where(old).values(contact=None))


def _require_shown(voice: Review | Question) -> None:
    if voice.shown is Shown.HIDDEN:
        raise VoiceHidden


def _note(session: Session, actor: Actor, action: str, voice: Review | Question, at: datetime) -> None:
    kind = action.partition(":")[0]
    org = Scope(ScopeKind.PRODUCER, voice.producer_id)
    journal.record(session, actor, action, kind, voice.id, org, at=at)
