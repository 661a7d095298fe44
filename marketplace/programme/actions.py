"""What an office does with a plan: call a period complete, open it again, and say what shows a duty done."""

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.errors import NotFound
from marketplace.programme.errors import NothingToClose, PeriodNotOver
from marketplace.programme.models import Compare, Evidence, PeriodMark, Target


def close_period(
    session: Session, actor: Actor, target: Target, office_id: int, checked_against: str, at: datetime
) -> None:
    """Hold that the register has everything of a target's period; closing again renews what is said.

    `office_id` is the province of today that answers for it, `checked_against` the paper that its figures
    were compared with. Raises NothingToClose and PeriodNotOver.
    """
    if target.compare is Compare.NONE:
        raise NothingToClose
    if clock.local_date(at) <= target.period_end:
        raise PeriodNotOver(ends=target.period_end)
    _claim(session, target)
    mark = session.get(PeriodMark, target.id, populate_existing=True)
    if mark is None:
        mark = PeriodMark(target_id=target.id)
        session.add(mark)
    mark.marked_by, mark.marked_at, mark.checked_against = actor.person_id, at, checked_against
    session.flush()
    _note(session, actor, "programme_target:close", target.id, office_id, at)


def reopen_period(session: Session, actor: Actor, target: Target, office_id: int, at: datetime) -> None:
    """Take the mark back: the figure is a lower bound again. Raises NotFound where there is none."""
    _claim(session, target)
    mark = session.get(PeriodMark, target.id, populate_existing=True)
    if mark is None:
        raise NotFound(target=target.code)
    session.delete(mark)
    session.flush()
    _note(session, actor, "programme_target:reopen", target.id, office_id, at)


def add_evidence(
    session: Session,
    actor: Actor,
    target: Target,
    office_id: int,
    words: str,
    happened_on: date,
    source: str,
    at: datetime,
) -> None:
    """Say what shows that a row of a plan was seen to, and where that can be read."""
    evidence = Evidence(
        target_id=target.id,
        words=words,
        happened_on=happened_on,
        source=source,
        recorded_by=actor.person_id,
        recorded_at=at,
    )
    session.add(evidence)
    session.flush()
    _note(session, actor, "programme_evidence:add", evidence.id, office_id, at)


def remove_evidence(
    session: Session, actor: Actor, target: Target, evidence_id: int, office_id: int, at: datetime
) -> None:
    """Take a piece of evidence of a target away. Raises NotFound."""
    evidence = session.get(Evidence, evidence_id)
    if evidence is None or evidence.target_id != target.id:
        raise NotFound(evidence=evidence_id)
    session.delete(evidence)
    session.flush()
    _note(session, actor, "programme_evidence:remove", evidence_id, office_id, at)


def _claim(session: Session, target: Target) -> None:
    """Let officers who close and open the same target come one after another."""
    session.execute(sa.select(Target.id).where(Target.id == target.id).with_for_update())


def _note(session: Session, actor: Actor, deed: str, subject: int, office_id: int, at: datetime) -> None:
    org = Scope(ScopeKind.ADMIN_UNIT, office_id)
    journal.record(session, actor, deed, deed.partition(":")[0], subject, org, at=at)
