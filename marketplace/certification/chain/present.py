"""What the register says now of decisions and certificates, and what their latest lines say."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from marketplace.certification.chain.lines import (
    Facts,
    facts_of_certificate,
    facts_of_decision,
)
from marketplace.certification.chain.models import RegisterLine, Subject
from marketplace.certification.models import Certificate, Decision

AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Present:
    """A decision or certificate with its facts and the facts of its latest line, None without one."""

    subject: Subject
    id: int
    code: str
    facts: Facts
    written: str | None


def decisions_by_id(ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a decision is one of these."""
    return Decision.id.in_(ids)


def certificates_by_id(ids: Collection[int]) -> sa.ColumnElement[bool]:
    """Return the condition that a certificate is one of these."""
    return Certificate.id.in_(ids)


def decisions_without_line() -> sa.ColumnElement[bool]:
    """Return the condition that the chain does not tell of a decision at all."""
    return ~_lines(Subject.DECISION, Decision.code).exists()


def certificates_without_line() -> sa.ColumnElement[bool]:
    """Return the condition that the chain does not tell of a certificate at all."""
    return ~_lines(Subject.CERTIFICATE, Certificate.code).exists()


def list_decisions(session: Session, *which: sa.ColumnElement[bool]) -> Iterator[Present]:
    """Yield decisions, all of them or some, by id; rows in memory are not read again."""
    wanted = sa.select(Decision, _written(Subject.DECISION, Decision.code)).where(*which)
    for decision, written in session.execute(
        wanted.order_by(Decision.id).execution_options(yield_per=AT_ONCE)
    ):
        facts = facts_of_decision(decision)
        yield Present(Subject.DECISION, decision.id, decision.code, facts, written)


def list_certificates(session: Session, *which: sa.ColumnElement[bool]) -> Iterator[Present]:
    """Yield certificates, all of them or some, by id; rows in memory are not read again."""
    replacement = aliased(Certificate)
    wanted = (
        sa.select(
            Certificate, Decision.code, replacement.code, _written(Subject.CERTIFICATE, Certificate.code)
        )
        .outerjoin(Decision, Decision.id == Certificate.decision_id)
        .outerjoin(replacement, replacement.id == Certificate.superseded_by_id)
        .where(*which)
        .order_by(Certificate.id)
        .execution_options(yield_per=AT_ONCE)
    )
    for certificate, decision, later, written in session.execute(wanted):
        facts = facts_of_certificate(certificate, decision, later)
        yield Present(Subject.CERTIFICATE, certificate.id, certificate.code, facts, written)


def _lines(subject: Subject, code: sa.SQLColumnExpression[str]) -> sa.Select[str]:
    return sa.select(RegisterLine.facts).where(RegisterLine.subject == subject, RegisterLine.code == code)


def _written(subject: Subject, code: sa.SQLColumnExpression[str]) -> sa.ScalarSelect[str | None]:
    """Return the facts of the latest line of a row."""
    return _lines(subject, code).order_by(RegisterLine.position.desc()).limit(1).scalar_subquery()
