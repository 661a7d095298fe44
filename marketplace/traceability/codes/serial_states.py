"""The life of serial codes: printed, put to use on a pack, void for ever, and printed anew."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.traceability.codes.models import LabelBatch, SerialCode, SerialState, VoidReason
from marketplace.traceability.codes.serials import Minted, lock_lot, mint
from marketplace.traceability.errors import NoSuchLabels
from marketplace.traceability.lots.models import Lot


def activate(session: Session, lot_id: int, first: int, last: int, at: datetime) -> int:
    """Put the printed labels numbered from `first` to `last` to use, and return how many those were.

    Labels in use already keep their moment, void ones stay void. Raises NoSuchLabels if the lot has none
    of those numbers.
    """
    return _activate(session, lot_id, _numbered(lot_id, first, last), at)


def activate_batch(session: Session, batch: LabelBatch, at: datetime) -> int:
    """Put all printed labels of a batch to use, and return how many those were. Raises NoSuchLabels."""
    return _activate(session, batch.lot_id, SerialCode.batch_id == batch.id, at)


def void(session: Session, lot_id: int, first: int, last: int, reason: VoidReason, at: datetime) -> int:
    """Void the living labels numbered from `first` to `last` for ever, and return how many those were.

    Labels void already keep their moment and reason. Raises NoSuchLabels.
    """
    numbered = _numbered(lot_id, first, last)
    change = sa.update(SerialCode).where(numbered, SerialCode.state != SerialState.VOID)
    change = change.values(state=SerialState.VOID, voided_at=at, void_reason=reason)
    return _change(session, lot_id, numbered, change)


def living_numbers(session: Session, lot_id: int, first: int, last: int) -> list[int]:
    """Return which numbers of a range stand on labels that are not void, in order, and lock the lot."""
    lock_lot(session, lot_id)
    living = sa.select(SerialCode.number).where(
        _numbered(lot_id, first, last), SerialCode.state != SerialState.VOID
    )
    return list(session.scalars(living.order_by(SerialCode.number)))


def replace(
    session: Session, lot: Lot, numbers: list[int], batch_id: int, with_pins: bool, at: datetime
) -> list[Minted]:
    """Mint a label for each of the numbers, in order, and void the label that had it: it was printed anew.

    `numbers` are what `living_numbers` returned in the same unit of work, and the batch counts as many;
    each void label tells the one that came after it.
    """
    minted = mint(session, lot, batch_id, len(numbers), with_pins, at)
    ids = sa.select(SerialCode.number, SerialCode.id).where(SerialCode.lot_id == lot.id)
    known = dict(session.execute(ids).all())
    voided = {"state": SerialState.VOID, "voided_at": at, "void_reason": VoidReason.REPRINTED}
    session.execute(
        sa.update(SerialCode),
        [
            {"id": known[old], "replaced_by_id": known[new.number], **voided}
            for old, new in zip(numbers, minted, strict=True)
        ],
    )
    return minted


def _activate(session: Session, lot_id: int, chosen: sa.ColumnElement[bool], at: datetime) -> int:
    change = sa.update(SerialCode).where(chosen, SerialCode.state == SerialState.PRINTED)
    return _change(session, lot_id, chosen, change.values(state=SerialState.ACTIVE, activated_at=at))


def _numbered(lot_id: int, first: int, last: int) -> sa.ColumnElement[bool]:
    return sa.and_(SerialCode.lot_id == lot_id, SerialCode.number.between(first, last))


def _change(session: Session, lot_id: int, chosen: sa.ColumnElement[bool], change: sa.Update) -> int:
    lock_lot(session, lot_id)
    if not session.scalar(sa.select(sa.exists().where(chosen))):
        raise NoSuchLabels
    return len(session.execute(change.returning(SerialCode.id)).all())
