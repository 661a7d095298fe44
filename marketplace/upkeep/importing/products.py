"""Importing products with their producers and recognitions."""

from collections import Counter
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.actions import add_alias, refresh_offer, refresh_words
from marketplace.catalogue.models import ClassifiedBy, Product
from marketplace.places.gazetteer import Gazetteer
from marketplace.producers.known import KnownProducers
from marketplace.producers.models import Producer
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.importing.changes import assign
from marketplace.upkeep.importing.classifying import Classifier
from marketplace.upkeep.importing.confirmed import without_confirmed
from marketplace.upkeep.importing.known_products import Known, KnownProducts
from marketplace.upkeep.importing.locating import Locator, Place, likely_day
from marketplace.upkeep.importing.naming import find_or_register
from marketplace.upkeep.importing.newcomers import Newcomer, Newcomers
from marketplace.upkeep.importing.prices import offer_at
from marketplace.upkeep.importing.product_rows import COLUMNS, ProductRow, name_key, read_product
from marketplace.upkeep.importing.recognitions import Recognitions
from marketplace.upkeep.importing.report import Report
from marketplace.upkeep.importing.run import Progress, day_or_today, no_progress, run_import
from marketplace.upkeep.sheets import Row


def import_products(
    path: Path, *, dry_run: bool = False, day: date | None = None, progress: Progress = no_progress
) -> Report:
    """Import a file of products: all of it, or nothing when a cell is in error.

    `day` is the day it counts as made on: nothing can be recognised after it. Raises SheetRefused.
    """
    return run_import(ProductImporter(day_or_today(day)), path, dry_run=dry_run, progress=progress)


