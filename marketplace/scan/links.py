"""Where the code on a pack leads: its links, from the product down to the single pack."""

from datetime import date

from marketplace.catalogue.models import Publication
from marketplace.certification.history import standing_on
from marketplace.scan.finding import Scanned
from marketplace.traceability.codes.link_types import Level, Link, LinkType
from marketplace.traceability.codes.trace_code import TraceCode

LD_JSON = "application/ld+json"
POINTS = "mua-tan-noi"
"""Where the product page lists the points that stock it."""


def levels_of(scanned: Scanned, day: date) -> list[Level]:
    """Return the links of a code's product, lot and pack on a day, as far as these are on record."""
    levels = [_of_product(scanned, day)]
    if scanned.code.lot is not None and scanned.lot is not None:
        levels.append(_of_lot(scanned))
        if scanned.serial is not None:
            levels.append(_of_pack(scanned))
    return levels


def _of_product(scanned: Scanned, day: date) -> Level:
    product, code = scanned.product, scanned.code.product_code
    links = [Link(LinkType.DEFAULT, code.path), Link(LinkType.TRACEABILITY, code.path)]
    if product.publication is Publication.PUBLISHED:
        links.append(Link(LinkType.PRODUCT, f"/san-pham/{product.slug}"))
    certificate = standing_on(scanned.certificates, day).certificate
    if certificate is not None:
        links.append(Link(LinkType.CERTIFICATION, f"/chung-nhan/{certificate.code}"))
    if scanned.points and product.publication is Publication.PUBLISHED:
        links.append(Link(LinkType.RETAILERS, f"/san-pham/{product.slug}#{POINTS}"))
    links.append(Link(LinkType.RECALL, _notice(scanned, of_lot=False)))
    return Level(code.path, product.name, tuple(links))


def _of_lot(scanned: Scanned) -> Level:
    code = TraceCode(
        gtin=scanned.code.gtin, token=scanned.code.token, variant=scanned.code.variant, lot=scanned.code.lot
    )
    history = TraceCode(gtin=code.gtin, token=code.token, lot=code.lot)
    links = (
        Link(LinkType.DEFAULT, code.path),
        Link(LinkType.TRACEABILITY, code.path),
        Link(LinkType.EPCIS, f"/api/v1/epcis/history{history.path}", LD_JSON),
        Link(LinkType.RECALL, _notice(scanned, of_lot=True)),
    )
    return Level(code.path, f"{scanned.product.name}, lô {code.lot}", links)


def _of_pack(scanned: Scanned) -> Level:
    path = scanned.code.path
    links = (Link(LinkType.DEFAULT, path), Link(LinkType.TRACEABILITY, path))
    number = scanned.serial.number if scanned.serial else 0
    return Level(path, f"{scanned.product.name}, lô {scanned.code.lot}, tem {number:04d}", links)


def _notice(scanned: Scanned, *, of_lot: bool) -> str:
    """Return the page of the recall in force that touches a level, or of all recalls where none does."""
    recall = scanned.recall
    if recall is not None and (of_lot or recall.lot_id is None):
        return f"/thu-hoi/{recall.code}"
    return "/thu-hoi"
