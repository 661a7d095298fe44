"""Opening points and stocking them."""

from datetime import date

import sqlalchemy as sa
from flask import Flask

from marketplace.database import db, unit_of_work
from marketplace.sales_points.actions import open_sales_point, stock_product
from marketplace.sales_points.models import SalesPointProduct
from tests.factories.catalogue import a_product


def test_namesakes_get_slugs_of_their_own(app: Flask) -> None:
    with unit_of_work() as session:
        first = open_sales_point(session, "Quầy  OCOP", printed_province="Hà Tĩnh")
        second = open_sales_point(session, "Quầy OCOP", printed_province="Nghệ An")
    assert (first.name, first.slug, second.slug) == ("Quầy OCOP", "quay-ocop", "quay-ocop-2")


def test_stocking_again_renews_the_day(app: Flask) -> None:
    with unit_of_work() as session:
        point = open_sales_point(session, "Quầy OCOP")
        product = a_product(session)
        stock_product(session, point, product.id, None, sample=True)
        stock_product(session, point, product.id, date(2026, 11, 1))
    kept = db.session.scalars(sa.select(SalesPointProduct)).one()
    assert (kept.confirmed_on, kept.sample) == (date(2026, 11, 1), True)
