"""The index follows the register: a transaction that changes words leaves one job behind."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, ProductGroup, ProductSet
from marketplace.places.models import AdminSuccession, AdminUnit
from marketplace.producers.models import Producer, ProducerAlias
from marketplace.search import actions

_CHANGED = "search_changed"
_WORDS_OF_PRODUCTS = {
    "id", "publication", "name", "name_en", "producer_id", "group_id", "set_id", "origin_id", "commune_id",
    "province_id", "printed_commune", "printed_district", "printed_province",
}  # fmt: skip
_BEHIND_MANY = (AdminUnit, AdminSuccession, ProductGroup, ProductSet)


class _Changed:
    """What one transaction changed of the words."""

    def __init__(self) -> None:
        self.products: set[int] = set()
        self.producers: set[int] = set()
        self.everything = False

    def note(self, row: Any, *, whole: bool) -> None:
        """Note a row; of one that is neither new nor deleted only the words count."""
        if isinstance(row, Product) and (whole or _touches(row, _WORDS_OF_PRODUCTS)):
            self.products.add(row.id)
        elif isinstance(row, Producer) and not whole and _touches(row, {"name"}):
            self.producers.add(row.id)
        elif isinstance(row, ProducerAlias):
            self.producers.add(row.producer_id)
        elif isinstance(row, _BEHIND_MANY) and (whole or _touches(row, {"name", "name_en"})):
            self.everything = True


def _touches(row: Any, columns: set[str]) -> bool:
    state = sa.inspect(row)
    written = state.committed_state.keys() & columns
    return any(state.attrs[column].history.has_changes() for column in written)


def _note_changes(session: Session, context: Any) -> None:
    changed: _Changed = session.info.setdefault(_CHANGED, _Changed())
    for row in (*session.new, *session.deleted):
        changed.note(row, whole=True)
    for row in session.dirty:
        changed.note(row, whole=False)


def _leave_job(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    changed: _Changed | None = session.info.pop(_CHANGED, None)
    if changed is None:
        return
    if changed.everything:
        actions.queue_rebuild(session)
    elif changed.products or changed.producers:
        actions.queue(session, changed.products, producer_ids=changed.producers)


def _forget(session: Session, *transaction: Any) -> None:
    session.info.pop(_CHANGED, None)


def follow() -> None:
    """Listen to every session; doing it twice is doing it once."""
    event.listen(Session, "after_flush", _note_changes)
    event.listen(Session, "before_commit", _leave_job)
    event.listen(Session, "after_rollback", _forget)
