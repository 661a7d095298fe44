"""An order as a producer's pages show it: what is to be done, and as much of its buyer as that takes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts.phone import mask_phone, write_phone
from marketplace.catalogue.models import Product, Variant
from marketplace.ordering.line_lots import LineLot, list_line_lots
from marketplace.ordering.lot_models import LotStock
from marketplace.ordering.models import Fulfillment, Order, OrderLine, PaymentMethod, StockItem
from marketplace.ordering.order_number import write_number
from marketplace.ordering.recall_reach import Halt, list_halts
from marketplace.ordering.status import ParcelState, parcel_state, units_to_send
from marketplace.ordering.stock_keeping import Shelved
from marketplace.payments.standings import find_standings
from marketplace.payments.status import PaymentStatus, Standing
from marketplace.workspace.order_words import PARCELS, PAYMENTS, TO_FETCH
from marketplace.workspace.words import Mark

CONTACT_SHOWN = timedelta(days=30)
"""How long after the delivery a seller sees whom it sent to: returns and complaints come in this time."""
_MASKED = "•••"


@dataclass(frozen=True, slots=True)
class OrderCard:
    """An order, its group, lines and sendings loaded, with its money and the shelves of its goods.

    `lots` are by line what its goods were taken from, `halts` the recalls in force that touch it;
    `traced` says that lots are on record of goods shown with it.
    """

    order: Order
    standing: Standing
    shelves: Mapping[int, Shelved]
    at: datetime
    returning: bool = False
    lots: Mapping[int, Sequence[LineLot]] = field(default_factory=dict)
    halts: Sequence[Halt] = ()
    traced: bool = False

    @property
    def number(self) -> str:
        """Return the number as people read it out."""
        return write_number(self.order.group.number)

    @property
    def state(self) -> ParcelState:
        """Return where the order stands."""
        return parcel_state(self.order)

    @property
    def mark(self) -> Mark:
        """Return where the order stands, as a tag."""
        ready = self.state is ParcelState.PACKED and self.order.pickup
        return TO_FETCH if ready else PARCELS[self.state]

    @property
    def in_cash(self) -> bool:
        """Return whether the buyer pays on delivery."""
        return self.order.group.payment_method is PaymentMethod.CASH_ON_DELIVERY

    @property
    def payment(self) -> Mark | None:
        """Return how far the order is paid, as a tag; nothing for cash that is still to be collected."""
        status = self.standing.status
        return None if self.in_cash and status is PaymentStatus.NONE else PAYMENTS[status]

    @property
    def waits_for_money(self) -> bool:
        """Return whether the order must not be sent yet, because it is paid first and is not paid."""
        return not self.in_cash and self.standing.owed > 0

    @property
    def to_collect(self) -> int:
        """Return the đồng to collect on delivery."""
        return self.standing.owed if self.in_cash else 0

    @property
    def overdue(self) -> bool:
        """Return whether the buyer waits for an answer longer than was promised."""
        due = self.order.confirm_by
        return self.state is ParcelState.WAITING and due is not None and due < self.at

    @property
    def answer_day(self) -> date | None:
        """Return the last day on which the buyer was promised an answer."""
        due = self.order.confirm_by
        return last_day_before(due) if due else None

    @property
    def left(self) -> dict[int, int]:
        """Return how many units of each line are still to be sent."""
        return units_to_send(self.order)

    @property
    def can_go(self) -> bool:
        """Return whether goods stand ready that may be sent, or handed over, now."""
        ready = {ParcelState.PACKED, ParcelState.PARTLY_SHIPPED, ParcelState.FAILED}
        return self.state in ready and bool(self.left) and not self.waits_for_money and not self.held_back

    @property
    def recalled(self) -> list[OrderLine]:
        """Return the lines with goods to send that must not be sent: their pack is recalled."""
        left, halted = self.left, {one for one, shelf in self.shelves.items() if shelf.variant.halted}
        return [line for line in self.order.lines if line.id in left and line.variant_id in halted]

    @property
    def held_back(self) -> bool:
        """Return whether a recall forbids to pack and send what is left."""
        return bool(self.left) and (bool(self.recalled) or any(halt.frozen for halt in self.halts))

    @property
    def on_the_way(self) -> list[Fulfillment]:
        """Return the sendings that have met no end yet, or failed and are not back."""
        return [one for one in self.order.fulfillments if not (one.delivered_at or one.came_back_at)]

    @property
    def tight(self) -> bool:
        """Return whether the goods are still to be sent, and all there is of one is promised to orders."""
        sending = {line.variant_id for line in self.order.lines if line.id in self.left}
        return any(one in self.shelves and self.shelves[one].available <= 0 for one in sending)

    @property
    def knows_buyer(self) -> bool:
        """Return whether the seller still needs to know whom the order is for."""
        if self.state in {ParcelState.CANCELED, ParcelState.DRAFT}:
            return False
        if self.returning:
            return True
        ends = [one.delivered_at for one in self.order.fulfillments if one.delivered_at]
        return self.state is not ParcelState.DELIVERED or max(ends) > self.at - CONTACT_SHOWN

    @property
    def buyer(self) -> str:
        """Return the buyer's name, hidden once it is not needed."""
        return self.order.group.buyer_name if self.knows_buyer else _MASKED

    @property
    def phone(self) -> str:
        """Return the buyer's telephone in groups, its middle hidden once it is not needed."""
        kept = self.order.group.buyer_phone
        return write_phone(kept) if self.knows_buyer else mask_phone(kept)

    @property
    def address(self) -> str:
        """Return where to send to, only the province once the rest is not needed; nothing of who comes."""
        group = self.order.group
        if self.order.pickup:
            return ""
        return f"{group.ship_address}, {group.ship_place}" if self.knows_buyer else self.province

    @property
    def province(self) -> str:
        """Return the province it goes to, without its kind."""
        last = self.order.group.ship_place.rsplit(", ", 1)[-1]
        return last.removeprefix("thành phố ").removeprefix("tỉnh ")

    def to_collect_for(self, sending: Fulfillment) -> int:
        """Return the đồng to collect for one sending, its lines loaded; the last one brings all that is owed.

        The fee for sending is collected with the first.
        """
        if not self.left and self.on_the_way == [sending]:
            return self.to_collect
        goods = sum(part.quantity * part.line.unit_price for part in sending.lines)
        fee = self.order.shipping_fee if sending.position == 1 else 0
        return min(self.to_collect, goods + fee)

    def shelf(self, line: OrderLine) -> Shelved | None:
        """Return the shelf of a line's goods; nothing for goods that are gone."""
        return self.shelves.get(line.variant_id)


