"""Products that people keep: their own, once each, handed out and erased with the rest of them."""

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts import privacy
from marketplace.accounts.models import Person
from marketplace.accounts.privacy import Subject
from marketplace.catalogue import saved
from marketplace.catalogue.errors import TooManySaved
from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.saved import find_savable, let_go_of_product, list_saved, save_product
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from tests.conftest import NOON
from tests.factories.accounts import a_person, an_actor
from tests.factories.catalogue import a_product


@pytest.fixture
def mai(app: Flask) -> Person:
    with unit_of_work() as session:
        a_product(session, "Cam")
        a_product(session, "Bưởi")
        return a_person(session, "Mai")


def keep(person: Person, *slugs: str) -> None:
    for slug in slugs:
        with unit_of_work() as session:
            save_product(session, an_actor(person), slug, clock.now())


def names(person: Person) -> list[str]:
    return [one.product.name for one in list_saved(person.id)]


def test_a_product_is_kept_once_and_let_go(mai: Person) -> None:
    keep(mai, "cam", "buoi", "cam")
    assert sorted(names(mai)) == ["Bưởi", "Cam"]
    [first, _] = list_saved(mai.id)
    with unit_of_work() as session:
        let_go_of_product(session, an_actor(mai), first.product.id)
        let_go_of_product(session, an_actor(mai), 999_999)
    assert len(names(mai)) == 1


def test_nobody_sees_or_changes_what_others_keep(mai: Person) -> None:
    with unit_of_work() as session:
        lan = a_person(session, "Lan")
    keep(mai, "cam")
    assert names(lan) == []
    with unit_of_work() as session:
        let_go_of_product(session, an_actor(lan), list_saved(mai.id)[0].product.id)
    assert names(mai) == ["Cam"]


def test_only_what_is_on_view_can_be_kept_and_stays_when_it_leaves(mai: Person) -> None:
    keep(mai, "cam")
    with unit_of_work() as session:
        product = session.get_one(Product, list_saved(mai.id)[0].product.id)
        product.publication = Publication.SUSPENDED
    assert [one.on_view for one in list_saved(mai.id)] == [False]
    for slug in ("cam", "khong-co", ""):
        assert find_savable(slug) is None
        with pytest.raises(NotFound):
            keep(mai, slug)


def test_there_is_an_end(mai: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST_SAVED", 1)
    keep(mai, "cam")
    keep(mai, "cam")
    with pytest.raises(TooManySaved):
        keep(mai, "buoi")


def test_what_is_kept_is_handed_out_and_erased(mai: Person) -> None:
    keep(mai, "cam")
    with unit_of_work() as session:
        lan = a_person(session, "Lan")
        subject = Subject(mai.id, mai.email, None)
        [row] = privacy.export(session, subject, clock.now())["saved_products"]
    keep(lan, "cam")
    assert row["saved_at"] == NOON.isoformat()
    with unit_of_work() as session:
        privacy.erase(session, subject, clock.now())
    assert names(mai) == []
    assert names(lan) == ["Cam"]
    with unit_of_work() as session:
        assert privacy.export(session, Subject(None, "x@y.vn", None), clock.now())["saved_products"] == []
