"""Orders, stock and money once more in plain Python, for drill R10: what the shop has to agree with.

Nothing here reads the database. Amounts are đồng, quantities sale units.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

HELD_FOR, HELD_AT_MOST = timedelta(minutes=40), timedelta(hours=2)
SESSION_LASTS = timedelta(minutes=35)
OUT = ("on the way", "delivered", "failed")


@dataclass
class Line:
    """So many units of an item at a price."""

    quantity: int
    price: int
    canceled: int = 0


@dataclass
class Sending:
    """Units on their way, by item."""

    units: dict[int, int]
    state: str = "on the way"


@dataclass
class GivenBack:
    """A return of units, by item."""

    id: int
    units: dict[int, int]
    fault: bool
    state: str = "requested"
    amount: int | None = None


@dataclass
class ModelOrder:
    """One seller's part of a group."""

    id: int
    lines: dict[int, Line]
    fee: int
    status: str
    confirmed: bool = False
    packed: bool = False
    held_until: datetime | None = None
    sendings: dict[int, Sending] = field(default_factory=dict)
    returns: list[GivenBack] = field(default_factory=list)
    captured: int = 0
    refunded: int = 0
    lessened: int = 0
    causes: set[str] = field(default_factory=set)

    @property
    def off(self) -> bool:
        return self.status == "canceled"

    @property
    def total(self) -> int:
        return self.fee + sum(line.quantity * line.price for line in self.lines.values())

    @property
    def due(self) -> int:
        gone = sum(line.canceled * line.price for line in self.lines.values())
        return 0 if self.off else self.total - gone

    @property
    def kept(self) -> int:
        return self.captured - self.refunded

    @property
    def owed(self) -> int:
        return max(0, self.due - self.lessened - self.kept)

    @property
    def excess(self) -> int:
        return max(0, self.kept + self.lessened - self.due)

    def sent(self, item: int, states: tuple[str, ...] = OUT) -> int:
        return sum(one.units.get(item, 0) for one in self.sendings.values() if one.state in states)

    def unsent(self) -> dict[int, int]:
        left = {item: line.quantity - line.canceled - self.sent(item) for item, line in self.lines.items()}
        return {item: units for item, units in left.items() if units}

    def given_back(self, item: int, states: tuple[str, ...]) -> int:
        return sum(one.units.get(item, 0) for one in self.returns if one.state in states)

    def returnable(self, item: int) -> int:
        asked = self.given_back(item, ("requested", "approved", "received", "refunded"))
        return self.sent(item, ("delivered",)) - asked

    def give_back(self, amount: int, cause: str) -> None:
        """Owe money once for a cause; owing nothing is no cause."""
        if amount and cause not in self.causes:
            self.refunded += amount
            self.causes.add(cause)


@dataclass
class CardSession:
    """An attempt to pay at the gateway."""

    id: int
    reference: str
    amount: int
    ends: datetime
    paid: bool = False


@dataclass
class ModelGroup:
    """What one buyer ordered at once."""

    id: int
    method: str
    placed_at: datetime
    orders: list[ModelOrder]
    session: CardSession | None = None
    ever_paid: bool = False

    @property
    def owed(self) -> int:
        return sum(order.owed for order in self.orders)

    @property
    def drafts(self) -> list[ModelOrder]:
        return [order for order in self.orders if order.status == "draft"]


