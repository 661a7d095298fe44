"""Deleting a lot that was typed wrong, before anything came of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.register import raise_version
from marketplace.traceability.events.models import TraceEvent
from marketplace.traceability.lots.errors import LotInUse
from marketplace.traceability.lots.models import Lot, LotInput


def unmake_lot(session: Session, actor: Actor, producer: Producer, lot: Lot, at: datetime) -> None:
    """Delete a lot with its inputs and the event of its making; its code is free again.

    What was printed stands for ever, and so does what anything refers to: raises LotInUse.
    """
    session.refresh(lot, ["printed_at", "recalled_at", "chain_length"], with_for_update=True)
    if not lot.only_made:
        raise LotInUse(lot_code=lot.code)
    data = {"lot_code": lot.code, "chain_hash": lot.chain_hash}
    journal.record(session, actor, "lot:unmake", "lot", lot.id, scope_of(producer), at=at, data=data)
    try:
        with session.begin_nested():
            for owned in (TraceEvent, LotInput):
                session.execute(sa.delete(owned).where(owned.lot_id == lot.id))
            session.execute(sa.delete(Lot).where(Lot.id == lot.id))
    except IntegrityError as error:
        raise LotInUse(lot_code=lot.code) from error
    session.expunge(lot)
    raise_version(session)
