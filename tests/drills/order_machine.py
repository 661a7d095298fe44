"""The rules of drill R10: what can happen to orders, chosen by Hypothesis."""

from datetime import timedelta
from random import Random
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from marketplace.ordering.models import CancelReason, PaymentMethod
from tests.drills.order_hands import Hands
from tests.drills.order_model import GivenBack, ModelOrder
from tests.drills.order_stage import PRICES, Stage, compare

item = st.integers(0, len(PRICES) - 1)
wish = st.dictionaries(item, st.integers(1, 3), min_size=1)
method = st.sampled_from(PaymentMethod)
chance = st.randoms(use_true_random=True)
"""Draws evenly; its seed is what Hypothesis chooses."""
taps = st.sampled_from([1, 1, 2])
TO_ORDERS = ("cancel", "rest", "part", "money", "return", "again")
TO_PARCELS = ("fail", "back", "lost")
MOST_GROUPS = 4


class OrderMachine(RuleBasedStateMachine):
    """Three items of two sellers, and everything that can happen to an order."""

    stage: ClassVar[Stage]
    steps: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.hands = Hands(self.stage)
        self.model = self.hands.model

    @initialize(first=wish, second=wish, methods=st.tuples(method, method))
    def open_the_shop(
        self, first: dict[int, int], second: dict[int, int], methods: tuple[PaymentMethod, PaymentMethod]
    ) -> None:
        self.hands.buy(first, methods[0])
        self.hands.buy(second, methods[1])

    @precondition(lambda self: len(self.model.groups) < MOST_GROUPS)
    @rule(wish=wish, method=method)
    def buy(self, wish: dict[int, int], method: PaymentMethod) -> None:
        self.hands.buy(wish, method)

    @rule(minutes=st.sampled_from([5, 36, 41, 90]))
    def time_passes(self, minutes: int) -> None:
        self.model.now += timedelta(minutes=minutes)

    @rule()
    def the_worker_goes_round(self) -> None:
        self.hands.go_round()

    @rule(number=item, by=st.sampled_from([-3, -1, 2]))
    def count_the_shelf(self, number: int, by: int) -> None:
        self.hands.count_the_shelf(number, by)

    @rule(chance=chance, steps=st.integers(1, 6), times=taps)
    def one_goes_its_way(self, chance: Random, steps: int, times: int) -> None:
        """Lead one order on: paid, taken on, sent, delivered, given back, refunded."""
        for order in [self._choose(chance)] * steps:
            if order is not None:
                self._go_on(order, times)
                self.they_agree()

    @rule(chance=chance, what=st.sampled_from(TO_ORDERS), times=taps)
    def something_else_happens(self, chance: Random, what: str, times: int) -> None:
        """Do what need not be next, to whatever order."""
        order, hands = self._choose(chance), self.hands
        if order is None:
            return
        match what:
            case "cancel":
                hands.cancel(order, times, chance.choice([CancelReason.CUSTOMER, CancelReason.DECLINED]))
            case "rest":
                hands.give_up_the_rest(order, times)
            case "part":
                hands.confirm(order, times)
                hands.send(order, times, whole=False)
            case "money":
                self._pay_oddly(order, chance, times)
            case "return":
                number, quantity = chance.choice(list(order.lines)), chance.randint(1, 3)
                hands.ask_to_return(order, number, quantity, times, fault=chance.random() < 0.5)
            case _:
                self._repeat(order, chance, times)

    @rule(chance=chance, what=st.sampled_from(TO_PARCELS), times=taps)
    def a_parcel_goes_astray(self, chance: Random, what: str, times: int) -> None:
        """Have a parcel fail, and come back good or spoiled, if it is not delivered yet or even then."""
        sent = [(order, number) for order in self.model.orders for number in order.sendings]
        living = [(order, number) for order, number in sent if order.sendings[number].state != "delivered"]
        if not sent:
            return
        order, number = chance.choice(living if living and chance.random() < 0.8 else sent)
        if what == "fail":
            self.hands.fail(order, number, times)
        else:
            self.hands.come_back(order, number, times, restock=what == "back")

    @invariant()
    def they_agree(self) -> None:
        OrderMachine.steps += 1
        compare(self.stage, self.model)

    def teardown(self) -> None:
        """Have the doctor look at what the sequence left behind."""
        self.stage.books_agree()

    def _choose(self, chance: Random) -> ModelOrder | None:
        """Return any order, one that is not canceled more often than not."""
        orders = self.model.orders
        living = [order for order in orders if not order.off]
        chosen = living if living and chance.random() < 0.8 else orders
        return chance.choice(chosen) if chosen else None

    def _go_on(self, order: ModelOrder, times: int) -> None:
        group, hands = self.model.group_of(order), self.hands
        away = [number for number, one in order.sendings.items() if one.state == "on the way"]
        if order.status == "draft":
            if group.session is not None and group.session.paid:
                hands.hear_the_gateway(group, times)
            else:
                hands.go_to_the_gateway(group, pays=True)
        elif group.method == "vietqr" and group.owed:
            hands.transfer(group, group.owed, times)
        elif not order.confirmed:
            hands.confirm(order, times)
        elif order.unsent():
            hands.send(order, times, whole=True)
        elif away:
            hands.deliver(order, away[0], times, paid=True)
        else:
            self._give_back(order, times)

    def _give_back(self, order: ModelOrder, times: int) -> None:
        for asked in order.returns:
            if self._lead_on(order, asked, times):
                return
        for number in order.lines:
            if units := order.returnable(number):
                self.hands.ask_to_return(order, number, units, times, fault=True)
                return

    def _lead_on(self, order: ModelOrder, asked: GivenBack, times: int) -> bool:
        if asked.state == "requested":
            self.hands.answer_return(order, asked, times, agree=True)
        elif asked.state == "approved":
            self.hands.receive_return(asked, times, restock=self.model.orders.index(order) % 2 == 0)
        elif asked.state == "received":
            self.hands.refund_return(order, asked, times)
        else:
            return False
        return True

    def _pay_oddly(self, order: ModelOrder, chance: Random, times: int) -> None:
        group = self.model.group_of(order)
        if group.method == "vietqr":
            self.hands.transfer(group, group.owed // chance.randint(1, 3) + chance.choice([0, 9_999]), times)
        elif group.method == "stripe" and chance.random() < 0.5:
            self.hands.go_to_the_gateway(group, pays=chance.random() < 0.5)
        elif group.method == "stripe":
            self.hands.hear_the_gateway(group, times)

    def _repeat(self, order: ModelOrder, chance: Random, times: int) -> None:
        """Do once more what was done, or too early what is not yet to be done."""
        self.hands.confirm(order, times)
        for number in order.sendings:
            self.hands.deliver(order, number, times, paid=chance.random() < 0.5)
        for asked in order.returns:
            self.hands.answer_return(order, asked, times, agree=chance.random() < 0.5)
            self.hands.receive_return(asked, times, restock=True)
            self.hands.refund_return(order, asked, times)