def last_day_before(end: datetime) -> date:
    """Return the last day in Vietnam that is whole before an instant: what is due by its end."""
    return clock.local_date(end - timedelta(seconds=1))


def make_cards(
    session: Session, orders: Sequence[Order], at: datetime, *, returning: bool = False
) -> list[OrderCard]:
    """Return orders as pages show them, with two statements for all; lots and recalls take one more each.

    `returning` says that a buyer is giving goods back, whom the seller has to know for that.
    """
    standings = find_standings(session, orders)
    shelves, traced = _find_shelves(session, {line.variant_id for order in orders for line in order.lines})
    lots = list_line_lots(session, orders) if traced else {}
    halts = list_halts(session, [order.id for order in orders]) if _any_recalled(shelves, lots) else {}
    return [
        OrderCard(
            order,
            standings[order.id],
            shelves,
            at,
            returning,
            lots=lots,
            halts=halts.get(order.id, ()),
            traced=traced,
        )
        for order in orders
    ]


def _any_recalled(shelves: Mapping[int, Shelved], lots: Mapping[int, Sequence[LineLot]]) -> bool:
    """Return whether a recall touches packs or lots, now or when they were packed."""
    if any(shelf.variant.halted for shelf in shelves.values()):
        return True
    return any(one.lot.recalled_at for own in lots.values() for one in own)


def sum_goods(cards: Iterable[OrderCard]) -> list[tuple[OrderLine, int]]:
    """Return what has to be taken from the shelves for orders: a line that names it, and how many."""
    sums: dict[int, tuple[OrderLine, int]] = {}
    for line, units in _to_send(cards):
        before = sums[line.variant_id][1] if line.variant_id in sums else 0
        sums[line.variant_id] = (line, before + units)
    return sorted(sums.values(), key=lambda one: (one[0].product_name, one[0].variant_name))


def _to_send(cards: Iterable[OrderCard]) -> Iterator[tuple[OrderLine, int]]:
    for card in cards:
        left = card.left
        yield from ((line, left[line.id]) for line in card.order.lines if line.id in left)


def _find_shelves(session: Session, variant_ids: set[int]) -> tuple[dict[int, Shelved], bool]:
    """Return the shelves of packs, and whether lots are on record of any."""
    if not variant_ids:
        return {}, False
    in_lots = sa.exists().where(LotStock.variant_id == Variant.id)
    rows = session.execute(
        sa.select(Variant, StockItem, in_lots)
        .outerjoin(StockItem, StockItem.variant_id == Variant.id)
        .where(Variant.id.in_(variant_ids))
        .options(joinedload(Variant.product).joinedload(Product.cover))
    ).all()
    shelves = {variant.id: Shelved(variant, item) for variant, item, _ in rows}
    return shelves, any(traced for *_, traced in rows)
