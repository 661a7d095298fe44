"""Conflicts of interest: declared by a member or by the office, or told by the accounts."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.agenda import lock_case, read_reason
from marketplace.certification.councils.bench import (
    bench_of,
    record_involved,
    refuse_conflicted,
    write_conflict,
)
from marketplace.certification.councils.errors import ResultClosed, SheetsOpen
from marketplace.certification.councils.founding import note
from marketplace.certification.councils.models import (
    Council,
    CouncilMember,
    CouncilSession,
    SessionDossier,
    SessionState,
)
from marketplace.certification.councils.queries import councils_of, memberships_of
from marketplace.certification.councils.reveal import reveal_when_in
from marketplace.certification.dossiers.models import Dossier
from marketplace.errors import NotFound

MOST_WORDS = 500


def declare_conflict(
    session: Session,
    actor: Actor,
    session_id: int,
    dossier_id: int,
    member_id: int,
    words: str,
    at: datetime,
) -> None:
    """Write down that a member has to do with a dossier's producer: what they scored of it goes.

    Members declare their own until there is a result. The office names another's only while sheets are
    blind and never were open, so that nobody is left out for what they scored, and never over a dossier
    it has to do with itself. Raises NotFound, ConflictedMember, ResultClosed, SheetsOpen, ReasonMissing.
    """
    case = lock_case(session, session_id, dossier_id)
    held = session.get_one(CouncilSession, session_id, populate_existing=True)
    member = next(
        (one for one in bench_of(session, session_id, dossier_id).members if one.id == member_id), None
    )
    own = _is_own(session, actor, member_id)
    if member is None or not (own or _is_of_office(session, actor, held)):
        raise NotFound
    if not own:
        refuse_conflicted(session, actor, session.get_one(Dossier, dossier_id))
    if case.closed_at is not None:
        raise ResultClosed
    if not own and (case.revealed_at or case.words):
        raise SheetsOpen
    reason = read_reason(words, MOST_WORDS)
    if member.id in bench_of(session, session_id, dossier_id).conflicted:
        return
    write_conflict(session, actor, member.id, dossier_id, reason, at)
    facts = {"session_id": session_id, "dossier_id": dossier_id, "member_id": member.id}
    note(session, actor, held.council_id, "conflict", at, **facts)
    _go_on(session, actor, held, case, at)


def settle_conflicts(session: Session, actor: Actor, session_id: int, dossier_id: int, at: datetime) -> None:
    """Write down what the accounts tell of conflicts over a dossier without a result; raises NotFound."""
    case = lock_case(session, session_id, dossier_id)
    held = session.get_one(CouncilSession, session_id, populate_existing=True)
    if case.closed_at is None:
        record_involved(session, actor, session_id, session.get_one(Dossier, dossier_id), at)
        _go_on(session, actor, held, case, at)


def _go_on(session: Session, actor: Actor, held: CouncilSession, case: SessionDossier, at: datetime) -> None:
    """Open the sheets where only that of a member in conflict was awaited."""
    if held.state is SessionState.SCORING:
        reveal_when_in(session, actor, held.council_id, case, at)


def _is_own(session: Session, actor: Actor, member_id: int) -> bool:
    found = sa.select(CouncilMember.id).where(CouncilMember.id == member_id, memberships_of(actor))
    return session.execute(found).first() is not None


def _is_of_office(session: Session, actor: Actor, held: CouncilSession) -> bool:
    found = sa.select(Council.id).where(Council.id == held.council_id, councils_of(actor))
    return session.execute(found).first() is not None
