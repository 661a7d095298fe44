"""What a producer can make a lot of, and what the next lot of it most likely looks like."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product, Variant
from marketplace.catalogue.own_products import list_own_products
from marketplace.errors import NotFound
from marketplace.traceability.codes.models import LabelLevel
from marketplace.traceability.lots.lot_codes import propose_code
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.lots.queries import find_last_lot, list_material_lots
from marketplace.traceability.zones.models import MaterialZone
from marketplace.web.filters import write_date
from marketplace.web.words import gettext as _
from marketplace.workspace.event_form import Places
from marketplace.workspace.label_words import FIRST_FORMAT
from marketplace.workspace.numbers import write_decimal

NEWEST_LOTS = 12
FIRST_QUANTITY = "24"


@dataclass(frozen=True, slots=True)
class Goods:
    """A product in one of its packs; one without packs by itself."""

    product: Product
    variant: Variant | None

    @property
    def key(self) -> str:
        """Return how forms call it."""
        return f"v{self.variant.id}" if self.variant else f"p{self.product.id}"

    @property
    def words(self) -> str:
        """Return what people call it."""
        return f"{self.product.name}, {self.variant.name}" if self.variant else self.product.name


def lot_words(lot: Lot) -> str:
    """Return what a lot is of, its product and pack loaded."""
    if lot.product is None:
        return lot.name or ""
    return Goods(lot.product, lot.variant).words


def list_goods(session: Session, producer_id: int) -> list[Goods]:
    """Return all that a producer can make a lot of, by name."""
    found: list[Goods] = []
    for product in list_own_products(session, producer_id):
        packs = [one for one in product.variants if one.active or one.waiting]
        found += [Goods(product, pack) for pack in packs] or [Goods(product, None)]
    return found


def choose(goods: Sequence[Goods], key: str) -> Goods:
    """Return what a form calls by a key; raises NotFound."""
    for one in goods:
        if one.key == key:
            return one
    raise NotFound(goods=key)


@dataclass(frozen=True, slots=True)
class Sources:
    """Where material may come from: zones in use, and the newest lots of material."""

    zones: Sequence[MaterialZone]
    lots: Sequence[Lot]

    @classmethod
    def of(cls, session: Session, producer_id: int, places: Places) -> "Sources":
        """Read them: one statement, the places being read."""
        return cls(places.zones, list_material_lots(session, producer_id, NEWEST_LOTS))

    def choices(self) -> list[tuple[str, str]]:
        """Return them as choices of a form."""
        return [
            *((f"z{one.id}", one.name) for one in self.zones),
            *(
                (
                    f"l{lot.id}",
                    _(
                        "%(name)s, lô %(code)s ngày %(day)s",
                        name=lot.name,
                        code=lot.code,
                        day=write_date(lot.made_on),
                    ),
                )
                for lot in self.lots
            ),
        ]

    def material(self, chosen: str) -> str:
        """Return what the material of a source is called."""
        for zone in self.zones:
            if chosen == f"z{zone.id}":
                return zone.crop
        for lot in self.lots:
            if chosen == f"l{lot.id}":
                return lot.name or ""
        raise NotFound(source=chosen)


@dataclass(frozen=True, slots=True)
class NextLot:
    """What the form of the next lot holds, and the days that the goods keep, None where nothing tells."""

    typed: dict[str, str]
    span: int | None


def likely_lot(session: Session, goods: Goods, day: date) -> NextLot:
    """Return the next lot as the last one of these goods was, made on a day."""
    product = goods.product
    last = find_last_lot(session, product.id)
    span = _days_of_use(product, last)
    typed = {
        "ngay_lam": day.isoformat(),
        "han_dung": (day + timedelta(days=span)).isoformat() if span is not None else "",
        "so_luong": write_decimal(last.quantity) if last else FIRST_QUANTITY,
        "ma_lo": propose_code(session, product, day),
        "muc": LabelLevel.ITEM.value,
        "kho": FIRST_FORMAT,
        "vao_kho": "1",
    }
    if last is not None and last.inputs:
        first = last.inputs[0]
        source = f"z{first.zone_id}" if first.zone_id else f"l{first.source_lot_id}"
        typed |= {"tu-0": source if first.bought_from is None else ""}
    return NextLot(typed, span)


def _days_of_use(product: Product, last: Lot | None) -> int | None:
    """Return how many days goods keep: as the last lot, else as the listing says; None where neither does."""
    if last is not None and last.use_by is not None:
        return (last.use_by - last.made_on).days
    return product.listing.shelf_life_days if product.listing else None
