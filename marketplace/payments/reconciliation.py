"""What an office sees of transfers: those without an order, and orders paid too little or too much.

Numbers, sellers and amounts, never who the buyers are.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.ordering.models import Order, OrderGroup, OrderLine, OrderStatus
from marketplace.payments.bank import Line, find_numbers
from marketplace.payments.models import BankTransfer, PaymentSplit, Refund, TransferState
from marketplace.payments.standings import LESSENING, find_standings, whole_of
from marketplace.payments.status import Standing

AT_ONCE = 100


class Outcome(StrEnum):
    """What becomes of a line of a statement."""

    KNOWN = "known"
    DIFFERS = "differs"
    UNMATCHED = "unmatched"
    PAID = "paid"
    SHORT = "short"
    OVER = "over"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a line of a statement would do: `number` the order it pays, `beyond` đồng missing or too much."""

    row: int
    line: Line
    outcome: Outcome
    number: str = ""
    beyond: int = 0


@dataclass(frozen=True, slots=True)
class Reconciled:
    """An order group as an office sees it: its number, its sellers, its money."""

    group: OrderGroup
    standings: dict[int, Standing]

    @property
    def money(self) -> Standing:
        """Return how the group stands with money."""
        return whole_of(self.standings.values())

    @property
    def sellers(self) -> str:
        """Return the names of its sellers."""
        return ", ".join(order.seller_name for order in self.group.orders)

    @property
    def over(self) -> list[tuple[Order, int]]:
        """Return its orders for which too much was paid, with how much."""
        return [
            (order, self.standings[order.id].excess)
            for order in self.group.orders
            if self.standings[order.id].excess
        ]


def list_transfers(session: Session, state: TransferState, most: int = AT_ONCE) -> Sequence[BankTransfer]:
    """Return the transfers in a state, the oldest first."""
    wanted = sa.select(BankTransfer).where(BankTransfer.state == state)
    return session.scalars(wanted.order_by(BankTransfer.at, BankTransfer.id).limit(most)).all()


def count_transfers(session: Session, state: TransferState) -> int:
    """Return how many transfers are in a state."""
    wanted = sa.select(sa.func.count()).select_from(BankTransfer).where(BankTransfer.state == state)
    return session.execute(wanted).scalar_one()


def list_uneven(session: Session, most: int = AT_ONCE) -> list[Reconciled]:
    """Return the groups that got transfers and in which an order is paid too little, or too much."""
    got = sa.exists().where(BankTransfer.group_id == OrderGroup.id)
    uneven = _of_orders().where(OrderGroup.id.in_(_uneven_groups()), got)
    groups = session.scalars(uneven.order_by(OrderGroup.id).limit(most)).all()
    listed = _reconciled(session, groups)
    return [one for one in listed if one.money.owed or one.over]


def find_reconciled(session: Session, number: str) -> Reconciled | None:
    """Return the order group of a number that can take a transfer, or None."""
    group = session.scalars(_of_orders().where(OrderGroup.number == number)).one_or_none()
    if group is None or any(order.status is OrderStatus.DRAFT for order in group.orders):
        return None
    return next(iter(_reconciled(session, [group])))


def foresee(session: Session, lines: Sequence[tuple[int, Line]]) -> list[Foreseen]:
    """Return what the lines of a statement would do one after another, as things stand now."""
    known = _known_amounts(session, [line.reference for _, line in lines])
    numbers = {line.reference: find_numbers(line.message) for _, line in lines}
    found = _by_number(session, set().union(*numbers.values()))
    owed = {number: one.money.owed for number, one in found.items()}
    return list(_foresee_each(lines, known, numbers, found, owed))


def _foresee_each(
    lines: Iterable[tuple[int, Line]],
    known: dict[str, int],
    numbers: dict[str, set[str]],
    found: dict[str, Reconciled],
    owed: dict[str, int],
) -> Iterator[Foreseen]:
    for row, line in lines:
        if line.reference in known:
            same = known[line.reference] == line.amount
            yield Foreseen(row, line, Outcome.KNOWN if same else Outcome.DIFFERS)
            continue
        named = sorted(numbers[line.reference] & found.keys())
        if len(named) != 1:
            yield Foreseen(row, line, Outcome.UNMATCHED)
            continue
        [number] = named
        missing = owed[number] - line.amount
        owed[number] = max(0, missing)
        outcome = Outcome.PAID if missing == 0 else Outcome.SHORT if missing > 0 else Outcome.OVER
        if found[number].money.due == 0:
            outcome = Outcome.CANCELED
        yield Foreseen(row, line, outcome, number, abs(missing))


def _known_amounts(session: Session, references: Collection[str]) -> dict[str, int]:
    wanted = sa.select(BankTransfer.reference, BankTransfer.amount).where(
        BankTransfer.reference.in_(references)
    )
    return {row.reference: row.amount for row in session.execute(wanted)}


def _by_number(session: Session, numbers: Collection[str]) -> dict[str, Reconciled]:
    groups = session.scalars(_of_orders().where(OrderGroup.number.in_(numbers))).all()
    placed = [
        group for group in groups if all(order.status is not OrderStatus.DRAFT for order in group.orders)
    ]
    return {one.group.number: one for one in _reconciled(session, placed)}


def _of_orders() -> sa.Select[OrderGroup]:
    return sa.select(OrderGroup).options(selectinload(OrderGroup.orders).selectinload(Order.lines))


def _reconciled(session: Session, groups: Sequence[OrderGroup]) -> list[Reconciled]:
    standings = find_standings(session, [order for group in groups for order in group.orders])
    return [Reconciled(group, {order.id: standings[order.id] for order in group.orders}) for group in groups]


def _uneven_groups() -> sa.Select[int]:
    """Select the groups in which what is kept of some order is not what is due, as a first sieve."""
    kept = (
        sa.select(sa.func.coalesce(sa.func.sum(PaymentSplit.captured - PaymentSplit.refunded), 0))
        .where(PaymentSplit.order_id == Order.id)
        .correlate(Order)
        .scalar_subquery()
    )
    taken_off = (
        sa.select(sa.func.coalesce(sa.func.sum(OrderLine.canceled * OrderLine.unit_price), 0))
        .where(OrderLine.order_id == Order.id)
        .correlate(Order)
        .scalar_subquery()
    )
    lessened = (
        sa.select(sa.func.coalesce(sa.func.sum(Refund.amount), 0))
        .join(PaymentSplit, PaymentSplit.id == Refund.split_id)
        .where(PaymentSplit.order_id == Order.id, Refund.reason.in_(LESSENING))
        .correlate(Order)
        .scalar_subquery()
    )
    due = sa.case((Order.status == OrderStatus.CANCELED, 0), else_=Order.total - taken_off)
    return sa.select(Order.group_id).where(kept + lessened != due)
