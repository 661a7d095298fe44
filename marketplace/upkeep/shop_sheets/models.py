"""A sheet that was tried and waits to be confirmed."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, deferred, mapped_column

from marketplace.database import Base, UtcDateTime


class SheetTrial(Base):
    """A producer's sheet as one person tried it: its rows, and what it would change.

    A person has one at a time for a producer; the next takes its place. `token` is another after each
    examination, so that a page shown before is known as such. `pictures` holds the keys of the pictures
    that rows name, by their names; `brought` those that came with this sheet and go with it unless shown.
    The person is no foreign key: they may be erased, and their trials go then.
    """

    __tablename__ = "sheet_trial"
    __table_args__ = (sa.UniqueConstraint("producer_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"))
    person_id: Mapped[int] = mapped_column(index=True)
    token: Mapped[str] = mapped_column(sa.String(16))
    upload: Mapped[dict[str, Any]] = deferred(mapped_column(sa.JSON))
    plan: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    pictures: Mapped[dict[str, str]] = mapped_column(sa.JSON)
    brought: Mapped[list[str]] = mapped_column(sa.JSON)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
