"""Searching without an index: folded words that each product's row holds, found by LIKE."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from marketplace import text
from marketplace.catalogue.memory import Memory
from marketplace.catalogue.models import Product
from marketplace.database import db
from marketplace.search.answering import Answer
from marketplace.search.mending import mend, word_by_word
from marketplace.search.query import Alternative, Need, Query
from marketplace.search.ranking import MENDED_ALIKE, MOST_RANKED
from marketplace.search.spelling import split_words
from marketplace.search.understanding import read_words, understand
from marketplace.search.vocabulary import FoldedVocabulary
from marketplace.search.weights import Weight

OTHER_MARKS = 0.5
MOST_WAYS = 16

_vocabularies: Memory[FoldedVocabulary] = Memory(1)


@dataclass(frozen=True, slots=True)
class _Row:
    """A product as the database knows it: its words with marks, and all of them folded."""

    product_id: int
    name: tuple[str, ...]
    name_folded: str
    words: frozenset[str]

    @property
    def words_of_name(self) -> frozenset[str]:
        """The folded words of the name."""
        return frozenset(self.name_folded.split())


class DatabaseEngine:
    """The engine that is always at hand; it knows marks in names only, and no neighbours."""

    name = "database"

    def answer(self, line: str, *, typing: bool = False) -> Answer:
        """Return the products that answer a typed line, best first."""
        vocabulary = _vocabularies.recall("words", _read_vocabulary)
        words = read_words(line, vocabulary)
        if not words:
            return Answer((), "")
        query = understand(words, vocabulary, typing=typing)
        begun = text.fold(words[-1])
        if rows := _matching(query, begun):
            return Answer(_in_order(query, rows, begun), " ".join(words))
        mended = mend(word_by_word(query), vocabulary)
        rows = _matching(mended, None)
        return Answer(_in_order(mended, rows, None), " ".join(words), loosened=bool(rows))


def _read_vocabulary() -> FoldedVocabulary:
    words: Counter[str] = Counter()
    for row in db.session.scalars(sa.select(Product.words_folded)):
        words.update(row.split())
    return FoldedVocabulary(words)


def _matching(query: Query, begun: str | None) -> list[_Row]:
    """Return the products that meet every required need; the last word may be only begun."""
    columns = sa.select(Product.id, Product.name, Product.name_folded, Product.words_folded)
    required = query.required
    last = query.needs[-1]
    ways = dict.fromkeys((_ways(need), begun if need is last else None) for need in required)
    conditions = [_met(*way) for way in ways]
    rows = db.session.execute(columns.where(*conditions).order_by(Product.id).limit(MOST_RANKED))
    return [
        _Row(product_id, split_words(name), folded, frozenset(words.split()))
        for product_id, name, folded, words in rows
    ]


def _ways(need: Need) -> tuple[tuple[str, ...], ...]:
    return tuple(dict.fromkeys(map(_folded, need.alternatives)))[:MOST_WAYS]


def _met(ways: tuple[tuple[str, ...], ...], begun: str | None) -> sa.ColumnElement[bool]:
    met = [sa.and_(*(_has(f" {word} ") for word in way)) for way in ways]
    if begun is not None:
        met.append(_has(f" {begun}"))
    return sa.or_(*met)


def _has(part: str) -> sa.ColumnElement[bool]:
    return Product.words_folded.contains(part, autoescape=True)


def _folded(option: Alternative) -> tuple[str, ...]:
    return tuple(text.fold(term.word) for term in option.terms)


def _in_order(query: Query, rows: Sequence[_Row], begun: str | None) -> tuple[int, ...]:
    whole = " ".join(query.words)
    scored = [(*_points(row, query, whole, begun), row) for row in rows]
    if query.cheapest_only and scored:
        least = min(cost for _, cost, _ in scored)
        scored = [found for found in scored if found[1] <= least + MENDED_ALIKE]
    scored.sort(key=lambda found: (-found[0], len(found[2].name), found[2].product_id))
    return tuple(row.product_id for _, _, row in scored)


def _points(row: _Row, query: Query, whole: str, begun: str | None) -> tuple[float, float]:
    name, folded = " ".join(row.name), text.fold(whole)
    points = Weight.WHOLE_NAME.points * (folded == row.name_folded) + Weight.SAME_MARKS.points * (
        whole == name
    )
    points += Weight.NAME_PAIR.points * (f" {folded} " in f" {row.name_folded} ")
    points += Weight.NAME_BEGINS.points * row.name_folded.startswith(folded)
    mended = 0.0
    for need in query.needs:
        worth, cost = _best_way(row, need)
        if not worth and begun and need is query.needs[-1] and f" {begun}" in f" {row.name_folded}":
            worth = Weight.NAME.points * OTHER_MARKS
        points += worth
        mended += cost
    return points, mended


def _best_way(row: _Row, need: Need) -> tuple[float, float]:
    ways = []
    for option in need.alternatives:
        if not row.words.issuperset(_folded(option)):
            continue
        if all(term.word in row.name for term in option.terms):
            worth = Weight.NAME.points + Weight.SAME_MARKS.points
        elif row.words_of_name.issuperset(_folded(option)):
            worth = Weight.NAME.points * (1 if all(term.folded for term in option.terms) else OTHER_MARKS)
        else:
            worth = Weight.MAKER.points * OTHER_MARKS
        ways.append((worth * len(need.typed) - option.cost, option.cost))
    return max(ways, default=(0.0, 0.0))
