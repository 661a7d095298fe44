"""Pages of this market that are evidence themselves, and which of them a product has."""

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.listing_models import ListingState
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.dossiers.evidence_models import EvidenceKind, OwnPage

KIND_OF = {
    OwnPage.TRACE: EvidenceKind.TRACE_CODE,
    OwnPage.STORY: EvidenceKind.STORY_MEDIA,
    OwnPage.STALL: EvidenceKind.PROMOTION,
}
TITLE_OF = {
    OwnPage.TRACE: "Trang truy xuất nguồn gốc trên chợ này",
    OwnPage.STORY: "Câu chuyện sản phẩm trên chợ này",
    OwnPage.STALL: "Gian hàng điện tử trên chợ này",
}


def own_pages(product: Product) -> frozenset[OwnPage]:
    """Return which pages of a product, loaded with its listing, there are.

    Annex II of Decision 26/2026/QĐ-TTg asks for an electronic trace code and for the story told with it at
    four stars, and takes the address of a stall online as one way to five. A product that was never
    recognised has its trace code and may have its story, which the readers of its dossier see before anybody
    else does; it has no stall, because nothing of it is sold.
    """
    draft = product.publication is Publication.DRAFT
    if not draft and product.publication is not Publication.PUBLISHED:
        return frozenset()
    found = {OwnPage.TRACE}
    if product.story or _described(product, draft):
        found.add(OwnPage.STORY)
    if product.offered and not draft:
        found.add(OwnPage.STALL)
    return frozenset(found)


def product_with_pages(session: Session, product_id: int) -> Product:
    """Return a product with what `own_pages` reads."""
    wanted = sa.select(Product).where(Product.id == product_id).options(joinedload(Product.listing))
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def _described(product: Product, draft: bool) -> bool:
    """Return whether the listing tells a story that the page shows."""
    listing = product.listing
    return listing is not None and bool(listing.description) and (draft or listing.state is ListingState.LIVE)
