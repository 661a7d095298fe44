"""From a typed line to the documents that answer it: as it stands first, then asking for less."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from marketplace.search.mending import mend, word_by_word
from marketplace.search.query import Query
from marketplace.search.ranking import Postings, Ranked, most_met, rank, read_as, suspects
from marketplace.search.understanding import read_words, understand
from marketplace.search.vocabulary import Vocabulary

DOUBTFUL_POINTS_PER_WORD = 10.0
MOST_MENDED_AT_ONCE = 8


class Index(Postings, Protocol):
    """What an engine holds of the register; documents are numbered from nought."""

    product_ids: list[int]
    lengths: list[int]
    vocabulary: Vocabulary


@dataclass(frozen=True, slots=True)
class Answer:
    """Product ids, best first; how the line was read, and what of it was mended or let go."""

    product_ids: tuple[int, ...]
    understood: str
    corrected: str | None = None
    loosened: bool = False


def answer(line: str, index: Index, *, typing: bool = False) -> Answer:
    """Return what answers a line, perhaps still being typed; an empty one has no answer."""
    words = read_words(line, index.vocabulary)
    if not words:
        return Answer((), "")
    query = understand(words, index.vocabulary, typing=typing)
    if found := rank(query, index):
        return _doubted(query, found, index) or _answer(found, index, words)
    for looser in (_places_apart(query), query.looser(kinds_too=True)):
        if found := rank(looser, index):
            return _answer(found, index, words)
    for mended in _mended(query, index):
        if found := rank(mended, index):
            return _mended_answer(mended, found, index, words)
    return replace(_answer(most_met(query, index), index, words), loosened=True)


def _mended(query: Query, index: Index) -> Iterator[Query]:
    """Yield the query with one word mended, where the others are met together, then, if short, any."""
    apart = word_by_word(query)
    if suspected := suspects(apart, index):
        yield mend(apart, index.vocabulary, suspected)
    if len(query.words) <= MOST_MENDED_AT_ONCE:
        yield mend(apart, index.vocabulary)


def _doubted(query: Query, found: list[Ranked], index: Index) -> Answer | None:
    """Return the mended answer where it fits names far better than what was found as typed.

    `tom ho` is found scattered over producers and places, but was meant for `tôm khô`.
    """
    best = max(one.points for one in found)
    enough = DOUBTFUL_POINTS_PER_WORD * len(query.words)
    of_a_place = any(need.place for need in query.needs)
    if len(query.required) < 2 or of_a_place or best >= enough or any(one.together for one in found):
        return None
    mended = mend(word_by_word(query), index.vocabulary)
    as_typed = {one.number for one in found}
    better = [
        one
        for one in rank(mended.looser(cheapest_only=False), index)
        if one.number not in as_typed and one.together and one.points > max(best, enough)
    ]
    if not better:
        return None
    return _mended_answer(mended, [*better, *found], index, query.words)


def _mended_answer(mended: Query, found: list[Ranked], index: Index, words: tuple[str, ...]) -> Answer:
    ordered = _in_order(found, index)
    read = read_as(mended, ordered[0].number, index)
    corrected = " ".join(read) if read != words else None
    return replace(_answer(found, index, words), corrected=corrected)


def _places_apart(query: Query) -> Query:
    """Return the query with names of places as words that need not stand side by side."""
    return query.looser(
        needs=tuple(
            replace(
                need, alternatives=tuple(replace(option, side_by_side=False) for option in need.alternatives)
            )
            for need in query.needs
        )
    )


def _answer(found: list[Ranked], index: Index, words: tuple[str, ...]) -> Answer:
    ids = tuple(index.product_ids[one.number] for one in _in_order(found, index))
    return Answer(ids, " ".join(words))


def _in_order(found: list[Ranked], index: Index) -> list[Ranked]:
    return sorted(
        found, key=lambda one: (-one.points, index.lengths[one.number], index.product_ids[one.number])
    )
