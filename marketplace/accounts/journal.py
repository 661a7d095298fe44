"""The journal of deeds (nhật ký thao tác): rows are added in the transaction of the deed, never changed.

Each row carries the hash of the one before, so that an edit, a loss or an exchange shows; what a chain
alone cannot show, a cut tail or one written anew from the start, shows against the anchors that are kept
outside the database. A head row is locked while rows are added, last of all and just before the commit:
writers queue for a moment and never for one another's other rows.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from marketplace.accounts.deed_data import canonical, instant, plain
from marketplace.accounts.deed_guards import guard_rows
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope
from marketplace.database import Base, UtcDateTime, WriteOutsideUnitOfWork, in_unit_of_work

GENESIS = "0" * 64
_DOMAIN = b"phien-cho-ocop deed 1\0"
_WAITING = "deeds_waiting"


class Deed(Base):
    """Something somebody did. `actor_id` None means the system itself or somebody unknown.

    `data` is the canonical JSON that was hashed; `org` names the organisation it concerns. There is no
    foreign key: what a deed speaks of may be erased, the deed stays.
    """

    __tablename__ = "deed"
    __table_args__ = (sa.Index(None, "subject_type", "subject_id"),)

    seq: Mapped[int] = mapped_column(sa.BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    actor_role: Mapped[Role | None]
    action: Mapped[str] = mapped_column(sa.String(60))
    subject_type: Mapped[str] = mapped_column(sa.String(40))
    subject_id: Mapped[str] = mapped_column(sa.String(80))
    org: Mapped[str | None] = mapped_column(sa.String(40), index=True)
    data: Mapped[str] = mapped_column(sa.Text)
    prev_hash: Mapped[str] = mapped_column(sa.String(64))
    hash: Mapped[str] = mapped_column(sa.String(64))


class DeedHead(Base):
    """The end of the chain: number and hash of the newest deed."""

    __tablename__ = "deed_head"
    __table_args__ = (sa.CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[str] = mapped_column(sa.String(64))


guard_rows(sa.inspect(Deed).local_table)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A deed to be written at the commit, and the savepoint it was done in."""

    row: dict[str, Any]
    savepoint: SessionTransaction | None


def record(
    session: Session,
    actor: Actor | None,
    action: str,
    subject_type: str,
    subject_id: int | str,
    org: Scope | None = None,
    *,
    at: datetime,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Add a deed to the journal, in the transaction of the deed itself.

    `action` reads `subject:verb` (`membership:grant`). Raises PersonalInJournal for data that is not
    numbers, states, ids and codes, and WriteOutsideUnitOfWork where nothing would be committed.
    """
    if not in_unit_of_work():
        raise WriteOutsideUnitOfWork(f"the deed {action} outside unit_of_work")
    role = actor.role_in(org) if actor and org else None
    row = {
        "at": at,
        "actor_id": actor.person_id if actor else None,
        "actor_role": role,
        "action": action,
        "subject_type": subject_type,
        "subject_id": plain({"subject_id": str(subject_id)})["subject_id"],
        "org": str(org) if org else None,
        "data": canonical(plain(data or {})),
    }
    session.info.setdefault(_WAITING, []).append(_Waiting(row, session.get_nested_transaction()))


def hash_of(row: Mapping[str, Any]) -> str:
    """Return the hash of a row of the journal: SHA-256 over its canonical JSON, the hash apart."""
    role = row["actor_role"]
    facts = {
        **{name: row[name] for name in ("seq", "actor_id", "action", "subject_type", "subject_id", "org")},
        "at": instant(row["at"]),
        "actor_role": role.value if role else None,
        "data": row["data"],
        "prev_hash": row["prev_hash"],
    }
    return hashlib.sha256(_DOMAIN + canonical(facts).encode()).hexdigest()


def chained(rows: list[dict[str, Any]], seq: int, prev_hash: str) -> list[dict[str, Any]]:
    """Return rows numbered after `seq` and each with the hash of the one before."""
    chain: list[dict[str, Any]] = []
    for row in rows:
        seq += 1
        link = {**row, "seq": seq, "prev_hash": prev_hash}
        prev_hash = hash_of(link)
        chain.append({**link, "hash": prev_hash})
    return chain


def _write_waiting(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.get(_WAITING):
        return
    session.flush()
    waiting: list[_Waiting] = session.info.pop(_WAITING)
    connection = session.connection()
    seq, prev_hash = _lock_head(connection) or _first_head(connection)
    chain = chained([one.row for one in waiting], seq, prev_hash)
    connection.execute(sa.insert(Deed), chain)
    last = chain[-1]
    connection.execute(sa.update(DeedHead).values(seq=last["seq"], hash=last["hash"]))


def _lock_head(connection: sa.Connection) -> tuple[int, str] | None:
    head = connection.execute(sa.select(DeedHead.seq, DeedHead.hash).with_for_update()).one_or_none()
    return (head.seq, head.hash) if head else None


def _first_head(connection: sa.Connection) -> tuple[int, str]:
    """Make the head row; of two that do so at once, the second waits and takes the first's."""
    connection.execute(
        sa.text("INSERT INTO deed_head (id, seq, hash) VALUES (1, 0, :hash) ON CONFLICT DO NOTHING"),
        {"hash": GENESIS},
    )
    head = connection.execute(sa.select(DeedHead.seq, DeedHead.hash).with_for_update()).one()
    return head.seq, head.hash


def _forget(session: Session, undone: SessionTransaction) -> None:
    """Drop the deeds of what was rolled back: of a savepoint its own, of the whole all."""
    waiting: list[_Waiting] = session.info.get(_WAITING, [])
    session.info[_WAITING] = [one for one in waiting if not _within(one.savepoint, undone)]


def _within(savepoint: SessionTransaction | None, undone: SessionTransaction) -> bool:
    if not undone.nested:
        return True
    while savepoint is not None and savepoint is not undone:
        savepoint = savepoint.parent
    return savepoint is undone


event.listen(Session, "before_commit", _write_waiting)
event.listen(Session, "after_soft_rollback", _forget)
