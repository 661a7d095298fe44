"""News of orders turned into letters: one to the buyer, or one to each of the seller's people."""

from datetime import datetime

import sqlalchemy as sa

from marketplace import jobs
from marketplace.database import unit_of_work
from marketplace.ordering.models import Order
from marketplace.ordering.news import FOR_SELLER, JOB, OrderNews
from marketplace.web.post import Letter, send_about, send_to_members

QUESTION_JOB = "questions.answered"


@jobs.handler(QUESTION_JOB)
def tell_answer(question_id: int, at: str) -> None:
    """Leave the letter behind that brings an answer to whoever asked."""
    with unit_of_work() as session:
        send_about(session, Letter.QUESTION_ANSWERED, question_id, datetime.fromisoformat(at))


@jobs.handler(JOB)
def tell(news: str, about: int, at: str) -> None:
    """Leave the letters behind that tell news of an order."""
    letter, moment = Letter(news), datetime.fromisoformat(at)
    with unit_of_work() as session:
        if OrderNews(news) not in FOR_SELLER:
            send_about(session, letter, about, moment)
            return
        producer_id = session.scalar(sa.select(Order.producer_id).where(Order.id == about))
        if producer_id is not None:
            send_to_members(session, letter, producer_id, moment, about)
