"""The words that the register is written in, with what a typed word may mean among them."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from functools import cached_property

from marketplace import text
from marketplace.search.spelling import begins, may_stand_for
from marketplace.search.typos import Neighbours

COMPLETIONS = 40
NEIGHBOURS = 60
RULING_SHARE = 0.6


class Vocabulary:
    """Words with the number of products that hold them, neighbouring pairs, and names of places.

    `pairs` are folded words that stand side by side (`mat ong`), `places` the names of units around
    the products, accented.
    """

    def __init__(
        self, words: Mapping[str, int], pairs: Iterable[str] = (), places: Iterable[str] = ()
    ) -> None:
        self.words = words
        self._pair_set = frozenset(pairs)
        self._pairs = sorted(self._pair_set)
        self._forms: dict[str, list[str]] = {}
        for word in sorted(words, key=lambda word: (-words[word], word)):
            self._forms.setdefault(text.fold(word), []).append(word)
        self._places: dict[str, list[tuple[str, ...]]] = {}
        for place in places:
            self._places.setdefault(text.fold(place), []).append(tuple(place.split()))

    @cached_property
    def _folded(self) -> list[str]:
        return sorted(self._forms)

    @cached_property
    def _neighbours(self) -> Neighbours:
        return Neighbours(self._forms)

    def forms(self, folded: str) -> list[str]:
        """Return the words that fold to this, the commonest first."""
        return self._forms.get(folded, [])

    def knows(self, word: str) -> bool:
        """Return whether a word, or for one without marks some word it may stand for, is known."""
        return word in self.words or (word.isascii() and word in self._forms)

    def has(self, word: str) -> bool:
        """Return whether a word stands in the register just so."""
        return word in self.words

    def near(self, word: str) -> list[tuple[float, str]]:
        """Return (cost, known word) for what a word may have been meant for, cheapest first."""
        found = self._neighbours.near(word)
        found.sort(key=lambda near: (near[0], -self.words[near[1]], near[1]))
        return found[:NEIGHBOURS]

    def meant_by(self, word: str) -> list[str]:
        """Return the known words that a word with some of its marks left out may stand for."""
        return [form for form in self.forms(text.fold(word)) if may_stand_for(word, form)]

    def rules(self, form: str) -> bool:
        """Return whether a word typed without marks most likely means this form."""
        shares = {other: self.words[other] for other in self.forms(text.fold(form))}
        return shares.get(form, 0) >= RULING_SHARE * sum(shares.values())

    def completions(self, beginning: str) -> list[str]:
        """Return the known words with a typed beginning, the commonest first."""
        stem = text.fold(beginning)
        found: list[str] = []
        for at in range(bisect_left(self._folded, stem), len(self._folded)):
            if not self._folded[at].startswith(stem):
                break
            found.extend(form for form in self._forms[self._folded[at]] if begins(beginning, form))
        found.sort(key=lambda form: -self.words[form])
        return found[:COMPLETIONS]

    def completions_after(self, previous: str, beginning: str) -> list[str]:
        """Return the known words with a typed beginning that stand right after a folded word."""
        stem = f"{previous} {text.fold(beginning)}"
        found: list[str] = []
        for at in range(bisect_left(self._pairs, stem), len(self._pairs)):
            if not self._pairs[at].startswith(stem) or len(found) >= COMPLETIONS:
                break
            following = self._pairs[at].split(" ", 1)[1]
            found.extend(form for form in self.forms(following) if begins(beginning, form))
        return found

    def has_pair(self, first: str, second: str) -> bool:
        """Return whether two folded words stand side by side somewhere."""
        return f"{first} {second}" in self._pair_set

    def is_place(self, words: tuple[str, ...]) -> bool:
        """Return whether the words, marks left out or not, are the whole name of a place."""
        named = self._places.get(" ".join(map(text.fold, words)), ())
        return any(all(map(may_stand_for, words, place)) for place in named)


class FoldedVocabulary(Vocabulary):
    """A vocabulary of which only folded words are known, so that marks decide nothing."""

    def has(self, word: str) -> bool:
        """Return whether a word stands in the register, its marks put aside."""
        return text.fold(word) in self.words

    def knows(self, word: str) -> bool:
        """Return whether a word stands in the register, its marks put aside."""
        return self.has(word)

    def near(self, word: str) -> list[tuple[float, str]]:
        """Return (cost, folded word) for what a word may have been meant for, cheapest first."""
        return super().near(text.fold(word))

    def completions(self, beginning: str) -> list[str]:
        """Return the folded words with a typed beginning, the commonest first."""
        return super().completions(text.fold(beginning))

    def rules(self, form: str) -> bool:
        """Return whether a syllable typed without marks means this form: there is no telling."""
        return False
