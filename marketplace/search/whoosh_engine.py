"""The embedded engine: Whoosh keeps the postings, the points are our own."""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import whoosh
from whoosh import fields
from whoosh.filedb import filestore
from whoosh.reading import TermNotFound

from marketplace import text
from marketplace.search.documents import BEGINNING, ZONES, Document
from marketplace.search.vocabulary import Vocabulary

FileStorage: Any = filestore.FileStorage
RamStorage: Any = filestore.RamStorage

SCHEMA_VERSION = 1
VERSION = f"{SCHEMA_VERSION}/{'.'.join(map(str, whoosh.__version__))}"
KEPT_NUMBERS = 300_000
WRITER_MEMORY_MB = 128


def schema() -> Any:
    """Return the fields of the index: words with marks and folded ones of each zone, and pairs.

    Numbers are columns, so ranking reads no stored row: the product, how many words its name has, and
    the digest of the document.
    """
    words = fields.KEYWORD(scorable=False)
    phrases = fields.KEYWORD(scorable=False, commas=True)
    zones = {
        f"{zone}{kind}": words if kind != "_pairs" else phrases
        for zone in ZONES
        for kind in ("", "_folded", "_pairs")
    }
    return fields.Schema(
        key=fields.ID(unique=True),
        product=fields.NUMERIC(int, sortable=True),
        length=fields.NUMERIC(int, sortable=True),
        digest=fields.NUMERIC(int, bits=64, sortable=True),
        whole=fields.ID(),
        places=phrases,
        **zones,
    )


def _row(document: Document) -> dict[str, Any]:
    row: dict[str, Any] = {
        "key": str(document.product_id),
        "product": document.product_id,
        "length": len(document.name),
        "digest": document.digest,
        "whole": " ".join(map(text.fold, document.name)),
        "places": ",".join(" ".join(place) for place in document.place),
    }
    for zone in ZONES:
        words = document.words(zone)
        row[zone] = " ".join(words)
        row[f"{zone}_folded"] = " ".join(dict.fromkeys(map(text.fold, words)))
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
        self.product_ids = self._column("product")
        self.lengths = self._column("length")

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
        try:
            return frozenset(self._reader.postings(field, term).all_ids())
        except TermNotFound:
            return frozenset()

    def has_pair(self, first: str, second: str) -> bool:
        """Return whether two folded words stand side by side in any document."""
        return self.vocabulary.has_pair(first, second)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of names, producers and places."""
        words: Counter[str] = Counter()
        pairs: set[str] = set()
        with self._reading:
            for zone in ("name", "maker", "place"):
                for term, info in self._terms(zone):
                    words[term] += int(info.doc_frequency())
                pairs.update(
                    term for term, _ in self._terms(f"{zone}_pairs") if not term.startswith(BEGINNING)
                )
            return Vocabulary(words, pairs, [term for term, _ in self._terms("places")])

    def _terms(self, field: str) -> Iterable[tuple[str, Any]]:
        return ((term.decode(), info) for term, info in self._reader.iter_field(field))
