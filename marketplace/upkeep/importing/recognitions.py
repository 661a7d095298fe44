"""Recording what a row says of a recognition, once."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.certification.actions import record_certificate, record_decision, refresh_standing
from marketplace.certification.authorities import Circumstances
from marketplace.certification.models import Certificate, Decision, Regulation
from marketplace.certification.regulations import regulation_of_issue
from marketplace.certification.validity import first_day, last_day
from marketplace.upkeep.importing.changes import assign
from marketplace.upkeep.importing.locating import Place
from marketplace.upkeep.importing.product_rows import ProductRow


def record_recognition(
    session: Session, product: Product, row: ProductRow, place: Place, external_id: str, day: date
) -> tuple[Certificate, bool, bool]:
    """Return the certificate that a row speaks of, whether it is new, and whether it was changed.

    A certificate is known by the row's id; a row of another id that tells the same recognition
    again adds nothing.
    """
    kept = list(session.scalars(sa.select(Certificate).where(Certificate.product_id == product.id)))
    same = next((c for c in kept if c.external_id == external_id), None)
    decision = decide(session, row, place.province, place.district)
    if same is not None:
        return same, False, _correct(session, product, same, row, decision)
    again = next((c for c in kept if _tells_the_same(c, row, decision)), None)
    if again is not None:
        return again, False, False
    certificate = record_certificate(
        session,
        product,
        stars=row.stars,
        day=day,
        issued_on=row.decided_on,
        year=row.year,
        decision=decision,
        external_id=external_id,
        holder_name=row.producer,
        product_name=row.name,
        source_url=row.source_url,
    )
    return certificate, True, True


def leads(session: Session, product: Product, certificate: Certificate) -> bool:
    """Say whether a certificate is the latest of its product: its row then tells the product's facts."""
    kept = session.scalars(sa.select(Certificate).where(Certificate.product_id == product.id))
    latest = max(kept, key=lambda c: (first_day(c) or date.min, c.external_id or ""))
    return latest.id == certificate.id


def decide(session: Session, row: ProductRow, province: str | None, district: str | None) -> Decision | None:
    """Return the decision that a row names, written when it is new."""
    if row.decision_no is None:
        return None
    facts = Circumstances(
        stars=row.stars,
        decided_on=row.decided_on,
        year=row.year,
        province=province,
        district=district,
    )
    return record_decision(session, row.decision_no, facts, source_url=row.source_url)


def _tells_the_same(kept: Certificate, row: ProductRow, decision: Decision | None) -> bool:
    if (kept.stars, kept.year) != (row.stars, row.year):
        return False
    if kept.issued_on is not None and row.decided_on is not None and kept.issued_on != row.decided_on:
        return False
    return kept.decision_id is None or decision is None or kept.decision_id == decision.id


def _regulation_id(session: Session, issued_on: date | None, year: int | None) -> int | None:
    code = regulation_of_issue(issued_on, year)
    return session.scalar(sa.select(Regulation.id).where(Regulation.code == code)) if code else None


def _correct(
    session: Session, product: Product, kept: Certificate, row: ProductRow, decision: Decision | None
) -> bool:
    """Bring a certificate up to what its row says now, and the product's standing with it."""
    issued_on = row.decided_on or (decision.decided_on if decision else None)
    year = issued_on.year if issued_on else row.year
    changed = assign(
        kept,
        {
            "stars": row.stars,
            "issued_on": issued_on,
            "year": year,
            "valid_until": last_day(issued_on, year),
            "decision_id": decision.id if decision else None,
            "regulation_id": _regulation_id(session, issued_on, year),
            "holder_name": row.producer,
            "product_name": row.name,
            "source_url": row.source_url,
        },
    )
    if changed:
        refresh_standing(session, product)
    return changed
