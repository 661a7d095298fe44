"""Keeping the index: following changes, building it anew, and noticing when it is damaged.

Only the worker and the operator's command write it. A generation is written aside, sealed, and
becomes the present one by a row in the database; the one before it is removed after that.
"""

import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.search import generations, whoosh_engine
from marketplace.search.documents import Document
from marketplace.search.engine import REBUILD, UPDATE, jobs_wait, opened, present_generation
from marketplace.search.gathering import count_products, gather, gather_all, ids_of_producers
from marketplace.search.generations import Damaged
from marketplace.search.models import SearchGeneration
from marketplace.search.whoosh_engine import VERSION, WhooshIndex

log = logging.getLogger(__name__)

COMPARED_EVERY = timedelta(minutes=10)
REBUILD_FROM = 200
REBUILD_SHARE = 0.2


def queue(session: Session, product_ids: Collection[int], producer_ids: Collection[int] = ()) -> None:
    """Leave a job behind that brings products, and those of producers, up to date in the index.

    ORM changes queue theirs by themselves; whoever changes names, producers or places by a bulk
    statement calls this in the same transaction.
    """
    jobs.put(session, UPDATE, product_ids=sorted(product_ids), producer_ids=sorted(producer_ids))


def queue_rebuild(session: Session) -> None:
    """Leave a job behind that builds the index anew, unless one is waiting untouched already."""
    waiting = sa.select(Job.id).where(Job.kind == REBUILD, Job.leased_until.is_(None)).limit(1)
    if session.connection().execute(waiting).first() is None:
        jobs.put(session, REBUILD)


@contextmanager
def _writing() -> Iterator[None]:
    """Hold the right to write the index, and see the register as it is from then on."""
    with generations.writing(opened().folder):
        db.session.rollback()
        yield


@jobs.handler(UPDATE)
def update(product_ids: list[int], producer_ids: list[int]) -> None:
    """Bring products up to date in the index; many of them, or a damaged index, mean a rebuild."""
    with _writing():
        ids = sorted({*product_ids, *ids_of_producers(producer_ids)})
        try:
            _update(ids)
        except Damaged as damage:
            log.warning("the search index is damaged and built anew: %s", damage)
            _rebuild()


def _update(ids: list[int]) -> None:
    folder, name = opened().folder, present_generation()
    if name is None:
        raise Damaged("none was built yet")
    sealed = generations.unseal(folder, name, VERSION)
    if len(ids) > max(REBUILD_FROM, REBUILD_SHARE * sealed.documents):
        _rebuild()
        return
    documents = gather(ids)
    gone = set(ids) - {document.product_id for document in documents}
    target = generations.begin_from(folder, name)
    _present(target, whoosh_engine.rewrite(target, documents, gone))


@jobs.handler(REBUILD)
def _rebuild_when_asked() -> None:
    rebuild()


def rebuild() -> int:
    """Build the index anew from the register and return how many products it holds."""
    with _writing():
        return _rebuild()


def _rebuild() -> int:
    target = generations.begin(opened().folder)
    documents = whoosh_engine.write(target, gather_all())
    _present(target, documents)
    return documents


def _present(target: Path, documents: int) -> None:
    """Seal a generation, make it the present one, and remove the others.

    The one before it stays until the next round, for those who are just about to read it.
    """
    generations.seal(target, VERSION, documents)
    now, before = clock.now(), present_generation()
    values = {"name": target.name, "documents": documents, "built_at": now}
    with unit_of_work() as session:
        changed = session.execute(sa.update(SearchGeneration).values(**values))
        if not changed.rowcount:  # type: ignore[attr-defined]
            session.add(SearchGeneration(id=1, compared_at=now, **values))
    generations.remove_others(target.parent, target.name, before)
    opened().read(target.name)


def tend() -> bool:
    """Look whether the index is sound and complete; build it anew when not, and say whether it was not.

    The worker calls this every few seconds: it reads the present generation whole against its
    checksums, counts, and every ten minutes compares all words with the register.
    """
    with _writing():
        reason = _reason_to_rebuild()
        if reason is None:
            generations.remove_others(opened().folder, present_generation())
            return False
        log.warning("the search index is built anew: %s", reason)
        _rebuild()
        return True


def _reason_to_rebuild() -> str | None:
    row = db.session.execute(sa.select(SearchGeneration)).scalar_one_or_none()
    if row is None:
        return "none was built yet"
    try:
        sealed = generations.unseal(opened().folder, row.name, VERSION)
    except Damaged as damage:
        return str(damage)
    if jobs_wait():
        return None
    if sealed.documents != count_products():
        return f"{sealed.documents} documents for {count_products()} products"
    if clock.now() - row.compared_at < COMPARED_EVERY:
        return None
    drifted = drift(WhooshIndex(sealed.files))
    with unit_of_work() as session:
        session.execute(sa.update(SearchGeneration).values(compared_at=clock.now()))
    return f"{len(drifted)} products drifted" if drifted else None


def drift(index: WhooshIndex) -> set[int]:
    """Return the products whose words in an index are not those of the register."""
    held, wanted = index.digests(), _digests(gather_all())
    return {product_id for product_id in held | wanted if held.get(product_id) != wanted.get(product_id)}


def _digests(documents: Iterable[Document]) -> dict[int, int]:
    return {document.product_id: document.digest for document in documents}
