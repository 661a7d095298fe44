"""Where people have things sent: their own, once each, handed out and erased with the rest of them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts import privacy
from marketplace.accounts.models import Person
from marketplace.accounts.privacy import Subject
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering import addresses
from marketplace.ordering.addresses import Receiver, keep_address, let_go_of_address, list_addresses
from marketplace.ordering.errors import InvalidCommune, TooManyAddresses
from tests.conftest import NOON
from tests.factories.accounts import a_person, an_actor
from tests.factories.ordering import a_commune


@pytest.fixture
def mai(app: Flask) -> Person:
    with unit_of_work() as session:
        return a_person(session, "Mai")


@pytest.fixture
def home(app: Flask) -> Receiver:
    with unit_of_work() as session:
        return Receiver("Nguyễn Thị Mai", "0912345678", a_commune(session).id, "Số 12 đường Xuân Thủy")


def keep(person: Person, receiver: Receiver, minutes: int = 0) -> None:
    with unit_of_work() as session:
        keep_address(session, an_actor(person), receiver, NOON + timedelta(minutes=minutes))


def streets(person: Person) -> list[str]:
    return [one.address for one in list_addresses(db.session(), person.id)]


def test_an_address_is_kept_once_and_the_last_used_comes_first(mai: Person, home: Receiver) -> None:
    keep(mai, home)
    keep(mai, replace(home, address="Chợ Mơ"), 1)
    assert streets(mai) == ["Chợ Mơ", home.address]
    keep(mai, home, 2)
    assert streets(mai) == [home.address, "Chợ Mơ"]
    assert list_addresses(db.session(), mai.id)[0].place == "phường Cầu Giấy, thành phố Hà Nội"


def test_a_place_must_be_a_commune_of_today(mai: Person, home: Receiver) -> None:
    with pytest.raises(InvalidCommune):
        keep(mai, replace(home, commune_id=999_999))


def test_there_is_an_end(mai: Person, home: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "MOST_ADDRESSES", 1)
    keep(mai, home)
    keep(mai, home)
    with pytest.raises(TooManyAddresses):
        keep(mai, replace(home, name="Lan"))


def test_nobody_deletes_what_is_not_theirs(mai: Person, home: Receiver) -> None:
    keep(mai, home)
    [kept] = list_addresses(db.session(), mai.id)
    with unit_of_work() as session:
        lan = a_person(session, "Lan")
    with pytest.raises(NotFound), unit_of_work() as session:
        let_go_of_address(session, an_actor(lan), kept.id)
    with unit_of_work() as session:
        let_go_of_address(session, an_actor(mai), kept.id)
    assert streets(mai) == []


def test_addresses_are_handed_out_and_erased(mai: Person, home: Receiver) -> None:
    with unit_of_work() as session:
        lan = a_person(session, "Lan")
    keep(mai, home)
    keep(lan, home)
    subject = Subject(mai.id, mai.email, None)
    with unit_of_work() as session:
        [row] = privacy.export(session, subject, clock.now())["saved_addresses"]
        assert (row["name"], row["phone"], row["address"]) == (home.name, home.phone, home.address)
        privacy.erase(session, subject, clock.now())
    assert streets(mai) == []
    assert streets(lan) == [home.address]
