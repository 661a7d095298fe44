"""Acting on what Stripe tells by itself: each notice once, in any order.

A notice says that something happened; how things stand now is asked of Stripe, outside of transactions.
So neither an old notice nor one that overtook another does harm.
"""

import logging
from collections.abc import Callable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.database import db, unit_of_work
from marketplace.ordering.models import PaymentMethod
from marketplace.payments.elsewhere import hear_dispute, hear_refunds
from marketplace.payments.gateway import gateways
from marketplace.payments.models import GatewayEvent, Payment, PaymentSession
from marketplace.payments.receipts import find_payment
from marketplace.payments.sessions import settle
from marketplace.payments.stripe.gateway import StripeGateway
from marketplace.payments.stripe.notices import Notice
from marketplace.upsert import insert_into

log = logging.getLogger(__name__)

Effect = Callable[[Session], None]


def hear(notice: Notice, at: datetime) -> bool:
    """Act on a notice, unless it was acted upon before; say whether it was of any concern.

    Opens its own transactions. Raises GatewayUnavailable when Stripe cannot be asked: it tells again.
    """
    effect = _read(notice, at) if not _was_heard(notice.id) else None
    if effect is None:
        return False
    with unit_of_work() as session:
        if _note(session, notice, at):
            effect(session)
    return True


def _read(notice: Notice, at: datetime) -> Effect | None:
    """Ask Stripe about what a notice tells, and return what is to be done, or None for other matters."""
    gateway = gateways.get(PaymentMethod.CARD)
    assert isinstance(gateway, StripeGateway), "notices are taken where Stripe is the gateway"
    about = str(notice.about.get("id"))
    paid = str(notice.about.get("payment_intent"))
    if notice.kind.startswith("checkout.session."):
        return _session_effect(gateway, about, at)
    if notice.kind.startswith("charge.dispute."):
        dispute = gateway.ask_dispute(about)
        return _payment_effect(
            gateway, dispute.payment_reference, at, lambda s, payment: hear_dispute(s, payment, dispute, at)
        )
    if notice.kind.startswith("refund.") or notice.kind in {"charge.refunded", "charge.refund.updated"}:
        told = gateway.list_refunds(paid)
        return _payment_effect(gateway, paid, at, lambda s, payment: hear_refunds(s, payment, told, at))
    return None


def _session_effect(gateway: StripeGateway, reference: str, at: datetime) -> Effect:
    """Return what settles an attempt to pay; one that is not ours is only noted."""
    session_id = _find_attempt(gateway, reference)
    if session_id is None:
        log.warning("Stripe tells of a session that is not known here: %s", reference)
        return _nothing
    answer = gateway.ask(reference)

    def carry_out(session: Session) -> None:
        settle(session, session_id, answer, at)
        attempt = session.get_one(PaymentSession, session_id)
        attempt.reference = attempt.reference or reference

    return carry_out


def _find_attempt(gateway: StripeGateway, reference: str) -> int | None:
    """Return our attempt to pay that Stripe calls so: by that name, or by our key while we write it down."""
    named = PaymentSession.reference == reference
    found = db.session.scalar(sa.select(PaymentSession.id).where(named))
    db.session.rollback()
    if found is None and (key := gateway.key_of(reference)):
        found = db.session.scalar(sa.select(PaymentSession.id).where(PaymentSession.idempotency_key == key))
        db.session.rollback()
    return found


def _payment_effect(
    gateway: StripeGateway, reference: str, at: datetime, act: Callable[[Session, Payment], object]
) -> Effect:
    """Return what acts on a payment; one that was not heard of yet is written down first."""
    known = find_payment(db.session(), PaymentMethod.CARD, reference)
    db.session.rollback()
    made_in = gateway.find_session(reference) if known is None else None
    first = _session_effect(gateway, made_in, at) if made_in else _nothing

    def carry_out(session: Session) -> None:
        first(session)
        if payment := find_payment(session, PaymentMethod.CARD, reference):
            act(session, payment)
        else:
            log.warning("Stripe tells of a payment that is not known here: %s", reference)

    return carry_out


def _nothing(session: Session) -> None:
    """Do nothing but note that something was told."""


def _was_heard(identity: str) -> bool:
    heard = db.session.get(GatewayEvent, identity) is not None
    db.session.rollback()
    return heard


def _note(session: Session, notice: Notice, at: datetime) -> bool:
    """Write a notice down; say whether it is the first of its id."""
    first = session.execute(
        insert_into(session, GatewayEvent)
        .values(id=notice.id, kind=notice.kind[:80], received_at=at)
        .on_conflict_do_nothing()
        .returning(GatewayEvent.id)
    ).first()
    return first is not None
