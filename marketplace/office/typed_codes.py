"""What stands on a pack, as an officer types, pastes or scans it: a GTIN, an address, a serial number."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.text import clean
from marketplace.traceability.codes.digital_link import read_link
from marketplace.traceability.codes.former import find_moved
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.codes.trace_code import TraceCode, read_gtin
from marketplace.traceability.errors import UnreadableCode
from marketplace.traceability.lots.models import Lot


@dataclass(frozen=True, slots=True)
class Typed:
    """A code that was read: which products and lots it is of; `narrow` where it is of lots alone."""

    product: sa.ColumnElement[bool]
    lot: sa.ColumnElement[bool]
    narrow: bool


def read_typed(session: Session, words: str) -> Typed | None:
    """Return what a typed code is of; None for words that are no code of a pack.

    Bare digits are a GTIN only where some product has it: lots are numbered by days too.
    """
    typed = clean(words)
    code = _read(typed)
    if code is None:
        lot_id = _lot_of_serial(session, typed)
        return Typed(sa.false(), Lot.id == lot_id, narrow=True) if lot_id else None
    code = find_moved(session, code) or code
    product = Product.gtin == code.gtin if code.gtin else Product.trace_token == code.token
    if "/" not in typed and session.scalar(sa.select(Product.id).where(product)) is None:
        return None
    lot = Lot.product_id.in_(sa.select(Product.id).where(product))
    if code.lot is not None:
        return Typed(product, sa.and_(lot, sa.func.upper(Lot.code) == code.lot.upper()), narrow=True)
    lot_id = _lot_of_serial(session, code.serial) if code.serial else None
    return Typed(product, sa.and_(lot, Lot.id == lot_id) if lot_id else lot, narrow=lot_id is not None)


def _read(typed: str) -> TraceCode | None:
    try:
        code = read_link(typed).code if "/" in typed else TraceCode(gtin=read_gtin(typed))
    except (UnreadableCode, ValueError):
        return None
    return code if isinstance(code, TraceCode) else None


def _lot_of_serial(session: Session, serial: str) -> int | None:
    return session.scalar(sa.select(SerialCode.lot_id).where(SerialCode.serial == serial.upper()))
