"""Words that regions, spellings and trades use for one thing (marketplace/data/search/synonyms.csv).

`two_way` rows expand in both directions. `one_way` rows expand from the term to its variants;
regional ones are also tried backwards, far behind. Of `phrase_only` rows only set phrases of two or more
syllables are expanded, because a syllable of theirs alone means something else. `no` rows record
what must not be expanded. `unless` names phrases in which the word means something else.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from marketplace import text
from marketplace.search.query import Alternative, Term
from marketplace.search.spelling import may_stand_for, split_words
from marketplace.search.vocabulary import Vocabulary

FILE = Path(__file__).resolve().parent.parent / "data" / "search" / "synonyms.csv"

SAME = 0.1
RELATED = 0.3
BACKWARDS = 1.5
_SPELLED_OTHERWISE = {"abbreviation", "place", "unicode"}

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A set phrase with the others that stand for it, at what cost, and where none of them does."""

    phrase: Words
    others: tuple[tuple[Words, float], ...]
    unless: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Meanings by their folded phrases; `longest` in words."""

    meanings: dict[Words, tuple[Meaning, ...]]
    longest: int

    def of(self, words: Words, start: int, length: int, vocabulary: Vocabulary) -> tuple[Alternative, ...]:
        """Return the other ways to say a stretch of the line, none where it has but one meaning here.

        A lone syllable typed without marks counts only for the form it mostly stands for.
        """
        typed = words[start : start + length]
        found: dict[Words, Alternative] = {}
        for meaning in self.meanings.get(_folded(typed), ()):
            if not _is_meant(meaning, typed, vocabulary) or _forbidden(meaning, words):
                continue
            for other, cost in meaning.others:
                found.setdefault(other, _alternative(other, cost, meaning))
        return tuple(found.values())


def _is_meant(meaning: Meaning, typed: Words, vocabulary: Vocabulary) -> bool:
    if not all(map(may_stand_for, typed, meaning.phrase)):
        return False
    return typed == meaning.phrase or len(typed) > 1 or vocabulary.rules(meaning.phrase[0])


def _forbidden(meaning: Meaning, words: Words) -> bool:
    line = f" {' '.join(words)} "
    return any(f" {' '.join(phrase)} " in line for phrase in meaning.unless)


def _alternative(other: Words, cost: float, meaning: Meaning) -> Alternative:
    pairs = {
        f"{a} {b}"
        for phrase in meaning.unless
        for a, b in zip(_folded(phrase), _folded(phrase)[1:], strict=False)
    }
    return Alternative(tuple(Term(word) for word in other), cost=cost, unless=tuple(sorted(pairs)))


def _folded(words: Words) -> Words:
    return tuple(map(text.fold, words))


@cache
def load() -> Synonyms:
    """Return the shipped synonyms; the file is read once."""
    meanings: dict[Words, list[Meaning]] = {}
    with FILE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for meaning in _meanings(row):
                meanings.setdefault(_folded(meaning.phrase), []).append(meaning)
    return Synonyms({key: tuple(found) for key, found in meanings.items()}, max(map(len, meanings)))


def _meanings(row: dict[str, str]) -> Iterator[Meaning]:
    if row["expand"] == "no" or row["kind"] in _SPELLED_OTHERWISE:
        return
    term = split_words(row["term"])
    variants = [split_words(variant) for variant in row["variants"].split("|")]
    unless = tuple(split_words(phrase) for phrase in row["unless"].split("|") if phrase)
    cost = RELATED if row["kind"] == "related" else SAME
    if row["expand"] == "one_way":
        yield Meaning(term, tuple((variant, cost) for variant in variants), unless)
        if row["kind"] == "regional":
            for variant in variants:
                yield Meaning(variant, ((term, BACKWARDS),), unless)
        return
    members = [term, *variants]
    if row["expand"] == "phrase_only":
        members = [term, *(variant for variant in variants if len(variant) > 1)]
    for member in members:
        others = tuple((other, cost) for other in members if other != member)
        if others:
            yield Meaning(member, others, unless)
