"""Extending a certificate whose file to be evaluated again came late and is still open.

Decision 26/2026/QĐ-TTg, article 12.3: it counts until that file is decided, at most 180 days longer. The file
was handed in while the certificate still counted.
"""

from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.actions import extend_certificate
from marketplace.certification.decisions.drafts import require_province
from marketplace.certification.decisions.paper_checks import require_no_member
from marketplace.certification.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.certification.models import Certificate
from marketplace.certification.oversight.errors import NoOpenReassessment
from marketplace.certification.validity import LONGEST_EXTENSION, RENEWAL_CLOSES

_ENDED = [state for state in DossierState if state.ended]


def list_late(
    session: Session, within: sa.ColumnElement[bool], day: date
) -> Sequence[tuple[Certificate, Dossier]]:
    """Return the certificates that may be extended on a day or are, each with its open file, soonest first.

    `within` says which products are looked at.
    """
    wanted = (
        sa.select(Certificate, Dossier)
        .join(Product, Product.id == Certificate.product_id)
        .join(Dossier, Dossier.product_id == Product.id)
        .where(
            within,
            Certificate.valid_until.between(day - LONGEST_EXTENSION, day + RENEWAL_CLOSES),
            Certificate.revoked_on.is_(None),
            Certificate.superseded_on.is_(None),
            *_open_file(),
        )
        .options(joinedload(Certificate.product).joinedload(Product.producer))
        .order_by(Certificate.valid_until, Certificate.id)
    )
    rows = session.execute(wanted).all()
    return [(certificate, dossier) for certificate, dossier in rows if _in_time(certificate, dossier)]


def extend_for_file(session: Session, actor: Actor, certificate_id: int, until: date, at: datetime) -> None:
    """Let a certificate count until a day, or until its late file is decided where that is sooner.

    Raises NotPermitted, ReauthenticationNeeded, MemberCannotAward, NoOpenReassessment and CannotExtend.
    """
    require_strong(actor, at)
    wanted = sa.select(Certificate).where(Certificate.id == certificate_id)
    loaded = wanted.options(joinedload(Certificate.product)).with_for_update(of=Certificate)
    certificate = session.execute(loaded.execution_options(populate_existing=True)).scalar_one_or_none()
    if certificate is None or certificate.product.province_id is None:
        raise NotPermitted
    require_province(session, actor, certificate.product.province_id)
    require_no_member(session, actor, [certificate.product])
    dossier = _find_file(session, certificate)
    if dossier is None:
        raise NoOpenReassessment
    before = certificate.extended_until
    extend_certificate(session, certificate, until)
    org = Scope(ScopeKind.PRODUCER, dossier.producer_id)
    data = {"until": until, "before": before, "dossier_code": dossier.code}
    journal.record(session, actor, "certificate:extend", "certificate", certificate.id, org, at=at, data=data)


def longest_until(certificate: Certificate) -> date | None:
    """Return the last day that an extension may reach, None where nothing tells when the term ends."""
    return certificate.valid_until + LONGEST_EXTENSION if certificate.valid_until else None


def _find_file(session: Session, certificate: Certificate) -> Dossier | None:
    """Return the open file of a certificate's product, locked so that it is not decided meanwhile."""
    wanted = sa.select(Dossier).where(Dossier.product_id == certificate.product_id, *_open_file())
    dossier = session.execute(wanted.with_for_update()).scalar_one_or_none()
    return dossier if dossier is not None and _in_time(certificate, dossier) else None


def _open_file() -> tuple[sa.ColumnElement[bool], ...]:
    return (
        Dossier.kind == DossierKind.REASSESS,
        Dossier.submitted_at.is_not(None),
        Dossier.state.not_in(_ENDED),
    )


def _in_time(certificate: Certificate, dossier: Dossier) -> bool:
    """Return whether the file was handed in while the certificate counted."""
    if dossier.submitted_at is None or certificate.valid_until is None:
        return False
    return clock.local_date(dossier.submitted_at) <= certificate.valid_until
