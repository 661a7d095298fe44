"""R2: all of the stock can be sold and no more, in mixed carts that lock each other's items."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.completion import finalize
from marketplace.ordering.models import Order, OrderLine, OrderStatus, PaymentMethod, StockReservation
from marketplace.ordering.queries import find_shelf
from marketplace.ordering.reservations import extend_holds, sweep_holds
from marketplace.places.models import AdminUnit
from tests.drills import Outcome, Run, drill
from tests.drills.card_shop import present
from tests.drills.shoppers import Answer, Goal, Shopper, at_once, in_turns, phone_of, running_shop
from tests.factories.ordering import a_commune, fill_cart, ordered, stocked

WAYS = (PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.VIETQR, PaymentMethod.CARD)
SWEEPS = 4


@drill(
    "R2",
    bar="all units sold of each item (in full 100), 0 refused in vain, 0 deadlocks, 0 errors",
    control_on=("postgresql",),
)
def every_unit_is_sold_and_no_more(run: Run) -> Outcome:
    """Two items of two sellers, one to five of each, put into carts in both orders; then the rest.

    Some pay by card first, whose goods are held; before the rush many units are held for drafts that
    nobody paid in time, which the rush has to let go of, and a few for drafts that are paid, extended
    and swept in the middle of it.
    """
    count, units = run.count(short=16, full=200), run.count(short=40, full=100)
    with present(), run.application() as app:
        with unit_of_work() as session:
            items = [stocked(session, name, on_hand=units).id for name in ("Cam", "Bưởi")]
            commune = a_commune(session)
            goal = Goal(commune.parent_id or 0, commune.id)
        _hold(run, items, commune)
        deadlocks = _deadlocks(run)
        wanted = [_wish(run, items) for _ in range(count)]
        tokens = [fill_cart(wish, province_id=goal.province_id) for wish in wanted]
        with running_shop(run, "whole" if run.guarded else "stock", STRIPE_SECRET_KEY="sk_test_none") as port:
            buyers = [Shopper(port, {"cart": token}) for token in tokens]
            pages = [partial(b.checkout_form, phone_of(n), goal) for n, b in enumerate(buyers)]
            forms = [{**form, "tra": run.random.choice(WAYS)} for form in in_turns(pages)]
            tasks: list[Callable[[], Answer | None]] = [
                partial(b.post, "/dat-hang", form) for b, form in zip(buyers, forms, strict=True)
            ]
            done = at_once([*tasks, *_meanwhile(app)])
            answers = [answer for answer in done if answer is not None]
            left = _left(items)
            refused = [wish for wish, answer in zip(wanted, answers, strict=True) if answer.status == 409]
            in_vain = sum(all(left[item] >= quantity for item, quantity in wish.items()) for wish in refused)
            if run.guarded:
                answers += _buy_the_rest(port, left, goal)
        sold = _sold(items)
        deadlocks = _deadlocks(run) - deadlocks
        on_record = {item: units - rest for item, rest in _left(items).items()}
    errors = sorted(answer.status for answer in answers if answer.status not in {303, 409})
    got = {
        "clients": count,
        "sold": list(sold.values()),
        "promised": list(on_record.values()),
        "refused_in_vain": in_vain,
        "by_card": sum(form["tra"] == PaymentMethod.CARD for form in forms),
        "deadlocks": deadlocks,
        "errors": errors,
    }
    whole = set(sold.values()) == set(on_record.values()) == {units}
    return Outcome(got, ok=whole and in_vain == deadlocks == len(errors) == 0)


def _hold(run: Run, items: list[int], commune: AdminUnit) -> None:
    """Hold goods for drafts: most of them hours ago, some of them now."""
    db.session.refresh(commune)
    lapsed, alive = run.count(short=4, full=10), run.count(short=3, full=6)
    for number in range(lapsed + alive):
        bundle = dict.fromkeys(items if number % 2 else items[::-1], 4 if number < lapsed else 1)
        begun = clock.now() - (timedelta(hours=3) if number < lapsed else timedelta(minutes=30))
        with clock.stopped(begun):
            ordered(bundle, commune, method=PaymentMethod.CARD)
    db.session.rollback()


def _meanwhile(app: Flask) -> list[Callable[[], None]]:
    """Return what happens in the middle of the rush: drafts paid or extended, lapsed holds swept."""
    alive = sa.select(Order.group_id).join(StockReservation).where(StockReservation.expires_at > clock.now())
    groups = sorted(set(db.session.scalars(alive)))
    acts: list[Callable[[Session], object]] = [
        partial(finalize if number % 2 else extend_holds, group_id=group_id, at=clock.now())
        for number, group_id in enumerate(groups)
    ]

    def act(do: Callable[[Session], object]) -> None:
        with app.app_context(), unit_of_work() as session:
            do(session)

    def sweep() -> None:
        with app.app_context():
            sweep_holds()

    db.session.rollback()
    return [*(partial(act, do) for do in acts), *[sweep] * SWEEPS]


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
    """Return what can still be sold, units counted that are held for nobody any more."""
    db.session.rollback()
    shelf = find_shelf(db.session(), items)
    return dict(shelf.available)


def _sold(items: list[int]) -> dict[int, int]:
    """Return the units in orders that are placed, and in drafts whose goods are held."""
    db.session.rollback()
    held = sa.exists().where(
        StockReservation.order_id == OrderLine.order_id, StockReservation.expires_at > clock.now()
    )
    rows = db.session.execute(
        sa.select(OrderLine.variant_id, sa.func.sum(OrderLine.quantity))
        .join(OrderLine.order)
        .where(sa.or_(Order.status == OrderStatus.PLACED, held))
        .group_by(OrderLine.variant_id)
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
