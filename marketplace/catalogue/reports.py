"""Reports from the public: what somebody says is wrong with a product or a producer, and the desk's answer.

No account is needed; a contact is kept only when it is given, and no longer than the answer needs.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.identity import Identity
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.actions import publish_product, suspend_product
from marketplace.catalogue.answer_times import answer_due
from marketplace.catalogue.errors import InvalidReport, NotAboutProduct, ReportClosed
from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.report_models import Report, ReportKind, ReportReason, ReportState
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.media.pictures import Encoded, erase, keep, owner_of
from marketplace.producers.models import Producer
from marketplace.producers.queries import find_by_slug
from marketplace.text import clean_lines

SHORTEST, LONGEST = 10, 1_000
FAKES_WITHIN = timedelta(hours=24)
DAYS_FOR_REPORTS = 3
AT_ONCE = 100
CONTACT_KEPT_FOR = timedelta(days=90)
"""How long after the answer the reporter's contact is kept, for a question back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """What somebody reports, as read from the form; `code` is what stands on the pack, if that led there."""

    kind: ReportKind
    words: str
    code: str | None = None
    contact: Identity | None = None
    picture: Encoded | None = None


def claim_report(address: str | None, at: datetime) -> None:
    """Take one of the reports that an address may make; a unit of work of its own.

    Raises TooManyAttempts.
    """
    claim([(Rule.REPORT_ADDRESS, address or "unknown"), (Rule.REPORT_GLOBAL, "")], at)


def read_words(text: str) -> str:
    """Return the words of a report or of an answer, lines kept; raises InvalidReport."""
    words = clean_lines(text)
    if not SHORTEST <= len(words) <= LONGEST:
        raise InvalidReport(field="words", shortest=SHORTEST, longest=LONGEST)
    return words


def open_report(session: Session, about: Product | Producer | None, told: Told, at: datetime) -> Report:
    """Write a report down, to be answered by the desk of the place in time; about a code alone, by any."""
    identity = told.contact or Identity()
    report = Report(
        product_id=about.id if isinstance(about, Product) else None,
        producer_id=about.id if isinstance(about, Producer) else None,
        code=told.code,
        kind=told.kind,
        words=told.words,
        opened_at=at,
        answer_due_at=answer_due_for(told.kind, at),
        **identity.columns,
    )
    session.add(report)
    session.flush()
    if told.picture is not None:
        report.picture_id = keep(session, told.picture, owner_of("report", report.id), at).id
    data = {"kind": told.kind, "contact_given": told.contact is not None, "code_given": told.code is not None}
    journal.record(session, None, "report:open", "report", report.id, _org(about), at=at, data=data)
    return report


def answer_report(
    session: Session, actor: Actor, report: Report, reason: ReportReason, answer: str, at: datetime
) -> None:
    """Answer a report; with SUSPENDED its product goes off public view until the desk lets it back.

    Raises ReportClosed, and NotAboutProduct when a producer was to be suspended.
    """
    _lock_open(session, report)
    product = session.get(Product, report.product_id) if report.product_id else None
    if reason is ReportReason.SUSPENDED:
        if product is None:
            raise NotAboutProduct(field="reason")
        suspend_product(session, product)
        journal.record(session, actor, "product:suspend", "product", product.id, _org(product), at=at)
    report.state = ReportState.UPHELD if reason.upheld else ReportState.DISMISSED
    report.decided_at, report.decided_by = at, actor.person_id
    report.reason, report.answer = reason, answer
    producer = session.get(Producer, report.producer_id) if report.producer_id else None
    org = _org(product or producer)
    data = {"state": report.state, "answer_kind": reason}
    journal.record(session, actor, "report:answer", "report", report.id, org, at=at, data=data)


def _lock_open(session: Session, report: Report) -> None:
    """Lock a report that waits, so that of two who answer at once the second is refused."""
    waits = sa.select(Report.id).where(Report.id == report.id, Report.state == ReportState.OPEN)
    if session.execute(waits.with_for_update()).first() is None:
        raise ReportClosed


def answer_due_for(kind: ReportKind, at: datetime) -> datetime:
    """Return by when a report is answered: a suspected fake within a day, the rest in working days."""
    return at + FAKES_WITHIN if kind is ReportKind.FAKE else answer_due(at, DAYS_FOR_REPORTS)


def lift_suspension(session: Session, actor: Actor, product: Product, at: datetime) -> None:
    """Put a suspended product back on public view; one that is not suspended stays as it is."""
    if product.publication is not Publication.SUSPENDED:
        return
    publish_product(session, product)
    journal.record(session, actor, "product:restore", "product", product.id, _org(product), at=at)


def get_reported(product_slug: str | None, producer_slug: str | None, session: Session) -> Product | Producer:
    """Return what a report would be about, by its public slug; raises NotFound."""
    found: Product | Producer | None = None
    if product_slug:
        found = session.scalar(sa.select(Product).where(Product.slug == product_slug, _seen()))
    elif producer_slug:
        found = find_by_slug(session, producer_slug)
    if found is None:
        raise NotFound
    return found


def forget_contacts(session: Session, at: datetime) -> None:
    """Blank the contacts of reports that were answered long enough ago, and erase their pictures."""
    old = sa.and_(Report.decided_at < at - CONTACT_KEPT_FOR, Report.state != ReportState.OPEN)
    session.execute(sa.update(Report).where(old).values(email=None, phone=None))
    shown = sa.select(Report).where(old, Report.picture_id.is_not(None)).options(joinedload(Report.picture))
    for report in session.execute(shown.limit(AT_ONCE)).scalars().all():
        picture, report.picture_id = report.picture, None
        session.flush()
        if picture is not None:
            erase(session, picture)


def let_contacts_go() -> None:
    """Forget contacts that are no longer needed; a periodic duty."""
    with unit_of_work() as session:
        forget_contacts(session, clock.now())


def export_reports(session: Session, subject: Subject) -> list[dict[str, Any]]:
    """Return the reports that name a subject's contact."""
    return rows_of(session, Report, _by(subject), "decided_by")


def erase_reports(session: Session, subject: Subject, at: datetime) -> str | None:
    """Blank the contact of a subject; what was reported stays, without a name."""
    session.execute(sa.update(Report).where(_by(subject)).values(email=None, phone=None))
    return None


def _by(subject: Subject) -> sa.ColumnElement[bool]:
    return sa.or_(
        sa.and_(Report.email.is_not(None), Report.email == subject.email),
        sa.and_(Report.phone.is_not(None), Report.phone == subject.phone),
    )


def _seen() -> sa.ColumnElement[bool]:
    return Product.publication == Publication.PUBLISHED


def _org(about: Product | Producer | None) -> Scope | None:
    number = about.producer_id if isinstance(about, Product) else about.id if about else None
    return Scope(ScopeKind.PRODUCER, number) if number else None


exporters["reports"] = export_reports
erasers["reports"] = erase_reports
