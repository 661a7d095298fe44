"""A line that finds nothing as it stands, read as if fingers or ears had slipped."""

from collections.abc import Collection

from marketplace import text
from marketplace.search.query import Alternative, Need, Query, Term
from marketplace.search.understanding import literal
from marketplace.search.vocabulary import Vocabulary

TYPO = 3.0
JOINED = 0.5
MANY = 60
ALTOGETHER = 60

Words = tuple[str, ...]


def word_by_word(query: Query) -> Query:
    """Return the query with set phrases and places taken apart, so that each word can be mended."""
    return query.looser(needs=tuple(_one_by_one(query.needs)))


def mend(query: Query, vocabulary: Vocabulary, suspected: Collection[int] | None = None) -> Query:
    """Return a query word by word, some of its words also standing for their known neighbours.

    `suspected` are the places of the words to mend, None means all; the more there are, the fewer
    neighbours of each are tried.
    """
    ways = min(MANY, ALTOGETHER // max(1, len(query.needs if suspected is None else suspected)))
    needs = [
        _split_or_near(need, vocabulary, ways) if suspected is None or at in suspected else need
        for at, need in enumerate(query.needs)
    ]
    return query.looser(needs=tuple(_joined(needs, vocabulary)), cheapest_only=True)


def _one_by_one(needs: tuple[Need, ...]) -> list[Need]:
    """Take set phrases of places apart again, so that each of their words can be mended."""
    apart: list[Need] = []
    for need in needs:
        if len(need.typed) > 1 and not need.optional:
            whole = tuple(option for option in need.alternatives if len(option.terms) != len(need.typed))
            if need.place or not whole:
                apart += [Need((word,), (Alternative(literal((word,))),)) for word in need.typed]
                continue
        apart.append(need)
    return apart


def _split_or_near(need: Need, vocabulary: Vocabulary, ways: int) -> Need:
    if len(need.typed) != 1 or need.optional:
        return need
    word = need.typed[0]
    near = [Alternative((Term(form),), cost=TYPO * cost) for cost, form in vocabulary.near(word) if cost]
    own = tuple(option for option in need.alternatives if not option.after)
    return Need(need.typed, own + tuple(near) + _split(word, vocabulary))


def _split(word: str, vocabulary: Vocabulary) -> tuple[Alternative, ...]:
    """Return readings with a forgotten space put in, where the two words stand side by side."""
    if vocabulary.knows(word):
        return ()
    return tuple(
        Alternative(literal((word[:at], word[at:])), cost=JOINED)
        for at in range(1, len(word))
        if vocabulary.has_pair(text.fold(word[:at]), text.fold(word[at:]))
    )


def _joined(needs: list[Need], vocabulary: Vocabulary) -> list[Need]:
    """Put two words together that are one in the register: o long typed for olong."""
    merged: list[Need] = []
    for need in needs:
        last = merged[-1] if merged else None
        if last and len(last.typed) == len(need.typed) == 1:
            together = last.typed[0] + need.typed[0]
            if vocabulary.knows(together) and not vocabulary.has_pair(
                text.fold(last.typed[0]), text.fold(need.typed[0])
            ):
                merged[-1] = Need(last.typed + need.typed, (Alternative(literal((together,)), cost=JOINED),))
                continue
        merged.append(need)
    return merged
