"""Revoking a certificate: drafted by one officer with its reason, decided by another with number and day.

Decision 26/2026/QĐ-TTg, article 8: for one of six reasons, by the authority that recognises such stars,
within 15 days of the conclusion or of the commune's confirmation.
"""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.actions import revoke_certificate
from marketplace.certification.authorities import Circumstances
from marketplace.certification.decisions.awarding import write_decision
from marketplace.certification.decisions.drafts import may_record, queue_up, require_province
from marketplace.certification.decisions.errors import NumberTaken
from marketplace.certification.decisions.paper_checks import read_number, require_no_member
from marketplace.certification.errors import AuthorCannotConfirm, IssuedInFuture
from marketplace.certification.models import Certificate, Decision
from marketplace.certification.oversight.errors import (
    DecidedBeforeConclusion,
    NotAlive,
    RevocationClosed,
    RevocationOpen,
)
from marketplace.certification.oversight.grounds import Grounds, read_words, require_authority
from marketplace.certification.oversight.inspections import require_inspection_of
from marketplace.certification.oversight.models import Revocation, RevocationState
from marketplace.certification.validity import state_on


def draft_revocation(
    session: Session, actor: Actor, certificate_id: int, grounds: Grounds, at: datetime
) -> Revocation:
    """Draft the revocation of a certificate that counts today; nothing follows before it is decided.

    Raises NotPermitted, MemberCannotAward, NotAlive, InvalidRevocation, IssuedInFuture,
    RevokedBeforeIssue and RevocationOpen.
    """
    certificate = _locked_certificate(session, certificate_id)
    if certificate.product.province_id is None:
        raise NotPermitted
    unit = require_province(session, actor, certificate.product.province_id)
    require_no_member(session, actor, [certificate.product])
    _require_alive(certificate, clock.local_date(at))
    words = read_words(grounds, certificate, clock.local_date(at))
    require_inspection_of(session, grounds.inspection_id, certificate.product)
    _refuse_second(session, certificate)
    revocation = Revocation(
        certificate_id=certificate.id,
        unit_id=unit.id,
        inspection_id=grounds.inspection_id,
        reason=grounds.reason,
        words=words,
        concluded_on=grounds.concluded_on,
        state=RevocationState.DRAFTED,
        drafted_by=actor.person_id,
        drafted_at=at,
    )
    session.add(revocation)
    session.flush()
    _note(session, actor, revocation, "draft", at, certificate_id=certificate.id, ground_kind=grounds.reason)
    return revocation


def withdraw_revocation(session: Session, actor: Actor, revocation_id: int, at: datetime) -> None:
    """Give a draft up, or send it back. Raises NotPermitted, RevocationClosed and MemberCannotAward."""
    revocation = _open(session, actor, revocation_id)
    of_certificate = Certificate.id == revocation.certificate_id
    product = sa.select(Product).join(Certificate, Certificate.product_id == Product.id).where(of_certificate)
    require_no_member(session, actor, session.scalars(product))
    revocation.state, revocation.closed_at = RevocationState.WITHDRAWN, at
    _note(session, actor, revocation, "withdraw", at)


def decide_revocation(
    session: Session, actor: Actor, revocation_id: int, number: str, decided_on: date, at: datetime
) -> Revocation:
    """Revoke the certificate from the day of the decision on: stars go from every page at once.

    Raises NotPermitted, ReauthenticationNeeded, RevocationClosed, AuthorCannotConfirm, MemberCannotAward,
    NotAlive, InvalidDecisionNumber, IssuedInFuture, DecidedBeforeConclusion, NotTheirCertificate,
    NumberTaken and OtherDayOnRecord.
    """
    require_strong(actor, at)
    revocation = _open(session, actor, revocation_id)
    if revocation.drafted_by == actor.person_id:
        raise AuthorCannotConfirm
    unit = require_province(session, actor, revocation.unit_id)
    queue_up(session, unit)
    certificate = _locked_certificate(session, revocation.certificate_id)
    require_no_member(session, actor, [certificate.product])
    _require_alive(certificate, clock.local_date(at))
    number = read_number(number)
    _require_day(revocation, decided_on, clock.local_date(at))
    require_authority(certificate.stars, number)
    facts = Circumstances(stars=certificate.stars, decided_on=decided_on, province=unit.name)
    decision = write_decision(session, number, facts)
    _refuse_awarding(session, decision)
    revocation.state, revocation.closed_at = RevocationState.DECIDED, at
    revocation.decided_by, revocation.decision_id = actor.person_id, decision.id
    revoke_certificate(session, certificate, revocation.reason, decided_on)
    _note(session, actor, revocation, "decide", at, decision_code=decision.code)
    return revocation


def _locked_certificate(session: Session, certificate_id: int) -> Certificate:
    """Return a certificate with its product, its row locked; raises NotPermitted where there is none."""
    wanted = sa.select(Certificate).where(Certificate.id == certificate_id)
    loaded = wanted.options(joinedload(Certificate.product).joinedload(Product.producer))
    locked = loaded.with_for_update(of=Certificate).execution_options(populate_existing=True)
    certificate = session.execute(locked).scalar_one_or_none()
    if certificate is None:
        raise NotPermitted
    return certificate


def _require_alive(certificate: Certificate, day: date) -> None:
    state = state_on(certificate, day)
    if state is None or not state.alive:
        raise NotAlive


def _require_day(revocation: Revocation, decided_on: date, day: date) -> None:
    if decided_on > day:
        raise IssuedInFuture(field="decided_on", issued_on=decided_on)
    if decided_on < revocation.concluded_on:
        raise DecidedBeforeConclusion(field="decided_on", since=revocation.concluded_on)


def _refuse_second(session: Session, certificate: Certificate) -> None:
    """Raise RevocationOpen when one is drafted; the certificate's row is locked, so there is no race."""
    drafted = sa.select(Revocation.id).where(
        Revocation.certificate_id == certificate.id, Revocation.state == RevocationState.DRAFTED
    )
    if (found := session.scalar(drafted)) is not None:
        raise RevocationOpen(revocation=found)


def _refuse_awarding(session: Session, decision: Decision) -> None:
    given = sa.select(Certificate.id).where(Certificate.decision_id == decision.id).limit(1)
    if session.scalar(given) is not None:
        raise NumberTaken(number=decision.number)


def _open(session: Session, actor: Actor, revocation_id: int) -> Revocation:
    wanted = sa.select(Revocation).where(Revocation.id == revocation_id).with_for_update()
    revocation = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if revocation is None or not may_record(actor, revocation.unit_id):
        raise NotPermitted
    if revocation.state is not RevocationState.DRAFTED:
        raise RevocationClosed
    return revocation


def _note(
    session: Session, actor: Actor, revocation: Revocation, verb: str, at: datetime, **data: int | str
) -> None:
    office = Scope(ScopeKind.ADMIN_UNIT, revocation.unit_id)
    journal.record(
        session, actor, f"revocation:{verb}", "revocation", revocation.id, office, at=at, data=data
    )
