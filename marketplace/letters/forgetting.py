"""Letting go of letters to somebody erased, and of contacts left for one letter once it is written.

The job names addresses by what only this site can make of them, so that none is written down anew.
"""

import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.accounts.new_address import NewAddress
from marketplace.accounts.privacy import Subject, erasers
from marketplace.letters.outbox import Outbox
from marketplace.ordering.after_sale_models import BackInStockWish
from marketplace.ordering.models import OrderGroup
from marketplace.ordering.own_data import orders_of
from marketplace.reviews.models import Question
from marketplace.web.post import Letter

JOB = "letters.forget"
KEPT_FOR = timedelta(days=30)


def erase_letters(session: Session, subject: Subject, at: datetime) -> None:
    """Leave a job behind that deletes the letters to a subject.

    Addresses only asked for yet count, and those that orders of the subject name.
    """
    own = NewAddress.person_id == subject.person_id
    asked = session.execute(sa.select(NewAddress.email, NewAddress.phone).where(own)).all()
    of_orders = sa.select(OrderGroup.buyer_email, OrderGroup.buyer_phone).where(orders_of(subject))
    known = [*asked, *session.execute(of_orders).all()]
    named = {subject.email, subject.phone, *(address for row in known for address in row)} - {None, ""}
    if named:
        jobs.put(session, JOB, marks=sorted(_mark(str(address)) for address in named))


@jobs.handler(JOB)
def forget(marks: list[str]) -> None:
    """Delete the letters to the addresses that were marked; those that are gone are no error."""
    outbox = Outbox(current_app.extensions["settings"].outbox)
    outbox.delete_to(lambda address: _mark(address) in marks)


def let_old_letters_go() -> None:
    """Delete letters kept as files that nobody took away for thirty days; a periodic duty."""
    Outbox(current_app.extensions["settings"].outbox).delete_before(clock.now() - KEPT_FOR)


def forget_wish(session: Session, wish_id: int) -> None:
    """Delete the wish of somebody who has been told that goods are back."""
    session.execute(sa.delete(BackInStockWish).where(BackInStockWish.id == wish_id))


def forget_asker(session: Session, question_id: int) -> None:
    """Forget who asked a question, now that the answer was sent."""
    session.execute(sa.update(Question).where(Question.id == question_id).values(contact=None))


ONCE: dict[Letter, Callable[[Session, int], None]] = {
    Letter.BACK_IN_STOCK: forget_wish,
    Letter.QUESTION_ANSWERED: forget_asker,
}
"""Letters for which somebody left a contact; with the letter it goes."""


def _mark(address: str) -> str:
    key = current_app.extensions["settings"].secret_key.encode()
    return hmac.digest(key, f"letters to {address}".encode(), "sha256").hex()


erasers["letters"] = erase_letters
