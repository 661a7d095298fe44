"""R5: the same checkout page submitted many times at the same moment is one order."""

from functools import partial

import sqlalchemy as sa

from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderGroup
from tests.drills import Outcome, Run, drill
from tests.drills.shoppers import Shopper, a_goal, at_once, phone_of, running_shop
from tests.factories.ordering import fill_cart, stocked

TIMES = 20


@drill("R5", bar="1 order for each page, and all 20 answers lead to it", control_on=("postgresql",))
def a_page_submitted_twenty_times_is_one_order(run: Run) -> Outcome:
    """Submit one page twenty times at once, and do that with several pages."""
    pages = run.count(short=1, full=25)
    with run.application():
        with unit_of_work() as session:
            variant, goal = stocked(session, on_hand=10_000), a_goal(session)
        tokens = [fill_cart({variant.id: 2}, province_id=goal.province_id) for _ in range(pages)]
        strays = 0
        with running_shop(run, "whole" if run.guarded else "replay") as port:
            for number, token in enumerate(tokens):
                buyer = Shopper(port, {"cart": token})
                form = buyer.checkout_form(phone_of(number), goal)
                answers = at_once([partial(buyer.post, "/dat-hang", form)] * TIMES)
                leads_to = {(answer.status, answer.location) for answer in answers}
                strays += len(leads_to) - 1
                strays += sum(buyer.get(location).status != 200 for _, location in leads_to if location)
        orders = db.session.execute(sa.select(sa.func.count()).select_from(OrderGroup)).scalar_one()
    got = {"pages": pages, "submissions": pages * TIMES, "orders": orders, "strays": strays}
    return Outcome(got, ok=orders == pages and strays == 0)