class ProductImporter:
    """Applies rows of products; a product's facts are those of its latest recognition's row."""

    what = "Sản phẩm"
    columns = COLUMNS

    def __init__(self, day: date) -> None:
        self.day = day
        self._seen: dict[str, ProductRow] = {}
        self._dated: dict[tuple[object, ...], tuple[ProductRow, str, str]] = {}
        self._times: Counter[str] = Counter()

    def examine(self, row: Row, report: Report) -> None:
        """Read a row, compare it with earlier ones of its id, and note decisions whose day it tells."""
        say = Speaker(row.number, report.findings)
        read = read_product(row, self.day, say)
        if read is None:
            return
        earlier = self._seen.setdefault(read.external_id, read)
        if earlier is not read:
            _compare(earlier, read, say)
        if read.decision_no and read.decided_on:
            key = (read.recognition, row["province"], row["district"])
            self._dated.setdefault(key, (read, row["province"], row["district"]))

    def prepare(self, session: Session) -> None:
        """Load what rows are matched against, and record the dated decisions.

        The days come first so that rows which name a decision without its day have it whatever
        their order in the file.
        """
        self._session = session
        self._locator = Locator(Gazetteer.load())
        self._producers = KnownProducers.load(session)
        self._products = KnownProducts(session)
        self._classifier = Classifier(session)
        self._recognitions = Recognitions(session, self.day)
        self._newcomers = Newcomers(session, clock.now())
        for read, province, district in self._dated.values():
            self._recognitions.decide(read, province or None, district or None)

    def apply(self, row: Row, report: Report) -> None:
        """Write one row, or let a new product wait for its batch."""
        say = Speaker(row.number, report.findings)
        read = read_product(row, self.day, Speaker.silent(row.number))
        if read is None:
            report.skipped += 1
            return
        place = self._locator.place_of(row, likely_day(read.decided_on, read.year), say)
        producer = self._producer(read, place, say)
        producer_id = producer.id if producer else None
        known = self._products.find(read.external_id, read.name, producer_id, place.whereabouts())
        if known is None:
            self._welcome(read, place, producer, say)
            report.added += 1
            report.certificates_added += 1
            return
        changed = self._revise(known, read, place, producer, say, report)
        report.changed += changed
        report.unchanged += not changed

    def finish(self, report: Report) -> None:
        """Write the last batch."""
        self._write_newcomers(report)

    def _producer(self, read: ProductRow, place: Place, say: Speaker) -> Producer | None:
        if read.producer is None:
            return None
        named = find_or_register(
            self._session, self._producers, read.producer, place, say, read.producer_type, read.source_url
        )
        return named.producer

    def _welcome(self, read: ProductRow, place: Place, producer: Producer | None, say: Speaker) -> None:
        producer_id, where = producer.id if producer else None, place.whereabouts()
        if self._products.perhaps(read.name, producer_id, where):
            say.doubt("name", "trùng tên với sản phẩm khác cùng nơi, một bên không rõ chủ thể; để riêng")
        known = self._products.add(read.name, producer_id, where)
        self._products.add_id(known, read.external_id)
        self._times[read.external_id] += 1
        newcomer = Newcomer(
            read,
            place,
            producer,
            self._classifier.classify(read, say),
            self._locator.names_around(place),
            self._recognitions.columns(read, place),
            known,
        )
        self._newcomers.add(newcomer)
        if self._newcomers.full:
            self._write_newcomers(report=None)

    def _write_newcomers(self, report: Report | None) -> None:
        findings = report.findings if report else []
        for newcomer in self._newcomers.write():
            if newcomer.row.price is not None:
                product = self._session.get_one(Product, newcomer.known.id)
                offer_at(self._session, product, newcomer.row.price, Speaker(newcomer.row.number, findings))

    def _revise(
        self,
        known: Known,
        read: ProductRow,
        place: Place,
        producer: Producer | None,
        say: Speaker,
        report: Report,
    ) -> bool:
        """Bring a known product up to what a row says; say whether anything changed."""
        if known.id is None:
            self._write_newcomers(report)
        product = self._session.get_one(Product, known.id)
        changed = not self._products.has_id(read.external_id)
        if changed:
            add_alias(self._session, product, read.external_id)
            self._products.add_id(known, read.external_id)
        external_id = self._certificate_id(read)
        certificate, new, corrected = self._recognitions.record(product, read, place, external_id)
        report.certificates_added += new
        changed |= corrected
        if self._recognitions.leads(product, certificate):
            changed |= self._update(product, read, place, producer, say)
        if read.price is not None:
            changed |= offer_at(self._session, product, read.price, say)
        return changed

    def _certificate_id(self, read: ProductRow) -> str:
        """Return the outside id of a row's recognition: from its second row on, the id is numbered."""
        self._times[read.external_id] += 1
        times = self._times[read.external_id]
        return read.external_id if times == 1 else f"{read.external_id}#{times}"

    def _update(
        self, product: Product, read: ProductRow, place: Place, producer: Producer | None, say: Speaker
    ) -> bool:
        facts = {
            "name": read.name,
            "producer_id": producer.id if producer else None,
            "source_url": read.source_url,
            **place.columns(),
        }
        verdict = self._classifier.classify(read, say)
        if verdict.by is ClassifiedBy.SOURCE or product.classified_by in {None, ClassifiedBy.INFERRED}:
            facts |= {"group_id": verdict.group_id, "set_id": verdict.set_id, "classified_by": verdict.by}
        changed = assign(product, without_confirmed(self._session, product, facts, read.decided_on, say))
        if changed:
            refresh_words(self._session, product, self._locator.names_around(place))
            refresh_offer(self._session, product)
        return changed


def _compare(earlier: ProductRow, read: ProductRow, say: Speaker) -> None:
    if (name_key(earlier.name), earlier.producer) != (name_key(read.name), read.producer):
        say.error("id", f"mã «{read.external_id}» đã dùng ở dòng {earlier.number} cho sản phẩm khác")
    elif earlier.recognition == read.recognition:
        say.doubt("id", f"lặp lại dòng {earlier.number}; không ghi thêm")
    else:
        say.doubt("id", f"cùng mã với dòng {earlier.number}; ghi thành một lần công nhận nữa")
