"""Writing a fictitious catalogue with bulk statements."""

import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import ClassifiedBy, Product, ProductSet, Variant
from marketplace.catalogue.words import searchable_words
from marketplace.certification.models import Authority, AuthorityBasis, Certificate, Decision
from marketplace.certification.validity import last_day
from marketplace.database import db, unit_of_work
from marketplace.ordering.models import MovementKind, StockItem, StockMovement
from marketplace.places.queries import names_around
from marketplace.producers.matching import name_key
from marketplace.producers.models import Producer
from marketplace.register import raise_version
from marketplace.search.actions import queue_rebuild
from marketplace.text import fold
from marketplace.upkeep.fictitious.communes import list_communes, place_columns
from marketplace.upkeep.fictitious.invention import (
    MARK,
    PRODUCTS_A_PRODUCER,
    Invention,
    invent_producer,
    invent_product,
)
from marketplace.upkeep.importing.run import Progress, no_progress
from marketplace.upkeep.samples.drawing import lot, pick
from marketplace.upkeep.samples.example_numbers import example_gtin
from marketplace.upkeep.samples.loading import STOCK_REASON

BATCH = 1_000

Row = dict[str, Any]


def make_fictitious(
    products: int, *, seed: int = 1, day: date | None = None, progress: Progress = no_progress
) -> int:
    """Bring the number of fictitious products up to `products`; return how many were made.

    All of them are written in one unit of work, which raises the register version and has the search
    index built anew.
    """
    day = day or clock.today()
    there = db.session.scalar(sa.select(sa.func.count()).where(Product.fictitious)) or 0
    if there >= products:
        return 0
    with unit_of_work() as session:
        maker = _Maker(session, seed, day, clock.now())
        for start in range(there, products, BATCH):
            maker.make(range(start, min(start + BATCH, products)))
            progress(min(start + BATCH, products) - there, products - there)
        raise_version(session)
        queue_rebuild(session)
    return products - there


