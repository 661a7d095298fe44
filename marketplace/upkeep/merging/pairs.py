"""Producers that may stand in the register twice: pairs for people to look at, never merged by likeness."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

import sqlalchemy as sa
from sqlalchemy.orm import Session, load_only

from marketplace.producers.matching import core_of_key, may_be_same_place, place_columns, whereabouts_of
from marketplace.producers.models import Producer

MOST_PAIRS = 60
MOST_ALIKE = 12
"""More producers than this with one telephone or name in common tell of an office or of a common name."""


class Sign(StrEnum):
    """What two producers have in common, the surest first."""

    TAX_CODE = "tax_code"
    NAME = "name"
    PHONE = "phone"
    LIKENESS = "likeness"


_COMPARED = (
    Producer.name,
    Producer.name_key,
    Producer.phone,
    Producer.tax_code,
    Producer.sample_contact,
    *place_columns(Producer),
)
_WEIGHTS = {Sign.TAX_CODE: 8, Sign.NAME: 4, Sign.PHONE: 3, Sign.LIKENESS: 1}


@dataclass(frozen=True)
class Pair:
    """Two producers, the one that came into the register first before the other, and what they share."""

    first: Producer
    second: Producer
    signs: tuple[Sign, ...]


def list_pairs(session: Session, within: sa.ColumnElement[bool]) -> list[Pair]:
    """Return pairs of producers that look like one, the likeliest first.

    One tax code or telephone is a sign wherever they lie; a name only where the places may be the same.
    """
    wanted = sa.select(Producer).options(load_only(*_COMPARED)).where(within).order_by(Producer.id)
    rows = session.scalars(wanted).all()
    signs: dict[tuple[int, int], set[Sign]] = defaultdict(set)
    for sign, alike in _groups(rows):
        for one, other in combinations(alike, 2):
            if sign in {Sign.TAX_CODE, Sign.PHONE} or may_be_same_place(
                whereabouts_of(one), whereabouts_of(other)
            ):
                signs[one.id, other.id].add(sign)
    named = {row.id: row for row in rows}
    pairs = [Pair(named[one], named[other], _sorted(found)) for (one, other), found in signs.items()]
    return sorted(pairs, key=lambda pair: (-_weight(pair), pair.first.name, pair.first.id))[:MOST_PAIRS]


def _groups(rows: Iterable[Producer]) -> list[tuple[Sign, list[Producer]]]:
    groups: dict[tuple[Sign, str], list[Producer]] = defaultdict(list)
    for row in rows:
        keys = {
            Sign.TAX_CODE: row.tax_code,
            Sign.NAME: row.name_key,
            Sign.PHONE: None if row.sample_contact else row.phone,
            Sign.LIKENESS: core_of_key(row.name_key),
        }
        for sign, key in keys.items():
            if key:
                groups[sign, key].append(row)
    return [(sign, alike) for (sign, _), alike in groups.items() if 1 < len(alike) <= MOST_ALIKE]


def _sorted(signs: set[Sign]) -> tuple[Sign, ...]:
    """Return the signs in their order; equal names need no likeness beside them."""
    told = signs - {Sign.LIKENESS} if Sign.NAME in signs else signs
    return tuple(sign for sign in Sign if sign in told)


def _weight(pair: Pair) -> int:
    return sum(_WEIGHTS[sign] for sign in pair.signs)
