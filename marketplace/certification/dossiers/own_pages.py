"""Pages of this market that are evidence themselves, and which of them a product has."""

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
    """Return which pages of a product can be opened now.

    Annex II of Decision 26/2026/QĐ-TTg asks for an electronic trace code and for the story told with it at
    four stars, and takes the address of a stall online as one way to five.
    """
    found = set()
    if product.publication is Publication.PUBLISHED:
        found.add(OwnPage.TRACE)
        if product.story:
            found.add(OwnPage.STORY)
        if product.offered:
            found.add(OwnPage.STALL)
    return frozenset(found)
