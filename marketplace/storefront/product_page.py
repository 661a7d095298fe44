"""The page of a product, gathered in eight statements, the last for recalls that touch it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from marketplace.catalogue.models import Product
from marketplace.catalogue.queries import get_product, list_related
from marketplace.certification.history import Event, Standing, history_of, standing_on
from marketplace.certification.register_book import list_certificates_of
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.ordering.queries import find_shelf
from marketplace.ordering.sale import SaleTerms
from marketplace.reviews.summaries import Voices, gather_voices
from marketplace.sales_points.map_points import list_points_stocking
from marketplace.sales_points.models import SalesPoint
from marketplace.settings import LapsedProducts
from marketplace.storefront.offer import Offer, make_offer
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.recalls.queries import recalls_of_product


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product with its standing on a day, its history, offer, shops, neighbours and buyers' voices."""

    product: Product
    stars: int | None
    standing: Standing
    events: list[Event]
    offer: Offer
    points: list[SalesPoint]
    related: Sequence[Product]
    voices: Voices
    recalls: Sequence[Recall]

    @property
    def trace_path(self) -> str:
        """Return the permanent path printed on its packs: by GTIN, else by our token."""
        product = self.product
        return TraceCode(gtin=product.gtin, token=None if product.gtin else product.trace_token).path


def gather(slug: str, day: date, terms: SaleTerms, lapsed: LapsedProducts) -> ProductPage:
    """Gather what the page of a product shows on a day.

    Raises NotFound, also for a product without living stars where the shop hides those.
    """
    product = get_product(slug)
    if lapsed is LapsedProducts.HIDE and product.live_stars(day) is None:
        raise NotFound(slug=slug)
    return gather_of(product, day, terms, lapsed)


def gather_of(product: Product, day: date, terms: SaleTerms, lapsed: LapsedProducts) -> ProductPage:
    """Gather what the page of a product shows on a day, all its own relations being loaded."""
    certificates = list_certificates_of(product.id)
    shelf = find_shelf(db.session(), [variant.id for variant in product.variants])
    return ProductPage(
        product=product,
        stars=product.live_stars(day),
        standing=standing_on(certificates, day),
        events=history_of(certificates, day),
        offer=make_offer(product, shelf, terms),
        points=list_points_stocking([product.id], day),
        related=list_related(product, day=day, lapsed=lapsed),
        voices=gather_voices(db.session(), product.id),
        recalls=recalls_of_product(db.session(), product.id, product.producer_id),
    )
