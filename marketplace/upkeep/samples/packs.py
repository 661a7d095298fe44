"""Sample packs and prices by set."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files

from marketplace import text
from marketplace.catalogue.models import Uom
from marketplace.catalogue.packs import Pack
from marketplace.upkeep.samples.drawing import lot

FRESH_SETS = {1, 2, 3, 4}
VAT_FRESH, VAT = 5, 8
PRICE_STEP = 1_000


@dataclass(frozen=True, slots=True)
class Size:
    """A size that goods of a set are sold in, with the range its price is drawn from.

    `word` keeps it to goods whose name holds that word.
    """

    word: str
    name: str
    content: Decimal
    uom: Uom
    weight_g: int
    low: int
    high: int


def demo_rows(name: str) -> list[dict[str, str]]:
    """Return the rows of one of the demo's shipped files."""
    shipped = files("marketplace") / "data" / "demo" / name
    return list(csv.DictReader(shipped.read_text(encoding="utf-8").splitlines()))


@cache
def sizes_by_set() -> dict[int, tuple[Size, ...]]:
    """Return the sizes of each set that has any."""
    found = defaultdict(list)
    for row in demo_rows("packs.csv"):
        size = Size(
            row["word"],
            row["name"],
            Decimal(row["content"]),
            Uom(row["uom"]),
            int(row["weight_g"]),
            int(row["low"]),
            int(row["high"]),
        )
        found[int(row["set"])].append(size)
    return {number: tuple(sizes) for number, sizes in found.items()}


def vat_of(set_number: int) -> int:
    """Return the sample's VAT rate in percent: 5 for goods sold raw, 8 for the rest."""
    return VAT_FRESH if set_number in FRESH_SETS else VAT


def sample_packs(slug: str, name: str, set_number: int) -> list[Pack]:
    """Return the packs of a product: one or all sizes of its set, dearer products dearer in each."""
    sizes = _sizes_for(name, set_number)
    if len(sizes) > 1 and lot(slug, "sizes", 3) == 0:
        sizes = sizes[:1]
    level = lot(slug, "price", 1000)
    return [_pack(slug, number, size, level, set_number) for number, size in enumerate(sizes, start=1)]


def _sizes_for(name: str, set_number: int) -> tuple[Size, ...]:
    spoken = text.canonical(name).casefold()
    sizes = sizes_by_set().get(set_number, ())
    special = tuple(size for size in sizes if size.word and size.word in spoken)
    word = special[0].word if special else ""
    return tuple(size for size in sizes if size.word == word)


def _pack(slug: str, number: int, size: Size, level: int, set_number: int) -> Pack:
    short = slug if len(slug) <= 48 else f"{slug[:40]}-{lot(slug, 'sku', 10**6)}"
    price = size.low + (size.high - size.low) * level // 1000
    return Pack(
        sku=f"MAU-{short}-{number}",
        name=size.name,
        price=price // PRICE_STEP * PRICE_STEP,
        vat_percent=vat_of(set_number),
        content=size.content,
        uom=size.uom,
        weight_g=size.weight_g,
        sample=True,
    )
