"""Questions about batches of labels."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.errors import NotFound
from marketplace.traceability.codes.models import LabelBatch, SerialCode, SerialState
from marketplace.traceability.codes.serials import Minted
from marketplace.traceability.lots.models import Lot


def get_own_batch(session: Session, batch_id: int, producer_id: int) -> LabelBatch:
    """Return a batch of a producer with all that its labels show; raises NotFound for those of others."""
    of_lot = joinedload(LabelBatch.lot)
    wanted = (
        sa.select(LabelBatch)
        .join(LabelBatch.lot)
        .where(LabelBatch.id == batch_id, Lot.producer_id == producer_id)
        .options(
            of_lot.joinedload(Lot.product), of_lot.joinedload(Lot.variant), of_lot.joinedload(Lot.producer)
        )
    )
    found = session.execute(wanted).scalar_one_or_none()
    if found is None:
        raise NotFound(batch=batch_id)
    return found


def list_serials(session: Session, batch_id: int) -> list[Minted]:
    """Return the serials of a batch that are not void, by number; their PINs are known to nobody."""
    wanted = sa.select(SerialCode.number, SerialCode.serial).where(
        SerialCode.batch_id == batch_id, SerialCode.state != SerialState.VOID
    )
    return [Minted(number, serial) for number, serial in session.execute(wanted.order_by(SerialCode.number))]
