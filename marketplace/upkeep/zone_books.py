"""Whether zones are what the last line of their chains says, and the chains whole."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.payments.books import Off
from marketplace.traceability.zones.chain import list_books
from marketplace.traceability.zones.models import MaterialZone

AT_ONCE = 500


def list_zone_faults(session: Session) -> Iterator[Off]:
    """Name zones whose chain is broken, or that are no longer what it says."""
    every = sa.select(MaterialZone).order_by(MaterialZone.id).execution_options(populate_existing=True)
    for zones in session.scalars(every).partitions(AT_ONCE):
        for book in list_books(session, zones):
            if book.broken is not None:
                yield Off("zone, line at which its chain breaks", book.zone.id, 0, book.broken)
            elif book.changed:
                yield Off("zone, what its last line says", book.zone.id, "the same", "changed")