class _Maker:
    """Makes batches of products with everything that belongs to them."""

    def __init__(self, session: Session, seed: int, day: date, at: datetime) -> None:
        self.session = session
        self.seed = seed
        self.day = day
        self.at = at
        self.sets = {kept.number: kept for kept in session.scalars(sa.select(ProductSet))}
        self.communes = list_communes(session)
        self.around = names_around(unit["id"] for unit in self.communes)
        self.decisions: dict[tuple[int, int], int] = {}

    def make(self, numbers: range) -> None:
        """Write the products of these numbers."""
        inventions = [invent_product(self.seed, number, self.day) for number in numbers]
        producers = self._producers(numbers)
        rows = [
            self._product_row(invention, producers[number // PRODUCTS_A_PRODUCER])
            for number, invention in zip(numbers, inventions, strict=True)
        ]
        ids = self._insert(Product, rows)
        self.session.execute(
            sa.update(Product),
            [{"id": i, "gtin": f"0{example_gtin(i)}"} for i in ids if lot(str(i), "gtin", 3)],
        )
        self._certify(ids, inventions, rows)
        self._stock(ids, inventions)

    def _insert(self, model: type[Any], rows: Sequence[Row]) -> list[int]:
        written = self.session.execute(
            sa.insert(model).returning(model.id, sort_by_parameter_order=True), list(rows)
        )
        return list(written.scalars())

    def _producers(self, numbers: range) -> dict[int, Row]:
        """Return the producers of these products by number, written when they are not there."""
        wanted = sorted({number // PRODUCTS_A_PRODUCER for number in numbers})
        rows = [self._producer_row(number) for number in wanted]
        slugs = [row["slug"] for row in rows]
        there = dict(
            self.session.execute(sa.select(Producer.slug, Producer.id).where(Producer.slug.in_(slugs))).all()
        )
        new = [row for row in rows if row["slug"] not in there]
        if new:
            there.update(zip((row["slug"] for row in new), self._insert(Producer, new), strict=True))
        return {number: {**row, "id": there[row["slug"]]} for number, row in zip(wanted, rows, strict=True)}

    def _producer_row(self, number: int) -> Row:
        name, form = invent_producer(self.seed, number)
        unit = pick(f"{self.seed} {number}", "commune", self.communes)
        return {
            "slug": f"hu-cau-{self.seed}-{number}",
            "name": name,
            "name_key": name_key(name),
            "legal_form": form,
            "printed_address": f"Số {number % 200 + 1} (địa chỉ {MARK.strip('()')})",
            "phone": f"0900 000 {number % 1000:03d}",
            "sample_contact": True,
            **place_columns(unit),
        }

    def _product_row(self, invention: Invention, producer: Row) -> Row:
        kept = self.sets[invention.set_number]
        place = {column: producer[column] for column in place_columns(self.communes[0])}
        around = self.around.get(place["origin_id"], ())
        printed = (producer["name"], place["printed_commune"], place["printed_province"], *around)
        return {
            "slug": invention.slug,
            "name": invention.name,
            "name_folded": fold(invention.name),
            "words_folded": searchable_words(invention.name, printed),
            "producer_id": producer["id"],
            "group_id": kept.group_id,
            "set_id": kept.id,
            "classified_by": ClassifiedBy.OURS,
            "legal_form": producer["legal_form"],
            "granted_stars": invention.stars,
            "certified_until": last_day(invention.issued_on, None),
            "decision_checked": invention.issued_on is not None,
            "ever_certified": True,
            "from_price": min((pack.price for pack in invention.packs), default=None),
            "offered": bool(invention.packs) and kept.sale_policy.orderable,
            "trace_token": secrets.token_urlsafe(16),
            "fictitious": True,
            "published_at": self.at,
            **place,
        }

    def _certify(self, ids: Sequence[int], inventions: Sequence[Invention], rows: Sequence[Row]) -> None:
        certificates = [
            {
                "code": f"{invention.slug}-gcn",
                "product_id": id_,
                "stars": invention.stars,
                "decision_id": self._decision(row, invention.issued_on),
                "issued_on": invention.issued_on,
                "year": invention.issued_on.year if invention.issued_on else None,
                "valid_until": last_day(invention.issued_on, None),
                "product_name": invention.name,
            }
            for id_, invention, row in zip(ids, inventions, rows, strict=True)
        ]
        self.session.execute(sa.insert(Certificate), certificates)

    def _decision(self, row: Row, issued_on: date | None) -> int | None:
        """Return a fictitious decision of the province and year, one for both."""
        if issued_on is None:
            return None
        key = (row["province_id"], issued_on.year)
        if key not in self.decisions:
            self.decisions[key] = self._find_or_decide(row, issued_on.year)
        return self.decisions[key]

    def _find_or_decide(self, row: Row, year: int) -> int:
        code = f"hu-cau-{row['province_id']}-{year}"
        there = self.session.scalar(sa.select(Decision.id).where(Decision.code == code))
        fresh = {
            "code": code,
            "number": f"{row['province_id']}/QĐ-HƯ-CẤU",
            "year": year,
            "authority": Authority.PROVINCE,
            "authority_basis": AuthorityBasis.REGULATION,
            "authority_name": f"Uỷ ban nhân dân tỉnh {row['printed_province']} {MARK}",
            "printed_place": row["printed_province"],
        }
        return there or self._insert(Decision, [fresh])[0]

    def _stock(self, ids: Sequence[int], inventions: Sequence[Invention]) -> None:
        packs = [
            {**asdict(pack), "sku": f"HC{id_}-{position + 1}", "product_id": id_, "position": position}
            for id_, invention in zip(ids, inventions, strict=True)
            for position, pack in enumerate(invention.packs)
        ]
        variants = self._insert(Variant, packs)
        counts = {variant: lot(str(variant), "stock", 120) for variant in variants}
        items = [
            {"variant_id": variant, "on_hand": count, "sample": True} for variant, count in counts.items()
        ]
        self.session.execute(sa.insert(StockItem), items)
        movements = [
            {
                "variant_id": variant,
                "kind": MovementKind.RECEIVED,
                "quantity": count,
                "reason": STOCK_REASON,
                "at": self.at,
            }
            for variant, count in counts.items()
        ]
        self.session.execute(sa.insert(StockMovement), movements)
