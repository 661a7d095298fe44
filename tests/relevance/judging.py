"""Judged queries: what each must find, and how much of that was found."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

QUERIES = Path(__file__).parent / "queries_dev.csv"
FIRST_PAGE = 24
TOP = {"top1": 1, "top3": 3, "top5": 5}

BARS = {
    "exact": 1.0,
    "no-diacritics": 1.0,
    "unicode": 1.0,
    "producer": 0.98,
    "place": 0.97,
    "prefix": 0.95,
    "telex": 0.95,
    "typo": 0.92,
    "synonym": 0.92,
}


@dataclass(frozen=True)
class Judged:
    """A query with the outside ids that it must find, and how high: top1, top3, top5 or all of a set."""

    line: str
    kind: str
    must: str
    expected: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """How a query did: what its `must` asks, the recall at as many as expected, precision at five."""

    judged: Judged
    met: float
    recall: float
    precision: float


def read_queries() -> list[Judged]:
    """Return the judged queries."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [
            Judged(row["query"], row["kind"], row["must"], tuple(row["expected_ids"].split("|")))
            for row in csv.DictReader(file)
        ]


def score(judged: Judged, found: Sequence[int], products: Mapping[str, int]) -> Score | None:
    """Score a query on the expected products that are in the register, None when none is.

    A set counts as far as it stands on the first page, or among as many as were expected.
    """
    expected = {products[identity] for identity in judged.expected if identity in products}
    if not expected:
        return None
    hits = [product in expected for product in found]
    if judged.must in TOP:
        met = float(any(hits[: TOP[judged.must]]))
    else:
        met = sum(hits[: max(FIRST_PAGE, len(expected))]) / len(expected)
    shown = hits[:5]
    precision = sum(shown) / min(len(shown), max(len(expected), 1)) if shown else 0.0
    return Score(judged, met, sum(hits[: len(expected)]) / len(expected), min(precision, 1.0))


def score_all(find: Callable[[str], Sequence[int]], products: Mapping[str, int]) -> list[Score]:
    """Score every judged query that has something to find."""
    scores = (score(judged, find(judged.line), products) for judged in read_queries())
    return [one for one in scores if one is not None]


def by_kind(scores: Iterable[Score]) -> dict[str, list[Score]]:
    """Return the scores of each kind, in the order of the bars."""
    sorted_scores: dict[str, list[Score]] = {kind: [] for kind in BARS}
    for one in scores:
        sorted_scores[one.judged.kind].append(one)
    return sorted_scores


def mean_met(scores: Sequence[Score]) -> float:
    """Return how much of what was demanded was met, from 0 to 1."""
    return fmean(one.met for one in scores)
