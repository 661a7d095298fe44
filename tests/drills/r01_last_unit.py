"""R1: the last unit is sold once, however many want it at the same moment."""

from functools import partial

import sqlalchemy as sa

from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderLine
from tests.drills import Outcome, Run, drill
from tests.drills.shoppers import Shopper, a_goal, at_once, in_turns, phone_of, running_shop
from tests.factories.ordering import fill_cart, stocked


@drill("R1", bar="1 order, every other buyer told 409, nothing else", control_on=("postgresql",))
def the_last_unit_is_sold_once(run: Run) -> Outcome:
    """Put one unit into many carts and submit all checkout pages at the same moment."""
    count = run.count(short=12, full=200)
    with run.application():
        with unit_of_work() as session:
            variant, goal = stocked(session, on_hand=1), a_goal(session)
        tokens = [fill_cart({variant.id: 1}, province_id=goal.province_id) for _ in range(count)]
        with running_shop(run, "whole" if run.guarded else "stock") as port:
            buyers = [Shopper(port, {"cart": token}) for token in tokens]
            pages = [partial(b.checkout_form, phone_of(n), goal) for n, b in enumerate(buyers)]
            forms = in_turns(pages)
            answers = at_once(
                [partial(b.post, "/dat-hang", form) for b, form in zip(buyers, forms, strict=True)]
            )
        sold = db.session.execute(
            sa.select(sa.func.coalesce(sa.func.sum(OrderLine.quantity), 0))
        ).scalar_one()
    statuses = [answer.status for answer in answers]
    seconds = sorted(answer.seconds for answer in answers)
    got = {
        "clients": count,
        "sold": int(sold),
        "orders": statuses.count(303),
        "refused": statuses.count(409),
        "other": sum(status not in {303, 409} for status in statuses),
        "p99_ms": round(seconds[int(len(seconds) * 0.99)] * 1000),
    }
    whole = got["sold"] == got["orders"] == 1 and got["refused"] == count - 1
    return Outcome(got, ok=whole and got["other"] == 0)
