"""Questions about codes on packs."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.queries import find_by_gtin, get_by_trace_token
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.traceability.codes.former import find_moved
from marketplace.traceability.codes.place_code import PlaceCode
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.errors import MovedCode, UnknownCode, UnknownPlace
from marketplace.traceability.zones.models import Site


def get_traced_product(code: TraceCode) -> Product:
    """Return the product that a code is of, with all that pages show of it.

    Codes are printed for ever, so products suspended or withdrawn are found too; drafts were never
    printed. Raises MovedCode for a code that its product had before, and UnknownCode.
    """
    product = _find(code)
    if product is not None and product.publication is not Publication.DRAFT:
        return product
    if product is None and (moved := find_moved(db.session(), code)) is not None:
        raise MovedCode(path=moved.path)
    raise UnknownCode(printed=code.gtin or code.token)


def get_site(code: PlaceCode) -> Site:
    """Return the site that a location number is of, with its producer and place; raises UnknownPlace.

    Sites that are used no more are found too: their number stands in events and on papers.
    """
    wanted = sa.select(Site).where(Site.gln == code.gln)
    shown = (joinedload(Site.producer), joinedload(Site.commune), joinedload(Site.province))
    site = db.session.scalar(wanted.options(*shown))
    if site is None:
        raise UnknownPlace(printed=code.gln)
    return site


def _find(code: TraceCode) -> Product | None:
    if code.gtin is not None:
        return find_by_gtin(code.gtin)
    try:
        return get_by_trace_token(code.token or "")
    except NotFound:
        return None
