"""What people do to orders in drill R10: each deed is done to the shop and to the model alike."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from typing import Any

from marketplace import clock
from marketplace.database import unit_of_work
from marketplace.errors import MarketplaceError
from marketplace.ordering import fulfillment, reservations, returns, stock
from marketplace.ordering.after_sale_models import ReturnReason
from marketplace.ordering.errors import NothingToOrder
from marketplace.ordering.models import CancelReason, Order, OrderGroup, PaymentMethod
from marketplace.payments import settlement, sweeper
from marketplace.payments.paying import ask_session, start_paying
from marketplace.payments.receipts import take_money
from marketplace.payments.sessions import find_open_session
from tests.drills.order_model import (
    SESSION_LASTS,
    CardSession,
    GivenBack,
    Line,
    Model,
    ModelGroup,
    ModelOrder,
    Sending,
)
from tests.drills.order_stage import ON_HAND, PRICES, Stage
from tests.factories.ordering import ordered
from tests.factories.payments import URLS

_numbers = count(1)


class Hands:
    """Does deeds, once or `times` over, and checks that the shop refuses what the model refuses."""

    def __init__(self, stage: Stage) -> None:
        stage.reset()
        self.stage = stage
        self.model = Model(len(PRICES), ON_HAND, clock.now())

    def at_present(self) -> AbstractContextManager[None]:
        return clock.stopped(self.model.now)

    def tap(
        self, times: int, expected: str | None, act: Callable[..., Any], *given: Any, **named: Any
    ) -> Any:
        """Do an action once or more; what is refused is so each time, what is done is done once."""
        done = None
        for _ in range(times):
            done, refusal = self._try(act, *given, **named)
            assert refusal == expected, f"{act.__name__}: {refusal} instead of {expected}"
        return done

    def _try(self, act: Callable[..., Any], *given: Any, **named: Any) -> tuple[Any, str | None]:
        try:
            with self.at_present(), unit_of_work() as session:
                return act(session, *given, **named, at=self.model.now), None
        except MarketplaceError as error:
            return None, type(error).__name__

    def buy(self, wish: dict[int, int], method: PaymentMethod) -> None:
        """Put goods into a cart and check out; what cannot be had stays behind."""
        good = {n: quantity for n, quantity in wish.items() if self.model.free(n) >= quantity}
        quantities = {self.stage.items[n]: quantity for n, quantity in wish.items()}
        phone = f"09{next(_numbers):08}"
        try:
            with self.at_present():
                group = ordered(quantities, self.stage.commune, method=method, phone=phone)
        except NothingToOrder:
            assert not good
        else:
            self._note_group(group, good)

    def _note_group(self, group: OrderGroup, good: dict[int, int]) -> None:
        orders = [self._noted(order, drafted=group.payment_method.paid_first) for order in group.orders]
        bought = {n: line.quantity for order in orders for n, line in order.lines.items()}
        assert bought == good
        assert group.total == sum(order.total for order in orders)
        self.model.groups.append(ModelGroup(group.id, group.payment_method.value, self.model.now, orders))

    def _noted(self, order: Order, *, drafted: bool) -> ModelOrder:
        lines = {
            self.stage.number(line.variant_id): Line(line.quantity, line.unit_price) for line in order.lines
        }
        until = self.model.now + reservations.HELD_FOR if drafted else None
        status = "draft" if drafted else "placed"
        return ModelOrder(order.id, lines, order.shipping_fee, status, held_until=until)

    def go_round(self) -> None:
        """Let the worker do its duties."""
        with self.at_present():
            reservations.sweep_holds()
            sweeper.expire_drafts()
            sweeper.carry_out_refunds()
        self.model.tend()

    def go_to_the_gateway(self, group: ModelGroup, *, pays: bool) -> None:
        """Open the gateway's page, and perhaps pay there."""
        expected, refusal = self.model.start_paying(group), None
        try:
            with self.at_present():
                start_paying(group.id, URLS, self.model.now)
        except MarketplaceError as error:
            refusal = type(error).__name__
        assert refusal == expected, f"start_paying: {refusal} instead of {expected}"
        if refusal is None:
            begun = self._note_session(group)
            if pays and not begun.paid:
                self.stage.gateway.pay(begun.reference, begun.amount)
                begun.paid = True

    def _note_session(self, group: ModelGroup) -> CardSession:
        with unit_of_work() as session:
            begun = find_open_session(session, group.id)
        assert begun is not None
        assert begun.amount == group.owed
        if group.session is None:
            ends = self.model.now + SESSION_LASTS
            group.session = CardSession(begun.id, begun.reference or "", begun.amount, ends)
        assert group.session.id == begun.id
        return group.session

    def hear_the_gateway(self, group: ModelGroup, times: int) -> None:
        """Ask the gateway, as its notice, the buyer's return and the sweeper do."""
        if group.session is None:
            return
        for number in [group.session.id] * times:
            with self.at_present():
                ask_session(number, self.model.now)
        self.model.resolve(group, end=False)

    def transfer(self, group: ModelGroup, amount: int, times: int) -> None:
        """Pay by bank, as much as one likes."""
        if amount:
            reference = f"FT{next(_numbers)}"
            self.tap(times, None, take_money, group.id, PaymentMethod.VIETQR, reference, amount)
            self.model.pay(group, amount)

    def confirm(self, order: ModelOrder, times: int) -> None:
        placed = order.status == "placed"
        self.tap(times, None if placed else "NotConfirmable", fulfillment.confirm_order, order.id)
        order.confirmed |= placed

    def send(self, order: ModelOrder, times: int, *, whole: bool) -> None:
        """Send what is left, or one unit of it."""
        left = order.unsent()
        parcel = left if whole else dict.fromkeys(list(left)[:1], 1)
        lines = self.stage.lines_of(order.id)
        quantities = None if whole else {lines[n]: quantity for n, quantity in parcel.items()}
        expected = self._why_not_sent(order, left, whole=whole)
        given = (order.id, quantities, None, None)
        sent = self.tap(times, expected, settlement.ship, *given, position=len(order.sendings) + 1)
        if sent is not None and sent.id not in order.sendings:
            order.sendings[sent.id] = Sending(dict(parcel))
            for n, quantity in parcel.items():
                self.model.on_hand[n] -= quantity

    def _why_not_sent(self, order: ModelOrder, left: dict[int, int], *, whole: bool) -> str | None:
        if self.model.group_of(order).method != "cod" and order.owed:
            return "NotPaid"
        if order.status != "placed" or not order.confirmed:
            return "NotShippable"
        return None if left or (whole and order.sendings) else "NothingToShip"

    def deliver(self, order: ModelOrder, number: int, times: int, *, paid: bool) -> None:
        """Deliver a sending, with what the order owes in cash or with nothing."""
        sending = order.sendings[number]
        in_cash = self.model.group_of(order).method == "cod"
        collected = order.owed if paid and in_cash and sending.state != "delivered" else 0
        expected = "NotOnTheWay" if sending.state in {"failed", "back"} else None
        self.tap(times, expected, settlement.deliver, number, collected)
        if sending.state == "on the way":
            sending.state = "delivered"
            order.captured += collected

    def fail(self, order: ModelOrder, number: int, times: int) -> None:
        sending = order.sendings[number]
        expected = "NotOnTheWay" if sending.state == "delivered" else None
        self.tap(times, expected, fulfillment.mark_failed, number)
        sending.state = "failed" if sending.state == "on the way" else sending.state

    def come_back(self, order: ModelOrder, number: int, times: int, *, restock: bool) -> None:
        expected = self.model.came_back(order, order.sendings[number], restock)
        self.tap(times, expected, settlement.came_back, number, restock)

    def give_up_the_rest(self, order: ModelOrder, times: int) -> None:
        self.tap(times, self.model.cancel_rest(order), settlement.cancel_rest, order.id)

    def cancel(self, order: ModelOrder, times: int, reason: CancelReason) -> None:
        self.tap(times, self.model.cancel(order), settlement.cancel, order.id, reason)

    def ask_to_return(self, order: ModelOrder, n: int, quantity: int, times: int, *, fault: bool) -> None:
        expected = None if quantity <= order.returnable(n) else "NotReturnable"
        reason = ReturnReason.DAMAGED if fault else ReturnReason.CHANGED_MIND
        wanted = {self.stage.lines_of(order.id)[n]: quantity}
        given: tuple[Any, ...] = (order.id, wanted, reason, f"Lần {next(_numbers)}", [])
        asked = self.tap(times, expected, returns.ask_return, *given)
        if asked is not None:
            order.returns.append(GivenBack(asked.id, {n: quantity}, fault))

    def answer_return(self, order: ModelOrder, asked: GivenBack, times: int, *, agree: bool) -> None:
        if agree:
            passed = asked.state in {"requested", "approved", "received", "refunded"}
            self.tap(times, None if passed else "ReturnMovedOn", returns.approve_return, asked.id)
        else:
            passed = asked.state in {"requested", "declined"}
            given = (asked.id, "Không thấy lỗi.")
            self.tap(times, None if passed else "ReturnMovedOn", returns.decline_return, *given)
        if asked.state == "requested":
            asked.amount = self.model.agreed_amount(order, asked) if agree else None
            asked.state = "approved" if agree else "declined"

    def receive_return(self, asked: GivenBack, times: int, *, restock: bool) -> None:
        passed = asked.state in {"approved", "received", "refunded"}
        self.tap(times, None if passed else "ReturnMovedOn", returns.receive_return, asked.id, restock)
        if asked.state == "approved":
            asked.state = "received"
            for n, quantity in asked.units.items() if restock else ():
                self.model.on_hand[n] += quantity

    def refund_return(self, order: ModelOrder, asked: GivenBack, times: int) -> None:
        passed = asked.state in {"received", "refunded"}
        self.tap(times, None if passed else "ReturnMovedOn", settlement.refund_return, asked.id)
        if passed:
            asked.state = "refunded"
            before, amount = order.refunded, min(asked.amount or 0, order.kept)
            order.give_back(amount, f"return:{asked.id}")
            order.lessened += order.refunded - before

    def count_the_shelf(self, n: int, by: int) -> None:
        """Find more on a shelf than was thought, or less."""
        variant = self.stage.items[n]
        if by > 0:
            self.tap(1, None, stock.receive, variant, by, "nhập kho")
        elif self.stage.available(variant) >= -by:
            self.tap(1, None, stock.adjust, variant, by, "hư hỏng")
        else:
            self.tap(1, "BelowPromised", stock.adjust, variant, by, "hư hỏng")
            return
        self.model.on_hand[n] += by
