"""Several officers at the same moment: an inspection and an order are on record once, and end once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.oversight.inspections import mend_finding
from marketplace.certification.oversight.models import AuthorityOrder, Inspection
from marketplace.certification.oversight.takedown import answer_order, take_down
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_product
from tests.factories.deeds import deeds
from tests.factories.oversight import LABEL, an_inspection, an_officer, an_order
from tests.factories.places import make_province
from tests.factories.producers import a_producer

AT_ONCE = 4
OTHERS = AT_ONCE - 1


def together(app: Flask, officers: list[Actor], deed: Callable[[Any, Actor], object]) -> list[str]:
    """Have every officer do a deed at the same moment, and return what each was told."""
    ready = Barrier(len(officers))

    def run(officer: Actor) -> str:
        with app.app_context():
            ready.wait()
            try:
                with unit_of_work() as session:
                    deed(session, officer)
            except MarketplaceError as refusal:
                return refusal.code
            return "done"

    db.session.rollback()
    with ThreadPoolExecutor(len(officers)) as pool:
        told = list(pool.map(run, officers))
    db.session.rollback()
    return sorted(told)


def a_case() -> tuple[list[Actor], int, int, int]:
    """Write a province with officers, a producer and a product; return them by their ids."""
    with unit_of_work() as session:
        province = make_province(session)
        producer = a_producer(session, province_id=province.id)
        product = a_product(session, producer=producer, location={"province_id": province.id})
        officers = [an_officer(session, province.id) for _ in range(AT_ONCE)]
        return officers, province.id, producer.id, product.id


def count(model: type[Any]) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_an_inspection_is_recorded_once(app: Flask) -> None:
    officers, _, producer, _ = a_case()

    def record(session: Any, officer: Actor) -> None:
        an_inspection(session, officer, session.get_one(Producer, producer), LABEL)

    assert together(app, officers, record) == ["done"] + ["inspection_repeated"] * OTHERS
    assert count(Inspection) == 1


def test_a_finding_is_mended_once(app: Flask) -> None:
    officers, _, producer, _ = a_case()
    with unit_of_work() as session:
        made = an_inspection(session, officers[0], session.get_one(Producer, producer), LABEL)
        number, finding = made.id, made.findings[0].id

    def mend(session: Any, officer: Actor) -> None:
        at = clock.now()
        mend_finding(session, officer, number, finding, "In lại nhãn.", clock.local_date(at), at)

    assert together(app, officers, mend) == ["done"] + ["finding_mended"] * OTHERS
    assert len(deeds("inspection:mend")) == 1


def test_an_order_is_recorded_carried_out_and_answered_once(app: Flask) -> None:
    officers, province, _, product = a_case()
    recorded = together(app, officers, lambda session, officer: an_order(session, officer, province, product))
    assert recorded == ["authority_order_on_record"] * OTHERS + ["done"]
    order = db.session.scalars(sa.select(AuthorityOrder.id)).one()
    down = together(app, officers, lambda session, officer: take_down(session, officer, order, clock.now()))
    assert down == ["done"] * AT_ONCE
    assert len(deeds("product:suspend")) == 1
    assert db.session.get_one(Product, product).publication is Publication.SUSPENDED
    words = "Đã gỡ trong buổi sáng."
    answered = together(
        app, officers, lambda session, officer: answer_order(session, officer, order, words, clock.now())
    )
    assert answered == ["authority_order_answered"] * OTHERS + ["done"]
