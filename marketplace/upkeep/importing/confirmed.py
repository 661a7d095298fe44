"""What an officer confirmed of a product stays, until a file tells of a later recognition."""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import ChangeRequest, RequestState
from marketplace.catalogue.models import Product
from marketplace.upkeep.importing.cells import Speaker

_FACTS = {
    ChangeField.NAME: ("name", ("name",)),
    ChangeField.PRODUCER: ("producer", ("producer_id",)),
    ChangeField.SET: ("group", ("group_id", "set_id", "classified_by")),
}
"""By field of a change request: the column of a file, and the facts of a product that it tells."""


def without_confirmed(
    session: Session, product: Product, facts: dict[str, Any], decided_on: date | None, say: Speaker
) -> dict[str, Any]:
    """Return the facts of a row without those that contradict what an officer confirmed since its decision.

    Each one left out is a doubt. A row whose decision has no day contradicts nothing.
    """
    told = dict(facts)
    for field in _confirmed_since(session, product, decided_on):
        column, names = _FACTS.get(field, ("", ()))
        if any(name in told and told[name] != getattr(product, name) for name in names):
            say.doubt(column, "khác với điều cán bộ đã xác nhận sau quyết định này; giữ điều đã xác nhận")
        for name in names:
            told.pop(name, None)
    return told


def _confirmed_since(session: Session, product: Product, decided_on: date | None) -> set[ChangeField]:
    confirmed = sa.select(ChangeRequest.changes, ChangeRequest.decided_at).where(
        ChangeRequest.product_id == product.id, ChangeRequest.state == RequestState.CONFIRMED
    )
    return {
        ChangeField(field)
        for changes, at in session.execute(confirmed)
        if decided_on is None or at is None or decided_on <= clock.local_date(at)
        for field in changes
    }
