"""GTINs that a product had before: they stand on packs, and lead to the new address for ever."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.catalogue.models import Product, Publication
from marketplace.traceability.codes.models import FormerCode
from marketplace.traceability.codes.trace_code import TraceCode


def follow_codes() -> None:
    """Remember from now on every GTIN that a product gives up, whoever writes it."""
    if not event.contains(Session, "before_flush", _remember):
        event.listen(Product.gtin, "set", _notice, active_history=True)
        event.listen(Session, "before_flush", _remember)


def find_moved(session: Session, code: TraceCode) -> TraceCode | None:
    """Return what a code that no product has any more stands for now, or None; drafts were never printed."""
    wanted = sa.select(FormerCode).where(FormerCode.code == (code.gtin or code.token))
    former = session.scalar(wanted.options(joinedload(FormerCode.product)))
    if former is None or former.product.publication is Publication.DRAFT:
        return None
    product = former.product
    return TraceCode(
        gtin=product.gtin,
        token=None if product.gtin else product.trace_token,
        variant=code.variant,
        lot=code.lot,
        serial=code.serial,
        third_party=code.third_party,
    )


def _notice(product: Product, new: str | None, old: Any, initiator: Any) -> None:
    """Only by being here, have the old value read before a new one takes its place."""


def _remember(session: Session, context: Any, instances: Any) -> None:
    for row in session.dirty:
        if not isinstance(row, Product):
            continue
        for old in sa.inspect(row).attrs.gtin.history.deleted:
            if old is not None:
                _keep(session, old, row.id)


def _keep(session: Session, code: str, product_id: int) -> None:
    former = session.get(FormerCode, code)
    if former is None:
        session.add(FormerCode(code=code, product_id=product_id, replaced_at=clock.now()))
    else:
        former.product_id, former.replaced_at = product_id, clock.now()
