"""What an office can recall, found fast: by what stands on the pack, by product, by producer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Publication
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.office.typed_codes import read_typed
from marketplace.producers.matching import name_key
from marketplace.producers.models import Producer
from marketplace.text import clean, fold
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall, RecallScope

MOST_FOUND = 8
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Found:
    """Lots, products and producers of the units that words lead to."""

    lots: Sequence[Lot]
    products: Sequence[Product]
    producers: Sequence[Producer]

    @property
    def nothing(self) -> bool:
        """Whether the words led nowhere."""
        return not (self.lots or self.products or self.producers)


def find_recallable(session: Session, reach: Reach, words: str) -> Found:
    """Return what of the units can be recalled: by a lot's code, a name, or any code that stands on a pack.

    A GTIN leads to its product and the product's lots, a serial number to its lot, an address to what it
    is of.
    """
    typed = read_typed(session, words)
    if typed is not None:
        products = [] if typed.narrow else _find_products(session, reach, typed.product)
        return Found(_find_lots(session, reach, typed.lot), products, ())
    plain = clean(words)
    if not plain:
        return Found((), (), ())
    return Found(
        _find_lots(session, reach, Lot.code.icontains(plain, autoescape=True), plain),
        _find_products(session, reach, _named(plain)),
        _find_producers(session, reach, plain),
    )


def subject_in_reach(session: Session, actor: Actor, scope: RecallScope, subject_id: int) -> Recall:
    """Return a recall of something of the actor's units that is not ordered, to be shown; raises NotFound."""
    reach, made = Reach.of(actor), Recall(scope=scope)
    if scope is RecallScope.LOT:
        made.lot = _one(session.scalars(_lots(reach).where(Lot.id == subject_id)).one_or_none())
    elif scope is RecallScope.PRODUCT:
        wanted = sa.select(Product).where(Product.id == subject_id, reach.products())
        made.product = _one(session.scalars(wanted.options(joinedload(Product.producer))).one_or_none())
    else:
        chosen = sa.select(Producer).where(Producer.id == subject_id, reach.producers())
        made.producer = _one(session.scalars(chosen).one_or_none())
    return made


def recalls_in_reach(reach: Reach) -> sa.ColumnElement[bool]:
    """Return whether a recall is of something of the units."""
    producers = sa.select(Producer.id).where(reach.producers())
    products = sa.select(Product.id).where(reach.products())
    lots = sa.select(Lot.id).where(Lot.producer_id.in_(producers))
    return sa.or_(Recall.producer_id.in_(producers), Recall.product_id.in_(products), Recall.lot_id.in_(lots))


def _one(row: Row | None) -> Row:
    if row is None:
        raise NotFound
    return row


def _lots(reach: Reach) -> sa.Select[Lot]:
    loaded = (joinedload(Lot.product), joinedload(Lot.producer), joinedload(Lot.variant))
    return sa.select(Lot).join(Lot.producer).where(reach.producers()).options(*loaded)


def _find_lots(
    session: Session, reach: Reach, which: sa.ColumnElement[bool], code: str = ""
) -> Sequence[Lot]:
    exact = sa.case((sa.func.upper(Lot.code) == code.upper(), 0), else_=1)
    wanted = _lots(reach).where(which).order_by(exact, Lot.made_on.desc(), Lot.id.desc())
    return session.scalars(wanted.limit(MOST_FOUND)).all()


def _find_products(session: Session, reach: Reach, which: sa.ColumnElement[bool]) -> Sequence[Product]:
    wanted = sa.select(Product).where(reach.products(), Product.publication != Publication.DRAFT, which)
    loaded = wanted.options(joinedload(Product.producer)).order_by(Product.name_folded, Product.id)
    return session.scalars(loaded.limit(MOST_FOUND)).all()


def _named(words: str) -> sa.ColumnElement[bool]:
    return sa.and_(
        sa.true(),
        *(Product.name_folded.contains(word, autoescape=True) for word in fold(words).split()[:8]),
    )


def _find_producers(session: Session, reach: Reach, words: str) -> Sequence[Producer]:
    fitting = [Producer.name_key.contains(word, autoescape=True) for word in name_key(words).split()[:8]]
    wanted = sa.select(Producer).where(reach.producers(), *fitting)
    loaded = wanted.options(joinedload(Producer.commune), joinedload(Producer.province))
    return session.scalars(loaded.order_by(Producer.name_key, Producer.id).limit(MOST_FOUND)).all()
