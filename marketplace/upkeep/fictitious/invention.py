"""Inventing producers and products: drawn from a seed and a number, so that a catalogue can be made again."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from random import Random

from marketplace import text
from marketplace.catalogue.packs import Pack
from marketplace.producers.models import LegalForm
from marketplace.upkeep.samples.packs import demo_rows, sample_packs

MARK = "(hư cấu)"
PRODUCTS_A_PRODUCER = 4
DAYS_BACK = 2200
STARS = (3,) * 70 + (4,) * 26 + (5,) * 4


@dataclass(frozen=True, slots=True)
class Words:
    """The words that names are made of."""

    goods: tuple[tuple[int, str], ...]
    forms: tuple[tuple[LegalForm, str], ...]
    first: tuple[str, ...]
    last: tuple[str, ...]


@cache
def shipped_words() -> Words:
    """Return the words of the demo's file."""
    rows = demo_rows("fictitious_words.csv")
    return Words(
        goods=tuple((int(row["set"]), row["word"]) for row in rows if row["kind"] == "goods"),
        forms=tuple((LegalForm(row["set"]), row["word"]) for row in rows if row["kind"] == "form"),
        first=tuple(row["word"] for row in rows if row["kind"] == "first"),
        last=tuple(row["word"] for row in rows if row["kind"] == "last"),
    )


@dataclass(frozen=True, slots=True)
class Invention:
    """A product that does not exist: its name, set, recognition and packs."""

    name: str
    slug: str
    set_number: int
    stars: int | None
    issued_on: date | None
    packs: list[Pack]


def invent_producer(seed: int, number: int) -> tuple[str, LegalForm]:
    """Return the name and legal form of a producer."""
    random = Random(f"producer {seed} {number}")  # noqa: S311 - nothing secret
    form, beginning = random.choice(shipped_words().forms)
    return f"{beginning} {_brand(random)} {number} {MARK}", form


def invent_product(seed: int, number: int, day: date) -> Invention:
    """Return a product; three in five have a certificate that lives on `day`, a few none with a date."""
    random = Random(f"product {seed} {number}")  # noqa: S311 - nothing secret
    set_number, goods = random.choice(shipped_words().goods)
    name = f"{goods} {_brand(random)} {MARK}"
    slug = f"{text.slugify(name)}-{seed}-{number}"
    return Invention(
        name=name,
        slug=slug,
        set_number=set_number,
        stars=random.choice(STARS) if random.random() > 0.03 else None,
        issued_on=day - timedelta(days=_age(random)) if random.random() > 0.04 else None,
        packs=sample_packs(slug, name, set_number),
    )


def _age(random: Random) -> int:
    living = random.random() < 0.6
    return random.randrange(1, 1090) if living else random.randrange(1100, DAYS_BACK)


def _brand(random: Random) -> str:
    words = shipped_words()
    return f"{random.choice(words.first)} {random.choice(words.last)}"
