"""The doctor's book of lots: silent on sound ones, and naming each row that was changed past all rules."""

from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.database import db, unit_of_work
from marketplace.media.pictures import keep, owner_of
from marketplace.traceability.events.corrections import declare_wrong
from marketplace.traceability.events.models import BizStep, ErrorReason
from marketplace.traceability.events.recording import EventFacts
from marketplace.traceability.zones.chain import note_zone
from marketplace.upkeep.doctor import Fault, examine
from tests.conftest import NOON
from tests.factories.catalogue import a_product, a_variant
from tests.factories.lots import a_lot, a_material_lot, a_paper, a_zone, an_event, from_zone, serials
from tests.factories.media import encoded
from tests.factories.producers import a_producer


@pytest.fixture
def lots(app: Flask) -> None:
    """Two lots with inputs, events, a correction and labels."""
    with unit_of_work() as session:
        producer = a_producer(session)
        product = a_product(session, producer=producer)
        a_variant(session, product)
        zone = a_zone(session, producer, "Đồi cam")
        note_zone(session, zone, NOON, None)
        zone.crop = "bưởi"
        note_zone(session, zone, NOON, None)
        lot = a_lot(session, product, events=5, inputs=(from_zone(zone),))
        wrong = an_event(session, lot)
        instead = EventFacts(biz_step=BizStep.STOCKING, event_time=NOON)
        declare_wrong(session, lot.id, wrong.event_id, ErrorReason.INCORRECT_DATA, NOON, None, instead)
        photograph = keep(session, encoded(), owner_of("producer", producer.id), NOON)
        an_event(session, lot, paper_id=a_paper(session, lot).id, picture_id=photograph.id)
        serials(session, lot, 3)
        serials(session, lot, 2)
        a_material_lot(session, producer)


@dataclass(frozen=True)
class Broken:
    """A row changed past all rules, and what the doctor calls it."""

    by: str
    what: str


BROKEN = [
    Broken("UPDATE trace_event SET words = 'x' WHERE position = 3", "event, hash of what it says"),
    Broken("UPDATE trace_event SET biz_step = 'other' WHERE position = 4", "event, hash of what it says"),
    Broken("UPDATE trace_event SET hash = previous_hash WHERE position = 3", "event, hash of what it says"),
    Broken("UPDATE trace_event SET hash = 'f' WHERE position = 2", "event, hash of the one before"),
    Broken("DELETE FROM trace_event WHERE position = 3", "event, position in its chain"),
    Broken("DELETE FROM trace_event WHERE position = 9", "lot, events in its chain"),
    Broken("UPDATE lot SET chain_hash = 'f'", "lot, hash of its last event"),
    Broken("DELETE FROM trace_event", "lot, event it began with"),
    Broken("UPDATE lot SET quantity = 49 WHERE product_id IS NOT NULL", "lot, quantity by its first event"),
    Broken("UPDATE lot SET uom = 'KGM' WHERE product_id IS NOT NULL", "lot, uom by its first event"),
    Broken(
        "UPDATE lot SET use_by = '2028-01-01' WHERE product_id IS NOT NULL", "lot, ilmd by its first event"
    ),
    Broken("UPDATE lot SET code = 'A1'", "lot, ilmd by its first event"),
    Broken("UPDATE lot_input SET quantity = 7", "lot, ocop:inputs by its first event"),
    Broken("DELETE FROM lot_input", "lot, ocop:inputs by its first event"),
    Broken("UPDATE document SET digest = 'f'", "event, file that it names"),
    Broken("UPDATE picture SET digest = 'f'", "event, file that it names"),
    Broken(
        "UPDATE trace_event SET corrects_id = (SELECT min(id) FROM trace_event)"
        " WHERE corrects_id IS NOT NULL",
        "event, the one it corrects",
    ),
    Broken("DELETE FROM serial_code WHERE number = 2", "labels, serials of them"),
    Broken("UPDATE serial_code SET number = 9 WHERE number = 2", "labels, serials of them"),
    Broken("UPDATE label_batch SET level = 'lot'", "labels, serials of them"),
    Broken("UPDATE label_batch SET first_number = 1", "labels, first number"),
    Broken("UPDATE lot SET printed_at = NULL", "lot, printed"),
    Broken("UPDATE variant SET halted = true", "variant halted, recalls of it"),
    Broken("UPDATE lot SET recalled_at = '2026-11-20 00:00:00+00'", "lot recalled, recalls of it"),
    Broken("UPDATE material_zone SET name = 'Vườn nhà'", "zone, what its last line says"),
    Broken("UPDATE zone_line SET hash = 'f' WHERE position = 2", "zone, line at which its chain breaks"),
    Broken("DELETE FROM zone_line WHERE position = 2", "zone, line at which its chain breaks"),
    Broken(
        "INSERT INTO recall (code, scope, lot_id, reason, words, advice, ordered_at, by_office,"
        " buyers_told, points_told, orders_frozen)"
        " SELECT 'X', 'lot', min(id), 'quality', 'x', 'x', '2026-11-20 00:00:00+00', true, 0, 0, 0 FROM lot",
        "lot, recalled",
    ),
]


@pytest.mark.usefixtures("lots")
def test_sound_lots_are_passed_over_and_each_broken_row_is_named() -> None:
    assert _found() == []
    missed = [broken for broken in BROKEN if not _is_named(broken)]
    assert missed == []
    assert _found() == []


def _found() -> list[Fault]:
    db.session.rollback()
    return list(examine(db.session()))


def _is_named(broken: Broken) -> bool:
    """Break a row, ask the doctor, and undo it again."""
    db.session.rollback()
    session = db.session()
    session.connection().execute(sa.text(broken.by))
    named = {(fault.book, fault.subject.rsplit(" ", 1)[0]) for fault in examine(session)}
    session.rollback()
    return ("trace", broken.what) in named
