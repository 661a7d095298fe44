"""Pictures that nothing shows any more: erased, for their address would still answer."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.database import Base
from marketplace.media.models import Picture
from marketplace.media.pictures import erase


def erase_when_unused(session: Session, picture: Picture) -> bool:
    """Erase a picture unless anything refers to it, whatever package that is of; say whether it went."""
    session.flush()
    held = [sa.exists().where(column == picture.id) for column in _places()]
    if session.scalar(sa.select(sa.or_(sa.false(), *held))):
        return False
    erase(session, picture)
    return True


def _places() -> list[sa.Column[int]]:
    """Return every column that refers to a picture."""
    return [
        column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if any(key.column.table is Picture.__table__ for key in column.foreign_keys)
    ]
