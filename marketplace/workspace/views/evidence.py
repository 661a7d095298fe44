"""The evidence sheet of a product: what the criteria of a dossier ask for, on paper, with its addresses."""

from collections.abc import Sequence
from datetime import date

from flask import Response

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.history import standing_on
from marketplace.certification.register_book import list_certificates_of
from marketplace.database import db
from marketplace.ordering.sales_figures import Sold, by_province, list_sold
from marketplace.producers.quality_certificates import list_certificates
from marketplace.sales_points.map_points import list_points_stocking
from marketplace.traceability.lots.product_material import material_of
from marketplace.web.guards import requires
from marketplace.web.lot_words import PAPER_KINDS
from marketplace.workspace import door
from marketplace.workspace.answers import page
from marketplace.workspace.lot_pages import picture_of_code, trace_code_of
from marketplace.workspace.shop_words import QUALITY_KINDS
from marketplace.workspace.tenancy import own_product

MONTHS = 12
MOST_ROWS = 12
"""Lots, papers and points on the sheet; the trace page has them all."""


@door.get("/<slug>/san-pham/<product_slug>/minh-chung")
@requires(Role.OWNER, Role.STAFF)
def show_evidence(slug: str, product_slug: str) -> Response:
    """Show, ready to be printed, the evidence that a product has on this site."""
    product, session, day = own_product(slug, product_slug), db.session(), clock.today()
    producer = product.producer
    assert producer is not None
    since = clock.add_months(day.replace(day=1), 1 - MONTHS)
    material = material_of(session, product, producer, since)
    sold = [one for one in list_sold(session, producer.id, _months(since)) if one.product_id == product.id]
    return page(
        "evidence",
        producer,
        product=product,
        day=day,
        since=since,
        standing=standing_on(list_certificates_of(product.id), day),
        stars=product.live_stars(day),
        material=material,
        papers=material.papers[:MOST_ROWS],
        paper_kinds=PAPER_KINDS,
        quality=[one for one in list_certificates(session, producer.id) if one.valid_until >= day],
        standards=QUALITY_KINDS,
        points=list_points_stocking([product.id], day),
        sold=_sums(sold),
        most=MOST_ROWS,
        trace_path=trace_code_of(product).path,
        code_picture=picture_of_code(product, ""),
    )


def _months(first: date) -> list[date]:
    return [clock.add_months(first, number) for number in range(MONTHS)]


def _sums(sold: Sequence[Sold]) -> tuple[int, int]:
    """Return how many units were sold, and to how many provinces."""
    return sum(one.units for one in sold), len(by_province(sold))
