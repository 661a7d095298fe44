"""Questions about codes on packs."""

from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.queries import find_by_gtin, get_by_trace_token
from marketplace.errors import NotFound
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.errors import UnknownCode


def get_traced_product(code: TraceCode) -> Product:
    """Return the product that a code is of, with all that pages show of it.

    Codes are printed for ever, so products suspended or withdrawn are found too; drafts were never
    printed. Raises UnknownCode.
    """
    product = _find(code)
    if product is None or product.publication is Publication.DRAFT:
        raise UnknownCode(printed=code.gtin or code.token)
    return product


def _find(code: TraceCode) -> Product | None:
    if code.gtin is not None:
        return find_by_gtin(code.gtin)
    try:
        return get_by_trace_token(code.token or "")
    except NotFound:
        return None
