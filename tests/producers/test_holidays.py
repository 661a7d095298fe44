from datetime import date

import pytest
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db, unit_of_work
from marketplace.producers.errors import InvalidHoliday
from marketplace.producers.holidays import Holiday, end_holiday, read_holiday_words, take_holiday
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from tests.factories.accounts import an_actor
from tests.factories.deeds import deeds
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)


@pytest.fixture
def number(app: Flask) -> int:
    with unit_of_work() as session:
        return a_producer(session).id


def take(number: int, first: date, last: date, words: str | None = None) -> Producer:
    with unit_of_work() as session:
        producer = session.get_one(Producer, number)
        take_holiday(
            session,
            an_actor(1, (scope_of(producer), Role.STAFF)),
            producer,
            Holiday(first, last, words),
            clock.now(),
        )
    return producer


def test_a_holiday_lasts_to_the_end_of_its_last_day(number: int) -> None:
    producer = take(number, TODAY, date(2026, 11, 23), "Nghỉ giỗ tổ")
    days = [date(2026, 11, day) for day in (20, 21, 23, 24)]
    assert [producer.on_holiday(day) for day in days] == [False, True, True, False]
    assert producer.reopens_on == date(2026, 11, 24)
    [deed] = deeds("holiday:take")
    assert deed.data == '{"first":"2026-11-21","last":"2026-11-23"}'


def test_who_has_no_holiday_is_open(number: int) -> None:
    producer = db.session.get_one(Producer, number)
    assert not producer.on_holiday(TODAY)
    assert producer.reopens_on is None


def test_a_holiday_under_way_is_changed_and_ended(number: int) -> None:
    take(number, date(2026, 11, 1), TODAY)
    take(number, date(2026, 11, 1), date(2026, 12, 1))
    with unit_of_work() as session:
        producer = session.get_one(Producer, number)
        actor = an_actor(1, (scope_of(producer), Role.STAFF))
        end_holiday(session, actor, producer, clock.now())
        end_holiday(session, actor, producer, clock.now())
    assert not producer.on_holiday(TODAY)
    assert producer.holiday_words is None
    assert len(deeds("holiday:end")) == 1


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 22)),
        (date(2026, 11, 1), date(2026, 11, 20)),
        (TODAY, date(2027, 11, 22)),
        (date(2028, 11, 1), date(2028, 11, 21)),
        (date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_impossible_holidays_are_refused(number: int, first: date, last: date) -> None:
    with pytest.raises(InvalidHoliday) as refusal:
        take(number, first, last)
    assert refusal.value.parameters["field"] == "last"


def test_a_whole_year_is_the_longest(number: int) -> None:
    assert take(number, TODAY, date(2027, 11, 21)).on_holiday(date(2027, 11, 21))


def test_the_database_keeps_holidays_whole(number: int) -> None:
    for first, last in ((TODAY, None), (None, TODAY), (date(2026, 11, 22), TODAY)):
        with pytest.raises(IntegrityError), unit_of_work() as session:
            producer = session.get_one(Producer, number)
            producer.holiday_from, producer.holiday_until = first, last


def test_words_are_one_line_of_a_length() -> None:
    assert read_holiday_words("Về quê\n ăn Tết ") == "Về quê ăn Tết"
    assert read_holiday_words(" ") is None
    with pytest.raises(InvalidHoliday):
        read_holiday_words("a" * 201)
