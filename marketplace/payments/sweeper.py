"""What comes round by itself: asking gateways, giving back, paying out. Each round does a bounded part.

One thing that fails is logged and does not keep the others waiting; it comes round again.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.completion import list_stale_drafts
from marketplace.ordering.order_lock import lock_group
from marketplace.payments.errors import GatewayUnavailable
from marketplace.payments.gateway import gateways
from marketplace.payments.models import PaymentSession, SessionState
from marketplace.payments.paying import ask_session, end_session
from marketplace.payments.payouts import list_payable, make_payout
from marketplace.payments.repaying import list_waiting, repay
from marketplace.payments.sessions import find_open_session
from marketplace.payments.settlement import expire

log = logging.getLogger(__name__)

ASKED_EVERY = timedelta(minutes=10)
AT_ONCE = 20


def resume_sessions() -> int:
    """Ask gateways about attempts to pay that nobody asked about for ten minutes; return how many."""
    at = clock.now()
    return _each("the payment session", _read(lambda session: list_silent(session, at)), ask_session, at)


def expire_drafts() -> int:
    """Cancel draft orders for which nothing is held any more, after asking the gateway; return how many."""
    at = clock.now()
    return _each("the draft", _read(lambda session: list_stale_drafts(session, at)), _expire, at)


def carry_out_refunds() -> int:
    """Have gateways give back what is owed to buyers; return how many refunds were tried."""
    at = clock.now()
    return _each("the refund", _read(lambda session: list_waiting(session, at)), repay, at)


def pay_sellers_out() -> int:
    """Make the payouts that are due; return for how many sellers."""
    at = clock.now()
    return _each("the payout to producer", _read(lambda session: list_payable(session, at)), _pay_out, at)


def list_silent(session: Session, at: datetime) -> list[int]:
    """Return open attempts to pay that were begun or last asked about ten minutes ago, oldest first."""
    since = sa.func.coalesce(PaymentSession.asked_at, PaymentSession.begun_at)
    silent = sa.select(PaymentSession.id).where(
        PaymentSession.state.in_([SessionState.PENDING, SessionState.PROCESSING]),
        PaymentSession.method.in_(list(gateways)),
        since <= sa.bindparam("since", at - ASKED_EVERY, PaymentSession.begun_at.type),
    )
    return list(session.scalars(silent.order_by(since, PaymentSession.id).limit(AT_ONCE)))


def _read(ask: Callable[[Session], Iterable[int]]) -> list[int]:
    """Return what a query finds, with no transaction left open."""
    try:
        return list(ask(db.session()))
    finally:
        db.session.rollback()


def _each(what: str, ids: Iterable[int], do: Callable[[int, datetime], object], at: datetime) -> int:
    done = 0
    for one in ids:
        try:
            do(one, at)
        except GatewayUnavailable:
            log.warning("%s %s waits for its gateway", what, one)
        except Exception:
            log.exception("%s %s failed", what, one)
        done += 1
    return done


def _expire(group_id: int, at: datetime) -> None:
    under_way = _find_under_way(group_id)
    if under_way is not None:
        end_session(under_way, at)
    with unit_of_work() as session:
        lock_group(session, group_id)
        if find_open_session(session, group_id) is None:
            expire(session, group_id, at)


def _find_under_way(group_id: int) -> int | None:
    try:
        under_way = find_open_session(db.session(), group_id)
        return under_way.id if under_way else None
    finally:
        db.session.rollback()


def _pay_out(producer_id: int, at: datetime) -> None:
    with unit_of_work() as session:
        make_payout(session, producer_id, at)
