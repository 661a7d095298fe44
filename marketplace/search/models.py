"""Which index is the present one."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base, UtcDateTime


class SearchGeneration(Base):
    """One row: the index that searching uses, by the name of its folder.

    The worker writes it once the folder is complete, so an index is switched by a transaction; a
    restored database names an index that is not there, and is searched without one until rebuilt.
    """

    __tablename__ = "search_generation"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(40))
    documents: Mapped[int]
    built_at: Mapped[datetime] = mapped_column(UtcDateTime)
    compared_at: Mapped[datetime] = mapped_column(UtcDateTime)
