"""Whether the register is what its chain says: every line whole, and every row as its latest line has it."""

import json
from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.certification.chain.lines import Facts
from marketplace.certification.chain.models import RegisterLine, Subject
from marketplace.certification.chain.present import list_certificates, list_decisions
from marketplace.certification.chain.reading import find_break
from marketplace.certification.models import Certificate, Decision
from marketplace.payments.books import Off

SHOWN = 60
"""Characters of facts and of their names that are told."""


def list_register_faults(session: Session) -> Iterator[Off]:
    """Name what is wrong with the chain of the register, and rows that were changed behind its back."""
    session.expire_all()
    if broken := find_break(session):
        yield Off("register line, hash", *broken)
    for present in (*list_decisions(session), *list_certificates(session)):
        told: Facts = json.loads(present.written) if present.written else {}
        changed = sorted(
            name for name in {*told, *present.facts} if told.get(name) != present.facts.get(name)
        )
        if changed:
            what = f"{present.subject.value}, {', '.join(changed)} by its chain"
            yield Off(what[:SHOWN], present.id, _said(told, changed), _said(present.facts, changed))
    yield from _gone(session)


def _said(facts: Facts, names: list[str]) -> str:
    return ", ".join(str(facts.get(name, "—")) for name in names)[:SHOWN]


def _gone(session: Session) -> Iterator[Off]:
    """Name the lines that tell of a row which is no longer there."""
    for subject, code in ((Subject.DECISION, Decision.code), (Subject.CERTIFICATE, Certificate.code)):
        first = sa.func.min(RegisterLine.position)
        lost = (
            sa.select(first)
            .where(RegisterLine.subject == subject, RegisterLine.code.not_in(sa.select(code)))
            .group_by(RegisterLine.code)
            .order_by(first)
        )
        for position in session.scalars(lost):
            yield Off("register line, what it tells of", position, 1, 0)
