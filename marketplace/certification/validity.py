"""When a certificate begins and ends, and what it is on a given day.

All days are calendar days in Vietnam; the last day of validity counts until 24:00 there.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from marketplace.certification.models import Certificate, CertificateState
from marketplace.clock import add_months

VALIDITY_MONTHS = 36
RENEWAL_OPENS = timedelta(days=180)
RENEWAL_CLOSES = timedelta(days=120)
LONGEST_EXTENSION = timedelta(days=180)


def last_day(issued_on: date | None, year: int | None) -> date | None:
    """Return the last day of validity as first granted, None when nothing tells.

    It is the day of issue plus 36 calendar months, clamped to the end of a shorter month (Decision
    26/2026/QĐ-TTg, article 4.3). Of a year Y known without the day, 31 December of Y + 2: the last
    day on which every certificate of that year was still valid.
    """
    if issued_on is not None:
        return add_months(issued_on, VALIDITY_MONTHS)
    if year is not None:
        return date(year + 2, 12, 31)
    return None


def first_day(certificate: Certificate) -> date | None:
    """Return the day a certificate began, 1 January where only the year is known, None when undated."""
    if certificate.issued_on is not None:
        return certificate.issued_on
    return date(certificate.year, 1, 1) if certificate.year is not None else None


def last_day_shown(certificate: Certificate) -> date | None:
    """Return the last day on which the stars may be shown, extension and revocation counted."""
    end = certificate.extended_until or certificate.valid_until
    if end is None or certificate.revoked_on is None:
        return end
    return min(end, certificate.revoked_on - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Standing:
    """What a product has of its latest recognition: stars, their last day, and a decision on record.

    Stars without a last day were named by a source that says not when: they are told, never shown.
    """

    stars: int | None
    until: date | None
    decision_checked: bool


def standing_of(latest: Certificate | None) -> Standing:
    """Return the standing that the deciding certificate of a product gives it; None gives nothing."""
    if latest is None:
        return Standing(None, None, decision_checked=False)
    if first_day(latest) is None:
        stars = latest.stars if latest.revoked_on is None else None
        return Standing(stars, None, decision_checked=False)
    return Standing(latest.stars, last_day_shown(latest), decision_checked=latest.decision_id is not None)


def state_on(certificate: Certificate, day: date) -> CertificateState | None:
    """Return what a certificate is on a day, None before it began.

    A revocation counts from its day on. A certificate whose successor came only after it had run
    out stays expired: it was never replaced while it lived.
    """
    begins, ends = first_day(certificate), certificate.valid_until
    if certificate.revoked_on is not None and certificate.revoked_on <= day:
        return CertificateState.REVOKED
    if begins is None or ends is None:
        return CertificateState.UNDATED
    if day < begins:
        return None
    if _superseded(certificate, certificate.extended_until or ends, day):
        return CertificateState.SUPERSEDED
    return _by_term(ends, certificate.extended_until, day)


def _superseded(certificate: Certificate, end: date, day: date) -> bool:
    since = certificate.superseded_on
    return since is not None and since <= day and since <= end


def _by_term(ends: date, extended_until: date | None, day: date) -> CertificateState:
    if day > ends:
        extended = extended_until is not None and day <= extended_until
        return CertificateState.EXTENDED if extended else CertificateState.EXPIRED
    if day < ends - RENEWAL_OPENS:
        return CertificateState.VALID
    if day <= ends - RENEWAL_CLOSES:
        return CertificateState.RENEWAL_WINDOW
    return CertificateState.RENEWAL_LATE
