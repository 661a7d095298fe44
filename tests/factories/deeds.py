"""What the journal of deeds holds, for tests."""

import sqlalchemy as sa

from marketplace.accounts.journal import Deed
from marketplace.database import db


def deeds(action: str) -> list[Deed]:
    """Return the deeds of an action in their order."""
    db.session.rollback()
    return list(db.session.execute(sa.select(Deed).where(Deed.action == action).order_by(Deed.seq)).scalars())
