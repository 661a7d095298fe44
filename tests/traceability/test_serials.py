"""Serial codes: who printed one, and what became of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.errors import TooManyAttempts
from marketplace.database import db, unit_of_work
from marketplace.traceability.codes.keys import ALPHABET, add_key, draw_serial, find_signer, tidy_serial
from marketplace.traceability.codes.models import (
    LabelBatch,
    LabelKey,
    LabelLevel,
    SerialCode,
    SerialState,
    VoidReason,
)
from marketplace.traceability.codes.pins import check_pin, claim_pin, forgive_pin
from marketplace.traceability.codes.serial_states import (
    activate,
    activate_batch,
    living_numbers,
    replace,
    void,
)
from marketplace.traceability.codes.serials import Minted, mint, next_number
from marketplace.traceability.errors import NoSuchLabels
from marketplace.traceability.lots.models import Lot
from tests.conftest import NOON
from tests.factories.catalogue import a_product
from tests.factories.producers import a_producer


def a_plain_lot(session: Session, code: str = "PT2611-02") -> Lot:
    producer = a_producer(session, f"HTX {code}")
    product = a_product(session, f"Trà {code}", producer=producer)
    lot = Lot(
        producer_id=producer.id,
        product_id=product.id,
        code=code,
        made_on=clock.local_date(NOON),
        quantity=100,
        created_at=NOON,
    )
    session.add(lot)
    session.flush()
    return lot


def a_batch(session: Session, lot: Lot, count: int) -> LabelBatch:
    batch = LabelBatch(
        lot_id=lot.id,
        level=LabelLevel.ITEM,
        format="a4-24",
        first_number=next_number(session, lot.id),
        count=count,
        made_at=NOON,
    )
    session.add(batch)
    session.flush()
    return batch


def printed(count: int = 3, *, pins: bool = False) -> tuple[Lot, LabelBatch, list[Minted]]:
    with unit_of_work() as session:
        lot = a_plain_lot(session)
        batch = a_batch(session, lot, count)
        return lot, batch, mint(session, lot, batch.id, count, pins, NOON)


def state_of(serial: str) -> tuple[SerialState, VoidReason | None]:
    row = db.session.scalars(
        sa.select(SerialCode).where(SerialCode.serial == serial),
        execution_options={"populate_existing": True},
    ).one()
    return row.state, row.void_reason


def row_of(serial: str) -> SerialCode:
    return db.session.scalars(sa.select(SerialCode).where(SerialCode.serial == serial)).one()


def is_signed(text: str) -> bool:
    return find_signer(db.session(), tidy_serial(text)) is not None


def changed(act: Callable[..., Any], *args: Any) -> Any:
    with unit_of_work() as session:
        return act(session, *args)


@pytest.mark.usefixtures("app")
def test_every_label_has_a_number_and_a_serial_that_says_nothing() -> None:
    _, _, first = printed(1_205)
    assert [one.number for one in first] == list(range(1, 1_206))
    assert len({one.serial for one in first}) == 1_205
    assert all(len(one.serial) == 16 and set(one.serial) <= set(ALPHABET) for one in first)
    assert not set("ILOU") & set(ALPHABET)
    assert len({one.serial[:4] for one in first}) > 1_000
    assert all(one.pin is None for one in first)


@pytest.mark.usefixtures("app")
def test_a_second_batch_goes_on_counting() -> None:
    lot, _, _ = printed(3)
    with unit_of_work() as session:
        batch = a_batch(session, lot, 2)
        assert [one.number for one in mint(session, lot, batch.id, 2, False, NOON)] == [4, 5]


@pytest.mark.usefixtures("app")
def test_a_serial_is_known_void_missing_from_the_books_or_forged() -> None:
    lot, _, (first, second, third) = printed()
    row = row_of(first.serial)
    assert (row.number, row.lot_id, row.state) == (1, lot.id, SerialState.PRINTED)
    changed(void, lot.id, 2, 2, VoidReason.STOLEN, NOON)
    assert state_of(second.serial) == (SerialState.VOID, VoidReason.STOLEN)
    assert is_signed(draw_serial(db.session.scalars(sa.select(LabelKey)).one()))
    other = ALPHABET[(ALPHABET.index(third.serial[-1]) + 1) % 32]
    for text in (third.serial[:-1] + other, third.serial[:-1], third.serial + "0", "", "L24", "Đ" * 16):
        assert not is_signed(text)


@pytest.mark.usefixtures("app")
def test_every_single_changed_character_is_noticed() -> None:
    _, _, (label, *_) = printed(1)
    for place, character in enumerate(label.serial):
        wrong = ALPHABET[(ALPHABET.index(character) + 1) % 32]
        text = label.serial[:place] + wrong + label.serial[place + 1 :]
        assert not is_signed(text)


@pytest.mark.usefixtures("app")
def test_a_serial_may_be_typed_with_gaps_small_letters_and_look_alikes() -> None:
    _, _, (label, *_) = printed(1)
    text = label.serial.replace("0", "O").replace("1", "l").lower()
    assert tidy_serial(f" {text[:4]}-{text[4:8]} {text[8:]} ") == label.serial


@pytest.mark.usefixtures("app")
def test_a_new_key_signs_and_the_old_ones_stay_good() -> None:
    with unit_of_work() as session:
        old = add_key(session, NOON)
        new = add_key(session, NOON)
    printed(1)
    assert len(db.session.scalars(sa.select(LabelKey)).all()) == 2
    assert is_signed(draw_serial(old))
    assert is_signed(draw_serial(new))
    stranger = LabelKey(key="00" * 32, made_at=NOON)
    assert not is_signed(draw_serial(stranger))


@pytest.mark.usefixtures("app")
def test_labels_are_put_to_use_by_range_or_by_batch() -> None:
    lot, batch, labels = printed(5)
    assert changed(activate, lot.id, 2, 3, NOON) == 2
    assert [state_of(one.serial)[0] for one in labels[:4]] == ["printed", "active", "active", "printed"]
    changed(void, lot.id, 5, 5, VoidReason.SPOILT, NOON)
    assert changed(activate_batch, batch, NOON) == 2
    assert state_of(labels[4].serial) == (SerialState.VOID, VoidReason.SPOILT)
    assert changed(activate_batch, batch, NOON) == 0


@pytest.mark.usefixtures("app")
def test_void_is_for_ever_and_keeps_its_reason() -> None:
    lot, _, labels = printed(3)
    assert changed(void, lot.id, 1, 2, VoidReason.LOST, NOON) == 2
    assert changed(void, lot.id, 1, 3, VoidReason.UNUSED, NOON) == 1
    assert changed(activate, lot.id, 1, 3, NOON) == 0
    assert [state_of(one.serial)[1] for one in labels] == ["lost", "lost", "unused"]


@pytest.mark.usefixtures("app")
def test_numbers_that_no_label_of_the_lot_has_are_refused() -> None:
    lot, _, _ = printed(3)
    with unit_of_work() as session:
        other = a_plain_lot(session, "PT2611-03")
    for lot_id, first, last in ((lot.id, 4, 9), (other.id, 1, 3), (lot.id, 3, 1)):
        with pytest.raises(NoSuchLabels):
            changed(activate, lot_id, first, last, NOON)
        with pytest.raises(NoSuchLabels):
            changed(void, lot_id, first, last, VoidReason.LOST, NOON)


@pytest.mark.usefixtures("app")
def test_printing_anew_voids_the_label_that_had_the_number() -> None:
    lot, _, labels = printed(3)
    changed(void, lot.id, 2, 2, VoidReason.LOST, NOON)
    with unit_of_work() as session:
        numbers = living_numbers(session, lot.id, 1, 9)
        assert numbers == [1, 3]
        again = a_batch(session, lot, len(numbers))
        fresh = replace(session, lot, numbers, again.id, False, NOON)
    assert [one.number for one in fresh] == [4, 5]
    assert [state_of(one.serial)[1] for one in labels] == ["reprinted", "lost", "reprinted"]
    for old, new in ((labels[0], fresh[0]), (labels[2], fresh[1])):
        row = row_of(old.serial)
        successor = db.session.get_one(SerialCode, row.replaced_by_id)
        assert successor.serial == new.serial
        assert successor.state is SerialState.PRINTED


@pytest.mark.usefixtures("app")
def test_a_pin_is_told_once_and_kept_as_a_hash() -> None:
    _, _, (label, other) = printed(2, pins=True)
    assert label.pin is not None
    assert len(label.pin) == 8
    row = row_of(label.serial)
    assert label.pin not in str(row.pin_hash)
    assert changed(check_pin, row, other.pin, NOON).right is False
    first = changed(check_pin, row, f"{label.pin[:4]} {label.pin[4:]}", NOON)
    assert (first.right, first.asked_before) == (True, None)
    again = changed(check_pin, row, label.pin, NOON)
    assert (again.right, again.asked_before) == (True, NOON)


@pytest.mark.usefixtures("app")
def test_a_label_without_a_pin_has_none_that_is_right() -> None:
    _, _, (label, *_) = printed(1)
    row = row_of(label.serial)
    assert changed(check_pin, row, "", NOON).right is False


@pytest.mark.usefixtures("app")
def test_wrong_pins_are_limited_by_label_and_right_ones_given_back() -> None:
    _, _, (label, *_) = printed(1, pins=True)
    row = row_of(label.serial)
    forgive_pin(claim_pin(row, "203.0.113.9", NOON))
    for number in range(100):
        claim_pin(row, f"203.0.{number}.9", NOON)
    with pytest.raises(TooManyAttempts):
        claim_pin(row, "198.51.100.77", NOON)


def at_once(app: Flask, tasks: list[Callable[[], Any]]) -> list[Any]:
    barrier = Barrier(len(tasks))

    def run(task: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait()
            return task()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return [done.result() for done in [pool.submit(run, task) for task in tasks]]


def test_batches_printed_at_once_share_no_number(app: Flask) -> None:
    with unit_of_work() as session:
        lot = a_plain_lot(session)

    def print_some() -> list[Minted]:
        with unit_of_work() as session:
            batch = a_batch(session, session.get_one(Lot, lot.id), 20)
            return mint(session, lot, batch.id, 20, False, NOON)

    batches = at_once(app, [print_some] * 4)
    assert sorted(one.number for batch in batches for one in batch) == list(range(1, 81))


def test_a_label_voided_while_it_is_put_to_use_is_void(app: Flask) -> None:
    lot, _, labels = printed(30)
    at_once(
        app,
        [
            lambda: changed(activate, lot.id, 1, 30, NOON),
            lambda: changed(void, lot.id, 1, 30, VoidReason.STOLEN, NOON),
            lambda: changed(activate, lot.id, 1, 30, NOON),
        ],
    )
    assert {state_of(one.serial) for one in labels} == {(SerialState.VOID, VoidReason.STOLEN)}


def test_a_pin_asked_at_once_was_asked_first_by_one(app: Flask) -> None:
    _, _, (label, *_) = printed(1, pins=True)

    def ask() -> Any:
        with unit_of_work() as session:
            row = row_of(label.serial)
            return check_pin(session, row, label.pin or "", NOON)

    findings = at_once(app, [ask] * 4)
    assert sorted(one.asked_before is None for one in findings) == [False, False, False, True]


@pytest.mark.usefixtures("app")
def test_the_database_refuses_a_number_twice_and_a_void_without_reason() -> None:
    lot, batch, (label, *_) = printed(1)
    row = {"lot_id": lot.id, "batch_id": batch.id, "number": 1, "serial": "X", "state": SerialState.PRINTED}
    with pytest.raises(IntegrityError):
        changed(lambda session: session.execute(sa.insert(SerialCode), [row]))
    bare = sa.update(SerialCode).values(state=SerialState.VOID, voided_at=NOON)
    with pytest.raises(IntegrityError):
        changed(lambda session: session.execute(bare.where(SerialCode.serial == label.serial)))
