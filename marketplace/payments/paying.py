"""Talking to a gateway about an attempt to pay: prepared, committed, called, and then settled.

No transaction is open during a call. These functions open their own, so they are called outside of any.
"""

from datetime import datetime

from marketplace.database import unit_of_work
from marketplace.ordering.models import OrderGroup
from marketplace.ordering.order_lock import lock_group
from marketplace.payments.errors import GatewayRefused, SessionUnresolved
from marketplace.payments.gateway import ReturnUrls, gateway_of
from marketplace.payments.models import PaymentSession, SessionState
from marketplace.payments.sessions import UNANSWERED, Settled, attach, begin_session, lock_session, settle


def start_paying(group_id: int, urls: ReturnUrls, at: datetime) -> str:
    """Return the gateway's page where a group is paid; asked for twice, it is the same page.

    An earlier attempt that can no longer go on is ended at the gateway first: perhaps it was paid.
    Raises NothingToPay, HoldLost, GatewayUnavailable and GatewayRefused.
    """
    try:
        begun, group = _begin(group_id, at)
    except SessionUnresolved as unresolved:
        end_session(unresolved.parameters["session_id"], at)
        begun, group = _begin(group_id, at)
    if begun.url:
        return begun.url
    try:
        started = gateway_of(begun.method).start(begun, group, urls)
    except GatewayRefused:
        _fail(begun.id)
        raise
    with unit_of_work() as session:
        return attach(session, begun.id, started).url or ""


def ask_session(session_id: int, at: datetime) -> Settled:
    """Ask the gateway where an attempt to pay stands, and act on it; one that is over is ended.

    One that was never shown to anybody has failed. Raises GatewayUnavailable, GatewayRefused and what
    `settle` raises.
    """
    return _resolve(session_id, at, end=False)


def end_session(session_id: int, at: datetime) -> Settled:
    """End an attempt to pay at the gateway, and act on how it ended: perhaps it was paid.

    Raises what `ask_session` raises.
    """
    return _resolve(session_id, at, end=True)


def _begin(group_id: int, at: datetime) -> tuple[PaymentSession, OrderGroup]:
    with unit_of_work() as session:
        group = lock_group(session, group_id)  # kept here, so that its orders stay loaded for the gateway
        return begin_session(session, group_id, at), group


def _resolve(session_id: int, at: datetime, *, end: bool) -> Settled:
    asked = _note_asked(session_id, at)
    if not asked.state.is_open:
        return Settled(asked.state)
    if asked.reference is None:
        given_up = end or at >= asked.begun_at + UNANSWERED
        return Settled(_fail(session_id) if given_up else asked.state)
    gateway = gateway_of(asked.method)
    ended = end or asked.expires_at <= at
    answer = gateway.expire(asked.reference) if ended else gateway.ask(asked.reference)
    with unit_of_work() as session:
        return settle(session, session_id, answer, at)


def _note_asked(session_id: int, at: datetime) -> PaymentSession:
    """Note that the gateway is being asked, so that nobody else asks for a while."""
    with unit_of_work() as session:
        _, asked = lock_session(session, session_id)
        asked.asked_at = at
        return asked


def _fail(session_id: int) -> SessionState:
    """Give up an attempt to pay whose page nobody ever saw."""
    with unit_of_work() as session:
        _, given_up = lock_session(session, session_id)
        if given_up.state.is_open and given_up.reference is None:
            given_up.state = SessionState.FAILED
        return given_up.state
