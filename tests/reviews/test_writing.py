"""Who may review what, and until when it may be changed."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from marketplace import clock
from marketplace.accounts.errors import TooManyAttempts
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.media.models import Picture
from marketplace.ordering.models import Fulfillment, OrderGroup, OrderLine
from marketplace.places.models import AdminUnit
from marketplace.register import current_version
from marketplace.reviews.errors import NotDelivered, OwnGoods, ReviewFixed, TooManyPhotographs, VoiceHidden
from marketplace.reviews.models import BrokenRule, Review, Shown
from marketplace.reviews.writing import (
    CHANGED_WITHIN,
    MOST_PICTURES,
    claim_review,
    delete_review,
    find_review,
    get_line,
    may_change,
    require_delivered,
    write_review,
)
from tests.accounts.conftest import Race
from tests.conftest import NOON
from tests.factories.accounts import a_member, a_person
from tests.factories.media import encoded
from tests.factories.ordering import ordered
from tests.factories.reviews import deliver, delivered, lines_of, told
from tests.signin.browsing import write

OTHER_PHONE = "0987000111"


@pytest.fixture
def group(variant: Variant, other: Variant, commune: AdminUnit) -> OrderGroup:
    """A delivered order of two producers' goods."""
    return delivered({variant.id: 2, other.id: 1}, commune)


@pytest.fixture
def line(group: OrderGroup) -> OrderLine:
    """Its first line."""
    return lines_of(db.session(), group.id)[0]


def say(group: OrderGroup, line: OrderLine, **changes: object) -> Review:
    with unit_of_work() as session:
        return write_review(session, group.id, line.id, told(**changes), clock.now())


def review_of(line: OrderLine) -> Review:
    db.session.rollback()
    found = find_review(db.session(), line.id)
    assert found is not None
    return found


def pictures() -> int:
    db.session.rollback()
    return db.session.execute(sa.select(sa.func.count()).select_from(Picture)).scalar_one()


def test_each_line_of_a_delivered_order_is_reviewed_once(group: OrderGroup, line: OrderLine) -> None:
    before = current_version()
    for rating in (4, 2):
        say(group, line, rating=rating)
    review = review_of(line)
    assert (review.rating, review.producer_id, review.shown) == (2, line.order.producer_id, Shown.PUBLISHED)
    assert current_version() > before
    second = lines_of(db.session(), group.id)[1]
    say(group, second)
    assert {review_of(one).order_line_id for one in (line, second)} == {line.id, second.id}


def test_two_tabs_write_one(race: Race, group: OrderGroup, line: OrderLine) -> None:
    group_id, line_id = group.id, line.id
    acts = [
        lambda session, n=rating: write_review(session, group_id, line_id, told(rating=n), NOON)
        for rating in (1, 2, 3)
    ]
    assert race(*acts) == ["done"] * 3
    assert review_of(line).rating in {1, 2, 3}


@pytest.mark.parametrize("state", ["ordered", "on the way", "failed"])
def test_what_has_not_arrived_is_not_reviewed(state: str, variant: Variant, commune: AdminUnit) -> None:
    group = ordered({variant.id: 1}, commune)
    if state != "ordered":
        with unit_of_work() as session:
            deliver(session, group.id)
            sent = session.scalars(sa.select(Fulfillment)).one()
            sent.delivered_at, sent.failed_at = None, NOON if state == "failed" else None
    [line] = lines_of(db.session(), group.id)
    with pytest.raises(NotDelivered):
        say(group, line)
    assert find_review(db.session(), line.id) is None


def test_lines_of_others_are_not_there(group: OrderGroup, variant: Variant, commune: AdminUnit) -> None:
    foreign = delivered({variant.id: 1}, commune, phone=OTHER_PHONE)
    [line] = lines_of(db.session(), foreign.id)
    with pytest.raises(NotFound):
        say(group, line)
    with pytest.raises(NotFound), unit_of_work() as session:
        delete_review(session, group.id, line.id)


def test_sellers_do_not_praise_themselves(group: OrderGroup, line: OrderLine) -> None:
    buyer: Person = write(a_person)
    with unit_of_work() as session:
        session.get_one(OrderGroup, group.id).person_id = buyer.id
    with unit_of_work() as session:
        require_delivered(session, get_line(session, group.id, line.id))
        a_member(session, Scope(ScopeKind.PRODUCER, line.order.producer_id), Role.STAFF, buyer)
    with pytest.raises(OwnGoods):
        say(group, line)


@pytest.mark.parametrize(("after", "open_"), [(-timedelta(seconds=1), True), (timedelta(0), False)])
def test_it_may_be_changed_for_thirty_days(
    after: timedelta, open_: bool, group: OrderGroup, line: OrderLine
) -> None:
    say(group, line)
    with clock.stopped(NOON + CHANGED_WITHIN + after):
        assert may_change(review_of(line), clock.now()) is open_
        if open_:
            say(group, line, rating=1)
        else:
            with pytest.raises(ReviewFixed):
                say(group, line, rating=1)
    review = review_of(line)
    assert (review.rating, review.written_at) == (1 if open_ else 5, NOON)


def test_a_hidden_one_is_not_changed_but_deleted(group: OrderGroup, line: OrderLine) -> None:
    say(group, line)
    with unit_of_work() as session:
        review = session.scalars(sa.select(Review)).one()
        review.shown, review.hidden_because = Shown.HIDDEN, BrokenRule.INSULT
    with pytest.raises(VoiceHidden):
        say(group, line, words="khác")
    with unit_of_work() as session:
        delete_review(session, group.id, line.id)
    assert find_review(db.session(), line.id) is None


def test_a_change_is_open_to_reports_again(group: OrderGroup, line: OrderLine) -> None:
    say(group, line)
    with unit_of_work() as session:
        session.scalars(sa.select(Review)).one().decided_at = NOON
    say(group, line, words="Lời khác hẳn.")
    assert review_of(line).decided_at is None


def test_photographs_come_and_go_with_their_files(group: OrderGroup, line: OrderLine) -> None:
    say(group, line, photographs=[encoded()] * 3)
    shown = review_of(line).pictures
    assert [one.position for one in shown] == [1, 2, 3]
    assert {one.picture.owner for one in shown} == {f"review:{review_of(line).id}"}
    say(group, line, dropped={shown[1].picture.key}, photographs=[encoded()])
    assert [one.position for one in review_of(line).pictures] == [1, 3, 4]
    assert pictures() == 3
    with pytest.raises(TooManyPhotographs):
        say(group, line, photographs=[encoded()] * (MOST_PICTURES - 2))
    assert pictures() == 3
    with unit_of_work() as session:
        delete_review(session, group.id, line.id)
        delete_review(session, group.id, line.id)
    assert pictures() == 0


def test_a_buyer_is_slowed(group: OrderGroup) -> None:
    for _ in range(20):
        claim_review(group.id, NOON)
    with pytest.raises(TooManyAttempts):
        claim_review(group.id, NOON)
    claim_review(group.id + 1, NOON)


def test_the_review_is_of_what_the_seller_sold(group: OrderGroup, line: OrderLine, other: Variant) -> None:
    with unit_of_work() as session:
        product = session.get_one(Product, session.get_one(Variant, line.variant_id).product_id)
        product.producer_id = session.get_one(Product, other.product_id).producer_id
    assert say(group, line).producer_id == line.order.producer_id
