"""Certificates for tests."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.certification.actions import record_certificate, record_decision
from marketplace.certification.authorities import Circumstances
from marketplace.certification.models import Certificate, Decision

LAST_YEAR = date(2025, 8, 5)


def a_decision(session: Session, number: str = "2919/QĐ-UBND", **changes: Any) -> Decision:
    """Record a decision of Hà Tĩnh's people's committee."""
    facts = {"stars": 4, "decided_on": LAST_YEAR, "province": "Hà Tĩnh", **changes}
    return record_decision(session, number, Circumstances(**facts))


def a_certificate(session: Session, product: Product, stars: int | None = 3, **changes: Any) -> Certificate:
    """Certify a product; unless told otherwise since 5 August 2025, so until 5 August 2028."""
    if not changes.keys() & {"issued_on", "year", "decision"}:
        changes["issued_on"] = LAST_YEAR
    return record_certificate(session, product, stars=stars, **{"day": clock.today(), **changes})
