import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.media.encoding import encode
from marketplace.media.pictures import Encoded, read_rendition
from marketplace.producers.errors import TooManyPictures
from marketplace.producers.models import Producer
from marketplace.producers.pictures import (
    MOST_PICTURES,
    add_producer_picture,
    list_producer_pictures,
    put_picture_first,
    remove_producer_picture,
)
from marketplace.producers.profile import scope_of
from tests.factories.accounts import an_actor
from tests.factories.deeds import deeds
from tests.factories.media import encoded, photo
from tests.factories.producers import a_producer


@pytest.fixture
def number(app: Flask) -> int:
    with unit_of_work() as session:
        return a_producer(session).id


def add(number: int, picture: Encoded, alt: str = "") -> str:
    with unit_of_work() as session:
        producer = session.get_one(Producer, number)
        actor = an_actor(1, (scope_of(producer), Role.STAFF))
        return add_producer_picture(session, actor, producer, picture, alt, clock.now()).picture.key


def shown(number: int) -> list[tuple[str, str]]:
    db.session.rollback()
    return [(one.picture.key, one.alt) for one in list_producer_pictures(db.session(), number)]


def test_pictures_stand_in_an_order_that_can_be_changed(number: int) -> None:
    orchard = add(number, encoded(), "  Vườn cam ")
    press = add(number, encoded(500, 300))
    assert shown(number) == [(orchard, "Vườn cam"), (press, "HTX Cam Khe Mây")]
    with unit_of_work() as session:
        producer = session.get_one(Producer, number)
        put_picture_first(session, an_actor(1), producer, press, clock.now())
    assert [key for key, _ in shown(number)] == [press, orchard]
    assert len(deeds("producer_picture:lead")) == 1


def test_a_file_sent_again_is_the_same_picture(number: int) -> None:
    assert add(number, encoded()) == add(number, encoded())
    assert len(shown(number)) == 1


def test_a_removed_picture_is_erased(number: int) -> None:
    key = add(number, encoded())
    assert read_rendition(key, 200, "jpg") is not None
    with unit_of_work() as session:
        remove_producer_picture(session, an_actor(1), session.get_one(Producer, number), key, clock.now())
    assert shown(number) == []
    assert read_rendition(key, 200, "jpg") is None


def test_those_of_others_are_not_there(number: int) -> None:
    key = add(number, encoded())
    with unit_of_work() as session:
        other = a_producer(session, "HTX Bưởi").id
    for act in (put_picture_first, remove_producer_picture):
        with pytest.raises(NotFound), unit_of_work() as session:
            act(session, an_actor(1), session.get_one(Producer, other), key, clock.now())


def test_eight_are_the_most(number: int) -> None:
    for shade in range(MOST_PICTURES):
        add(number, encode(photo(200, 200, (shade * 25, 0, 0)), "anh.jpg"))
    with pytest.raises(TooManyPictures) as refusal:
        add(number, encoded())
    assert refusal.value.parameters == {"most": MOST_PICTURES}
