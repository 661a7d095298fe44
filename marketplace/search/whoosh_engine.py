"""The embedded engine: Whoosh keeps the postings, the points are our own."""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import whoosh
from whoosh import columns, fields
from whoosh.filedb import filestore
from whoosh.reading import TermNotFound

from marketplace import text
from marketplace.search.documents import NAME_ZONES, PAIR_ZONES, WORD_ZONES, Document, pairs_of
from marketplace.search.vocabulary import Vocabulary

NumericColumn: Any = columns.NumericColumn
FileStorage: Any = filestore.FileStorage
RamStorage: Any = filestore.RamStorage

SCHEMA_VERSION = 3
VERSION = f"{SCHEMA_VERSION}/{'.'.join(map(str, whoosh.__version__))}"
KEPT_NUMBERS = 300_000
WRITER_MEMORY_MB = 128


def schema() -> Any:
    """Return the fields of the index: words with marks, folded ones and pairs of names and producers.

    Places and kinds repeat over many products, so their names stand there whole; which of them hold
    a pair is known from the names themselves.

    Numbers are columns, so ranking reads no stored row: the product, how many words its name has, and
    the digest of the document.
    """
    words = fields.KEYWORD(scorable=False)
    phrases = fields.KEYWORD(scorable=False, commas=True)
    number = fields.COLUMN(NumericColumn("q"))
    zones = {f"{zone}{kind}": words for zone in WORD_ZONES for kind in ("", "_folded")}
    zones |= {f"{zone}_pairs": phrases for zone in PAIR_ZONES}
    zones |= {f"{zone}_names": phrases for zone in NAME_ZONES}
    return fields.Schema(
        key=fields.ID(unique=True),
        product=number,
        length=number,
        digest=number,
        whole=fields.ID(),
        **zones,
    )


def _row(document: Document) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": str(document.product_id),
        "product": document.product_id,
        "length": len(document.name),
        "digest": document.digest,
        "whole": " ".join(map(text.fold, document.name)),
    }
    for zone in NAME_ZONES:
        row[f"{zone}_names"] = ",".join(document.names(zone))
    for zone in WORD_ZONES:
        words = document.words(zone)
        row[zone] = " ".join(words)
        row[f"{zone}_folded"] = " ".join(dict.fromkeys(map(text.fold, words)))
    for zone in PAIR_ZONES:
        row[f"{zone}_pairs"] = ",".join(document.pairs(zone))
    return {field: value for field, value in row.items() if value != ""}


def write(folder: Path, documents: Iterable[Document]) -> int:
    """Write a new index into an empty folder in one commit; return how many documents it holds."""
    index = FileStorage(str(folder)).create_index(schema())
    writer = index.writer(limitmb=WRITER_MEMORY_MB)
    count = 0
    for document in documents:
        writer.add_document(**_row(document))
        count += 1
    writer.commit()
    index.close()
    return count


def rewrite(folder: Path, documents: Iterable[Document], removed: Iterable[int]) -> int:
    """Put documents into an index, in place of what it held of them, and take others out."""
    index = FileStorage(str(folder)).open_index()
    writer = index.writer(limitmb=WRITER_MEMORY_MB)
    for product_id in removed:
        writer.delete_by_term("key", str(product_id))
    for document in documents:
        writer.update_document(**_row(document))
    writer.commit()
    count: int = index.refresh().doc_count()
    index.close()
    return count


class WhooshIndex:
    """An index held in memory, read from files whose contents were checked beforehand."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        storage = RamStorage()
        storage.files = dict(files)
        self._reader = storage.open_index().reader()
        self._reading = Lock()
        self._kept: dict[tuple[str, str], frozenset[int]] = {}
        self._kept_numbers = 0
        self._decoded: dict[tuple[str, str], array[int]] = {}
        self.product_ids = self._column("product")
        self.lengths = self._column("length")
        self.vocabulary = self._read_vocabulary()

    def _column(self, name: str) -> list[int]:
        return list(self._reader.column_reader(name)) if self._reader.doc_count_all() else []

    def digests(self) -> dict[int, int]:
        """Return the digest of each product's document, to compare with the register."""
        digests = self._column("digest")
        numbers = self._reader.all_doc_ids()
        return {self.product_ids[number]: digests[number] for number in numbers}

    def holders(self, field: str, term: str) -> frozenset[int]:
        """Return the numbers of the documents with a term in a field; the latest asked for are kept."""
        key = (field, term)
        found = self._kept.get(key)
        if found is None:
            with self._reading:
                found = self._read(field, term)
                if self._kept_numbers > KEPT_NUMBERS:
                    self._kept.clear()
                    self._kept_numbers = 0
                self._kept[key] = found
                self._kept_numbers += len(found) + 1
        return found

    def _read(self, field: str, term: str) -> frozenset[int]:
        if field in self._reader.schema:
            return frozenset(self._numbers(field, term))
        zone, _, kind = field.partition("_")
        names = self._names[zone].get((kind, term), ())
        return frozenset().union(*(self._numbers(f"{zone}_names", name) for name in names))

    @cached_property
    def _names(self) -> dict[str, dict[tuple[str, str], list[str]]]:
        """The names of places and kinds by the words, folded words and pairs that they hold."""
        return {zone: _by_parts(name for name, _ in self._terms(f"{zone}_names")) for zone in NAME_ZONES}

    def _numbers(self, field: str, term: str) -> "array[int]":
        """Return the documents with a term; read from the index once, and small enough to keep all."""
        key = (field, term)
        if key not in self._decoded:
            try:
                self._decoded[key] = array("I", self._reader.postings(field, term).all_ids())
            except TermNotFound:
                return array("I")
        return self._decoded[key]

    def has_pair(self, first: str, second: str) -> bool:
        """Return whether two folded words stand side by side in any document."""
        return self.vocabulary.has_pair(first, second)

    def _read_vocabulary(self) -> Vocabulary:
        words: Counter[str] = Counter()
        pairs: set[str] = set()
        places: list[str] = []
        for zone in WORD_ZONES:
            for term, info in self._terms(zone):
                words[term] += int(info.doc_frequency())
        for zone in PAIR_ZONES:
            pairs.update(term for term, _ in self._terms(f"{zone}_pairs"))
        for place, _ in self._terms("place_names"):
            pairs.update(pairs_of(tuple(place.split())))
            places.append(place)
        return Vocabulary(words, pairs, places)

    def _terms(self, field: str) -> Iterable[tuple[str, Any]]:
        return ((term.decode(), info) for term, info in self._reader.iter_field(field))


def _by_parts(names: Iterable[str]) -> dict[tuple[str, str], list[str]]:
    holding: dict[tuple[str, str], list[str]] = {}
    for name in names:
        words = tuple(name.split())
        parts = {("", word) for word in words} | {("folded", text.fold(word)) for word in words}
        for part in parts | {("pairs", pair) for pair in pairs_of(words)}:
            holding.setdefault(part, []).append(name)
    return holding
