"""The codes of lots: one that is proposed, and what may stand on a pack (GS1 AI 10)."""

import re
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.text import fold
from marketplace.traceability.lots.errors import InvalidLot, LotCodeTaken
from marketplace.traceability.lots.models import Lot

LOT_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._\-]{0,19}", re.ASCII)
"""Letters, digits and three signs of the set that AI 10 allows: what people read aloud and type."""
_WORD = re.compile(r"[a-z]+")
_COUNTER = re.compile(r"\d{2,6}")


def propose_code(session: Session, product: Product, day: date) -> str:
    """Return a code that no lot of the product's producer bears: "PT2611-02" for Mứt vỏ bưởi Phúc Trạch.

    It is made of the first letters of the name's last two words, year and month, and a number.
    """
    return next_code(session, product.producer_id, product.name, day)


def next_code(session: Session, producer_id: int | None, name: str, day: date) -> str:
    """Return a free code for goods or material of a name; see `propose_code`."""
    letters = "".join(word[0] for word in _WORD.findall(fold(name))[-2:]).upper() or "L"
    stem = f"{letters}{day:%y%m}-"
    wanted = sa.select(Lot.code).where(
        Lot.producer_id == producer_id, Lot.code.startswith(stem, autoescape=True)
    )
    used = [code.removeprefix(stem) for code in session.scalars(wanted)]
    last = max((int(number) for number in used if _COUNTER.fullmatch(number)), default=0)
    return f"{stem}{last + 1:02d}"


def read_code(text: str) -> str:
    """Return a code as typed, without spaces around it; raises InvalidLot."""
    code = text.strip()
    if not LOT_CODE.fullmatch(code):
        raise InvalidLot(field="code")
    return code


def claim_code(session: Session, producer_id: int, product_id: int | None, code: str) -> str:
    """Return a code that is still free for a product, or for material of a producer; raises LotCodeTaken."""
    of_same = Lot.product_id == product_id if product_id else Lot.product_id.is_(None)
    same = sa.func.lower(Lot.code) == code.lower()
    if session.execute(sa.select(Lot.id).where(Lot.producer_id == producer_id, of_same, same)).first():
        raise LotCodeTaken(lot_code=code)
    return code
