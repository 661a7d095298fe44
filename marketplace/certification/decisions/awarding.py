"""What a confirmed decision writes: itself in the register, and a certificate for each product."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.actions import publish_product
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.actions import record_certificate, record_decision
from marketplace.certification.authorities import Circumstances
from marketplace.certification.errors import OtherDayOnRecord
from marketplace.certification.models import Certificate, Decision


def write_decision(session: Session, number: str, facts: Circumstances) -> Decision:
    """Return the decision of this number and day in the register; raises OtherDayOnRecord."""
    decision = record_decision(session, number, facts)
    if decision.decided_on != facts.decided_on:
        raise OtherDayOnRecord(day=decision.decided_on)
    return decision


def award_stars(
    session: Session,
    actor: Actor,
    decision: Decision,
    product: Product,
    stars: int,
    at: datetime,
    points: Decimal | None = None,
) -> Certificate:
    """Certify a product, its producer loaded; one that was drafted and never shown comes on public view.

    `points` are those that the decision rests on, where it tells them.
    """
    holder = product.producer.name if product.producer else None
    certificate = record_certificate(
        session,
        product,
        stars=stars,
        day=clock.local_date(at),
        decision=decision,
        holder_name=holder,
        points=points,
    )
    session.flush()
    if product.publication is Publication.DRAFT:
        publish_product(session, product)
    org = Scope(ScopeKind.PRODUCER, product.producer_id) if product.producer_id else None
    data = {"stars": stars, "product_id": product.id, "decision_id": decision.id}
    journal.record(session, actor, "certificate:award", "certificate", certificate.id, org, at=at, data=data)
    return certificate
