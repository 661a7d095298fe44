"""Batches of labels that no database knows, for tests of drawing."""

from datetime import date
from random import Random
from typing import Any

from marketplace.catalogue.models import Product, Variant
from marketplace.producers.models import Producer
from marketplace.traceability.codes.keys import ALPHABET
from marketplace.traceability.codes.models import LabelBatch, LabelLevel
from marketplace.traceability.codes.serials import Minted
from marketplace.traceability.lots.models import Lot

SITE = "https://phiencho.hatinh.example"
DAY = date(2026, 11, 21)
GTIN = "08931234567897"
TOKEN = "kR3x-8sdfASDe_12345678"
LONG_NAME = (
    "Mứt vỏ bưởi Phúc Trạch sấy dẻo thượng hạng nấu đường phèn và mật ong rừng Hương Khê, "
    "ủ trong chum sành theo lối cổ xưa"
)
LONG_PRODUCER = (
    "Hợp tác xã Sản xuất Kinh doanh Dịch vụ Nông nghiệp tổng hợp Bưởi Phúc Trạch và Cây ăn quả "
    "đặc sản huyện Hương Khê Hà Tĩnh"
)


def a_printed_batch(
    code: str = "a4-24",
    name: str = "Mứt vỏ bưởi Phúc Trạch",
    *,
    producer: str = "HTX Bưởi Phúc Trạch",
    pack: str | None = "Hũ 250 g",
    gtin: str | None = GTIN,
    stars: int | None = 4,
    certified_until: date = date(2028, 8, 5),
    count: int = 8,
    level: LabelLevel = LabelLevel.ITEM,
    **changes: Any,
) -> LabelBatch:
    """Return a batch with all that its labels show; `changes` are of the lot."""
    product = Product(name=name, gtin=gtin, trace_token=TOKEN, fictitious=False)
    product.granted_stars, product.certified_until = stars, certified_until
    facts = {"code": "PT2611-02", "made_on": DAY, "use_by": date(2027, 5, 21), "sample": False, **changes}
    lot = Lot(product=product, producer=Producer(name=producer), **facts)
    lot.variant = Variant(name=pack) if pack else None
    return LabelBatch(lot=lot, level=level, format=code, first_number=1, count=count, stars=stars)


def some_labels(count: int = 8, *, first: int = 137, pins: bool = False, seed: int = 1) -> list[Minted]:
    """Return labels with serials as they are minted, the same on each run."""
    chance = Random(seed)
    return [
        Minted(
            number,
            "".join(chance.choices(ALPHABET, k=16)),
            f"{chance.randrange(10**8):08d}" if pins else None,
        )
        for number in range(first, first + count)
    ]
