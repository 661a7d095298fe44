"""What a scan proves: one answer, in words that claim no more than is known.

A copied code opens the same page, so no answer ever says that goods are genuine.
"""

from enum import StrEnum

from marketplace.catalogue.models import Product, Publication
from marketplace.certification.history import Standing
from marketplace.certification.models import CertificateState
from marketplace.traceability.codes.trace_code import TraceCode


class Verdict(StrEnum):
    """The answers there are, the gravest first; only the last is good news."""

    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    LAPSED = "lapsed"
    UNDATED = "undated"
    UNCERTIFIED = "uncertified"
    LOT_UNKNOWN = "lot_unknown"
    GOOD = "good"

    @property
    def good(self) -> bool:
        """Whether the page opens in green."""
        return self is Verdict.GOOD


def give_verdict(product: Product, standing: Standing, code: TraceCode) -> Verdict:
    """Return the gravest answer that holds."""
    if product.publication is Publication.SUSPENDED:
        return Verdict.SUSPENDED
    if product.publication is Publication.WITHDRAWN:
        return Verdict.WITHDRAWN
    if (worry := _of_certificate(standing)) is not None:
        return worry
    if code.lot is not None or code.serial is not None:
        return Verdict.LOT_UNKNOWN
    return Verdict.GOOD


def _of_certificate(standing: Standing) -> Verdict | None:
    if standing.state is None:
        return Verdict.UNCERTIFIED
    if standing.state.alive:
        return None
    return {
        CertificateState.REVOKED: Verdict.REVOKED,
        CertificateState.UNDATED: Verdict.UNDATED,
    }.get(standing.state, Verdict.LAPSED)
