"""What a recall touches: the goods themselves, what was made of them, and packs offered afterwards."""

from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.packs import set_variants
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.register import current_version
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.lots.inputs import InputFacts
from marketplace.traceability.lots.models import Lot, MeasureUnit
from marketplace.traceability.recalls import chains
from marketplace.traceability.recalls.acts import lift_recall, resume_sale
from marketplace.traceability.recalls.chains import write_chains
from marketplace.traceability.recalls.errors import (
    AlreadyRecalled,
    InvalidRecall,
    LiftedByAnother,
    OfficeRecall,
)
from marketplace.traceability.recalls.models import Recall, RecallScope
from marketplace.traceability.recalls.queries import (
    get_recall,
    recalls_of_lot,
    recalls_of_producer,
    recalls_of_product,
    recalls_of_products,
)
from marketplace.traceability.recalls.touching import products_of
from marketplace.upkeep.trace_books import list_trace_faults
from tests.factories.accounts import a_person
from tests.factories.catalogue import a_pack, a_product, a_variant
from tests.factories.deeds import deeds
from tests.factories.lots import a_lot, a_material_lot, from_lot
from tests.factories.producers import a_producer
from tests.factories.recalls import a_recall

REASON = "Mẫu kiểm lại đạt, bán tiếp được."


def somebody() -> Actor:
    """Return somebody with an account."""
    with unit_of_work() as session:
        return Actor(a_person(session).id)


def recalled_lots() -> set[str]:
    """Return the codes of the lots that are recalled."""
    db.session.rollback()
    return set(db.session.scalars(sa.select(Lot.code).where(Lot.recalled_at.is_not(None))))


def halted() -> int:
    """Return how many packs are kept from being sold."""
    db.session.rollback()
    return db.session.execute(sa.select(sa.func.count()).where(Variant.halted)).scalar_one()


@pytest.fixture
def product(app: Flask) -> Product:
    """A product of a producer, in one pack."""
    with unit_of_work() as session:
        product = a_product(session, producer=a_producer(session))
        a_variant(session, product)
        return product


def test_what_was_made_of_a_lot_is_recalled_with_it(product: Product) -> None:
    with unit_of_work() as session:
        producer = session.get_one(type(product).producer.property.mapper.class_, product.producer_id)
        material = a_material_lot(session, producer, code="NL01")
        taken = InputFacts(
            material="cam", source_lot_id=material.id, quantity=Decimal(10), uom=MeasureUnit.KILOGRAM
        )
        made = a_lot(session, product, code="A1", inputs=(taken,))
        other = a_lot(session, product, code="B1")
    recall = a_recall(RecallScope.LOT, material.id)
    assert recalled_lots() == {"NL01", "A1"}
    assert halted() == 1
    assert [one.code for one in recalls_of_lot(db.session(), made)] == [recall.code]
    assert list(recalls_of_lot(db.session(), other)) == []
    for found in (
        recalls_of_product(db.session(), product.id, product.producer_id),
        recalls_of_products(db.session(), [product.id]),
        recalls_of_producer(db.session(), product.producer_id or 0),
    ):
        assert [one.code for one in found] == [recall.code]
    with unit_of_work() as session:
        lift_recall(session, somebody_in(session), recall, REASON, clock.now())
    assert (recalled_lots(), halted()) == (set(), 0)
    assert list(recalls_of_producer(db.session(), product.producer_id or 0)) == []
    assert len(recalls_of_producer(db.session(), product.producer_id or 0, lifted=True)) == 1
    assert len(recalls_of_lot(db.session(), made, lifted=True)) == 1


def somebody_in(session: sa.orm.Session) -> Actor:
    """Return somebody with an account, written in a unit of work that is open."""
    return Actor(a_person(session).id)


@pytest.mark.parametrize("scope", [RecallScope.PRODUCT, RecallScope.PRODUCER])
def test_packs_offered_under_a_recall_are_not_sold(product: Product, scope: RecallScope) -> None:
    subject = product.id if scope is RecallScope.PRODUCT else product.producer_id
    a_recall(scope, subject or 0)
    with unit_of_work() as session:
        set_variants(session, session.get_one(Product, product.id), [a_pack(), a_pack(name="Túi 2 kg")])
    db.session.rollback()
    active = sa.select(Variant.halted).where(Variant.product_id == product.id, Variant.active)
    assert set(db.session.scalars(active)) == {True}


def test_pages_kept_before_a_recall_are_not_shown_after_it(product: Product) -> None:
    before = current_version()
    recall = a_recall(RecallScope.PRODUCT, product.id)
    ordered = current_version()
    with unit_of_work() as session:
        lift_recall(session, somebody_in(session), recall, REASON, clock.now())
    assert before < ordered < current_version()


def test_the_office_lifts_its_recalls_by_another_person(product: Product) -> None:
    orderer, other = somebody(), somebody()
    recall = a_recall(RecallScope.PRODUCT, product.id, actor=orderer)
    for actor, by_office, refused in ((orderer, True, LiftedByAnother), (other, False, OfficeRecall)):
        with pytest.raises(refused), unit_of_work() as session:
            lift_recall(session, actor, recall, REASON, clock.now(), by_office=by_office)
    with unit_of_work() as session:
        lift_recall(session, other, recall, REASON, clock.now())


