"""The form of a decision read off its paper: what was typed, and what can be chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.catalogue.models import Product, Publication
from marketplace.office.typed_days import read_day
from marketplace.text import fold, whole_number

MOST_FOUND = 20
MOST_CHOSEN = 100
_CHOICE = re.compile(r"sao-([1-9][0-9]{0,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PaperForm:
    """A form as it came: texts as typed, stars by product id as chosen."""

    unit: str
    number: str
    day: str
    words: str
    stars: dict[int, int]

    @classmethod
    def read(cls, typed: Mapping[str, str]) -> "PaperForm":
        """Read a form; fields that no page of ours sends are left out."""
        chosen = {
            int(name[1]): int(stars)
            for name, stars in ((_CHOICE.fullmatch(name), stars) for name, stars in typed.items())
            if name and stars in {"3", "4", "5"}
        }
        return cls(
            unit=typed.get("don_vi", ""),
            number=typed.get("so", ""),
            day=typed.get("ngay", ""),
            words=typed.get("tim", ""),
            stars=dict(list(chosen.items())[:MOST_CHOSEN]),
        )

    @property
    def unit_id(self) -> int | None:
        """Return the province that was chosen, or None."""
        return whole_number(self.unit) or None

    @property
    def decided_on(self) -> date | None:
        """Return the day that was typed, None for what is no day."""
        return read_day(self.day)


def list_candidates(session: Session, unit_id: int, form: PaperForm) -> list[Product]:
    """Return the products chosen so far and those that the words find, of one province.

    Without words they are the ones that were never certified: what a new decision is most likely about.
    """
    of_unit = (Product.province_id == unit_id, Product.publication != Publication.WITHDRAWN)
    found = sa.select(Product).where(*of_unit, _fitting(form.words)).options(joinedload(Product.producer))
    chosen = sa.select(Product).where(*of_unit, Product.id.in_(form.stars))
    in_order = found.order_by(Product.name_folded, Product.id).limit(MOST_FOUND)
    products = [
        *session.execute(chosen.options(joinedload(Product.producer)).order_by(Product.id)).scalars(),
        *session.execute(in_order).scalars(),
    ]
    return list(dict.fromkeys(products))


def _fitting(words: str) -> sa.ColumnElement[bool]:
    folded = fold(words)
    if not folded:
        return sa.not_(Product.ever_certified)
    return sa.and_(*(Product.words_folded.contains(word, autoescape=True) for word in folded.split()[:8]))
