"""Codes that a product had before: what was printed leads somewhere for ever."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.actions import assign_gtin
from marketplace.catalogue.models import Product, Publication
from marketplace.database import db, unit_of_work
from marketplace.traceability.codes.former import find_moved
from marketplace.traceability.codes.models import FormerCode
from marketplace.traceability.codes.queries import get_traced_product
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.errors import MovedCode, UnknownCode
from tests.factories.catalogue import a_product
from tests.factories.lots import a_lot
from tests.factories.producers import a_producer

OLD, NEW, NEWEST = "09521234543213", "09520123456788", "00000002345673"


def renamed(*gtins: str | None, **facts: Any) -> Product:
    """Register a product with the first GTIN, and give it the others in units of work of their own."""
    with unit_of_work() as session:
        product = a_product(session, gtin=gtins[0], **facts)
    for gtin in gtins[1:]:
        with unit_of_work() as session:
            change(session, session.get_one(Product, product.id), gtin)
    return product


def change(session: Session, product: Product, gtin: str | None) -> None:
    if gtin is None:
        product.gtin = None
    else:
        assign_gtin(session, product, gtin)


def former_codes() -> dict[str, int]:
    return dict(db.session.execute(sa.select(FormerCode.code, FormerCode.product_id)).all())


@pytest.mark.usefixtures("app")
def test_a_gtin_that_is_replaced_is_remembered_with_its_moment() -> None:
    product = renamed(OLD, NEW)
    assert former_codes() == {OLD: product.id}
    assert db.session.get_one(FormerCode, OLD).replaced_at == clock.now()


@pytest.mark.usefixtures("app")
def test_nothing_is_remembered_of_a_first_gtin_or_the_same_again() -> None:
    renamed(None, OLD, OLD)
    assert former_codes() == {}


@pytest.mark.usefixtures("app")
def test_every_gtin_of_a_row_leads_to_the_last() -> None:
    renamed(OLD, NEW, NEWEST)
    for gtin in (OLD, NEW):
        moved = find_moved(db.session(), TraceCode(gtin=gtin, lot="L1", serial="S"))
        assert moved == TraceCode(gtin=NEWEST, lot="L1", serial="S")


@pytest.mark.usefixtures("app")
def test_a_gtin_taken_back_stands_for_the_product_itself() -> None:
    product = renamed(OLD, NEW, OLD, NEW)
    assert set(former_codes()) == {OLD, NEW}
    assert get_traced_product(TraceCode(gtin=NEW)).id == product.id
    with pytest.raises(MovedCode) as moved:
        get_traced_product(TraceCode(gtin=OLD))
    assert moved.value.parameters["path"] == f"/01/{NEW}"


@pytest.mark.usefixtures("app")
def test_a_gtin_that_goes_leads_to_the_token() -> None:
    product = renamed(OLD, None)
    moved = find_moved(db.session(), TraceCode(gtin=OLD, lot="L1"))
    assert moved == TraceCode(token=product.trace_token, lot="L1")


@pytest.mark.usefixtures("app")
def test_a_gtin_that_another_product_has_now_is_of_that_product() -> None:
    renamed(OLD, NEW)
    other = renamed(OLD)
    assert get_traced_product(TraceCode(gtin=OLD)).id == other.id


@pytest.mark.usefixtures("app")
def test_the_last_product_that_gave_a_gtin_up_is_led_to() -> None:
    renamed(OLD, NEW)
    other = renamed(OLD, NEWEST)
    assert former_codes()[OLD] == other.id


@pytest.mark.usefixtures("app")
def test_drafts_are_told_to_nobody() -> None:
    renamed(OLD, NEW, publication=Publication.DRAFT)
    with pytest.raises(UnknownCode):
        get_traced_product(TraceCode(gtin=OLD))


def test_an_old_label_leads_to_the_page_of_its_lot(client: FlaskClient) -> None:
    with unit_of_work() as session:
        product = a_product(session, gtin=OLD, producer=a_producer(session))
        lot = a_lot(session, product)
    with unit_of_work() as session, clock.stopped(clock.now() + timedelta(days=1)):
        assign_gtin(session, session.get_one(Product, product.id), NEW)
    answer = client.get(f"/01/{OLD}/10/{lot.code}?17=270514&x=1")
    assert (answer.status_code, answer.headers["Location"]) == (301, f"/01/{NEW}/10/{lot.code}?17=270514&x=1")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get(answer.headers["Location"]).status_code == 200
    asked = client.get(f"/01/{OLD}?linkType=gs1:traceability")
    assert (asked.status_code, asked.headers["Location"]) == (301, f"/01/{NEW}?linkType=gs1%3Atraceability")
    short = client.get(f"/01/{OLD.lstrip('0')}")
    assert short.headers["Location"] == f"/01/{OLD}"
    english = client.get(f"/en/01/{OLD}")
    assert english.headers["Location"] == f"/en/01/{NEW}"
