"""What a renewal file is made of, and how much of it the market already has.

The pieces are those of forms 01 and 02 of Decision 26/2026/QĐ-TTg; to be evaluated again, materials,
technology, labels, declarations, periodic tests, market, output and revenue are brought up to date. That
the story and an electronic trace code are there is asked of four stars and more, an address of a stall
on the market is one way to five.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.catalogue.models import Product, Publication
from marketplace.certification.models import Certificate
from marketplace.producers.models import Producer


class Paper(StrEnum):
    """The pieces of a renewal file."""

    RECOGNITION = "recognition"
    PRODUCER = "producer"
    STORY = "story"
    TRACE = "trace"
    STALL = "stall"
    QUALITY = "quality"
    FORMS = "forms"
    LAB_TEST = "lab_test"
    MATERIALS = "materials"
    MARKET = "market"
    FINANCES = "finances"


OWN_PAPERS = (Paper.FORMS, Paper.LAB_TEST, Paper.MATERIALS, Paper.MARKET, Paper.FINANCES)
"""What the market does not keep: producers bring it from their own files."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece that the market can have; `until` is the last day on which it is good, where there is one."""

    paper: Paper
    here: bool
    until: date | None = None


def pieces_here(
    product: Product, producer: Producer, certificate: Certificate, quality_until: Sequence[date] = ()
) -> list[Piece]:
    """Return the pieces that the market can have, and whether it does.

    `quality_until` are the last days of the producer's quality certificates that are good now; the one
    that is good for longest counts.
    """
    return [
        Piece(Paper.RECOGNITION, certificate.decision_id is not None, certificate.valid_until),
        Piece(Paper.PRODUCER, bool(producer.printed_address and producer.phone)),
        Piece(Paper.STORY, bool(product.story)),
        Piece(Paper.TRACE, product.publication is not Publication.DRAFT),
        Piece(Paper.STALL, product.publication is Publication.PUBLISHED and product.offered),
        Piece(Paper.QUALITY, bool(quality_until), max(quality_until, default=None)),
    ]