class Model:
    """The whole shop."""

    def __init__(self, items: int, on_hand: int, now: datetime) -> None:
        self.on_hand = [on_hand] * items
        self.now = now
        self.groups: list[ModelGroup] = []

    @property
    def orders(self) -> list[ModelOrder]:
        return [order for group in self.groups for order in group.orders]

    def promised(self, item: int) -> int:
        """Return the units on the shelf that belong to placed orders."""
        return sum(order.unsent().get(item, 0) for order in self.orders if order.status == "placed")

    def held(self, item: int) -> int:
        """Return the units that drafts hold now."""
        return sum(
            order.lines[item].quantity
            for order in self.orders
            if order.status == "draft" and item in order.lines and self.holds(order)
        )

    def holds(self, order: ModelOrder) -> bool:
        return order.held_until is not None and order.held_until > self.now

    def free(self, item: int) -> int:
        return self.on_hand[item] - self.promised(item) - self.held(item)

    def group_of(self, order: ModelOrder) -> ModelGroup:
        return next(group for group in self.groups if order in group.orders)

    def has_goods(self, order: ModelOrder) -> bool:
        """Return whether a draft can be placed: its goods are held, or free still."""
        return self.holds(order) or all(self.free(i) >= line.quantity for i, line in order.lines.items())

    # -- what people and gateways do; each returns the refusal that is expected, or None

    def start_paying(self, group: ModelGroup) -> str | None:
        """A buyer goes to the gateway's page; an earlier attempt is ended first when it cannot go on."""
        if not group.owed:
            return "NothingToPay"
        if group.session is not None:
            if group.session.amount == group.owed and self.now < group.session.ends:
                return None
            self.resolve(group, end=True)
            if not group.owed:
                return "NothingToPay"
        return self.extend(group)

    def extend(self, group: ModelGroup) -> str | None:
        until = min(self.now + HELD_FOR, group.placed_at + HELD_AT_MOST)
        if group.drafts and (until <= self.now or not all(self.has_goods(one) for one in group.drafts)):
            return "HoldLost"
        for order in group.drafts:
            order.held_until = until
        return None

    def resolve(self, group: ModelGroup, *, end: bool) -> None:
        """The gateway says how an attempt stands; one that is over is ended."""
        begun = group.session
        if begun is None:
            return
        if begun.paid:
            group.session = None
            self.pay(group, begun.amount)
            if not group.owed:
                self.place(group)
            for order in group.orders:
                order.give_back(order.excess, f"session:{begun.id}")
        elif end or begun.ends <= self.now:
            group.session = None

    def pay(self, group: ModelGroup, amount: int) -> None:
        """Divide money among what is owed, by largest remainder; what is beyond stays with the first."""
        whole = group.owed
        live = [order for order in group.orders if not order.off] or group.orders
        for order, part in zip(group.orders, divide(min(amount, whole), group.orders), strict=True):
            order.captured += part
        live[0].captured += max(0, amount - whole)

    def place(self, group: ModelGroup) -> None:
        for order in group.drafts:
            order.status = "placed" if self.has_goods(order) else "canceled"
            order.held_until = None

    def tend(self) -> None:
        """The worker's round: drafts for which nothing is held are given up, unless they were paid."""
        for group in self.groups:
            if any(not self.holds(order) for order in group.drafts):
                self.resolve(group, end=True)
                if group.session is None and not any(self.holds(order) for order in group.drafts):
                    for order in group.drafts:
                        self.take_off(order)

    def cancel(self, order: ModelOrder) -> str | None:
        if not order.off and any(one.state in OUT for one in order.sendings.values()):
            return "NotCancelable"
        self.take_off(order)
        return None

    def take_off(self, order: ModelOrder) -> None:
        order.status, order.held_until = "canceled", None
        order.give_back(order.excess, f"order:{order.id}")

    def settle_rest(self, order: ModelOrder) -> None:
        cause = f"order:{order.id}" if order.off else f"rest:{order.id}:{order.due}"
        order.give_back(order.excess, cause)

    def cancel_rest(self, order: ModelOrder) -> str | None:
        if not order.off:
            if order.status == "draft" or not order.confirmed:
                return "NotShippable"
            rest = order.unsent()
            if rest and not any(one.state in OUT for one in order.sendings.values()):
                order.status = "canceled"
            else:
                self.lose_units(order, rest)
        self.settle_rest(order)
        return None

    def lose_units(self, order: ModelOrder, units: dict[int, int]) -> None:
        for item, gone in units.items():
            order.lines[item].canceled += gone
        if all(line.canceled == line.quantity for line in order.lines.values()):
            order.status = "canceled"

    def came_back(self, order: ModelOrder, sending: Sending, restock: bool) -> str | None:
        if sending.state == "delivered":
            return "NotOnTheWay"
        if sending.state != "back":
            sending.state = "back"
            if restock:
                for item, units in sending.units.items():
                    self.on_hand[item] += units
            else:
                self.lose_units(order, sending.units)
        self.settle_rest(order)
        return None

    def agreed_amount(self, order: ModelOrder, asked: GivenBack) -> int:
        """Return the price of a return, and the fee when all that was delivered comes back at fault."""
        goods = sum(order.lines[item].price * units for item, units in asked.units.items())
        coming = [one for one in order.returns if one.state in {"approved", "received", "refunded"}]
        coming = [one for one in coming if one is not asked] + [asked]
        whole = all(
            order.sent(item, ("delivered",)) == sum(one.units.get(item, 0) for one in coming)
            for item in order.lines
        )
        return goods + (order.fee if whole and all(one.fault for one in coming) else 0)


def divide(amount: int, orders: Iterable[ModelOrder]) -> list[int]:
    """Divide an amount in proportion to what orders owe, in exact fractions; the first of equals wins."""
    owed = [order.owed for order in orders]
    if not sum(owed):
        return [0] * len(owed)
    exact = [Fraction(amount * one, sum(owed)) for one in owed]
    parts = [int(one) for one in exact]
    places = sorted(range(len(owed)), key=lambda place: (parts[place] - exact[place], place))
    for place in places[: amount - sum(parts)]:
        parts[place] += 1
    return parts
