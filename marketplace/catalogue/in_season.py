"""Products in season in a month of the year."""

from datetime import date

import sqlalchemy as sa

from marketplace.catalogue.filters import Filters, conditions
from marketplace.catalogue.models import Product
from marketplace.catalogue.product_list import first_products
from marketplace.settings import LapsedProducts


def list_in_season(
    month: int, *, day: date, lapsed: LapsedProducts = LapsedProducts.SHOW, most: int = 4
) -> list[Product]:
    """Return products in season in a month (1 to 12), certified ones first.

    Seasons may run over the turn of the year; goods of all seasons are left out.
    """
    first, last = Product.season_from, Product.season_to
    within = sa.and_(first <= last, first <= month, last >= month)
    over_new_year = sa.and_(first > last, sa.or_(first <= month, last >= month))
    on_view = conditions(Filters(), day, lapsed).values()
    return list(first_products(most, day, sa.or_(within, over_new_year), *on_view))
