"""What is read of recalls, by those who show them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product
from marketplace.errors import NotFound
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.recalls.touching import ancestors_of

PAGE_SIZE = 20

_WHOLE = (
    joinedload(Recall.lot).options(
        joinedload(Lot.product), joinedload(Lot.variant), joinedload(Lot.producer)
    ),
    joinedload(Recall.product).joinedload(Product.producer),
    joinedload(Recall.producer),
)
_NEWEST = (Recall.ordered_at.desc(), Recall.id.desc())


@dataclass(frozen=True, slots=True)
class RecallPage:
    """One page of recalls, numbered from 1: those in force first, then the newest; `total` are all."""

    recalls: Sequence[Recall]
    number: int
    total: int

    @property
    def last(self) -> int:
        """Return the number of the last page; an empty list has one page."""
        return max(1, -(-self.total // PAGE_SIZE))


def list_recalls(
    session: Session, page: int = 1, *, within: sa.ColumnElement[bool] | None = None
) -> RecallPage:
    """Return a page of all recalls there ever were, with what they are of; `within` some condition."""
    which = sa.true() if within is None else within
    total = session.scalar(sa.select(sa.func.count()).select_from(Recall).where(which)) or 0
    number = min(max(page, 1), max(1, -(-total // PAGE_SIZE)))
    wanted = _whole().where(which).order_by(Recall.lifted_at.is_not(None), *_NEWEST)
    return RecallPage(_all(session, wanted.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)), number, total)


def list_newest(session: Session, most: int) -> Sequence[Recall]:
    """Return the recalls that were ordered or lifted last."""
    touched = sa.func.coalesce(Recall.lifted_at, Recall.ordered_at)
    return _all(session, _whole().order_by(touched.desc(), Recall.id.desc()).limit(most))


def get_recall(session: Session, code: str, *, within: sa.ColumnElement[bool] | None = None) -> Recall:
    """Return a recall by its code, with what it is of, `within` some condition; raises NotFound."""
    wanted = _whole().where(Recall.code == code, sa.true() if within is None else within)
    found = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if found is None:
        raise NotFound(recall=code)
    return found


def recalls_of_lot(session: Session, lot: Lot, *, lifted: bool = False) -> Sequence[Recall]:
    """Return the recalls in force that touch a lot, through what went into it too; `lifted` ones as well."""
    touching = sa.or_(
        _through(sa.select(Lot.id).where(Lot.id == lot.id)), Recall.producer_id == lot.producer_id
    )
    return _all(session, _standing(lifted).where(touching))


def recalls_of_product(
    session: Session, product_id: int, producer_id: int | None, *, lifted: bool = False
) -> Sequence[Recall]:
    """Return the recalls in force that touch a product or one of its lots."""
    own_lots = sa.select(Lot.id).where(Lot.product_id == product_id)
    if not lifted:
        own_lots = own_lots.where(Lot.recalled_at.is_not(None))
    touching = [Recall.product_id == product_id, _through(own_lots)]
    if producer_id is not None:
        touching.append(Recall.producer_id == producer_id)
    return _all(session, _standing(lifted).where(sa.or_(*touching)))


def recalls_of_producer(session: Session, producer_id: int, *, lifted: bool = False) -> Sequence[Recall]:
    """Return the recalls in force that touch a producer, one of its products or lots."""
    lots = sa.select(Lot.id).where(Lot.producer_id == producer_id)
    products = sa.select(Product.id).where(Product.producer_id == producer_id)
    touching = sa.or_(
        Recall.producer_id == producer_id, Recall.product_id.in_(products), Recall.lot_id.in_(lots)
    )
    return _all(session, _standing(lifted).where(touching))


def recalls_of_products(session: Session, product_ids: Collection[int]) -> Sequence[Recall]:
    """Return the recalls in force that touch one of some products."""
    recalled = Lot.recalled_at.is_not(None)
    lots = sa.select(Lot.id).where(Lot.product_id.in_(product_ids), recalled)
    sellers = sa.select(Product.producer_id).where(
        Product.id.in_(product_ids), Product.producer_id.is_not(None)
    )
    touching = sa.or_(Recall.product_id.in_(product_ids), _through(lots), Recall.producer_id.in_(sellers))
    return _all(session, _standing(lifted=False).where(touching))


def _through(lots: sa.Select[int]) -> sa.ColumnElement[bool]:
    """Return whether a recall is of lots, of what went into them, or of a product that this was."""
    line = sa.select(Lot.id, Lot.product_id).where(Lot.id.in_(ancestors_of(lots))).cte()
    products = sa.select(line.c.product_id).where(line.c.product_id.is_not(None))
    return sa.or_(Recall.lot_id.in_(sa.select(line.c.id)), Recall.product_id.in_(products))


def _whole() -> sa.Select[Recall]:
    return sa.select(Recall).options(*_WHOLE)


def _standing(lifted: bool) -> sa.Select[Recall]:
    wanted = _whole() if lifted else _whole().where(Recall.lifted_at.is_(None))
    return wanted.order_by(*_NEWEST)


def _all(session: Session, wanted: sa.Select[Recall]) -> Sequence[Recall]:
    return session.scalars(wanted).all()
