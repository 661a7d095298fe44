"""Where the code on a pack leads: its links, from the product down to the single pack."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from marketplace.catalogue.models import Publication
from marketplace.certification.history import standing_on
from marketplace.scan.finding import Scanned
from marketplace.traceability.codes.link_types import Level, Link, LinkType
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.codes.trace_code import TraceCode
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.recalls.models import Recall

LD_JSON = "application/ld+json"
POINTS = "mua-tan-noi"
"""Where the product page lists the points that stock it."""


def levels_of(scanned: Scanned, recalls: Sequence[Recall], day: date) -> list[Level]:
    """Return the links of a code's product, lot and pack on a day, as far as these are on record.

    `recalls` are those in force that touch any of the three.
    """
    levels = [_of_product(scanned, recalls, day)]
    if scanned.lot is not None and scanned.code.lot is not None:
        levels.append(_of_lot(scanned, scanned.lot, recalls))
    if scanned.lot is not None and scanned.serial is not None:
        levels.append(_of_pack(scanned, scanned.lot, scanned.serial, recalls))
    return levels


def _of_product(scanned: Scanned, recalls: Sequence[Recall], day: date) -> Level:
    product, code = scanned.product, scanned.code.product_code
    links = [Link(LinkType.DEFAULT, code.path), Link(LinkType.TRACEABILITY, code.path)]
    if product.publication is Publication.PUBLISHED:
        links.append(Link(LinkType.PRODUCT, f"/san-pham/{product.slug}"))
    certificate = standing_on(scanned.certificates, day).certificate
    if certificate is not None:
        links.append(Link(LinkType.CERTIFICATION, f"/chung-nhan/{certificate.code}"))
    if scanned.points and product.publication is Publication.PUBLISHED:
        links.append(Link(LinkType.RETAILERS, f"/san-pham/{product.slug}#{POINTS}"))
    links += _notices(one for one in recalls if one.product_id == product.id or one.producer_id is not None)
    return Level(code.path, product.name, tuple(links))


def _of_lot(scanned: Scanned, lot: Lot, recalls: Sequence[Recall]) -> Level:
    code = replace(scanned.code, serial=None, third_party=None)
    links = (
        Link(LinkType.DEFAULT, code.path),
        Link(LinkType.TRACEABILITY, code.path),
        _history(code, lot),
        *_notices(recalls),
    )
    return Level(code.path, f"{scanned.product.name}, lô {lot.code}", links)


def _of_pack(scanned: Scanned, lot: Lot, serial: SerialCode, recalls: Sequence[Recall]) -> Level:
    path = scanned.code.path
    links = (
        Link(LinkType.DEFAULT, path),
        Link(LinkType.TRACEABILITY, path),
        _history(scanned.code, lot),
        *_notices(recalls),
    )
    return Level(path, f"{scanned.product.name}, lô {lot.code}, tem {serial.number:04d}", links)


def _history(code: TraceCode, lot: Lot) -> Link:
    path = replace(code.product_code, lot=lot.code).path
    return Link(LinkType.EPCIS, f"/api/v1/epcis/history{path}", LD_JSON)


def _notices(recalls: Iterable[Recall]) -> list[Link]:
    """Return the pages of the recalls that touch a level, or of all recalls where none does."""
    return [Link(LinkType.RECALL, f"/thu-hoi/{one.code}") for one in recalls] or [
        Link(LinkType.RECALL, "/thu-hoi")
    ]
