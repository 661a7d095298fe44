"""Who wants to be told, once, that a variant can be bought again; the letter takes the wish with it."""

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock, jobs
from marketplace.accounts.identity import read_identity
from marketplace.accounts.privacy import Subject, erasers, exporters
from marketplace.catalogue.models import Product, Publication, Variant
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.after_sale_errors import CanBeBought, TooManyWishes
from marketplace.ordering.after_sale_models import BackInStockWish
from marketplace.ordering.freezing import any_halted
from marketplace.ordering.news import OrderNews, tell
from marketplace.ordering.stock import BACK_JOB, find_available
from marketplace.upsert import insert_into

MOST_FOR_CONTACT = 20
MOST_FOR_VARIANT = 500
KEPT_FOR = timedelta(days=365)


def ask_to_be_told(session: Session, variant_id: int, contact: str, at: datetime) -> None:
    """Keep an e-mail address or telephone number to be told when a variant can be bought again.

    Asking twice keeps one wish. Raises InvalidIdentity, NotFound for what is not on view, CanBeBought,
    and TooManyWishes past 20 of a contact or 500 for a variant.
    """
    written = str(read_identity(contact))
    _lock_offered(session, variant_id)
    if find_available(session, [variant_id]).get(variant_id, 0) > 0:
        raise CanBeBought(variant=variant_id)
    _check_room(session, variant_id, written)
    wish = {"variant_id": variant_id, "contact": written, "asked_at": at}
    session.execute(insert_into(session, BackInStockWish).values(wish).on_conflict_do_nothing())


@jobs.handler(BACK_JOB)
def tell_of_return(variant_id: int) -> None:
    """Have a letter written to everybody who waits for a variant, if it can still be bought."""
    with unit_of_work() as session:
        if find_available(session, [variant_id]).get(variant_id, 0) <= 0 or any_halted(session, [variant_id]):
            return
        waiting = sa.select(BackInStockWish.id).where(BackInStockWish.variant_id == variant_id)
        for wish_id in session.scalars(waiting.order_by(BackInStockWish.id)).all():
            tell(session, OrderNews.BACK_IN_STOCK, wish_id, clock.now())


def tell_of_wishes(session: Session, variants: sa.Select[int]) -> None:
    """Have those told who wait for packs that are sold again."""
    wished = sa.select(BackInStockWish.variant_id).where(BackInStockWish.variant_id.in_(variants))
    for variant_id in session.scalars(wished.distinct().order_by(BackInStockWish.variant_id)):
        jobs.put(session, BACK_JOB, variant_id=variant_id)


def forget_old_wishes() -> None:
    """Delete wishes that nothing came of in a year; a periodic duty."""
    with unit_of_work() as session:
        session.execute(sa.delete(BackInStockWish).where(BackInStockWish.asked_at < clock.now() - KEPT_FOR))


def export_wishes(session: Session, subject: Subject) -> list[dict[str, Any]]:
    """Return what a subject wants to be told of."""
    named = (
        sa.select(Product.name, Variant.name, BackInStockWish.contact, BackInStockWish.asked_at)
        .join(Variant, Variant.id == BackInStockWish.variant_id)
        .join(Variant.product)
        .where(_of(subject))
        .order_by(BackInStockWish.id)
    )
    return [
        {"product": product, "variant": variant, "contact": contact, "asked_at": asked_at.isoformat()}
        for product, variant, contact, asked_at in session.execute(named)
    ]


def erase_wishes(session: Session, subject: Subject, at: datetime) -> None:
    """Delete what a subject wanted to be told of."""
    session.execute(sa.delete(BackInStockWish).where(_of(subject)))


def _of(subject: Subject) -> sa.ColumnElement[bool]:
    return BackInStockWish.contact.in_([one for one in (subject.email, subject.phone) if one])


def _lock_offered(session: Session, variant_id: int) -> None:
    """Let wishes for one variant come one after the other."""
    offered = (
        sa.select(Variant.id)
        .join(Variant.product)
        .where(Variant.id == variant_id, Variant.active, Product.publication == Publication.PUBLISHED)
        .with_for_update(of=Variant, key_share=True)
    )
    if session.execute(offered).first() is None:
        raise NotFound(variant=variant_id)


def _check_room(session: Session, variant_id: int, contact: str) -> None:
    of_variant = BackInStockWish.variant_id == variant_id
    of_contact = BackInStockWish.contact == contact
    counted = sa.select(
        sa.func.coalesce(sa.func.sum(sa.case((of_contact, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((of_variant, 1), else_=0)), 0),
        sa.func.coalesce(sa.func.sum(sa.case((sa.and_(of_contact, of_variant), 1), else_=0)), 0),
    ).where(sa.or_(of_variant, of_contact))
    by_contact, for_variant, already = session.execute(counted).one()
    if not already and (by_contact >= MOST_FOR_CONTACT or for_variant >= MOST_FOR_VARIANT):
        raise TooManyWishes


exporters["restock_wishes"] = export_wishes
erasers["restock_wishes"] = erase_wishes
