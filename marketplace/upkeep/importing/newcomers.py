"""New products of an import, written in batches: twenty thousand in the time of a thousand one by one."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.actions import SLUG_LENGTH, TRACE_TOKEN_BYTES
from marketplace.catalogue.models import Product, ProductAlias
from marketplace.catalogue.words import searchable_words
from marketplace.certification.models import Certificate
from marketplace.certification.validity import standing_of
from marketplace.producers.models import Producer
from marketplace.register import raise_version
from marketplace.search.actions import queue, queue_rebuild
from marketplace.text import fold, slugify
from marketplace.upkeep.importing.classifying import Verdict
from marketplace.upkeep.importing.known_products import Known
from marketplace.upkeep.importing.locating import Place
from marketplace.upkeep.importing.product_rows import ProductRow

BATCH = 500


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A product to be written, with its first recognition."""

    row: ProductRow
    place: Place
    producer: Producer | None
    verdict: Verdict
    around: tuple[str, ...]
    certificate: Mapping[str, Any]
    known: Known


class Newcomers:
    """Collects new products and writes them with their aliases and certificates."""

    def __init__(self, session: Session, at: datetime) -> None:
        self.session = session
        self.at = at
        self._waiting: list[Newcomer] = []
        self._slugs = set(session.scalars(sa.select(Product.slug)))
        self._codes = set(session.scalars(sa.select(Certificate.code)))

    @property
    def full(self) -> bool:
        """Whether it is time to write."""
        return len(self._waiting) >= BATCH

    def add(self, newcomer: Newcomer) -> None:
        """Let a product wait for its batch."""
        self._waiting.append(newcomer)

    def write(self) -> list[Newcomer]:
        """Write what waits, tell each its id, and return it."""
        written, self._waiting = self._waiting, []
        if not written:
            return []
        products = [self._product(newcomer) for newcomer in written]
        returned = self.session.scalars(
            sa.insert(Product).returning(Product.id, sort_by_parameter_order=True), products
        )
        for newcomer, product_id in zip(written, returned.all(), strict=True):
            newcomer.known.id = product_id
        self.session.execute(sa.insert(ProductAlias), [_alias(newcomer) for newcomer in written])
        certificates = [
            self._certificate(newcomer, product["slug"])
            for newcomer, product in zip(written, products, strict=True)
        ]
        self.session.execute(sa.insert(Certificate), certificates)
        raise_version(self.session)
        self._tell_the_index(written)
        return written

    def _tell_the_index(self, written: list[Newcomer]) -> None:
        if len(written) == BATCH:
            queue_rebuild(self.session)
        else:
            queue(self.session, [newcomer.known.id for newcomer in written if newcomer.known.id])

    def _product(self, newcomer: Newcomer) -> dict[str, Any]:
        row, place, producer = newcomer.row, newcomer.place, newcomer.producer
        printed = ", ".join(part for part in (place.commune, place.district, place.province) if part)
        standing = standing_of(Certificate(**newcomer.certificate))
        return {
            "slug": self._free(self._slugs, slugify(row.name)[:SLUG_LENGTH].strip("-") or "san-pham"),
            "name": row.name,
            "name_folded": fold(row.name),
            "words_folded": searchable_words(
                row.name, (producer.name if producer else None, printed, *newcomer.around)
            ),
            "producer_id": producer.id if producer else None,
            "legal_form": producer.legal_form if producer else None,
            "group_id": newcomer.verdict.group_id,
            "set_id": newcomer.verdict.set_id,
            "classified_by": newcomer.verdict.by,
            "granted_stars": standing.stars,
            "certified_until": standing.until,
            "decision_checked": standing.decision_checked,
            "ever_certified": True,
            "trace_token": secrets.token_urlsafe(TRACE_TOKEN_BYTES),
            "source_url": row.source_url,
            "published_at": self.at,
            **place.columns(),
        }

    def _certificate(self, newcomer: Newcomer, slug: str) -> dict[str, Any]:
        stem = f"{slug[:100]}-{newcomer.certificate['year'] or 'khong-ro-nam'}"
        return {
            **newcomer.certificate,
            "code": self._free(self._codes, stem),
            "product_id": newcomer.known.id,
            "external_id": newcomer.row.external_id,
        }

    def _free(self, taken: set[str], stem: str) -> str:
        name = stem
        numbers = count(2)
        while name in taken:
            name = f"{stem}-{next(numbers)}"
        taken.add(name)
        return name


def _alias(newcomer: Newcomer) -> dict[str, Any]:
    return {"external_id": newcomer.row.external_id, "product_id": newcomer.known.id}
