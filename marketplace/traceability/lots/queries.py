"""Questions about lots."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.errors import NotFound
from marketplace.traceability.lots.models import Lot


def find_lot_however_typed(session: Session, product_id: int, code: str) -> Lot | None:
    """Return the lot of a product that bears a code in capital or small letters, or None."""
    same = sa.func.lower(Lot.code) == code.lower()
    return session.scalar(sa.select(Lot).where(Lot.product_id == product_id, same).limit(1))


def find_lot(session: Session, product_id: int, code: str) -> Lot | None:
    """Return the lot of a product that bears a code, or None."""
    wanted = sa.select(Lot).where(Lot.product_id == product_id, Lot.code == code)
    return session.execute(wanted).scalar_one_or_none()


def get_own_lot(session: Session, lot_id: int, producer_id: int) -> Lot:
    """Return a lot of a producer with its product and pack; raises NotFound for those of others."""
    found = find_own_lot(session, lot_id, producer_id)
    if found is None:
        raise NotFound(lot=lot_id)
    return found


def find_own_lot(session: Session, lot_id: int, producer_id: int) -> Lot | None:
    """Return a lot of a producer with its product and pack; None for those of others."""
    own = _whole().where(Lot.id == lot_id, Lot.producer_id == producer_id)
    return session.execute(own).scalar_one_or_none()


def list_lots(
    session: Session, producer_id: int, *, product_id: int | None = None, limit: int = 50, offset: int = 0
) -> list[Lot]:
    """Return the lots of a producer, the newest first, perhaps of one product alone."""
    own = _whole().where(Lot.producer_id == producer_id)
    if product_id is not None:
        own = own.where(Lot.product_id == product_id)
    return list(session.scalars(own.order_by(Lot.made_on.desc(), Lot.id.desc()).limit(limit).offset(offset)))


def list_material_lots(session: Session, producer_id: int, most: int) -> list[Lot]:
    """Return the lots of material of a producer that were harvested last, the newest first."""
    own = sa.select(Lot).where(Lot.producer_id == producer_id, Lot.product_id.is_(None))
    return list(session.scalars(own.order_by(Lot.made_on.desc(), Lot.id.desc()).limit(most)))


def count_lots(session: Session, producer_id: int) -> int:
    """Return how many lots a producer has."""
    return session.execute(sa.select(sa.func.count()).where(Lot.producer_id == producer_id)).scalar_one()


def find_last_lot(session: Session, product_id: int) -> Lot | None:
    """Return the newest lot of a product with its inputs, or None: what the next one begins from."""
    wanted = sa.select(Lot).where(Lot.product_id == product_id).options(joinedload(Lot.inputs))
    newest = wanted.where(
        Lot.id == sa.select(sa.func.max(Lot.id)).where(Lot.product_id == product_id).scalar_subquery()
    )
    return session.execute(newest).unique().scalar_one_or_none()


def list_newest_lots(session: Session, product_id: int, most: int) -> list[Lot]:
    """Return the lots of a product that were made last, the newest first."""
    of_product = sa.select(Lot).where(Lot.product_id == product_id)
    return list(session.scalars(of_product.order_by(Lot.made_on.desc(), Lot.id.desc()).limit(most)))


def _whole() -> sa.Select[Lot]:
    return sa.select(Lot).options(joinedload(Lot.product), joinedload(Lot.variant), joinedload(Lot.producer))
