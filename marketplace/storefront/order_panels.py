"""One parcel of an order as its buyer sees it: what its seller does, what its buyer may do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.ordering.after_sale_models import Return
from marketplace.ordering.cancellation import may_cancel
from marketplace.ordering.models import (
    Fulfillment,
    Order,
)
from marketplace.ordering.order_queries import WholeGroup
from marketplace.ordering.recall_reach import Halt, find_recalled_lines, list_halts
from marketplace.ordering.returnable import (
    last_day_for_return,
    last_moment_for_fresh,
    returnable,
    units_of,
)
from marketplace.ordering.returns import find_fresh
from marketplace.ordering.status import ParcelState, amount_due, parcel_state, units_to_send
from marketplace.payments.status import Standing
from marketplace.storefront.order_words import (
    Step,
    arrives_by,
    list_steps,
    tracking_address,
)
from marketplace.web.parcel_words import GIVEN_BACK, Told, told_state


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending as its buyer sees it: what went, where the carrier shows it, and by when it comes."""

    fulfillment: Fulfillment
    goods: tuple[tuple[int, str], ...]
    address: str | None
    by: datetime


@dataclass(frozen=True, slots=True)
class Panel:
    """One parcel of an order: what its seller does with it, and what its buyer may do. Amounts are đồng."""

    order: Order
    state: ParcelState
    money: Standing
    returns: tuple[Return, ...]
    return_until: date | None
    fresh_until: datetime | None
    returnable: bool
    place: str
    place_words: str
    halts: tuple[Halt, ...] = ()

    @property
    def told(self) -> Told:
        """Return its state in words; what was given back whole is no longer called received."""
        if self.state is ParcelState.DELIVERED and self._is_given_back():
            return GIVEN_BACK
        return told_state(self.order, self.state)

    def _is_given_back(self) -> bool:
        back = [one for one in self.returns if one.received_at is not None]
        lines = self.order.lines
        return all(units_of(back, line.id) == line.quantity - line.canceled for line in lines)

    @property
    def steps(self) -> list[Step]:
        """Return its five steps; of a canceled parcel none."""
        return [] if self.state is ParcelState.CANCELED else list_steps(self.order, self.state)

    @property
    def frozen(self) -> bool:
        """Return whether a recall holds back what is still to be sent of it."""
        return any(halt.frozen for halt in self.halts) and bool(units_to_send(self.order))

    @property
    def may_cancel(self) -> bool:
        """Return whether the buyer may still take it back."""
        return may_cancel(self.order)

    @property
    def answer_by(self) -> date | None:
        """Return the last day on which its seller is to answer, where that is known."""
        end = self.order.confirm_by
        return clock.local_date(end - timedelta(seconds=1)) if end else None

    @property
    def reviewable(self) -> bool:
        """Return whether goods of it reached the buyer, who can say how they are."""
        return any(sending.delivered_at for sending in self.order.fulfillments)

    @property
    def taken_off(self) -> int:
        """Return what its units that cannot be sent would have cost, while others of it are sent."""
        canceled = self.state is ParcelState.CANCELED
        return 0 if canceled else self.order.total - amount_due(self.order)

    @property
    def sendings(self) -> list[Sending]:
        """Return its sendings, the first one first."""
        names = {line.id: line.product_name for line in self.order.lines}
        return [
            Sending(
                sent,
                tuple((line.quantity, names[line.order_line_id]) for line in sent.lines),
                tracking_address(sent),
                arrives_by(self.order, sent),
            )
            for sent in self.order.fulfillments
        ]


def make_panels(
    session: Session, whole: WholeGroup, money: Mapping[int, Standing], at: datetime
) -> tuple[Panel, ...]:
    """Return the panels of an order group, each with how it stands with money."""
    halts = list_halts(session, [order.id for order in whole.group.orders]) if whole.traced else {}
    return tuple(
        _panel(
            session,
            order,
            money[order.id],
            whole.returns.get(order.id, ()),
            tuple(halts.get(order.id, ())),
            at,
        )
        for order in whole.group.orders
    )


def _panel(
    session: Session,
    order: Order,
    money: Standing,
    returns: Sequence[Return],
    halts: tuple[Halt, ...],
    at: datetime,
) -> Panel:
    recalled = find_recalled_lines(session, order, [halt.recall for halt in halts])
    last = last_day_for_return(order)
    fresh = find_fresh(session, order) if last and at < last else set()
    end = last_day_for_return(order, fresh)
    in_time = end is not None and at < end
    fresh_until = last_moment_for_fresh(order, fresh)
    told_fresh = fresh_until is not None and (in_time or at <= fresh_until)
    return Panel(
        order=order,
        state=parcel_state(order),
        money=money,
        returns=tuple(returns),
        return_until=clock.local_date(end - timedelta(seconds=1)) if end and in_time else None,
        fresh_until=fresh_until if told_fresh else None,
        returnable=bool(returnable(order, returns, fresh, at, recalled)),
        halts=halts,
        place=order.pickup_address or order.seller_address,
        place_words=order.pickup_words or "",
    )
