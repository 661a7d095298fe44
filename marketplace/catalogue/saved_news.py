"""News of saved products, for those who said yes to it: a price that changed, stars won or lost."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased, joinedload

from marketplace import clock
from marketplace.accounts.letter_choices import LetterChoice, LetterKind
from marketplace.catalogue.models import Product, Publication, live_stars
from marketplace.catalogue.saved import SavedProduct

NOT_OFTENER_THAN = timedelta(days=1)
AT_ONCE = 500


def take_news(session: Session, at: datetime) -> list[int]:
    """Return who is to be told of changes, and mark those as told; nobody is told twice within a day."""
    day = clock.local_date(at)
    changed = session.scalars(
        sa.select(SavedProduct)
        .join(SavedProduct.product)
        .where(
            Product.publication == Publication.PUBLISHED,
            sa.or_(
                _differ(SavedProduct.price_told, Product.from_price),
                _differ(SavedProduct.stars_told, live_stars(day)),
            ),
            SavedProduct.person_id.in_(_willing()),
            ~_told_since(at - NOT_OFTENER_THAN),
        )
        .options(joinedload(SavedProduct.product))
        .order_by(SavedProduct.person_id, SavedProduct.product_id)
        .limit(AT_ONCE)
    ).all()
    for one in changed:
        one.price_told, one.stars_told = one.product.from_price, one.product.live_stars(day)
        one.news_at = at
    return sorted({one.person_id for one in changed})


def list_latest_news(session: Session, person_id: int) -> Sequence[Product]:
    """Return the products that the latest letter to somebody is about, as they are now."""
    of_person = SavedProduct.person_id == person_id
    latest = sa.select(sa.func.max(SavedProduct.news_at)).where(of_person).scalar_subquery()
    told = sa.select(Product).join(SavedProduct, SavedProduct.product_id == Product.id)
    wanted = told.where(
        of_person, SavedProduct.news_at == latest, Product.publication == Publication.PUBLISHED
    )
    fresh = wanted.order_by(Product.name_folded, Product.id).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def _differ(told: sa.SQLColumnExpression[Any], now: sa.SQLColumnExpression[Any]) -> sa.ColumnElement[bool]:
    return sa.func.coalesce(told, 0) != sa.func.coalesce(now, 0)


def _willing() -> sa.Select[int]:
    return sa.select(LetterChoice.person_id).where(
        LetterChoice.kind == LetterKind.SAVED, LetterChoice.wanted.is_(True)
    )


def _told_since(since: datetime) -> sa.ColumnElement[bool]:
    other = aliased(SavedProduct)
    return sa.exists().where(other.person_id == SavedProduct.person_id, other.news_at > since)
