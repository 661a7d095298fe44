"""What reviews and questions know of a person, and how long.

An erasure deletes a review as a whole, rating and words too: only its writer knows whether the words tell
who wrote them, and they may delete it by themselves at any time. A question whose answer stands keeps its
words, which carry no name; one that still waits goes with the contact.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace import clock, register
from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of
from marketplace.database import unit_of_work
from marketplace.media.pictures import picture_url
from marketplace.ordering.models import Order, OrderGroup, OrderLine
from marketplace.reviews.asking import forget_contacts
from marketplace.reviews.models import Question, Review, ReviewPicture
from marketplace.reviews.writing import erase_review

NAMELESS = ""
"""The author of a review whose order names nobody any more."""


def export_voices(session: Session, subject: Subject) -> dict[str, Any]:
    """Return the reviews of a subject's orders, and the questions that wait with their contact."""
    return {
        "reviews": [_told(review) for review in _reviews_of(session, subject)],
        "questions": rows_of(session, Question, _asked_by(subject), "decided_by"),
    }


def erase_voices(session: Session, subject: Subject, at: datetime) -> str | None:
    """Delete a subject's reviews with their photographs and their waiting questions; forget the contact."""
    for review in _reviews_of(session, subject):
        erase_review(session, review)
    asked = _asked_by(subject)
    session.execute(sa.delete(Question).where(asked, Question.answered_at.is_(None)))
    session.execute(sa.update(Question).where(asked).values(contact=None))
    return None


def let_writers_go() -> None:
    """Take names off reviews whose order names nobody any more, and forget who asked long ago; a duty."""
    with unit_of_work() as session:
        forget_contacts(session, clock.now())
        of_nobody = sa.and_(Review.author != NAMELESS, Review.order_line_id.in_(_lines(_nameless())))
        bared = session.execute(
            sa.update(Review).where(of_nobody).values(author=NAMELESS).returning(Review.id)
        )
        if bared.all():
            register.raise_version(session)


def _nameless() -> sa.ColumnElement[bool]:
    return OrderGroup.buyer_phone == ""


def _reviews_of(session: Session, subject: Subject) -> list[Review]:
    pictures: ORMOption = selectinload(Review.pictures).joinedload(ReviewPicture.picture)
    own = Review.order_line_id.in_(_lines(_ordered_by(subject)))
    wanted = sa.select(Review).where(own).options(pictures).order_by(Review.id)
    return list(session.execute(wanted).scalars())


def _lines(groups: sa.ColumnElement[bool]) -> sa.Select[int]:
    return sa.select(OrderLine.id).join(OrderLine.order).join(Order.group).where(groups)


def _ordered_by(subject: Subject) -> sa.ColumnElement[bool]:
    known = {
        OrderGroup.buyer_phone: subject.phone,
        OrderGroup.buyer_email: subject.email,
        OrderGroup.person_id: subject.person_id,
    }
    return sa.or_(sa.false(), *(column == value for column, value in known.items() if value))


def _asked_by(subject: Subject) -> sa.ColumnElement[bool]:
    return Question.contact.in_([one for one in (subject.email, subject.phone) if one])


def _told(review: Review) -> dict[str, Any]:
    return {
        "written_at": review.written_at.isoformat(),
        "rating": review.rating,
        "author": review.author,
        "words": review.words,
        "pictures": [picture_url(one.picture) for one in review.pictures],
    }


exporters["reviews"] = export_voices
erasers["reviews"] = erase_voices
