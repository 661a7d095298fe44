"""Importing products with their producers and recognitions."""

from collections import Counter
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.actions import add_alias, refresh_offer, refresh_words, register_product
from marketplace.catalogue.models import ClassifiedBy, Product, ProductGroup, ProductSet
from marketplace.places.gazetteer import Gazetteer
from marketplace.producers.known import KnownProducers
from marketplace.producers.models import Producer
from marketplace.upkeep.importing.cells import Speaker
from marketplace.upkeep.importing.changes import assign
from marketplace.upkeep.importing.classifying import Classifier
from marketplace.upkeep.importing.known_products import KnownProducts
from marketplace.upkeep.importing.locating import Locator, Place, likely_day
from marketplace.upkeep.importing.naming import find_or_register
from marketplace.upkeep.importing.prices import offer_at
from marketplace.upkeep.importing.product_rows import COLUMNS, ProductRow, name_key, read_product
from marketplace.upkeep.importing.recognitions import decide, leads, record_recognition
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
            key = (read.decision_no, read.decided_on, read.stars, row["province"], row["district"])
            self._dated.setdefault(key, (read, row["province"], row["district"]))

    def prepare(self, session: Session) -> None:
        """Load what rows are matched against, and record the dated decisions.

        The days come first so that rows which name a decision without its day have it whatever
        their order in the file.
        """
        self._locator = Locator(Gazetteer.load())
        self._producers = KnownProducers.load(session)
        self._products = KnownProducts(session)
        self._classifier = Classifier(session)
        for read, province, district in self._dated.values():
            decide(session, read, province or None, district or None)

    def apply(self, session: Session, row: Row, report: Report) -> None:
        """Write one row."""
        say = Speaker(row.number, report.findings)
        read = read_product(row, self.day, say)
        if read is None:
            report.skipped += 1
            return
        place = self._locator.place_of(row, likely_day(read.decided_on, read.year), say)
        producer = None
        if read.producer:
            named = find_or_register(
                session, self._producers, read.producer, place, say, read.producer_type, read.source_url
            )
            producer = named.producer
        product, new = self._product(session, read, place, producer, say)
        changed = self._certify(session, product, read, place, producer, say, report)
        if read.price is not None:
            changed |= offer_at(session, product, read.price, say)
        report.added += new
        report.changed += changed and not new
        report.unchanged += not changed and not new

    def _product(
        self, session: Session, read: ProductRow, place: Place, producer: Producer | None, say: Speaker
    ) -> tuple[Product, bool]:
        producer_id = producer.id if producer else None
        where = place.whereabouts()
        known = self._products.find(read.external_id, read.name, producer_id, where)
        if known is not None:
            product = session.get_one(Product, known)
        else:
            product = self._register(session, read, place, producer, say)
            if self._products.perhaps(product.id, read.name, producer_id, where):
                say.doubt("name", "trùng tên với sản phẩm khác cùng nơi, một bên không rõ chủ thể; để riêng")
        add_alias(session, product, read.external_id)
        self._products.add(product.id, read.external_id)
        self._products.add_name(product.id, read.name, producer_id, where)
        return product, known is None

    def _register(
        self, session: Session, read: ProductRow, place: Place, producer: Producer | None, say: Speaker
    ) -> Product:
        verdict = self._classifier.classify(read, say)
        product_set = session.get(ProductSet, verdict.set_id) if verdict.set_id else None
        group = session.get(ProductGroup, verdict.group_id) if verdict.group_id else None
        product = register_product(
            session,
            read.name,
            at=clock.now(),
            producer=producer,
            product_set=product_set,
            group=group,
            classified_by=verdict.by,
            location=place.columns(),
            source_url=read.source_url,
        )
        if assign(product, {"group_id": verdict.group_id}):
            refresh_offer(session, product)
        return product

    def _certify(
        self,
        session: Session,
        product: Product,
        read: ProductRow,
        place: Place,
        producer: Producer | None,
        say: Speaker,
        report: Report,
    ) -> bool:
        self._times[read.external_id] += 1
        times = self._times[read.external_id]
        external_id = read.external_id if times == 1 else f"{read.external_id}#{times}"
        certificate, new, changed = record_recognition(session, product, read, place, external_id, self.day)
        report.certificates_added += new
        if leads(session, product, certificate):
            changed |= self._update(session, product, read, place, producer, say)
        return changed

    def _update(
        self,
        session: Session,
        product: Product,
        read: ProductRow,
        place: Place,
        producer: Producer | None,
        say: Speaker,
    ) -> bool:
        facts = {
            "name": read.name,
            "producer_id": producer.id if producer else None,
            "source_url": read.source_url,
            **place.columns(),
        }
        changed = assign(product, facts)
        verdict = self._classifier.classify(read, say)
        if verdict.by is ClassifiedBy.SOURCE or product.classified_by in {None, ClassifiedBy.INFERRED}:
            classification = {
                "group_id": verdict.group_id,
                "set_id": verdict.set_id,
                "classified_by": verdict.by,
            }
            changed |= assign(product, classification)
        if changed:
            refresh_words(session, product)
            refresh_offer(session, product)
        return changed


def _compare(earlier: ProductRow, read: ProductRow, say: Speaker) -> None:
    if (name_key(earlier.name), earlier.producer) != (name_key(read.name), read.producer):
        say.error("id", f"mã «{read.external_id}» đã dùng ở dòng {earlier.number} cho sản phẩm khác")
    elif earlier.recognition == read.recognition:
        say.doubt("id", f"lặp lại dòng {earlier.number}; không ghi thêm")
    else:
        say.doubt("id", f"cùng mã với dòng {earlier.number}; ghi thành một lần công nhận nữa")
