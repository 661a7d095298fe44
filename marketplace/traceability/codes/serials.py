"""Serial codes: minted for a batch of labels."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.traceability.codes.keys import draw_serial, newest_key
from marketplace.traceability.codes.models import LabelBatch, LabelKey, SerialCode, SerialState
from marketplace.traceability.codes.pins import PIN_DIGITS, hash_pin
from marketplace.traceability.lots.models import Lot

CHUNK = 1_000
"""Rows written, and serials looked for, in one statement."""


@dataclass(frozen=True, slots=True)
class Minted:
    """A serial as it goes onto a label; its PIN is told here once and never again."""

    number: int
    serial: str
    pin: str | None = None


def lock_lot(session: Session, lot_id: int) -> None:
    """Have whoever numbers or changes labels of a lot wait for this unit of work to end."""
    session.execute(sa.select(Lot.id).where(Lot.id == lot_id).with_for_update())


def next_number(session: Session, lot_id: int) -> int:
    """Return the number that the next batch of labels of a lot begins with; locks the lot."""
    lock_lot(session, lot_id)
    used = sa.select(sa.func.max(LabelBatch.first_number + LabelBatch.count))
    return session.scalar(used.where(LabelBatch.lot_id == lot_id)) or 1


def mint(
    session: Session, lot: Lot, batch_id: int, count: int, with_pins: bool, at: datetime
) -> list[Minted]:
    """Make `count` serials for a batch of labels, numbered from the batch's first number on.

    The batch was written with the number that `next_number` returned in the same unit of work.
    """
    batch = session.get_one(LabelBatch, batch_id)
    key = newest_key(session, at)
    minted = [
        Minted(batch.first_number + place, serial, _draw_pin() if with_pins else None)
        for place, serial in enumerate(_fresh_serials(session, key, count))
    ]
    rows = [_row(lot, batch_id, key, one) for one in minted]
    for start in range(0, count, CHUNK):
        session.execute(sa.insert(SerialCode), rows[start : start + CHUNK])
    return minted


def _fresh_serials(session: Session, key: LabelKey, count: int) -> Iterator[str]:
    """Draw serials that no label has; what some label has by chance is drawn again."""
    while count:
        drawn = {draw_serial(key) for _ in range(min(count, CHUNK))}
        taken = sa.select(SerialCode.serial).where(SerialCode.serial.in_(drawn))
        fresh = drawn.difference(session.scalars(taken))
        count -= len(fresh)
        yield from fresh


def _draw_pin() -> str:
    return "".join(secrets.choice("0123456789") for _ in range(PIN_DIGITS))


def _row(lot: Lot, batch_id: int, key: LabelKey, minted: Minted) -> dict[str, object]:
    return {
        "serial": minted.serial,
        "lot_id": lot.id,
        "batch_id": batch_id,
        "number": minted.number,
        "pin_hash": hash_pin(key, minted.serial, minted.pin) if minted.pin else None,
        "state": SerialState.PRINTED,
    }
