"""What pieces of evidence are called on the pages of the office, and where our own pages lie."""

from typing import Any

from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.evidence_models import OwnPage
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.web.dossier_words import EVIDENCE_KINDS, OWN_PAGES


def words_of_evidence(product: Product) -> dict[str, Any]:
    """Return what templates need to show the evidence of a dossier about a product."""
    trace = TraceCode(gtin=product.gtin, token=None if product.gtin else product.trace_token)
    shown = f"/san-pham/{product.slug}"
    return {
        "evidence_kinds": EVIDENCE_KINDS,
        "own_pages": OWN_PAGES,
        "page_of": {OwnPage.TRACE: trace.path, OwnPage.STORY: shown, OwnPage.STALL: shown},
    }
