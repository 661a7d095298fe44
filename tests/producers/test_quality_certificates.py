from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.media.models import Picture
from marketplace.media.pictures import Encoded, read_rendition
from marketplace.producers.errors import InvalidQualityCertificate
from marketplace.producers.models import Producer, QualityCertificate, QualityKind
from marketplace.producers.profile import scope_of
from marketplace.producers.quality_certificates import (
    MOST_CERTIFICATES,
    QualityFacts,
    add_certificate,
    change_certificate,
    get_certificate,
    list_certificates,
    remove_certificate,
)
from tests.factories.accounts import an_actor
from tests.factories.deeds import deeds
from tests.factories.media import encoded
from tests.factories.producers import a_producer


@pytest.fixture
def number(app: Flask) -> int:
    with unit_of_work() as session:
        return a_producer(session).id


def facts(**changes: Any) -> QualityFacts:
    told: dict[str, Any] = {
        "kind": QualityKind.VIETGAP,
        "number": "VietGAP-TT-1",
        "issuer": "Trung tâm chứng nhận",
        "valid_until": date(2027, 3, 1),
        **changes,
    }
    return QualityFacts(**told)


def add(number: int, photograph: Encoded | None = None, /, **changes: Any) -> int:
    with unit_of_work() as session:
        producer = session.get_one(Producer, number)
        actor = an_actor(1, (scope_of(producer), Role.STAFF))
        return add_certificate(session, actor, producer, facts(**changes), clock.now(), photograph).id


def pictures() -> list[str]:
    db.session.rollback()
    return list(db.session.execute(sa.select(Picture.key)).scalars())


def test_certificates_are_shown_with_their_validity(number: int) -> None:
    add(number)
    add(number, kind=QualityKind.OTHER, title="Nhãn hiệu tập thể", number="5", valid_until=date(2028, 1, 1))
    held = list_certificates(db.session(), number)
    assert [one.kind for one in held] == [QualityKind.OTHER, QualityKind.VIETGAP]
    assert [held[1].is_valid(day) for day in (date(2027, 3, 1), date(2027, 3, 2))] == [True, False]
    [deed, _] = deeds("quality_certificate:add")
    assert deed.data == '{"kind":"vietgap","valid_until":"2027-03-01"}'


def test_one_not_yet_in_force_does_not_hold(number: int) -> None:
    add(number, valid_from=date(2026, 12, 1))
    [one] = list_certificates(db.session(), number)
    assert not one.is_valid(date(2026, 11, 30))
    assert one.is_valid(date(2026, 12, 1))


def test_a_form_sent_twice_is_one_certificate(number: int) -> None:
    first = add(number)
    assert add(number, issuer="Trung tâm khác") == first
    [one] = list_certificates(db.session(), number)
    assert one.issuer == "Trung tâm khác"


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("number", {"number": ""}),
        ("issuer", {"issuer": ""}),
        ("title", {"kind": QualityKind.OTHER}),
        ("title", {"title": "VietGAP"}),
        ("valid_until", {"valid_from": date(2027, 3, 2)}),
        ("valid_until", {"valid_until": date(2036, 11, 29)}),
    ],
)
def test_impossible_ones_are_refused(number: int, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidQualityCertificate) as refusal:
        add(number, **changes)
    assert refusal.value.parameters == {"field": field}


def test_thirty_are_the_most(number: int) -> None:
    for place in range(MOST_CERTIFICATES):
        add(number, number=f"số {place}")
    with pytest.raises(InvalidQualityCertificate) as refusal:
        add(number, number="một tờ nữa")
    assert refusal.value.parameters == {"field": "kind", "most": MOST_CERTIFICATES}


def test_those_of_others_are_not_there(number: int) -> None:
    kept = add(number)
    assert get_certificate(db.session(), number, kept).number == "VietGAP-TT-1"
    with pytest.raises(NotFound):
        get_certificate(db.session(), number + 1, kept)


def test_a_new_photograph_takes_the_place_of_the_old_one(number: int) -> None:
    kept = add(number, encoded())
    [before] = pictures()
    with unit_of_work() as session:
        producer = session.get_one(Producer, number)
        actor = an_actor(1, (scope_of(producer), Role.OWNER))
        certificate = get_certificate(session, number, kept)
        change_certificate(session, actor, producer, certificate, facts(number="2"), clock.now())
    assert pictures() == [before], "without a new one the old one stays"
    with unit_of_work() as session:
        certificate = get_certificate(session, number, kept)
        change_certificate(session, actor, producer, certificate, facts(), clock.now(), encoded(500, 300))
    [after] = pictures()
    assert after != before
    assert read_rendition(before, 200, "jpg") is None
    assert read_rendition(after, 200, "jpg") is not None
    with unit_of_work() as session:
        remove_certificate(session, actor, producer, get_certificate(session, number, kept), clock.now())
    assert pictures() == []
    assert list_certificates(db.session(), number) == []
    assert len(deeds("quality_certificate:remove")) == 1


def test_one_without_a_photograph_is_removed(number: int) -> None:
    kept = add(number)
    with unit_of_work() as session:
        producer = session.get_one(Producer, number)
        remove_certificate(
            session, an_actor(1), producer, get_certificate(session, number, kept), clock.now()
        )
    assert list_certificates(db.session(), number) == []


def test_the_database_says_the_same(number: int) -> None:
    for wrong in ({"title": "x"}, {"valid_from": date(2027, 3, 2)}):
        row = {
            "kind": QualityKind.HACCP,
            "number": "1",
            "issuer": "x",
            "valid_until": date(2027, 3, 1),
            **wrong,
        }
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.add(QualityCertificate(producer_id=number, **row))
