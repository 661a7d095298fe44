"""Recording decisions and certificates, and what becomes of them."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.certification.authorities import Circumstances, Issuer, issuer_of
from marketplace.certification.errors import (
    AlreadyRevoked,
    CannotExtend,
    IssuedInFuture,
    NoCertificateForStars,
    RevokedBeforeIssue,
)
from marketplace.certification.models import Certificate, Decision, Regulation, RevocationReason
from marketplace.certification.regulations import regulation_of_issue
from marketplace.certification.validity import LONGEST_EXTENSION, first_day, last_day, standing_of
from marketplace.text import clean, slugify

CERTIFIED_STARS = {3, 4, 5}


def record_decision(
    session: Session,
    number: str,
    facts: Circumstances,
    issuer: Issuer | None = None,
    source_url: str | None = None,
) -> Decision:
    """Return the decision of this number, place and year, writing it when it is new.

    Without an `issuer` that the source names, its number and the rules of its day say who it was,
    as far as they do. A day learnt later is added to the decision.
    """
    number = clean(number)
    issuer = issuer or issuer_of(number, facts)
    code = _decision_code(number, issuer, facts)
    decision = session.scalar(sa.select(Decision).where(Decision.code == code))
    if decision is None:
        decision = _new_decision(code, number, issuer, facts)
        decision.regulation_id = _regulation_id(session, facts.decided_on, facts.year)
        decision.source_url = source_url
        session.add(decision)
    elif decision.decided_on is None and facts.decided_on is not None:
        decision.decided_on = facts.decided_on
        decision.regulation_id = _regulation_id(session, facts.decided_on, None)
    session.flush()
    return decision


def _decision_code(number: str, issuer: Issuer, facts: Circumstances) -> str:
    place = slugify(issuer.name or facts.province or "").removeprefix("uy-ban-nhan-dan-")
    year = facts.decided_on.year if facts.decided_on else facts.year
    return slugify(f"{number} {place} {year or ''}")


def _new_decision(code: str, number: str, issuer: Issuer, facts: Circumstances) -> Decision:
    return Decision(
        code=code,
        number=number,
        decided_on=facts.decided_on,
        year=facts.decided_on.year if facts.decided_on else facts.year,
        authority=issuer.level,
        authority_basis=issuer.basis,
        authority_name=issuer.name,
        printed_place=facts.province,
    )


def _regulation_id(session: Session, issued_on: date | None, year: int | None) -> int | None:
    code = regulation_of_issue(issued_on, year)
    if code is None:
        return None
    return session.scalar(sa.select(Regulation.id).where(Regulation.code == code))


def record_certificate(
    session: Session,
    product: Product,
    *,
    stars: int | None,
    day: date,
    issued_on: date | None = None,
    year: int | None = None,
    decision: Decision | None = None,
    **printed: Any,
) -> Certificate:
    """Record a recognition of a product and derive the product's standing from all of them.

    `issued_on` missing, the decision's day counts, and a day beats a stated `year`. `printed` are
    `holder_name`, `product_name`, `points`, `external_id` and `source_url` as the source has them.
    Raises NoCertificateForStars for 1 and 2 stars, IssuedInFuture for a day after `day`.
    """
    issued_on = issued_on or (decision.decided_on if decision else None)
    year = issued_on.year if issued_on else year
    _check_issue(stars, issued_on, year, day)
    certificate = Certificate(
        code=_certificate_code(session, product, year),
        product_id=product.id,
        stars=stars,
        decision_id=decision.id if decision else None,
        regulation_id=_regulation_id(session, issued_on, year),
        issued_on=issued_on,
        year=year,
        valid_until=last_day(issued_on, year),
        **{"product_name": product.name, **printed},
    )
    session.add(certificate)
    refresh_standing(session, product)
    return certificate


def _check_issue(stars: int | None, issued_on: date | None, year: int | None, day: date) -> None:
    if stars is not None and stars not in CERTIFIED_STARS:
        raise NoCertificateForStars(field="stars", stars=stars)
    if issued_on is not None and issued_on > day:
        raise IssuedInFuture(field="issued_on", issued_on=issued_on)
    if year is not None and year > day.year:
        raise IssuedInFuture(field="year", year=year)


def _certificate_code(session: Session, product: Product, year: int | None) -> str:
    """Return a code such as `cu-do-thanh-dat-2023`, numbered from the second of a year on."""
    stem = f"{product.slug[:100]}-{year or 'khong-ro-nam'}"
    taken = set(session.scalars(sa.select(Certificate.code).where(Certificate.code.startswith(stem))))
    code, number = stem, 1
    while code in taken:
        number += 1
        code = f"{stem}-{number}"
    return code


def revoke_certificate(
    session: Session, certificate: Certificate, reason: RevocationReason, on: date
) -> None:
    """Revoke a certificate from a day on, which may lie ahead (Decision 26/2026/QĐ-TTg, article 8).

    Its stars are shown for the last time on the day before. A certificate that it replaced does
    not come back. Raises AlreadyRevoked and RevokedBeforeIssue.
    """
    if certificate.revoked_on is not None:
        raise AlreadyRevoked(revoked_on=certificate.revoked_on)
    begins = first_day(certificate)
    if begins is not None and on < begins:
        raise RevokedBeforeIssue(field="on", on=on)
    certificate.revoked_on = on
    certificate.revocation_reason = reason
    refresh_standing(session, session.get_one(Product, certificate.product_id))


def extend_certificate(session: Session, certificate: Certificate, until: date) -> None:
    """Let a certificate count until a decision on its late renewal file, at most 180 days longer.

    Decision 26/2026/QĐ-TTg, article 12.3: the caller knows that the file is open.
    Raises CannotExtend.
    """
    end = certificate.valid_until
    replaced = certificate.revoked_on is not None or certificate.superseded_on is not None
    if end is None or replaced or not end < until <= end + LONGEST_EXTENSION:
        raise CannotExtend(until=until)
    certificate.extended_until = until
    refresh_standing(session, session.get_one(Product, certificate.product_id))


def end_extension(session: Session, product_id: int, on: date) -> Certificate | None:
    """Let no extension of a product count beyond a day: its late file was answered or taken back.

    Decision 26/2026/QĐ-TTg, article 12.3: a certificate is extended until that, not longer. Return the
    certificate whose term was cut, None where there was none.
    """
    extended = sa.select(Certificate).where(
        Certificate.product_id == product_id,
        Certificate.extended_until > on,
        Certificate.superseded_on.is_(None),
    )
    certificate = session.execute(extended).scalar_one_or_none()
    if certificate is None or certificate.valid_until is None:
        return None
    certificate.extended_until = on if on > certificate.valid_until else None
    refresh_standing(session, session.get_one(Product, product_id))
    return certificate


def refresh_standing(session: Session, product: Product) -> None:
    """Derive the product's stars and their last day from its certificates; nothing else writes them.

    The latest dated recognition alone decides, on every day: an earlier one was replaced by it even
    if it is revoked, runs out sooner or names no stars. Where none is dated, the last that still
    names stars says what was granted, and no day until when. No certificate can begin in the future
    and `live_stars(day)` compares days, so nothing needs doing when a midnight passes.
    """
    session.flush()
    of_product = sa.select(Certificate).where(Certificate.product_id == product.id)
    certificates = session.scalars(of_product.order_by(Certificate.id)).all()
    dated = sorted((c for c in certificates if first_day(c)), key=lambda c: (first_day(c), c.id))
    for earlier, later in pairwise(dated):
        earlier.superseded_by_id = later.id
        earlier.superseded_on = first_day(later)
    latest = dated[-1] if dated else None
    if latest is not None:
        latest.superseded_by_id = latest.superseded_on = None
    standing = standing_of(latest or _last_undated(certificates))
    product.granted_stars = standing.stars
    product.certified_until = standing.until
    product.decision_checked = standing.decision_checked
    product.ever_certified = bool(certificates)
    session.flush()


def _last_undated(certificates: Sequence[Certificate]) -> Certificate | None:
    return next((c for c in reversed(certificates) if c.stars and c.revoked_on is None), None)
