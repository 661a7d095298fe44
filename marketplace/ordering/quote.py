"""What a cart comes to: parcels by producer, fees and totals in đồng; and what has changed since.

Pure: everything it needs is loaded by `queries`.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby

from marketplace.catalogue.models import Variant
from marketplace.ordering.sale import (
    MOST_LINES,
    Obstacle,
    SaleTerms,
    find_obstacle,
    find_shortage,
    is_live,
    needs_age,
)
from marketplace.ordering.shipping import FETCHED, Shipping, quote_shipping
from marketplace.ordering.shipping_rules import ShippingRule, tariff_of
from marketplace.producers.models import Producer
from marketplace.text import LARGEST_ID


@dataclass(frozen=True, slots=True)
class QuotedLine:
    """A line of a cart today: `seen_price` is the price the buyer was last told, per unit."""

    variant: Variant
    quantity: int
    seen_price: int
    available: int
    obstacle: Obstacle | None

    @property
    def price(self) -> int:
        """Return today's price of one unit."""
        return self.variant.price

    @property
    def total(self) -> int:
        """Return what the line costs today."""
        return self.variant.price * self.quantity


@dataclass(frozen=True, slots=True)
class Parcel:
    """What one producer sends: one parcel, one fee.

    `pickup` says that it may also be fetched, `picked_up` that it will be, and `pickup_only` that there is
    no other way: it holds live goods, which the seller does not bring. `pickup_words` say where and how.
    """

    producer: Producer
    lines: tuple[QuotedLine, ...]
    shipping: Shipping
    pickup: bool = False
    picked_up: bool = False
    pickup_only: bool = False
    pickup_address: str = ""
    pickup_words: str = ""

    @property
    def goods_total(self) -> int:
        """Return what the goods cost."""
        return sum(line.total for line in self.lines)

    @property
    def total(self) -> int:
        """Return what the buyer pays for this parcel."""
        return self.goods_total + self.shipping.fee


@dataclass(frozen=True, slots=True)
class Quote:
    """What a cart comes to: parcels that can be ordered, and lines that cannot as they stand."""

    parcels: tuple[Parcel, ...]
    blocked: tuple[QuotedLine, ...]

    @property
    def lines(self) -> tuple[QuotedLine, ...]:
        """Return the lines that can be ordered."""
        return tuple(line for parcel in self.parcels for line in parcel.lines)

    @property
    def goods_total(self) -> int:
        """Return what the goods of all parcels cost."""
        return sum(parcel.goods_total for parcel in self.parcels)

    @property
    def shipping_total(self) -> int:
        """Return what sending all parcels costs."""
        return sum(parcel.shipping.fee for parcel in self.parcels)

    @property
    def total(self) -> int:
        """Return what the buyer pays in all; nothing is added later."""
        return self.goods_total + self.shipping_total

    @property
    def needs_age(self) -> bool:
        """Whether something in the parcels is for people of 18 and over only."""
        return any(needs_age(line.variant) for line in self.lines)

    @property
    def memo(self) -> str:
        """Return what the buyer is shown, in the short form that a checkout page carries along."""
        lines = ",".join(f"{line.variant.id}:{line.quantity}:{line.price}" for line in self.lines)
        fees = ",".join(
            f"{parcel.producer.id}:{FETCHED_MARK if parcel.picked_up else parcel.shipping.fee}"
            for parcel in self.parcels
        )
        return f"{lines}|{fees}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A line of a cart as it is stored, its variant loaded with product, producer, set and group."""

    variant: Variant
    quantity: int
    seen_price: int


@dataclass(frozen=True, slots=True)
class Shelf:
    """What can be sold of each variant, and the shipping rules of the sellers who have one, by seller."""

    available: Mapping[int, int]
    rules: Mapping[int, ShippingRule]


def make_quote(
    wanted: Iterable[Wanted],
    shelf: Shelf,
    terms: SaleTerms,
    province_id: int | None,
    pickups: Collection[int] = frozenset(),
) -> Quote:
    """Return what wanted lines come to when sent to a province (None: not told yet).

    The parcels of the producers in `pickups` are fetched by the buyer, where those offer it.
    """
    lines = [_quote_line(want, shelf, terms) for want in wanted]
    lines.sort(key=lambda line: (line.variant.product.producer_id or 0, line.variant.id))
    good = [line for line in lines if line.obstacle is None]
    parcels = tuple(
        _make_parcel(tuple(own), province_id, shelf.rules, pickups)
        for _, own in groupby(good, key=lambda line: line.variant.product.producer_id)
    )
    return Quote(parcels, tuple(line for line in lines if line.obstacle is not None))


