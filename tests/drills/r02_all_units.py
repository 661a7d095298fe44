"""R2: all of the stock can be sold and no more, in mixed carts that lock each other's items."""

from functools import partial

import sqlalchemy as sa

from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderLine, StockItem
from tests.drills import Outcome, Run, drill
from tests.drills.shoppers import Answer, Goal, Shopper, a_goal, at_once, in_turns, phone_of, running_shop
from tests.factories.ordering import fill_cart, stocked

UNITS = 100


@drill(
    "R2",
    bar="100 of 100 sold of each item, 0 refused in vain, 0 deadlocks, 0 errors",
    control_on=("postgresql",),
)
def every_unit_is_sold_and_no_more(run: Run) -> Outcome:
    """Two items of two sellers, one to five of each, put into carts in both orders; then the rest."""
    count = run.count(short=40, full=200)
    with run.application():
        with unit_of_work() as session:
            items = [stocked(session, name, on_hand=UNITS).id for name in ("Cam", "Bưởi")]
            goal = a_goal(session)
        deadlocks = _deadlocks(run)
        wanted = [_wish(run, items) for _ in range(count)]
        tokens = [fill_cart(wish, province_id=goal.province_id) for wish in wanted]
        with running_shop(run, "whole" if run.guarded else "stock") as port:
            buyers = [Shopper(port, {"cart": token}) for token in tokens]
            pages = [partial(b.checkout_form, phone_of(n), goal) for n, b in enumerate(buyers)]
            forms = in_turns(pages)
            answers = at_once(
                [partial(b.post, "/dat-hang", form) for b, form in zip(buyers, forms, strict=True)]
            )
            left = _left(items)
            refused = [wish for wish, answer in zip(wanted, answers, strict=True) if answer.status == 409]
            in_vain = sum(all(left[item] >= quantity for item, quantity in wish.items()) for wish in refused)
            if run.guarded:
                answers += _buy_the_rest(port, left, goal)
        sold = _sold(items)
        deadlocks = _deadlocks(run) - deadlocks
        on_record = {item: UNITS - units for item, units in _left(items).items()}
    errors = sorted(answer.status for answer in answers if answer.status not in {303, 409})
    got = {
        "clients": count,
        "sold": list(sold.values()),
        "promised": list(on_record.values()),
        "refused_in_vain": in_vain,
        "deadlocks": deadlocks,
        "errors": errors,
    }
    whole = set(sold.values()) == set(on_record.values()) == {UNITS}
    return Outcome(got, ok=whole and in_vain == deadlocks == len(errors) == 0)


def _wish(run: Run, items: list[int]) -> dict[int, int]:
    order = items if run.random.random() < 0.5 else items[::-1]
    chosen = order if run.random.random() < 0.7 else order[:1]
    return {item: run.random.randint(1, 5) for item in chosen}


def _buy_the_rest(port: int, left: dict[int, int], goal: Goal) -> list[Answer]:
    """Buy what is left, one unit an order, and one more than there is."""
    answers = []
    for item, units in left.items():
        for number in range(max(units, 0)):
            buyer = Shopper(port, {"cart": fill_cart({item: 1}, province_id=goal.province_id)})
            form = buyer.checkout_form(phone_of(10_000 * item + number), goal)
            answers.append(buyer.post("/dat-hang", form))
    return answers


def _left(items: list[int]) -> dict[int, int]:
    db.session.rollback()
    rows = db.session.execute(
        sa.select(StockItem.variant_id, StockItem.on_hand - StockItem.allocated - StockItem.reserved)
    )
    found = {row[0]: row[1] for row in rows}
    return {item: found[item] for item in items}


def _sold(items: list[int]) -> dict[int, int]:
    db.session.rollback()
    rows = db.session.execute(
        sa.select(OrderLine.variant_id, sa.func.sum(OrderLine.quantity)).group_by(OrderLine.variant_id)
    )
    found = {row[0]: int(row[1]) for row in rows}
    return {item: found.get(item, 0) for item in items}


def _deadlocks(run: Run) -> int:
    if run.on_sqlite:
        return 0
    db.session.rollback()
    db.session.execute(sa.text("SELECT pg_stat_clear_snapshot()"))
    counted = sa.text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(db.session.execute(counted).scalar_one())
