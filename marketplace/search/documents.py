"""What the index holds of a product: words, and nothing that changes with the day."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from marketplace import text
from marketplace.producers.matching import spelled_out
from marketplace.search.spelling import split_words

WORD_ZONES = ("name", "maker", "place")
PAIR_ZONES = ("name", "maker")
NAME_ZONES = ("place", "kind")
BEGINNING = "^"

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """A product's words by zone, each name a row of words of its own.

    `maker` holds the producer's name, its other spellings and the one written out, `place` the
    names of the units around it, former ones included, `kind` its group and set.
    """

    product_id: int
    name: Words
    maker: tuple[Words, ...] = ()
    place: tuple[Words, ...] = ()
    kind: tuple[Words, ...] = ()

    def names(self, zone: str) -> list[str]:
        """Return the names that stand in a zone, each whole and once."""
        return list(dict.fromkeys(" ".join(row) for row in self.rows(zone)))

    @property
    def digest(self) -> int:
        """A number that tells documents with other words apart."""
        return crc32(repr(self).encode())

    def rows(self, zone: str) -> tuple[Words, ...]:
        """Return the names that stand in a zone."""
        if zone == "name":
            return (self.name,)
        found: tuple[Words, ...] = getattr(self, zone)
        return found

    def words(self, zone: str) -> list[str]:
        """Return the words of a zone in their one spelling, each once."""
        return list(dict.fromkeys(word for row in self.rows(zone) for word in row))

    def pairs(self, zone: str) -> list[str]:
        """Return the folded words that stand side by side; a name's first word stands behind ^."""
        return list(
            dict.fromkeys(pair for row in self.rows(zone) for pair in pairs_of(row, marked=zone == "name"))
        )


def pairs_of(row: Words, *, marked: bool = False) -> Iterator[str]:
    """Return the folded words that stand side by side in a name; ^ before a marked one's first."""
    folded = [BEGINNING] if marked else []
    folded += map(text.fold, row)
    return (f"{first} {second}" for first, second in pairwise(folded))


def document(
    product_id: int,
    name: str,
    *,
    makers: tuple[str, ...] = (),
    places: tuple[str, ...] = (),
    kinds: tuple[str, ...] = (),
) -> Document:
    """Return the document of a product from names as they are printed."""
    spellings = dict.fromkeys(split_words(form) for maker in makers for form in (maker, spelled_out(maker)))
    return Document(
        product_id=product_id,
        name=split_words(name),
        maker=tuple(spellings),
        place=tuple(dict.fromkeys(map(split_words, places))),
        kind=tuple(dict.fromkeys(map(split_words, kinds))),
    )
