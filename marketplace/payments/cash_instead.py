"""A buyer who meant to pay by card and pays on delivery after all."""

from datetime import datetime

from marketplace.database import db, unit_of_work
from marketplace.ordering.completion import Finalized
from marketplace.ordering.order_lock import lock_group
from marketplace.ordering.switching import switch_to_cash
from marketplace.payments.errors import NothingToPay, SessionUnresolved
from marketplace.payments.paying import end_session
from marketplace.payments.sessions import find_open_session
from marketplace.payments.standings import find_standings, whole_of


def pay_cash_instead(group_id: int, at: datetime) -> Finalized:
    """Place the draft orders of a group to be paid on delivery, once no card can pay for them any more.

    An attempt to pay by card is ended at the gateway first: perhaps it was paid, which then counts. Opens
    its own transactions. Raises NothingToPay for what is paid, GatewayUnavailable, GatewayRefused,
    SessionUnresolved for an attempt begun meanwhile, and what `switch_to_cash` raises.
    """
    under_way = find_open_session(db.session(), group_id)
    db.session.rollback()
    if under_way is not None:
        end_session(under_way.id, at)
    with unit_of_work() as session:
        group = lock_group(session, group_id)
        if whole_of(find_standings(session, group.orders).values()).captured:
            raise NothingToPay
        if find_open_session(session, group_id) is not None:
            raise SessionUnresolved
        return switch_to_cash(session, group_id, at)
