"""What reviews and questions know of a person: handed out, erased, and let go in time."""

import pytest
import sqlalchemy as sa

from marketplace import clock
from marketplace.accounts import privacy
from marketplace.accounts.models import Person
from marketplace.accounts.privacy import Subject
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.ordering.models import OrderGroup
from marketplace.places.models import AdminUnit
from marketplace.register import current_version
from marketplace.reviews.asking import CONTACT_KEPT_FOR
from marketplace.reviews.models import Question, Review
from marketplace.reviews.own_data import NAMELESS, let_writers_go
from marketplace.reviews.writing import write_review
from tests.conftest import NOON
from tests.factories.accounts import a_person
from tests.factories.media import encoded
from tests.factories.ordering import PHONE
from tests.factories.reviews import a_question, a_review, delivered, lines_of, told
from tests.signin.browsing import write

BUYER = Subject(None, None, PHONE)
NOBODY = Subject(None, None, None)


@pytest.fixture
def review(variant: Variant, commune: AdminUnit) -> Review:
    """What the buyer said, with two photographs, beside what another said."""
    a_review(variant, commune)
    group = delivered({variant.id: 1}, commune, phone=PHONE)
    with unit_of_work() as session:
        [line] = lines_of(session, group.id)
        said = told(words="Của tôi.", photographs=[encoded()] * 2)
        return write_review(session, group.id, line.id, said, NOON)


def ask(variant: Variant, contact: str | None, answer: str | None) -> int:
    with unit_of_work() as session:
        product = session.get_one(Product, variant.product_id)
        question = a_question(session, product, contact=contact)
        question.answer, question.answered_at = answer, NOON if answer else None
        return question.id


def count(model: type[Review] | type[Question] | type[Picture]) -> int:
    db.session.rollback()
    return db.session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()


def erase(subject: Subject) -> dict[str, str]:
    with unit_of_work() as session:
        return privacy.erase(session, subject, NOON)


def test_the_buyer_gets_what_they_said(review: Review, variant: Variant) -> None:
    ask(variant, PHONE, None)
    with unit_of_work() as session:
        given = privacy.export(session, BUYER, NOON)["reviews"]
        none = privacy.export(session, NOBODY, NOON)["reviews"]
    [said], [asked] = given["reviews"], given["questions"]
    assert (said["words"], said["author"], len(said["pictures"])) == ("Của tôi.", "An T.", 2)
    assert asked["contact"] == PHONE
    assert none == {"reviews": [], "questions": []}


def test_an_erasure_leaves_nothing_of_the_buyer(review: Review, variant: Variant) -> None:
    answered, waits = ask(variant, PHONE, "Mười ngày."), ask(variant, PHONE, None)
    ask(variant, "0987000111", None)
    assert "reviews" not in erase(BUYER)
    assert (count(Review), count(Picture)) == (1, 0)
    assert db.session.get(Question, waits) is None
    kept = db.session.get_one(Question, answered, populate_existing=True)
    assert (kept.contact, kept.answer) == (None, "Mười ngày.")
    assert count(Question) == 2
    erase(NOBODY)
    assert (count(Review), count(Question)) == (1, 2)


def test_reviews_of_orders_of_an_account_go_with_it(review: Review) -> None:
    person: Person = write(a_person)
    with unit_of_work() as session:
        group = session.scalars(sa.select(OrderGroup).where(OrderGroup.buyer_phone == PHONE)).one()
        group.person_id = person.id
    erase(Subject(person.id, person.email, None))
    assert count(Review) == 1


def test_names_go_with_those_of_the_order(review: Review, variant: Variant) -> None:
    number = ask(variant, PHONE, None)
    let_writers_go()
    assert set(db.session.scalars(sa.select(Review.author))) == {"An T."}
    with unit_of_work() as session:
        session.execute(
            sa.update(OrderGroup).where(OrderGroup.buyer_phone == PHONE).values(buyer_phone="", buyer_name="")
        )
    before = current_version()
    with clock.stopped(NOON + 2 * CONTACT_KEPT_FOR):
        let_writers_go()
    db.session.rollback()
    assert sorted(db.session.scalars(sa.select(Review.author))) == [NAMELESS, "An T."]
    assert current_version() == before + 1
    assert db.session.get_one(Question, number, populate_existing=True).contact is None
    let_writers_go()
    db.session.rollback()
    assert current_version() == before + 1
