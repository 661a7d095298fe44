"""Jobs: work left behind by a change, written as a row in the change's own transaction."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace import clock
from marketplace.database import Base, UtcDateTime, db, unit_of_work

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)
RETRY_AFTER = (timedelta(seconds=5), timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))

AHEAD = timedelta(seconds=1)

Handler = Callable[..., None]
_handlers: dict[str, Handler] = {}


class Job(Base):
    """A piece of work to be done once its transaction is committed; done jobs are deleted."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(80))
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    due_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_error: Mapped[str | None] = mapped_column(sa.String(200))


def put(session: Session, kind: str, **payload: Any) -> None:
    """Leave a job behind, to be done after the session's transaction is committed."""
    row = {"kind": kind, "payload": payload, "due_at": clock.now(), "attempts": 0}
    session.connection().execute(sa.insert(Job), [row])


def put_first(session: Session, kind: str, **payload: Any) -> None:
    """Leave a job behind that is done before all that wait: what people's health may hang on."""
    at = clock.now()
    oldest = session.connection().execute(sa.select(sa.func.min(Job.due_at))).scalar() or at
    row = {"kind": kind, "payload": payload, "due_at": min(at, oldest) - AHEAD, "attempts": 0}
    session.connection().execute(sa.insert(Job), [row])


def handler(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of a kind; it is called with the payload by keyword."""

    def register(function: Handler) -> Handler:
        _handlers[kind] = function
        return function

    return register


def count_waiting() -> int:
    """Return how many jobs are still to be done."""
    return db.session.execute(sa.select(sa.func.count()).select_from(Job)).scalar_one()


def do_next() -> bool:
    """Do one due job, if there is one, and say whether there was.

    A job is leased before it is done and deleted after; one whose worker died is done again when
    its lease ends, so handlers must bear being called twice.
    """
    at = clock.now()
    job = _lease(at) if _is_due(at) else None
    if job is None:
        return False
    try:
        _handlers[job.kind](**job.payload)
    except Exception as error:
        log.exception("job %s of kind %s failed", job.id, job.kind)
        _postpone(job, error)
    else:
        _finish(job)
    return True


def do_all() -> int:
    """Do every job that is due now and return how many there were."""
    done = 0
    while do_next():
        done += 1
    return done


def _due(at: datetime) -> sa.ColumnElement[bool]:
    return sa.and_(Job.due_at <= at, sa.or_(Job.leased_until.is_(None), Job.leased_until < at))


def _is_due(at: datetime) -> bool:
    """Look without the write lock, which a worker with nothing to do must not take from buyers."""
    db.session.rollback()
    found = db.session.execute(sa.select(Job.id).where(_due(at)).limit(1)).first()
    db.session.rollback()
    return found is not None


def _lease(at: datetime) -> Job | None:
    with unit_of_work() as session:
        job = session.execute(
            sa.select(Job)
            .where(_due(at))
            .order_by(Job.due_at, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).scalar_one_or_none()
        if job is not None:
            job.leased_until = at + LEASE
            job.attempts += 1
        return job


def _finish(job: Job) -> None:
    with unit_of_work() as session:
        session.execute(sa.delete(Job).where(Job.id == job.id))


def _postpone(job: Job, error: Exception) -> None:
    db.session.rollback()
    wait = RETRY_AFTER[min(job.attempts, len(RETRY_AFTER)) - 1]
    with unit_of_work() as session:
        session.execute(
            sa.update(Job)
            .where(Job.id == job.id)
            .values(leased_until=None, due_at=clock.now() + wait, last_error=type(error).__name__)
        )
