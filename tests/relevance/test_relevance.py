"""The search reaches its bars on the shipped register, and the database is a decent stand-in."""

from collections.abc import Iterator
from functools import cache

import pytest

from marketplace.search import engine
from marketplace.search.database_engine import DatabaseEngine
from marketplace.search.queries import find
from tests.relevance.judging import BARS, Score, by_kind, mean_met, score_all
from tests.relevance.register import products_by_alias, shipped_register
from tests.relevance.slips import MAKERS, share_found

DATABASE_BARS = {
    "exact": 1.0,
    "no-diacritics": 1.0,
    "unicode": 1.0,
    "producer": 0.9,
    "place": 0.9,
    "prefix": 0.9,
}


@pytest.fixture(scope="module", autouse=True)
def register(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The shipped register, imported once for these tests, which only read."""
    with shipped_register(tmp_path_factory.mktemp("register")):
        yield
    scores_of_index.cache_clear()


@cache
def scores_of_index() -> dict[str, list[Score]]:
    return by_kind(score_all(lambda line: find(line).product_ids, products_by_alias()))


@pytest.mark.parametrize("kind", BARS)
def test_each_kind_of_query_reaches_its_bar(kind: str) -> None:
    scores = scores_of_index()[kind]
    assert scores
    assert mean_met(scores) >= BARS[kind], [one for one in scores if one.met < 1]


def test_recall_is_not_bought_with_junk() -> None:
    scores = [one for found in scores_of_index().values() for one in found]
    assert sum(one.precision for one in scores) / len(scores) >= 0.95


@pytest.mark.parametrize("kind", MAKERS)
def test_queries_made_of_every_name_find_it(kind: str) -> None:
    assert share_found(MAKERS[kind]) >= MAKERS[kind].bar


@pytest.mark.parametrize("kind", DATABASE_BARS)
def test_the_database_answers_decently_meanwhile(kind: str) -> None:
    scores = by_kind(score_all(lambda line: DatabaseEngine().answer(line).product_ids, products_by_alias()))
    assert mean_met(scores[kind]) >= DATABASE_BARS[kind], [one for one in scores[kind] if one.met < 1]


def test_the_index_and_not_the_database_was_judged() -> None:
    assert engine.present_engine().name == "whoosh"
