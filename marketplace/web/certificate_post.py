"""Letters about the end of a certificate, or its being put off: to the producer and to the commune."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import jobs
from marketplace.accounts.memberships import list_members
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.web.post import JOB, Letter, send_to_members


def tell_of_certificate(session: Session, letter: Letter, product: Product, about: int, at: datetime) -> None:
    """Leave a letter behind to whoever works for the product's producer, and to officers of its commune."""
    if product.producer_id is not None:
        send_to_members(session, letter, product.producer_id, at, about)
    if product.commune_id is not None:
        for officer in list_members(session, Scope(ScopeKind.ADMIN_UNIT, product.commune_id)):
            about_it = {"person_id": officer.person_id, "about": about}
            jobs.put(session, JOB, letter=letter, at=at.isoformat(), **about_it)
