"""Making lots: what they say, what they refuse, and the first event of each."""

from decimal import Decimal

from flask import Flask

from marketplace.database import db, unit_of_work
from marketplace.traceability.events.history import find_history, load_history
from marketplace.traceability.events.models import EventKind
from tests.factories.catalogue import a_product
from tests.factories.lots import a_lot, a_zone, from_zone, serials
from tests.factories.producers import a_producer


def test_a_lot_begins_with_an_event(app: Flask) -> None:
    with unit_of_work() as session:
        producer = a_producer(session)
        product = a_product(session, producer=producer)
        lot = a_lot(session, product, events=6, inputs=(from_zone(a_zone(session, producer)),))
        serials(session, lot)
    history = load_history(db.session(), lot.id)
    assert lot.code == "KM2611-01"
    assert [event.position for event in history.events] == [1, 2, 3, 4, 5, 6]
    assert history.events[0].kind is EventKind.TRANSFORMATION
    assert history.first_broken is None
    assert history.shares.unknown == Decimal(100)
    db.session.rollback()
    assert find_history(db.session(), product.id, "KM2611-01") is not None
