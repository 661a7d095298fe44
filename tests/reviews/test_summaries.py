"""What a product's page tells of its buyers: counted and picked in one statement."""

from datetime import timedelta

import sqlalchemy as sa

from marketplace import clock
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.reviews.models import Question, Review
from marketplace.reviews.queries import Ratings, list_questions, list_reviews, rate_producer, rate_product
from marketplace.reviews.summaries import gather_voices
from tests.catalogue.statements import counted_statements
from tests.conftest import NOON
from tests.factories.media import encoded
from tests.factories.reviews import a_question, a_review, hide


def answered(variant: Variant, words: str, minutes: int) -> None:
    with unit_of_work() as session:
        question = a_question(session, session.get_one(Product, variant.product_id), words=words)
        question.answer, question.answered_at = "Mười ngày.", NOON + timedelta(minutes=minutes)


def hide_one(wanted: sa.Select[Review] | sa.Select[Question]) -> None:
    with unit_of_work() as session:
        hide(session, session.scalars(wanted).one())


def test_nothing_said_is_nothing_told(variant: Variant) -> None:
    voices = gather_voices(db.session(), variant.product_id)
    assert (voices.ratings.count, voices.ratings.mean) == (0, 0.0)
    assert (voices.reviews, voices.questions, voices.question_count) == ([], [], 0)


def test_it_counts_all_and_shows_the_newest(variant: Variant, other: Variant, commune: AdminUnit) -> None:
    for minutes, rating in enumerate((5, 4, 4, 1)):
        with clock.stopped(NOON + timedelta(minutes=minutes)):
            a_review(variant, commune, rating=rating, words=f"lời {minutes}", photographs=[encoded()] * 2)
    a_review(other, commune, rating=2)
    for minutes in range(5):
        answered(variant, f"Hỏi câu thứ {minutes} đây", minutes)
    answered(other, "Chè này pha thế nào?", 9)
    with unit_of_work() as session:
        a_question(session, session.get_one(Product, variant.product_id), words="Câu này chưa ai đáp")
    hide_one(sa.select(Review).where(Review.words == "lời 3"))
    hide_one(sa.select(Question).where(Question.words == "Hỏi câu thứ 4 đây"))
    db.session.remove()
    with counted_statements() as sent:
        voices = gather_voices(db.session(), variant.product_id)
    assert len(sent) == 1
    assert voices.ratings == Ratings({5: 1, 4: 2})
    assert voices.ratings.mean == 4.3
    assert [review.words for review in voices.reviews] == ["lời 2", "lời 1", "lời 0"]
    assert [len(review.pictures) for review in voices.reviews] == [2, 2, 2]
    assert [one.words[-5:-4] for one in voices.questions] == ["3", "2", "1"]
    assert voices.question_count == 4


def test_lists_are_paged(variant: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        product = session.get_one(Product, variant.product_id)
        for number in range(21):
            question = a_question(session, product, words=f"Hỏi câu thứ {number} đây")
            question.answer, question.answered_at = "Mười ngày.", NOON
    page = list_questions(db.session(), variant.product_id, 2)
    assert (page.number, page.pages, page.total, len(page.rows)) == (2, 2, 21, 1)
    assert list_questions(db.session(), variant.product_id, 9).number == 2
    a_review(variant, commune)
    assert list_reviews(db.session(), variant.product_id, 1).total == 1


def test_a_producer_is_rated_apart_by_what_it_sold(variant: Variant, commune: AdminUnit) -> None:
    a_review(variant, commune, rating=3)
    assert rate_product(db.session(), variant.product_id) == Ratings({3: 1})
    producer_id = db.session.get_one(Product, variant.product_id).producer_id
    assert producer_id is not None
    assert rate_producer(db.session(), producer_id) == Ratings({3: 1})
    assert rate_producer(db.session(), producer_id + 1).count == 0
