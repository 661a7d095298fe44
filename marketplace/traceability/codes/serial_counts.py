"""How the labels of a lot stand, batch by batch."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.traceability.codes.models import LabelBatch, SerialCode, SerialState


@dataclass(slots=True)
class CountedBatch:
    """A batch, how many of its serials are in each state, and whether they carry a PIN."""

    batch: LabelBatch
    by_state: dict[SerialState, int] = field(default_factory=dict)
    with_pins: bool = False

    def of(self, state: SerialState) -> int:
        """Return how many are in a state."""
        return self.by_state.get(state, 0)


def list_counted_batches(session: Session, lot_id: int) -> Sequence[CountedBatch]:
    """Return the batches of a lot with how their serials stand, the newest first: one statement."""
    counted = (
        sa.select(
            LabelBatch, SerialCode.state, sa.func.count(SerialCode.id), sa.func.count(SerialCode.pin_hash)
        )
        .outerjoin(SerialCode, SerialCode.batch_id == LabelBatch.id)
        .where(LabelBatch.lot_id == lot_id)
        .group_by(LabelBatch.id, SerialCode.state)
        .order_by(LabelBatch.id.desc())
    )
    found: dict[int, CountedBatch] = {}
    for batch, state, number, pins in session.execute(counted):
        one = found.setdefault(batch.id, CountedBatch(batch))
        one.with_pins = one.with_pins or pins > 0
        if state is not None:
            one.by_state[state] = number
    return list(found.values())


def count_batch(session: Session, batch: LabelBatch) -> CountedBatch:
    """Return how the serials of one batch stand."""
    known = list_counted_batches(session, batch.lot_id)
    return next((one for one in known if one.batch.id == batch.id), CountedBatch(batch))