def _quote_line(want: Wanted, shelf: Shelf, terms: SaleTerms) -> QuotedLine:
    available = shelf.available.get(want.variant.id, 0)
    rule = shelf.rules.get(want.variant.product.producer_id or 0)
    obstacle = find_obstacle(want.variant, terms, rule) or find_shortage(want.quantity, available)
    return QuotedLine(want.variant, want.quantity, want.seen_price, available, obstacle)


def _make_parcel(
    lines: tuple[QuotedLine, ...],
    province_id: int | None,
    rules: Mapping[int, ShippingRule],
    pickups: Collection[int],
) -> Parcel:
    producer = lines[0].variant.product.producer
    assert producer is not None, "find_obstacle lets no line without a producer pass"
    rule = rules.get(producer.id)
    rate = tariff_of(producer, rule).rate_to(province_id)
    sent = quote_shipping(rate, weight_of(lines), sum(line.total for line in lines))
    if rule is None or not rule.pickup:
        return Parcel(producer, lines, sent)
    only = not rule.sends_live and any(is_live(line.variant) for line in lines)
    fetched = only or producer.id in pickups
    return Parcel(
        producer,
        lines,
        FETCHED if fetched else sent,
        pickup=True,
        picked_up=fetched,
        pickup_only=only,
        pickup_address=rule.pickup_address or producer.full_address,
        pickup_words=rule.pickup_words or "",
    )


def weight_of(lines: Iterable[QuotedLine]) -> int:
    """Return what lines weigh together, in grams."""
    return sum(line.variant.weight_g * line.quantity for line in lines)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a buyer was shown, read back from a memo: (quantity, price) by variant, fee by producer."""

    lines: Mapping[int, tuple[int, int]]
    fees: Mapping[int, int]

    @property
    def goods_total(self) -> int:
        """Return what the goods came to."""
        return sum(quantity * price for quantity, price in self.lines.values())

    @property
    def shipping_total(self) -> int:
        """Return what sending came to."""
        return sum(self.fees.values())

    @property
    def total(self) -> int:
        """Return the total that was shown."""
        return self.goods_total + self.shipping_total


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that is not as it was shown: quantity and price then and now; 0 and None when absent.

    `now` is the line as it is quoted today, or None when the cart no longer holds it.
    """

    variant_id: int
    quantity_before: int
    price_before: int | None
    now: QuotedLine | None


LONGEST_MEMO = 2500
"""A cart of MOST_LINES lines of MOST_LINES producers, with the longest of all numbers, stays below."""

FETCHED_MARK = "x"
"""What a memo has for a fee where the buyer fetches the goods, so that it differs from free delivery."""

_LINE = r"[0-9]{1,10}:[0-9]{1,3}:[0-9]{1,13}"
_FEE = r"[0-9]{1,10}:(?:[0-9]{1,9}|x)"
_MEMO = re.compile(rf"((?:{_LINE},){{0,{MOST_LINES - 1}}}{_LINE})\|((?:{_FEE},){{0,{MOST_LINES - 1}}}{_FEE})")


def read_memo(memo: str) -> Shown:
    """Read a memo back; what no page of this shop can have shown counts as nothing shown."""
    parts = _MEMO.fullmatch(memo) if len(memo) <= LONGEST_MEMO else None
    if parts is None:
        return Shown({}, {})
    lines, fees = _numbers(parts[1]), _numbers(parts[2])
    if any(numbers[0] > LARGEST_ID for numbers in (*lines, *fees)):
        return Shown({}, {})
    return Shown({line[0]: (line[1], line[2]) for line in lines}, {fee[0]: fee[1] for fee in fees})


def _numbers(text: str) -> list[list[int]]:
    fees = text.replace(FETCHED_MARK, "0")
    return [[int(part) for part in item.split(":")] for item in fees.split(",")]


def list_changes(shown: Shown, quote: Quote) -> list[LineChange]:
    """Return the lines that are not as they were shown, in the order of their variants."""
    now = {line.variant.id: line for line in (*quote.lines, *quote.blocked)}
    changes = []
    for variant_id in sorted(shown.lines.keys() | {line.variant.id for line in quote.lines}):
        quantity, price = shown.lines.get(variant_id, (0, None))
        line = now.get(variant_id)
        same = line is not None and line.obstacle is None and (line.quantity, line.price) == (quantity, price)
        if not same:
            changes.append(LineChange(variant_id, quantity, price, line))
    return changes
