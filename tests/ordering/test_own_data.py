"""What orders know of a buyer: handed out, kept as long as sellers answer for them, then nameless."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts import privacy
from marketplace.accounts.privacy import Subject
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.ordering.after_sale_models import InvoiceRequest, Return, ReturnReason
from marketplace.ordering.models import Order, OrderGroup, OrderLine
from marketplace.ordering.own_data import (
    DELIVERED_WITHIN,
    INVOICES_KEPT_FOR,
    KEPT_BECAUSE,
    KEPT_FOR,
    export_orders,
    let_buyers_go,
)
from marketplace.ordering.returns import ask_return
from tests.conftest import NOON
from tests.factories.accounts import a_person
from tests.factories.after_sale import delivered_orders, step
from tests.factories.media import encoded
from tests.factories.ordering import a_commune, ordered, stocked


@pytest.fixture
def group(app: Flask) -> OrderGroup:
    with unit_of_work() as session:
        variant, goal = stocked(session, on_hand=5), a_commune(session)
    return ordered({variant.id: 2}, goal)


def of(phone: str | None) -> Subject:
    return Subject(None, None, phone)


def buyer() -> tuple[str, str, str, str | None]:
    db.session.rollback()
    row = db.session.execute(
        sa.select(OrderGroup.buyer_name, OrderGroup.buyer_phone, OrderGroup.ship_address, OrderGroup.note)
    ).one()
    return (row[0], row[1], row[2], row[3])


def test_the_buyer_gets_them_and_nobody_else_does(group: OrderGroup) -> None:
    with unit_of_work() as session:
        [told] = privacy.export(session, of(group.buyer_phone), NOON)["orders"]
        assert privacy.export(session, of("0987000111"), NOON)["orders"] == []
        assert privacy.export(session, of(None), NOON)["orders"] == []
    assert told["number"] == group.number
    assert told["lines"][0]["quantity"] == 2
    assert "token" not in str(told)


def test_an_erasure_says_that_they_stay(group: OrderGroup) -> None:
    before = buyer()
    with unit_of_work() as session:
        assert privacy.erase(session, of(group.buyer_phone), NOON)["orders"] == KEPT_BECAUSE
        assert "orders" not in privacy.erase(session, of("0987000111"), NOON)
    assert buyer() == before


def test_an_address_and_an_account_name_their_orders_too(app: Flask) -> None:
    with unit_of_work() as session:
        variant, goal = stocked(session, on_hand=5), a_commune(session)
        person = a_person(session, "Trần Văn An", email="an@example.vn")
    ordered({variant.id: 1}, goal, email="an@example.vn", person_id=person.id)
    for subject in (Subject(None, "an@example.vn", None), Subject(person.id, None, None)):
        with unit_of_work() as session:
            [told] = export_orders(session, subject)
            assert told["email"] == "an@example.vn"
    with unit_of_work() as session:
        subject = privacy.subject_of(session, "an@example.vn")
        assert privacy.erase(session, subject, NOON)["orders"] == KEPT_BECAUSE
        assert "orders" not in privacy.erase(session, of("0987000111"), NOON)


def test_what_became_of_an_order_is_handed_out(delivered: Order) -> None:
    ask_with_picture(delivered)
    subject = of("0912345678")
    with unit_of_work() as session:
        [told] = privacy.export(session, subject, NOON)["orders"]
    [parcel], [given_back] = told["parcels"], told["returns"]
    assert parcel["status"] == "placed"
    assert parcel["sent"][0]["collected"] == delivered.total
    assert (given_back["words"], given_back["state"]) == ("Quả bị dập.", "requested")
    assert given_back["lines"] == [{"product": "Cam Khe Mây", "quantity": 1}]
    assert len(given_back["pictures"]) == 1
    assert told["invoice"]["tax_code"] == "0101234567"


@pytest.mark.parametrize(("days", "named"), [(0, True), (1, False)])
def test_an_order_nobody_delivered_is_over_after_sixty_days(
    group: OrderGroup, days: int, named: bool
) -> None:
    with clock.stopped(group.placed_at + DELIVERED_WITHIN + KEPT_FOR + timedelta(days=days)):
        let_buyers_go()
    assert (buyer()[0] != "") is named
    if not named:
        assert buyer() == ("", "", "", None)


@pytest.mark.parametrize(("seconds", "named"), [(0, True), (1, False)])
def test_two_years_after_delivery_only_what_was_sold_is_left(
    delivered: Order, seconds: int, named: bool
) -> None:
    ask_with_picture(delivered)
    db.session.rollback()
    with clock.stopped(NOON + KEPT_FOR + timedelta(seconds=seconds)):
        let_buyers_go()
    assert (buyer()[0] != "") is named
    [given_back] = db.session.scalars(sa.select(Return)).all()
    pictures = db.session.scalar(sa.select(sa.func.count()).select_from(Picture))
    assert (given_back.words != "", pictures) == (named, int(named))
    assert db.session.scalars(sa.select(OrderLine.product_name)).all() == ["Cam Khe Mây"]
    assert db.session.scalars(sa.select(InvoiceRequest)).one().company == "Công ty An"


@pytest.mark.parametrize(("days", "kept"), [(-1, 1), (1, 0)])
def test_who_an_invoice_was_for_stays_ten_years(delivered: Order, days: int, kept: int) -> None:
    with clock.stopped(NOON + INVOICES_KEPT_FOR + timedelta(days=days)):
        let_buyers_go()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(InvoiceRequest)) == kept


@pytest.fixture
def delivered(app: Flask) -> Order:
    """A delivered order of a buyer who asked for an invoice."""
    with unit_of_work() as session:
        variant, goal = stocked(session, on_hand=5, set_number=4), a_commune(session)
    order = delivered_orders({variant.id: 2}, goal)[0]
    facts = {"tax_code": "0101234567", "address": "Hà Nội", "email": "ke-toan@example.vn"}
    with unit_of_work() as session:
        session.add(InvoiceRequest(group_id=order.group_id, company="Công ty An", **facts))
    return order


def ask_with_picture(order: Order) -> None:
    given = ({order.lines[0].id: 1}, ReturnReason.DAMAGED, "Quả bị dập.", [encoded()])
    step(ask_return, order.id, *given)
