"""What an office can recall, found fast: by what stands on the pack, by product, by producer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product, Publication
from marketplace.errors import NotFound
from marketplace.office.tenancy import Reach
from marketplace.producers.matching import name_key
from marketplace.producers.models import Producer
from marketplace.text import clean, fold
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall, RecallScope

MOST_FOUND = 8
Row = TypeVar("Row")
_LOT_OF_ADDRESS = re.compile(r"/10/([^/?#\s]+)")


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
    """Return what of the units can be recalled, by a lot's code, a name, or a scanned address of a pack."""
    typed = clean(words)
    scanned = _LOT_OF_ADDRESS.search(typed)
    code = scanned.group(1) if scanned else typed
    if not code:
        return Found((), (), ())
    return Found(
        _find_lots(session, reach, code),
        () if scanned else _find_products(session, reach, typed),
        () if scanned else _find_producers(session, reach, typed),
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


def _find_lots(session: Session, reach: Reach, code: str) -> Sequence[Lot]:
    wanted = _lots(reach).where(Lot.code.icontains(code, autoescape=True))
    exact = sa.case((sa.func.upper(Lot.code) == code.upper(), 0), else_=1)
    return session.scalars(wanted.order_by(exact, Lot.made_on.desc(), Lot.id.desc()).limit(MOST_FOUND)).all()


def _find_products(session: Session, reach: Reach, words: str) -> Sequence[Product]:
    fitting = [Product.name_folded.contains(word, autoescape=True) for word in fold(words).split()[:8]]
    wanted = sa.select(Product).where(reach.products(), Product.publication != Publication.DRAFT, *fitting)
    loaded = wanted.options(joinedload(Product.producer)).order_by(Product.name_folded, Product.id)
    return session.scalars(loaded.limit(MOST_FOUND)).all()


def _find_producers(session: Session, reach: Reach, words: str) -> Sequence[Producer]:
    fitting = [Producer.name_key.contains(word, autoescape=True) for word in name_key(words).split()[:8]]
    wanted = sa.select(Producer).where(reach.producers(), *fitting)
    loaded = wanted.options(joinedload(Producer.commune), joinedload(Producer.province))
    return session.scalars(loaded.order_by(Producer.name_key, Producer.id).limit(MOST_FOUND)).all()
