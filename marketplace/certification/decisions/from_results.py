"""Drafting from results: a decision on what is recognised, and a notice on what is not.

Whoever drafts sets nothing: points and stars are those of the closed session, or of the ministry's answer.
"""

from collections.abc import Sequence, Set
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.models import CouncilSession, SessionState
from marketplace.certification.decisions.drafts import may_record, note, require_province
from marketplace.certification.decisions.errors import ResultsMoved, SessionOpen, WrongList
from marketplace.certification.decisions.paper_checks import require_no_member
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision, PaperKind
from marketplace.certification.decisions.results import (
    Result,
    list_results,
    of_session,
    sent_back,
    undecided,
)
from marketplace.certification.dossiers.permits import refuse_in_conflict
from marketplace.certification.errors import NothingAwarded
from marketplace.places.models import AdminUnit


def draft_from_session(
    session: Session, actor: Actor, session_id: int, kind: PaperKind, dossiers: Set[int], at: datetime
) -> PaperDecision:
    """Draft what follows from a closed session for some of its dossiers; several drafts may share them out.

    Raises NotPermitted, SessionOpen, NothingAwarded, ResultsMoved, WrongList, MemberCannotAward and
    InConflict.
    """
    wanted = sa.select(CouncilSession).where(CouncilSession.id == session_id)
    held = session.execute(wanted.options(joinedload(CouncilSession.council))).scalar_one_or_none()
    if held is None or not may_record(actor, held.council.unit_id):
        raise NotPermitted
    if held.state is not SessionState.CLOSED:
        raise SessionOpen
    unit = require_province(session, actor, held.council.unit_id)
    results = list_results(session, sa.and_(of_session(session_id), undecided()), lock=True)
    return _draft(session, actor, unit, session_id, kind, _chosen(results, dossiers), at)


def draft_from_ministry(
    session: Session, actor: Actor, unit_id: int, kind: PaperKind, dossiers: Set[int], at: datetime
) -> PaperDecision:
    """Draft what follows from the ministry's answers of fewer than 90 points (article 7).

    Raises NotPermitted, NothingAwarded, ResultsMoved, WrongList, MemberCannotAward and InConflict.
    """
    unit = require_province(session, actor, unit_id)
    results = list_results(session, sa.and_(sent_back(unit_id), undecided()), lock=True)
    return _draft(session, actor, unit, None, kind, _chosen(results, dossiers), at)


def _chosen(results: Sequence[Result], dossiers: Set[int]) -> list[Result]:
    """Return the chosen results; raises ResultsMoved when one is no longer there to be drafted from."""
    chosen = [result for result in results if result.dossier.id in dossiers]
    if not dossiers:
        raise NothingAwarded(field="dossiers")
    if len(chosen) != len(dossiers):
        raise ResultsMoved
    return chosen


def _draft(
    session: Session,
    actor: Actor,
    unit: AdminUnit,
    session_id: int | None,
    kind: PaperKind,
    results: Sequence[Result],
    at: datetime,
) -> PaperDecision:
    if any((result.stars is None) is not (kind is PaperKind.NOTICE) for result in results):
        raise WrongList
    require_no_member(session, actor, [result.dossier.product for result in results])
    refuse_in_conflict(session, actor, [result.dossier.id for result in results])
    paper = PaperDecision(
        unit_id=unit.id,
        kind=kind,
        session_id=session_id,
        drafted_by=actor.person_id,
        drafted_at=at,
        awards=[_line(result) for result in results],
    )
    session.add(paper)
    session.flush()
    note(session, actor, paper, "draft", at, products=len(results), kind=kind.value)
    return paper


def _line(result: Result) -> PaperAward:
    product = result.dossier.product
    return PaperAward(
        product_id=product.id,
        dossier_id=result.dossier.id,
        stars=result.stars,
        points=result.points,
        product_name=product.name,
        holder_name=product.producer.name if product.producer else None,
    )
