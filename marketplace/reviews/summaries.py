"""What a product's page shows of its buyers' voices: one statement, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.reviews.models import Question, Review, ReviewPicture
from marketplace.reviews.queries import Ratings, questions_on_view, reviews_on_view

NEWEST = 3
_RATING, _REVIEW, _QUESTION, _QUESTIONS = "rating", "review", "question", "questions"
_COUNT = sa.func.count().label("number")

Picked: TypeAlias = sa.Select[Any]
"""Rows of a kind, a key and a number: how many gave a rating, or which row is shown."""


@dataclass(frozen=True, slots=True)
class Voices:
    """Ratings, the newest reviews with their photographs, the newest answered questions and how many."""

    ratings: Ratings
    reviews: Sequence[Review]
    questions: Sequence[Question]
    question_count: int


def gather_voices(session: Session, product_id: int) -> Voices:
    """Return the summary of a product's reviews and questions."""
    picked = sa.union_all(*_of_reviews(product_id), *_of_questions(product_id)).subquery("picked")
    wanted = (
        sa.select(picked.c.kind, picked.c.key, picked.c.number, Review, Question)
        .select_from(picked)
        .outerjoin(Review, sa.and_(picked.c.kind == _REVIEW, Review.id == picked.c.key))
        .outerjoin(Question, sa.and_(picked.c.kind == _QUESTION, Question.id == picked.c.key))
        .options(joinedload(Review.pictures).joinedload(ReviewPicture.picture))
        .order_by(Review.written_at.desc(), Question.answered_at.desc(), picked.c.key.desc())
    )
    rows = session.execute(wanted).unique().all()
    return Voices(
        ratings=Ratings({row.key: row.number for row in rows if row.kind == _RATING}),
        reviews=[row.Review for row in rows if row.kind == _REVIEW],
        questions=[row.Question for row in rows if row.kind == _QUESTION],
        question_count=sum(row.number for row in rows if row.kind == _QUESTIONS),
    )


def _of_reviews(product_id: int) -> list[Picked]:
    own = sa.and_(Review.product_id == product_id, reviews_on_view())
    rated = sa.select(sa.literal(_RATING).label("kind"), Review.rating.label("key"), _COUNT).where(own)
    newest = sa.select(Review.id).where(own).order_by(Review.written_at.desc(), Review.id.desc())
    return [rated.group_by(Review.rating), _newest(_REVIEW, newest)]


def _of_questions(product_id: int) -> list[Picked]:
    own = sa.and_(Question.product_id == product_id, questions_on_view())
    counted = sa.select(sa.literal(_QUESTIONS), sa.literal(0), _COUNT).select_from(Question).where(own)
    newest = sa.select(Question.id).where(own).order_by(Question.answered_at.desc(), Question.id.desc())
    return [_newest(_QUESTION, newest), counted]


def _newest(kind: str, newest: sa.Select[int]) -> Picked:
    ids = newest.limit(NEWEST).subquery()
    return sa.select(sa.literal(kind), ids.c.id, sa.literal(0))
