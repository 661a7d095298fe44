"""Orders of authorities: on record once, carried out through the catalogue, answered when all is down."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.errors import ConflictOfDuty, NotPermitted
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.actions import suspend_product, withdraw_product
from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.reports import lift_suspension
from marketplace.certification.oversight import takedown
from marketplace.certification.oversight.errors import (
    AuthorityOrderAnswered,
    AuthorityOrderOnRecord,
    ImpossibleTime,
    InvalidAuthorityOrder,
    ItemsStillShown,
    TooManyItems,
)
from marketplace.certification.oversight.models import AuthorityOrder, OrderedItem
from marketplace.certification.oversight.order_facts import OrderFacts
from marketplace.certification.oversight.takedown import (
    answer_order,
    drop_product,
    name_product,
    record_order,
    take_down,
)
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.register import current_version
from tests.conftest import NOON
from tests.factories.accounts import a_member
from tests.factories.catalogue import a_product
from tests.factories.deeds import deeds
from tests.factories.oversight import AUTHORITY, DEMAND, NUMBER, an_officer, an_order
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer

ANSWER = "Đã gỡ cả hai sản phẩm khỏi chợ trong ngày."


@dataclass
class Case:
    """Two products of a province, one of elsewhere, and officers."""

    province: int
    producer: int
    first: int
    second: int
    foreign: int
    officer: Actor
    commune: Actor
    stranger: Actor


@pytest.fixture
def case(app: Flask) -> Case:
    with unit_of_work() as session:
        province, elsewhere = make_province(session), make_province(session, "Quảng Trị")
        commune = make_commune(session, "Hương Đô", province)
        place: dict[str, Any] = {"province_id": province.id, "commune_id": commune.id}
        producer = a_producer(session, **place)
        there: dict[str, Any] = {"province_id": elsewhere.id}
        return Case(
            province=province.id,
            producer=producer.id,
            first=a_product(session, "Cam Khe Mây", producer=producer, location=place).id,
            second=a_product(session, "Mật ong rừng", producer=producer, location=place).id,
            foreign=a_product(session, "Hồ tiêu", location=there).id,
            officer=an_officer(session, province.id),
            commune=an_officer(session, commune.id, Role.COMMUNE_OFFICER),
            stranger=an_officer(session, elsewhere.id),
        )


def order_of(case: Case, *product_ids: int, actor: Actor | None = None, **changes: Any) -> int:
    with unit_of_work() as session:
        return an_order(session, actor or case.officer, case.province, *product_ids, **changes).id


def down(case: Case, order: int, *product_ids: int, actor: Actor | None = None) -> list[int]:
    with unit_of_work() as session:
        taken = take_down(session, actor or case.officer, order, clock.now(), product_ids)
        return [product.id for product in taken]


def answer(case: Case, order: int, words: str = ANSWER, actor: Actor | None = None) -> None:
    with unit_of_work() as session:
        answer_order(session, actor or case.officer, order, words, clock.now())


def publication(number: int) -> Publication:
    db.session.rollback()
    return db.session.get_one(Product, number, populate_existing=True).publication


def items(order: int) -> dict[int, Any]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(OrderedItem).where(OrderedItem.order_id == order))
    return {row.product_id: row.taken_down_at for row in rows}


def test_the_day_counts_from_the_receipt_and_nothing_goes_by_itself(case: Case) -> None:
    number = order_of(case, case.first, case.second)
    order = db.session.get_one(AuthorityOrder, number)
    assert order.due_at - order.received_at == timedelta(hours=24)
    assert publication(case.first) is Publication.PUBLISHED
    assert items(number) == {case.first: None, case.second: None}
    assert [len(deeds(f"authority_order:{verb}")) for verb in ("record", "name")] == [1, 2]


def test_all_goes_in_one_step_and_the_register_says_so(case: Case) -> None:
    number = order_of(case, case.first, case.second)
    db.session.rollback()
    before = current_version()
    assert down(case, number) == sorted((case.first, case.second))
    assert {publication(case.first), publication(case.second)} == {Publication.SUSPENDED}
    assert items(number) == {case.first: NOON, case.second: NOON}
    assert current_version() == before + 1
    assert len(deeds("product:suspend")) == 2
    assert down(case, number) == []
    assert len(deeds("product:suspend")) == 2


def test_one_goes_alone(case: Case) -> None:
    number = order_of(case, case.first, case.second)
    assert down(case, number, case.second) == [case.second]
    assert publication(case.first) is Publication.PUBLISHED
    for nobody in (case.foreign, 0):
        with pytest.raises(NotFound):
            down(case, number, nobody)
    assert publication(case.foreign) is Publication.PUBLISHED


def test_what_was_hidden_before_stays_as_it_was(case: Case) -> None:
    with unit_of_work() as session:
        suspend_product(session, session.get_one(Product, case.first))
        withdraw_product(session, session.get_one(Product, case.second))
    number = order_of(case, case.first, case.second)
    assert down(case, number) == []
    assert publication(case.second) is Publication.WITHDRAWN
    assert items(number) == {case.first: NOON, case.second: NOON}
    answer(case, number)


def test_it_is_answered_once_all_is_down(case: Case) -> None:
    number = order_of(case, case.first, case.second)
    down(case, number, case.first)
    with pytest.raises(ItemsStillShown) as refused:
        answer(case, number)
    assert refused.value.parameters["left"] == 1
    down(case, number)
    for words in ("ngắn", "x" * 2001):
        with pytest.raises(InvalidAuthorityOrder):
            answer(case, number, words)
    answer(case, number)
    db.session.rollback()
    order = db.session.get_one(AuthorityOrder, number, populate_existing=True)
    assert (order.answered_at, order.answer) == (NOON, ANSWER)
    [deed] = deeds("authority_order:answer")
    assert '"in_time":true' in deed.data


def test_what_is_shown_again_is_not_answered_for(case: Case) -> None:
    number = order_of(case, case.first)
    down(case, number)
    with unit_of_work() as session:
        lift_suspension(session, case.officer, session.get_one(Product, case.first), clock.now())
    with pytest.raises(ItemsStillShown):
        answer(case, number)
    assert down(case, number) == [case.first]
    answer(case, number)


def test_an_answered_order_is_closed(case: Case) -> None:
    number = order_of(case)
    answer(case, number, "Không có sản phẩm nào như vậy trên chợ.")
    for deed in (
        lambda session: name_product(session, case.officer, number, case.first, clock.now()),
        lambda session: drop_product(session, case.officer, number, case.first, clock.now()),
        lambda session: take_down(session, case.officer, number, clock.now()),
        lambda session: answer_order(session, case.officer, number, ANSWER, clock.now()),
    ):
        with pytest.raises(AuthorityOrderAnswered), unit_of_work() as session:
            deed(session)


def test_a_late_answer_says_so(case: Case) -> None:
    number = order_of(case, received_at=clock.now() - timedelta(hours=25))
    answer(case, number)
    [deed] = deeds("authority_order:answer")
    assert '"in_time":false' in deed.data


def test_officers_of_elsewhere_and_communes_do_nothing(case: Case) -> None:
    number = order_of(case, case.first)
    for actor in (case.stranger, case.commune):
        with pytest.raises(NotPermitted):
            order_of(case, actor=actor, number="13/QLTT-NV")
        with pytest.raises(NotPermitted):
            down(case, number, actor=actor)
        with pytest.raises(NotPermitted):
            answer(case, number, actor=actor)
        with pytest.raises(NotPermitted), unit_of_work() as session:
            name_product(session, actor, number, case.second, clock.now())
        with pytest.raises(NotPermitted), unit_of_work() as session:
            drop_product(session, actor, number, case.first, clock.now())
    with pytest.raises(NotPermitted):
        down(case, number + 999)
    assert items(number) == {case.first: None}
    assert publication(case.first) is Publication.PUBLISHED


def test_an_order_names_products_of_its_province_that_are_known_to_the_public(case: Case) -> None:
    number = order_of(case, case.first, case.first)
    assert list(items(number)) == [case.first]
    with unit_of_work() as session:
        session.get_one(Product, case.second).publication = Publication.DRAFT
    for product_id in (case.foreign, case.second, case.foreign + 999):
        with pytest.raises(NotFound), unit_of_work() as session:
            name_product(session, case.officer, number, product_id, clock.now())


def test_a_product_named_by_mistake_goes_from_the_order_while_it_is_on_view(case: Case) -> None:
    number = order_of(case, case.first, case.second)
    down(case, number, case.second)
    with unit_of_work() as session:
        drop_product(session, case.officer, number, case.first, clock.now())
    assert list(items(number)) == [case.second]
    for product_id in (case.first, case.second):
        with pytest.raises(NotFound), unit_of_work() as session:
            drop_product(session, case.officer, number, product_id, clock.now())


def test_a_member_of_the_producer_names_and_takes_down_nothing(case: Case) -> None:
    number = order_of(case, case.first)
    with unit_of_work() as session:
        person = session.get_one(Person, case.officer.person_id)
        a_member(session, Scope(ScopeKind.PRODUCER, case.producer), Role.STAFF, person)
    with pytest.raises(ConflictOfDuty):
        down(case, number)
    with pytest.raises(ConflictOfDuty), unit_of_work() as session:
        name_product(session, case.officer, number, case.second, clock.now())
    assert publication(case.first) is Publication.PUBLISHED


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"number": "1"}, InvalidAuthorityOrder),
        ({"number": "1" * 61}, InvalidAuthorityOrder),
        ({"authority": "QL"}, InvalidAuthorityOrder),
        ({"words": "gỡ"}, InvalidAuthorityOrder),
        ({"received_at": NOON + timedelta(minutes=1)}, ImpossibleTime),
        ({"received_at": NOON - timedelta(days=367)}, ImpossibleTime),
    ],
)
def test_what_an_order_needs(changes: dict[str, Any], refusal: type[Exception], case: Case) -> None:
    typed = {"number": NUMBER, "authority": AUTHORITY, "words": DEMAND, "received_at": NOON, **changes}
    with pytest.raises(refusal), unit_of_work() as session:
        record_order(session, case.officer, case.province, OrderFacts(**typed), clock.now())


def test_the_same_order_leads_to_the_first(case: Case) -> None:
    number = order_of(case)
    with pytest.raises(AuthorityOrderOnRecord) as refused:
        order_of(case)
    assert refused.value.parameters["authority_order"] == number
    order_of(case, number="13/QLTT-NV")


def test_an_order_has_an_end(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(takedown, "MOST_ITEMS", 1)
    number = order_of(case, case.first)
    with pytest.raises(TooManyItems), unit_of_work() as session:
        name_product(session, case.officer, number, case.second, clock.now())