def test_producers_lift_their_own_recalls(product: Product) -> None:
    owner = somebody()
    recall = a_recall(RecallScope.PRODUCT, product.id, actor=owner, by_office=False)
    with pytest.raises(InvalidRecall), unit_of_work() as session:
        lift_recall(session, owner, recall, "ngắn", clock.now(), by_office=False)
    with unit_of_work() as session:
        lift_recall(session, owner, recall, REASON, clock.now(), by_office=False)
    assert halted() == 0


@pytest.mark.parametrize("scope", RecallScope)
def test_nothing_is_recalled_that_is_not_there(app: Flask, scope: RecallScope) -> None:
    with pytest.raises(NotFound):
        a_recall(scope, 999_999)
    with pytest.raises(NotFound), unit_of_work() as session:
        resume_sale(session, None, 999_999, clock.now())
    with pytest.raises(NotFound):
        get_recall(db.session(), "TH000000-XXXX")
    assert db.session.scalars(sa.select(Recall.id)).all() == []


def test_a_recall_of_the_office_stands_beside_the_producers_own(product: Product) -> None:
    with unit_of_work() as session:
        lot = a_lot(session, product, code="A1")
    owner = somebody()
    own = a_recall(RecallScope.LOT, lot.id, actor=owner, by_office=False)
    before = current_version()
    office = a_recall(RecallScope.LOT, lot.id, words="Cơ quan kiểm nghiệm thấy chất cấm.")
    assert current_version() > before
    assert len(deeds("recall:order")) == 2
    for by_office in (True, False):
        with pytest.raises(AlreadyRecalled):
            a_recall(RecallScope.LOT, lot.id, by_office=by_office)
    with unit_of_work() as session:
        lift_recall(session, owner, own, REASON, clock.now(), by_office=False)
    assert (recalled_lots(), halted()) == ({"A1"}, 1)
    assert [one.code for one in recalls_of_lot(db.session(), lot)] == [office.code]
    with pytest.raises(OfficeRecall), unit_of_work() as session:
        lift_recall(session, owner, office, REASON, clock.now(), by_office=False)


@pytest.mark.parametrize("scope", [RecallScope.PRODUCT, RecallScope.PRODUCER])
def test_recalls_of_products_go_with_the_goods(product: Product, scope: RecallScope) -> None:
    with unit_of_work() as session:
        producer = session.get_one(Producer, product.producer_id)
        sweet = a_product(session, "Kẹo", producer=producer)
        a_variant(session, sweet)
        a_variant(session, a_product(session, "Mứt", producer=producer))
        own = a_lot(session, product, code="A1")
        made = a_lot(session, sweet, code="K1", inputs=(from_lot(own),))
        a_lot(session, sweet, code="K2")
    subject = product.id if scope is RecallScope.PRODUCT else producer.id
    recall = a_recall(scope, subject)
    only_made = scope is RecallScope.PRODUCT
    assert recalled_lots() == ({"A1", "K1"} if only_made else {"A1", "K1", "K2"})
    assert halted() == (2 if only_made else 3)
    touched = set(db.session.scalars(products_of(scope, subject)))
    assert {product.id, sweet.id} <= touched
    for found in (
        recalls_of_lot(db.session(), made),
        recalls_of_product(db.session(), sweet.id, sweet.producer_id),
        recalls_of_products(db.session(), [sweet.id]),
    ):
        assert [one.code for one in found] == [recall.code]
    assert list(list_trace_faults(db.session())) == []
    with unit_of_work() as session:
        lift_recall(session, somebody_in(session), recall, REASON, clock.now())
    assert (recalled_lots(), halted()) == (set(), 0)


def events_of(lot: Lot) -> list[tuple[str, str | None, str | None]]:
    """Return step, disposition and words of a lot's events after its first."""
    db.session.rollback()
    kept = sa.select(TraceEvent).where(TraceEvent.lot_id == lot.id, TraceEvent.position > 1)
    rows = db.session.scalars(kept.order_by(TraceEvent.position))
    return [(one.biz_step, one.disposition, one.words) for one in rows]


def test_recalls_stand_in_the_chains_of_their_lots_once(product: Product) -> None:
    with unit_of_work() as session:
        lots = [a_lot(session, product, code=f"A{number}") for number in range(3)]
    first, second = a_recall(RecallScope.PRODUCT, product.id), a_recall(RecallScope.LOT, lots[0].id)
    jobs.do_all()
    write_chains(first.id, lifted=False)
    begun = [("holding", "recalled", f"Thu hồi {one.code}") for one in (first, second)]
    assert (sorted(events_of(lots[0])), events_of(lots[1])) == (sorted(begun), begun[:1])
    with unit_of_work() as session:
        lift_recall(session, somebody_in(session), first, REASON, clock.now())
    jobs.do_all()
    write_chains(first.id, lifted=True)
    over = f"Thôi thu hồi {first.code}"
    assert events_of(lots[0])[2:] == [("holding", "recalled", over)]
    assert events_of(lots[1])[1:] == [("holding", "sellable_not_accessible", over)]
    assert list(list_trace_faults(db.session())) == []


def test_chains_are_written_some_lots_at_a_time(product: Product, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chains, "AT_ONCE", 2)
    monkeypatch.setattr(chains, "REST_SECONDS", 0)
    with unit_of_work() as session:
        lots = [a_lot(session, product, code=f"A{number}") for number in range(5)]
    recall = a_recall(RecallScope.PRODUCER, product.producer_id or 0)
    jobs.do_all()
    assert [events_of(lot) for lot in lots] == [[("holding", "recalled", f"Thu hồi {recall.code}")]] * 5
