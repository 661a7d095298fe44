"""Questions and replies: public with the producer's answer, told once to who asked."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.errors import TooManyAttempts
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.jobs import Job
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from marketplace.register import current_version
from marketplace.reviews.asking import (
    ANSWERED,
    CONTACT_KEPT_FOR,
    answer_question,
    claim_question,
    forget_contacts,
    get_askable,
    reply_to_review,
)
from marketplace.reviews.errors import VoiceHidden
from marketplace.reviews.models import BrokenRule, Question, Review, Shown
from marketplace.reviews.queries import count_unanswered, list_questions_for, list_reviews_for
from tests.conftest import NOON
from tests.factories.catalogue import a_product
from tests.factories.deeds import deeds
from tests.factories.listings import the_owner
from tests.factories.reviews import a_question, a_review
from tests.signin.browsing import write

CONTACT = "0912345678"


@pytest.fixture
def product(variant: Variant) -> Product:
    """What is asked about."""
    return db.session.get_one(Product, variant.product_id)


@pytest.fixture
def owner(product: Product) -> Actor:
    """Who answers."""
    assert product.producer_id is not None
    return the_owner(db.session.get_one(Producer, product.producer_id))


def ask(product: Product, **changes: object) -> int:
    with unit_of_work() as session:
        return a_question(session, product, **changes).id


def answer(owner: Actor, number: int, words: str = "Mười ngày.", minutes: int = 0) -> None:
    with unit_of_work() as session:
        question = session.get_one(Question, number)
        answer_question(session, owner, question, words, NOON + timedelta(minutes=minutes))


def question_of(number: int) -> Question:
    db.session.rollback()
    return db.session.get_one(Question, number, populate_existing=True)


def told() -> list[dict[str, object]]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Job.payload).where(Job.kind == ANSWERED)))


def test_what_is_asked_twice_is_one_question(product: Product) -> None:
    first = ask(product)
    assert ask(product) == first
    assert ask(product, words="Có gửi lạnh không vậy?") != first
    assert ask(product, contact=CONTACT) != first


def test_asking_changes_no_public_fact_and_answering_does(product: Product, owner: Actor) -> None:
    before = current_version()
    number = ask(product)
    db.session.rollback()
    assert current_version() == before
    answer(owner, number)
    db.session.rollback()
    assert current_version() > before


def test_the_first_answer_is_told_once(product: Product, owner: Actor) -> None:
    number = ask(product, contact=CONTACT)
    answer(owner, number)
    answer(owner, number, "Chín ngày.", minutes=5)
    assert told() == [{"question_id": number, "at": NOON.isoformat()}]
    question = question_of(number)
    assert (question.answer, question.answered_at) == ("Chín ngày.", NOON)
    assert [(deed.actor_id, deed.subject_id) for deed in deeds("question:answer")] == [
        (owner.person_id, str(number))
    ] * 2


def test_nobody_is_told_who_left_no_contact(product: Product, owner: Actor) -> None:
    answer(owner, ask(product))
    assert told() == []


@pytest.mark.parametrize(("late", "kept"), [(timedelta(0), CONTACT), (timedelta(seconds=1), None)])
def test_a_contact_does_not_wait_for_ever(product: Product, late: timedelta, kept: str | None) -> None:
    number = ask(product, contact=CONTACT)
    with unit_of_work() as session:
        forget_contacts(session, NOON + CONTACT_KEPT_FOR + late)
    assert question_of(number).contact == kept


def test_hidden_texts_are_not_answered(
    product: Product, owner: Actor, variant: Variant, commune: AdminUnit
) -> None:
    number, review = ask(product), a_review(variant, commune)
    with unit_of_work() as session:
        for voice in (session.get_one(Question, number), session.get_one(Review, review.id)):
            voice.shown, voice.hidden_because = Shown.HIDDEN, BrokenRule.INSULT
    with pytest.raises(VoiceHidden):
        answer(owner, number)
    with pytest.raises(VoiceHidden), unit_of_work() as session:
        reply_to_review(session, owner, session.get_one(Review, review.id), "Cảm ơn.", NOON)


def test_a_reply_takes_the_place_of_the_last(owner: Actor, variant: Variant, commune: AdminUnit) -> None:
    number = a_review(variant, commune).id
    for minutes, words in enumerate(("Cảm ơn.", "Cảm ơn bạn.")):
        with unit_of_work() as session:
            review = session.get_one(Review, number)
            review.decided_at = NOON
            reply_to_review(session, owner, review, words, NOON + timedelta(minutes=minutes))
    review = db.session.get_one(Review, number, populate_existing=True)
    assert (review.reply, review.replied_at) == ("Cảm ơn bạn.", NOON + timedelta(minutes=1))
    assert review.decided_at is None
    assert len(deeds("review:reply")) == 2


def test_only_what_is_on_view_and_has_a_maker_is_asked_about(app: Flask, product: Product) -> None:
    assert get_askable(db.session(), product.slug).id == product.id
    alone = write(a_product, "Mật ong rừng")
    with unit_of_work() as session:
        suspend_product(session, session.get_one(Product, product.id))
    for slug in (product.slug, alone.slug, "khong-co"):
        with pytest.raises(NotFound):
            get_askable(db.session(), slug)


def test_askers_are_slowed_by_address_and_by_product(product: Product) -> None:
    for _ in range(5):
        claim_question("203.0.113.7", product.id, NOON)
    with pytest.raises(TooManyAttempts):
        claim_question("203.0.113.7", product.id, NOON)
    for number in range(25):
        claim_question(f"203.0.113.{number + 8}", product.id, NOON)
    with pytest.raises(TooManyAttempts):
        claim_question("203.0.113.99", product.id, NOON)
    claim_question(None, product.id + 1, NOON)


def test_producers_see_what_waits_first(
    product: Product, owner: Actor, variant: Variant, commune: AdminUnit
) -> None:
    first, second, third = (ask(product, words=f"Hỏi câu thứ {number} đây") for number in range(3))
    answer(owner, first)
    assert product.producer_id is not None
    assert count_unanswered(db.session(), product.producer_id) == 2
    listed = list_questions_for(db.session(), product.producer_id, 1)
    assert [one.id for one in listed.rows] == [second, third, first]
    with unit_of_work() as session:
        session.get_one(Question, second).shown = Shown.HIDDEN
    assert count_unanswered(db.session(), product.producer_id) == 1
    assert count_unanswered(db.session(), product.producer_id + 1) == 0
    a_review(variant, commune)
    assert list_reviews_for(db.session(), product.producer_id, 1).total == 1
