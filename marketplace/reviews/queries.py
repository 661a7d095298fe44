"""What is read of reviews and questions; every relation that a page needs is loaded here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.errors import NotFound
from marketplace.reviews.models import Question, Review, ReviewPicture, Shown

Row = TypeVar("Row")

REVIEWS_ON_A_PAGE = 10
QUESTIONS_ON_A_PAGE = 20


@dataclass(frozen=True, slots=True)
class Ratings:
    """How many buyers gave which rating, from 1 to 5."""

    by_level: dict[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Return how many there are."""
        return sum(self.by_level.values())

    @property
    def mean(self) -> float:
        """Return their mean to one decimal, 0 where there are none."""
        total = sum(level * number for level, number in self.by_level.items())
        return round(total / self.count, 1) if self.count else 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, counted from 1."""

    rows: Sequence[Any]
    number: int
    pages: int
    total: int


def reviews_on_view() -> sa.ColumnElement[bool]:
    """Return whether the public sees a review."""
    return Review.shown != Shown.HIDDEN


def questions_on_view() -> sa.ColumnElement[bool]:
    """Return whether the public sees a question: answered, and not hidden."""
    return sa.and_(Question.shown != Shown.HIDDEN, Question.answered_at.is_not(None))


def rate_product(session: Session, product_id: int) -> Ratings:
    """Return how buyers rate a product."""
    return _rate(session, Review.product_id == product_id)


def rate_producer(session: Session, producer_id: int) -> Ratings:
    """Return how buyers rate what they bought of a producer."""
    return _rate(session, Review.producer_id == producer_id)


def list_reviews(session: Session, product_id: int, number: int) -> Page:
    """Return a page of the reviews of a product with their photographs, the newest first."""
    condition = sa.and_(Review.product_id == product_id, reviews_on_view())
    newest = sa.select(Review).where(condition).order_by(Review.written_at.desc(), Review.id.desc())
    shown = newest.options(selectinload(Review.pictures).joinedload(ReviewPicture.picture))
    return _page(session, shown, number, REVIEWS_ON_A_PAGE)


def list_questions(session: Session, product_id: int, number: int) -> Page:
    """Return a page of the answered questions about a product, that answered last first."""
    condition = sa.and_(Question.product_id == product_id, questions_on_view())
    newest = sa.select(Question).where(condition)
    ordered = newest.order_by(Question.answered_at.desc(), Question.id.desc())
    return _page(session, ordered, number, QUESTIONS_ON_A_PAGE)


def count_unanswered(session: Session, producer_id: int) -> int:
    """Return how many questions wait for a producer's answer."""
    waits = _waits_for(producer_id)
    return session.execute(sa.select(sa.func.count()).select_from(Question).where(waits)).scalar_one()


def list_questions_for(session: Session, producer_id: int, number: int) -> Page:
    """Return a page of what was asked of a producer, what waits longest first, then the newest."""
    unanswered = sa.case((Question.answered_at.is_(None), 0), else_=1)
    wanted = (
        sa.select(Question)
        .where(Question.producer_id == producer_id, Question.shown != Shown.HIDDEN)
        .options(joinedload(Question.product))
        .order_by(unanswered, Question.answered_at.desc(), Question.asked_at, Question.id)
    )
    return _page(session, wanted, number, QUESTIONS_ON_A_PAGE)


def list_reviews_for(session: Session, producer_id: int, number: int) -> Page:
    """Return a page of what buyers said of a producer's goods, the newest first."""
    wanted = (
        sa.select(Review)
        .where(Review.producer_id == producer_id, reviews_on_view())
        .options(joinedload(Review.product), selectinload(Review.pictures).joinedload(ReviewPicture.picture))
        .order_by(Review.written_at.desc(), Review.id.desc())
    )
    return _page(session, wanted, number, REVIEWS_ON_A_PAGE)


def get_review_of(session: Session, producer_id: int, review_id: int) -> Review:
    """Return a review of a producer's goods, hidden or not, with product and photographs; raises NotFound."""
    wanted = (
        sa.select(Review)
        .where(Review.id == review_id, Review.producer_id == producer_id)
        .options(joinedload(Review.product), selectinload(Review.pictures).joinedload(ReviewPicture.picture))
    )
    return _found(session.execute(wanted).scalar_one_or_none())


def get_question_of(session: Session, producer_id: int, question_id: int) -> Question:
    """Return what was asked of a producer, hidden or not, with the product; raises NotFound."""
    own = sa.and_(Question.id == question_id, Question.producer_id == producer_id)
    wanted = sa.select(Question).where(own).options(joinedload(Question.product))
    return _found(session.execute(wanted).scalar_one_or_none())


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row


def _waits_for(producer_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(
        Question.producer_id == producer_id, Question.answered_at.is_(None), Question.shown != Shown.HIDDEN
    )


def _rate(session: Session, condition: sa.ColumnElement[bool]) -> Ratings:
    wanted = sa.select(Review.rating, sa.func.count()).where(condition, reviews_on_view())
    rows = session.execute(wanted.group_by(Review.rating)).all()
    return Ratings({row[0]: row[1] for row in rows})


def _page(session: Session, wanted: sa.Select[Any], number: int, most: int) -> Page:
    total = session.execute(
        sa.select(sa.func.count()).select_from(wanted.order_by(None).options().subquery())
    ).scalar_one()
    pages = max(1, -(-total // most))
    number = min(number, pages)
    rows = session.execute(wanted.limit(most).offset((number - 1) * most)).scalars().unique().all()
    return Page(rows, number, pages, total)
