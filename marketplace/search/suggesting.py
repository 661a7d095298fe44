"""Suggestions while a line is typed: products, producers, places and groups."""

from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from marketplace import text
from marketplace.catalogue.memory import Memory
from marketplace.catalogue.models import Product, ProductGroup, ProductSet, Publication
from marketplace.database import db
from marketplace.places.models import AdminUnit, Level
from marketplace.producers.matching import name_key
from marketplace.producers.models import Producer
from marketplace.search.engine import present_engine
from marketplace.search.gathering import without_kind
from marketplace.search.spelling import split_words

MOST_ROWS = 8
LOOKED_AT = 20

_groups: Memory["list[tuple[tuple[str, ...], Suggestion]]"] = Memory(1)


class Kind(StrEnum):
    """What a suggestion leads to."""

    PRODUCT = "product"
    PRODUCER = "producer"
    PLACE = "place"
    GROUP = "group"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A row to choose: `label` to read, `slug` to build its address from, `detail` to tell it apart.

    A place's `level` is province, district or commune; `former` places are no longer units.
    `label_en` is the label in English, empty for what has none: names stay as they are.
    """

    kind: Kind
    label: str
    slug: str
    detail: str = ""
    level: Level | None = None
    former: bool = False
    label_en: str = ""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """At most eight rows, each group best first."""

    products: tuple[Suggestion, ...] = ()
    producers: tuple[Suggestion, ...] = ()
    places: tuple[Suggestion, ...] = ()
    groups: tuple[Suggestion, ...] = ()

    @property
    def rows(self) -> tuple[Suggestion, ...]:
        """All rows in the order they are shown."""
        return (*self.products, *self.producers, *self.places, *self.groups)


def suggest(line: str, limit: int = MOST_ROWS) -> Suggestions:
    """Return what a line that is still being typed may lead to, at most `limit` rows.

    Words match whole, the last one by its beginning; marks may be left out, and former places count.
    """
    words = tuple(map(text.fold, split_words(line)))
    if not words:
        return Suggestions()
    share = max(1, limit // 4)
    producers = _producers(split_words(line), share)
    places = _places(" ".join(words), share)
    groups = _matching_groups(words, share)
    left = limit - len(producers) - len(places) - len(groups)
    return Suggestions(_products(line, left), producers, places, groups)


def _products(line: str, limit: int) -> tuple[Suggestion, ...]:
    ids = present_engine().answer(line, typing=True).product_ids[:LOOKED_AT]
    wanted = sa.select(Product.id, Product.name, Product.slug, Producer.name).outerjoin(
        Producer, Product.producer_id == Producer.id
    )
    shown = wanted.where(Product.id.in_(ids), Product.publication == Publication.PUBLISHED)
    rows = {identity: rest for identity, *rest in db.session.execute(shown)}
    found = [rows[identity] for identity in ids if identity in rows]
    return tuple(Suggestion(Kind.PRODUCT, name, slug, maker or "") for name, slug, maker in found[:limit])


def _producers(words: tuple[str, ...], limit: int) -> tuple[Suggestion, ...]:
    """Return producers by whole words, abbreviations written out, and the beginning of the last word."""
    key = sa.literal(" ") + Producer.name_key + sa.literal(" ")
    whole, last = name_key(" ".join(words[:-1])), words[-1]
    begun = [f" {text.fold(last)}", f" {name_key(last)} "]
    holding = [key.contains(f" {word} ", autoescape=True) for word in whole.split()]
    holding.append(sa.or_(*(key.contains(part, autoescape=True) for part in begun)))
    has_products = sa.exists().where(Product.producer_id == Producer.id)
    together = key.contains(f" {whole} {text.fold(last)}", autoescape=True)
    rows = db.session.execute(
        sa.select(Producer.name, Producer.slug)
        .where(*holding, has_products)
        .order_by(sa.case((together, 0), else_=1), sa.func.length(Producer.name_key), Producer.id)
        .limit(limit)
    )
    return tuple(Suggestion(Kind.PRODUCER, name, slug) for name, slug in rows)


def _places(beginning: str, limit: int) -> tuple[Suggestion, ...]:
    """Return units whose names begin so and that products come from, provinces first."""
    bare = text.fold(without_kind(beginning))
    level = sa.case({Level.PROVINCE: 0, Level.DISTRICT: 1}, value=AdminUnit.level, else_=2)
    named = db.session.scalars(
        sa.select(AdminUnit.id)
        .where(AdminUnit.name_key.startswith(bare, autoescape=True))
        .order_by(sa.func.length(AdminUnit.name_key) > len(bare), level, AdminUnit.ended, AdminUnit.id)
        .limit(LOOKED_AT)
    ).all()
    units = db.session.scalars(
        sa.select(AdminUnit)
        .where(AdminUnit.id.in_(named), _has_products())
        .options(joinedload(AdminUnit.parent))
    )
    order = {identity: at for at, identity in enumerate(named)}
    return tuple(_place(unit) for unit in sorted(units, key=lambda unit: order[unit.id])[:limit])


def _has_products() -> sa.ColumnElement[bool]:
    """Return whether products come from a unit, from one within it, or from one within that."""
    commune, district = aliased(AdminUnit), aliased(AdminUnit)
    own = sa.or_(
        *(
            sa.exists().where(column == AdminUnit.id)
            for column in (Product.province_id, Product.commune_id, Product.origin_id)
        )
    )
    within = sa.select(Product.id).join(commune, Product.origin_id == commune.id)
    further_within = within.join(district, commune.parent_id == district.id)
    return sa.or_(
        own,
        within.where(commune.parent_id == AdminUnit.id).exists(),
        further_within.where(district.parent_id == AdminUnit.id).exists(),
    )


def _place(unit: AdminUnit) -> Suggestion:
    within = unit.parent.full_name if unit.parent else ""
    return Suggestion(Kind.PLACE, unit.full_name, unit.slug, within, level=unit.level, former=unit.ended)


def _matching_groups(words: tuple[str, ...], limit: int) -> tuple[Suggestion, ...]:
    known = _groups.recall("groups", _read_groups)
    return tuple([suggestion for named, suggestion in known if _begin(words, named)][:limit])


def _begin(words: tuple[str, ...], named: tuple[str, ...]) -> bool:
    *whole, begun = words
    return set(whole) <= set(named) and any(word.startswith(begun) for word in named)


def _read_groups() -> list[tuple[tuple[str, ...], Suggestion]]:
    found = []
    for classified, kind in ((ProductGroup, Kind.GROUP), (ProductSet, Kind.SET)):
        columns = sa.select(classified.name, classified.name_en, classified.slug).order_by(classified.id)
        for name, name_en, slug in db.session.execute(columns):
            words = tuple(map(text.fold, split_words(f"{name} {name_en}")))
            found.append((words, Suggestion(kind, name, slug, label_en=name_en)))
    return found
