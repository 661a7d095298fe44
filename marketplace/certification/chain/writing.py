"""Lines are written in the transaction of what they tell of, just before its commit.

Whoever changes a public fact holds the row of the register version until the commit, so the end of the
chain is read and written by one transaction at a time.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

from marketplace import clock
from marketplace.certification.chain.lines import GENESIS, canonical, hash_of, turn_of
from marketplace.certification.chain.models import RegisterLine
from marketplace.certification.chain.present import (
    Present,
    certificates_by_id,
    certificates_without_line,
    decisions_by_id,
    decisions_without_line,
    list_certificates,
    list_decisions,
)
from marketplace.certification.models import Certificate, Decision
from marketplace.register import raise_version

_TOUCHED = "register_lines"


@dataclass
class _Touched:
    """What one transaction wrote, and whether rows went in by a bulk statement."""

    decisions: set[int] = field(default_factory=set)
    certificates: set[int] = field(default_factory=set)
    in_bulk: bool = False


def write_missing_lines(session: Session, at: datetime) -> int:
    """Write a line for each decision and certificate that the chain does not tell of; returns how many.

    A register that is older than the chain begins it so. Of two who do so at once, the second finds nothing.
    """
    if not _untold(session):
        return 0
    raise_version(session)
    return _append(session, _untold(session), at)


def _untold(session: Session) -> list[Present]:
    decisions = list_decisions(session, decisions_without_line())
    return [*decisions, *list_certificates(session, certificates_without_line())]


def _append(session: Session, present: list[Present], at: datetime) -> int:
    lines = [line for one in present if (line := _line(one, at)) is not None]
    if not lines:
        return 0
    raise_version(session)
    last = session.execute(
        sa.select(RegisterLine.position, RegisterLine.hash).order_by(RegisterLine.position.desc()).limit(1)
    ).one_or_none()
    position, previous = (last.position, last.hash) if last else (0, GENESIS)
    for number, line in enumerate(lines, start=position + 1):
        line.position = number
        line.hash = previous = hash_of(line, previous)
    session.add_all(lines)
    session.flush()
    return len(lines)


def _line(one: Present, at: datetime) -> RegisterLine | None:
    facts = canonical(one.facts)
    if facts == one.written:
        return None
    before = json.loads(one.written) if one.written is not None else None
    turn = turn_of(before, one.facts)
    return RegisterLine(recorded_at=at, turn=turn, subject=one.subject, code=one.code, facts=facts)


def _touched(session: Session) -> _Touched:
    touched: _Touched = session.info.setdefault(_TOUCHED, _Touched())
    return touched


def _note_rows(session: Session, context: Any) -> None:
    for row in (*session.new, *session.dirty):
        if isinstance(row, Decision):
            _touched(session).decisions.add(row.id)
        elif isinstance(row, Certificate):
            _touched(session).certificates.add(row.id)


def _note_bulk(state: ORMExecuteState) -> None:
    of_register = state.bind_mapper is not None and state.bind_mapper.class_ in {Decision, Certificate}
    if state.is_insert and of_register:
        _touched(state.session).in_bulk = True


def _write_waiting(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    touched: _Touched | None = session.info.pop(_TOUCHED, None)
    if touched is None:
        return
    at = clock.now()
    decisions = list_decisions(session, decisions_by_id(touched.decisions))
    certificates = list_certificates(session, certificates_by_id(touched.certificates))
    _append(session, [*decisions, *certificates], at)
    if touched.in_bulk:
        write_missing_lines(session, at)


def _forget(session: Session) -> None:
    session.info.pop(_TOUCHED, None)


def follow_register() -> None:
    """Listen to every session; doing it twice is doing it once."""
    event.listen(Session, "after_flush", _note_rows)
    event.listen(Session, "do_orm_execute", _note_bulk)
    event.listen(Session, "before_commit", _write_waiting, insert=True)
    event.listen(Session, "after_rollback", _forget)
