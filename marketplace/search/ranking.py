"""The order of what was found: which documents meet a query, and with how many points."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from marketplace import text
from marketplace.search.documents import BEGINNING
from marketplace.search.query import Alternative, Need, Query, Term
from marketplace.search.weights import Weight

MOST_RANKED = 2_000
MENDED_ALIKE = 0.9
MOST_MENDED = 3.4
MENDED_PER_WORD = 1.5


_PAIR_POINTS = (
    ("name", Weight.NAME_PAIR.points),
    ("maker", Weight.OTHER_PAIR.points),
    ("place", Weight.OTHER_PAIR.points),
)
_TOGETHER = {Weight.WHOLE_NAME.points, Weight.NAME_PAIR.points, Weight.OTHER_PAIR.points}


class Postings(Protocol):
    """The documents that hold a term, by number; fields are zones, `_folded` and `_pairs` of zones."""

    def holders(self, field: str, term: str) -> frozenset[int]:
        """Return the numbers of the documents with a term in a field."""
        ...

    def has_pair(self, first: str, second: str) -> bool:
        """Return whether two folded words stand side by side in any document."""
        ...


@dataclass(frozen=True, slots=True)
class Ranked:
    """A document found, with its points and with how much had to be mended to find it.

    `together` tells whether any two words of the line stand side by side in it.
    """

    number: int
    points: float
    mended: float
    together: bool


@dataclass(frozen=True, slots=True)
class _Level:
    """Documents that meet a need in one way."""

    points: float
    option: Alternative
    holders: frozenset[int]


def rank(query: Query, postings: Postings) -> list[Ranked]:
    """Return the documents that meet every required need of a query, in no particular order."""
    zones = _zone_points(query)
    levels = [_levels(need, zones, postings) for need in query.needs]
    required = {id(need) for need in query.required}
    reached = [
        frozenset().union(*(level.holders for level in found))
        for need, found in zip(query.needs, levels, strict=True)
        if id(need) in required
    ]
    candidates = _meet(reached)
    kept: Iterable[int] = candidates
    if len(candidates) > MOST_RANKED:
        kept = _shorten(candidates, query, levels, required, postings)
    extras = _extras(query, postings)
    ranked = [_score(number, levels, extras) for number in kept]
    return _least_mended(ranked, len(query.words)) if query.cheapest_only else ranked


def _zone_points(query: Query) -> dict[str, float]:
    zones = {"name": Weight.NAME.points, "maker": Weight.MAKER.points, "place": Weight.PLACE.points}
    if query.of_producer:
        zones["maker"] = Weight.MAKER_ASKED.points
    if query.kinds_too:
        zones["kind"] = Weight.KIND.points
    return zones


def _meet(reached: Sequence[frozenset[int]]) -> frozenset[int]:
    if not reached:
        return frozenset()
    first, *others = sorted(reached, key=len)
    return first.intersection(*others)


def _levels(need: Need, zones: dict[str, float], postings: Postings) -> list[_Level]:
    found = []
    for option in need.alternatives:
        for zone, points in zones.items():
            for exactness, holders in _holders(option, zone, postings):
                if holders:
                    worth = points * len(need.typed) + exactness - option.cost
                    found.append(_Level(worth / 2 if need.optional else worth, option, holders))
    found.sort(key=lambda level: -level.points)
    return found


def _holders(option: Alternative, zone: str, postings: Postings) -> Iterable[tuple[float, frozenset[int]]]:
    found = _meet([_with_term(term, zone, postings) for term in option.terms])
    if found and option.side_by_side:
        found = _meet(
            [found, *(postings.holders(f"{zone}_pairs", pair) for pair in _inner_pairs(option.terms))]
        )
    if found and option.after is not None:
        found &= postings.holders(f"{zone}_pairs", f"{option.after} {text.fold(option.terms[0].word)}")
    for pair in option.unless if found else ():
        found -= postings.holders(f"{zone}_pairs", pair)
    yield 0.0, found
    if found and all(term.folded for term in option.terms):
        as_typed = _meet([found, *(postings.holders(zone, term.word) for term in option.terms)])
        yield Weight.SAME_MARKS.points, as_typed


def _with_term(term: Term, zone: str, postings: Postings) -> frozenset[int]:
    return postings.holders(f"{zone}_folded" if term.folded else zone, term.word)


def _inner_pairs(terms: tuple[Term, ...]) -> list[str]:
    folded = [text.fold(term.word) for term in terms]
    return [f"{first} {second}" for first, second in pairwise(folded)]


def _extras(query: Query, postings: Postings) -> list[tuple[float, frozenset[int]]]:
    """Return the documents that have more than the words: whole name, beginning, neighbours."""
    folded = [text.fold(word) for word in query.words]
    extras = [(Weight.WHOLE_NAME.points, postings.holders("whole", " ".join(folded)))]
    firsts = {text.fold(option.terms[0].word) for need in query.needs[:1] for option in need.alternatives}
    begun = frozenset().union(*(postings.holders("name_pairs", f"{BEGINNING} {word}") for word in firsts))
    extras.append((Weight.NAME_BEGINS.points, begun))
    for one, other in zip(query.needs, query.needs[1:], strict=False):
        pairs = _pairs_between(one, other, postings)
        for zone, points in _PAIR_POINTS:
            together = frozenset().union(*(postings.holders(f"{zone}_pairs", pair) for pair in pairs))
            extras.append((points, together))
    return [(points, holders) for points, holders in extras if holders]


def _pairs_between(one: Need, other: Need, postings: Postings) -> set[str]:
    ends = {text.fold(option.terms[-1].word) for option in one.alternatives}
    beginnings = {text.fold(option.terms[0].word) for option in other.alternatives}
    return {f"{a} {b}" for a in ends for b in beginnings if postings.has_pair(a, b)}


def _shorten(
    candidates: frozenset[int],
    query: Query,
    levels: list[list[_Level]],
    required: set[int],
    postings: Postings,
) -> Iterable[int]:
    """Keep the candidates that reach the most points in each need, then others, up to the limit."""
    best = candidates
    for need, found in zip(query.needs, levels, strict=True):
        if id(need) in required and found:
            top = found[0].points - 2 * Weight.SAME_MARKS.points
            high = frozenset().union(*(level.holders for level in found if level.points >= top))
            best = best & high or best
    whole = candidates & postings.holders("whole", " ".join(map(text.fold, query.words)))
    kept = list(whole)
    kept += sorted(best - whole)[: MOST_RANKED - len(kept)]
    kept += sorted(candidates - best - whole)[: MOST_RANKED - len(kept)]
    return kept


def _score(number: int, levels: list[list[_Level]], extras: list[tuple[float, frozenset[int]]]) -> Ranked:
    points = mended = 0.0
    together = False
    for found in levels:
        for level in found:
            if number in level.holders:
                points += level.points
                mended += level.option.cost
                break
    for extra, holders in extras:
        if number in holders:
            points += extra
            together = together or extra in _TOGETHER
    return Ranked(number, points, mended, together)


def read_as(query: Query, number: int, postings: Postings) -> tuple[str, ...]:
    """Return the words by which a document was found: where it was mended, what the words became."""
    zones = _zone_points(query)
    read: list[str] = []
    for need in query.needs:
        for level in _levels(need, zones, postings):
            if number in level.holders:
                own = level.option.cost == 0.0
                read += need.typed if own else (term.word for term in level.option.terms)
                break
        else:
            read += need.typed
    return tuple(read)


def most_met(query: Query, postings: Postings) -> list[Ranked]:
    """Return the documents that meet most of the needs, when none meets all; at least half of them."""
    zones = _zone_points(query)
    levels = [_levels(need, zones, postings) for need in query.required]
    met: Counter[int] = Counter()
    for found in levels:
        met.update(frozenset().union(*(level.holders for level in found)))
    most = max(met.values(), default=0)
    if len(levels) < 2 or 2 * most < len(levels):
        return []
    extras = _extras(query, postings)
    best = sorted(number for number, count in met.items() if count == most)[:MOST_RANKED]
    return [_score(number, levels, extras) for number in best]


def suspects(query: Query, postings: Postings) -> list[int]:
    """Return the places of the needs without which there are documents that meet all the others."""
    zones = _zone_points(query)
    required = {id(need) for need in query.required}
    reached = {
        at: frozenset().union(*(level.holders for level in _levels(need, zones, postings)))
        for at, need in enumerate(query.needs)
        if id(need) in required
    }
    if len(reached) < 2:
        return list(reached)
    return [at for at in reached if _meet([found for other, found in reached.items() if other != at])]


def _least_mended(ranked: list[Ranked], words: int) -> list[Ranked]:
    """Keep what needed least mending, and nothing that needed too much."""
    bearable = max(MOST_MENDED, MENDED_PER_WORD * words)
    least = min((found.mended for found in ranked), default=0.0)
    return [found for found in ranked if found.mended <= min(bearable, least + MENDED_ALIKE)]
