"""Ordering labels: who gets which numbers, what is refused, and what spoilt ones become."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.traceability.codes.models import LabelBatch, LabelLevel, SerialCode, SerialState
from marketplace.traceability.errors import NoSuchLabels
from marketplace.traceability.labels.errors import InvalidLabels, NotForPrinting
from marketplace.traceability.labels.making import MOST_LABELS, LabelOrder, make_labels, reprint_labels
from marketplace.traceability.labels.queries import get_own_batch, list_serials
from marketplace.traceability.labels.sheet import draw_batch
from marketplace.traceability.lots.models import Lot
from tests.catalogue.statements import counted_statements
from tests.conftest import NOON
from tests.factories.accounts import a_member, an_actor
from tests.factories.labels import SITE
from tests.factories.listings import a_certified_product
from tests.factories.lots import a_lot, a_material_lot
from tests.traceability.printed import page_texts

DAY = clock.local_date(NOON)


def batches_of(session: Session, lot: Lot) -> list[LabelBatch]:
    return list(
        session.scalars(sa.select(LabelBatch).where(LabelBatch.lot_id == lot.id).order_by(LabelBatch.id))
    )


def an_order(count: int = 3, **changes: Any) -> LabelOrder:
    return LabelOrder(**{"format": "a4-24", "level": LabelLevel.ITEM, "count": count, **changes})


def a_certified_lot(session: Session, **changes: Any) -> Lot:
    return a_lot(session, a_certified_product(session, "Mứt vỏ bưởi"), **changes)


def test_labels_of_a_lot_are_numbered_on(app: Flask) -> None:
    with unit_of_work() as session:
        lot = a_certified_lot(session)
        scope = Scope(ScopeKind.PRODUCER, lot.producer_id)
        actor = an_actor(a_member(session, scope, Role.OWNER).id, (scope, Role.OWNER))
        first = make_labels(session, actor, lot, an_order(3), NOON)
        alike = make_labels(session, actor, lot, an_order(5, level=LabelLevel.LOT), NOON + timedelta(hours=1))
        last = make_labels(session, actor, lot, an_order(2, with_pins=True), NOON + timedelta(hours=2))
        assert [one.number for one in first.minted] == [1, 2, 3]
        assert (alike.batch.first_number, alike.minted) == (4, [])
        assert [one.number for one in last.minted] == [9, 10]
        assert all(one.pin for one in last.minted)
        assert not any(one.pin for one in first.minted)
        assert lot.printed_at == NOON
        assert (first.batch.stars, first.batch.made_by, first.batch.made_at) == (3, actor.person_id, NOON)
        assert batches_of(session, lot) == [first.batch, alike.batch, last.batch]
    deeds = db.session.scalars(sa.select(Deed).where(Deed.action == "labels:make").order_by(Deed.seq)).all()
    assert [deed.subject_id for deed in deeds] == [str(one.batch.id) for one in (first, alike, last)]
    assert deeds[0].org == f"producer:{lot.producer_id}"


def test_goods_without_a_certificate_get_no_stars(app: Flask) -> None:
    with unit_of_work() as session:
        assert make_labels(session, None, a_lot(session), an_order(), NOON).batch.stars is None


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"count": 0}, {"field": "count", "most": MOST_LABELS}),
        ({"count": MOST_LABELS + 1}, {"field": "count", "most": MOST_LABELS}),
        ({"format": "a0"}, {"field": "format"}),
        ({"with_pins": True, "level": LabelLevel.LOT}, {"field": "with_pins"}),
        ({"with_pins": True, "format": "a4-65"}, {"field": "with_pins"}),
    ],
)
def test_orders_that_cannot_be_printed_are_refused(
    app: Flask, changes: dict[str, Any], fault: dict[str, Any]
) -> None:
    with unit_of_work() as session:
        lot = a_lot(session)
        with pytest.raises(InvalidLabels) as refused:
            make_labels(session, None, lot, an_order(**changes), NOON)
        assert refused.value.parameters == fault
        assert (lot.printed_at, batches_of(session, lot)) == (None, [])


def test_material_and_drafts_get_no_labels(app: Flask) -> None:
    with unit_of_work() as session:
        lot = a_lot(session)
        material = a_material_lot(session, session.get_one(Producer, lot.producer_id))
        session.get_one(Product, lot.product_id).publication = Publication.DRAFT
        for one in (lot, material):
            with pytest.raises(NotForPrinting):
                make_labels(session, None, one, an_order(), NOON)
            assert one.printed_at is None


def test_goods_get_labels_to_the_end_of_their_last_day(app: Flask) -> None:
    with unit_of_work() as session:
        lot = a_lot(session, use_by=DAY)
        midnight = clock.start_of(DAY + timedelta(days=1))
        make_labels(session, None, lot, an_order(), midnight - timedelta(seconds=1))
        with pytest.raises(NotForPrinting):
            make_labels(session, None, lot, an_order(), midnight)


def test_a_lot_recalled_since_it_was_read_gets_no_labels(app: Flask) -> None:
    with unit_of_work() as session:
        lot = a_lot(session)
    with unit_of_work() as session:
        read_before = session.get_one(Lot, lot.id)
        session.execute(
            sa.update(Lot).where(Lot.id == lot.id).values(recalled_at=NOON),
            execution_options={"synchronize_session": False},
        )
        assert read_before.recalled_at is None
        with pytest.raises(NotForPrinting):
            make_labels(session, None, read_before, an_order(), NOON)


def test_spoilt_labels_are_void_and_new_ones_have_new_numbers(app: Flask) -> None:
    with unit_of_work() as session:
        lot = a_certified_lot(session)
        spoilt = make_labels(session, None, lot, an_order(4), NOON)
        other = make_labels(session, None, lot, an_order(2), NOON)
        again = reprint_labels(session, None, lot, spoilt.batch, (3, 99), NOON, with_pins=True)
        assert [one.number for one in again.minted] == [7, 8]
        assert all(one.pin for one in again.minted)
        assert again.batch.reprint_of_id == spoilt.batch.id
        assert (again.batch.format, again.batch.count) == ("a4-24", 2)
        session.expire_all()
        void = session.scalars(sa.select(SerialCode).where(SerialCode.state == SerialState.VOID)).all()
        assert {one.number for one in void} == {3, 4}
        assert [one.number for one in list_serials(session, spoilt.batch.id)] == [1, 2]
        assert [one.number for one in list_serials(session, other.batch.id)] == [5, 6]
    deed = db.session.scalars(sa.select(Deed).where(Deed.action == "labels:reprint")).one()
    assert '"spoilt":[3,4]' in deed.data


def test_labels_that_are_not_there_are_not_printed_again(app: Flask) -> None:
    with unit_of_work() as session:
        lot, other = a_lot(session), a_lot(session)
        batch = make_labels(session, None, lot, an_order(2), NOON).batch
        reprint_labels(session, None, lot, batch, (1, 1), NOON)
        for of_lot, numbers in ((lot, (1, 1)), (lot, (3, 9)), (lot, (2, 1)), (other, (2, 2))):
            with pytest.raises(NoSuchLabels):
                reprint_labels(session, None, of_lot, batch, numbers, NOON)
        assert len(batches_of(session, lot)) == 2


def test_a_batch_is_drawn_again_without_its_void_labels(app: Flask) -> None:
    with unit_of_work() as session:
        lot = a_certified_lot(session)
        batch = make_labels(session, None, lot, an_order(3), NOON).batch
        reprint_labels(session, None, lot, batch, (2, 2), NOON)
        producer_id, batch_id = lot.producer_id, batch.id
    with counted_statements() as statements:
        found = get_own_batch(db.session(), batch_id, producer_id)
        (text,) = page_texts(draw_batch(found, list_serials(db.session(), batch_id), SITE, DAY))
    assert len(statements) == 2
    assert [f"Tem 000{n}" in text for n in (1, 2, 3)] == [True, False, True]
    assert "OCOP 3 sao" in text


def test_batches_of_others_are_not_found(app: Flask) -> None:
    with unit_of_work() as session:
        lot = a_lot(session)
        batch = make_labels(session, None, lot, an_order(), NOON).batch
        with pytest.raises(NotFound):
            get_own_batch(session, batch.id, lot.producer_id + 1)
        assert isinstance(get_own_batch(session, batch.id, lot.producer_id), LabelBatch)
