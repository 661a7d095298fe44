"""How the serials of a lot stand, batch by batch."""

from collections import defaultdict
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.traceability.codes.models import SerialCode, SerialState


@dataclass(slots=True)
class SerialCounts:
    """How many serials of a batch are in each state, and whether they carry a PIN."""

    by_state: dict[SerialState, int] = field(default_factory=dict)
    with_pins: bool = False

    def of(self, state: SerialState) -> int:
        """Return how many are in a state."""
        return self.by_state.get(state, 0)


def count_serials(session: Session, lot_id: int) -> dict[int, SerialCounts]:
    """Return how the serials of a lot stand, by the id of their batch."""
    counted = (
        sa.select(
            SerialCode.batch_id,
            SerialCode.state,
            sa.func.count(),
            sa.func.count(SerialCode.pin_hash),
        )
        .where(SerialCode.lot_id == lot_id)
        .group_by(SerialCode.batch_id, SerialCode.state)
    )
    found: defaultdict[int, SerialCounts] = defaultdict(SerialCounts)
    for batch_id, state, number, pins in session.execute(counted):
        found[batch_id].by_state[state] = number
        found[batch_id].with_pins |= pins > 0
    return found
