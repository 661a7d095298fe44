"""That an office holds its register of a year to be complete."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from marketplace.database import Base, UtcDateTime


class RegisterMark(Base):
    """A province's register has everything of a year, as compared with a paper of the province.

    Until then its figures are lower bounds, and it is compared with no other province.
    """

    __tablename__ = "register_mark"

    unit_id: Mapped[int] = mapped_column(sa.ForeignKey("admin_unit.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    checked_against: Mapped[str] = mapped_column(sa.String(200))
    marked_by: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    marked_at: Mapped[datetime] = mapped_column(UtcDateTime)
