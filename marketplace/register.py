"""The register version: a number that rises in the transaction that changes a public fact.

Pages and counts are kept under it, so a kept answer is never older than the register.
"""

from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from marketplace.database import Base, db

_RAISED = "register_version_raised"
_READ = "register_version_read"


class RegisterVersion(Base):
    """One row: how often public facts have changed."""

    __tablename__ = "register_version"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(sa.BigInteger, default=0)


class PublicFact:
    """Marks a mapped class whose rows the public pages show; writing one raises the version."""

    __public_fact__: ClassVar[bool] = True

    def is_on_view(self) -> bool:
        """Say whether this row shows; a class whose rows are not all on view overrides it."""
        return True


def current_version() -> int:
    """Return the register version, read once in a transaction; a register never written to is at 0.

    Under READ COMMITTED facts read later may be newer than it, never older: kept under too low a
    number, they are forgotten at the next change and not shown stale.
    """
    known: dict[str, int] = db.session().info
    if _READ not in known:
        known[_READ] = db.session.execute(sa.select(RegisterVersion.version)).scalar() or 0
    return known[_READ]


def is_rising() -> bool:
    """Say whether the present transaction has raised the version, and may yet be rolled back."""
    return bool(db.session().info.get(_RAISED))


def raise_version(session: Session) -> None:
    """Raise the version once in this transaction; bulk statements call it themselves."""
    if session.info.get(_RAISED):
        return
    session.info[_RAISED] = True
    session.info.pop(_READ, None)
    connection = session.connection()
    raised = connection.execute(
        sa.update(RegisterVersion).where(RegisterVersion.id == 1).values(version=RegisterVersion.version + 1)
    )
    if not raised.rowcount:
        connection.execute(sa.insert(RegisterVersion).values(id=1, version=1))


def _raise_on_public_change(session: Session, context: Any) -> None:
    changed = (*session.new, *session.deleted, *(x for x in session.dirty if session.is_modified(x)))
    if any(isinstance(fact, PublicFact) and fact.is_on_view() for fact in changed):
        raise_version(session)


def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_RAISED, None)
        session.info.pop(_READ, None)


event.listen(Session, "after_flush", _raise_on_public_change)
event.listen(Session, "after_transaction_end", _forget)
