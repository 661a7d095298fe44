"""Drafts of decisions: who may write one, and the one that is decided upon, locked."""

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.decisions.paper_checks import require_no_member
from marketplace.certification.decisions.paper_models import PaperDecision, PaperState
from marketplace.certification.dossiers.permits import refuse_in_conflict
from marketplace.certification.errors import AuthorCannotConfirm, PaperClosed
from marketplace.places.models import AdminUnit, Level


def may_record(actor: Actor, unit_id: int) -> bool:
    """Return whether an actor records decisions of a province: its officers do, and administrators."""
    office = Scope(ScopeKind.ADMIN_UNIT, unit_id)
    return actor.holds(office, Role.PROVINCE_OFFICER) or actor.holds(SITE, Role.ADMINISTRATOR)


def require_province(session: Session, actor: Actor, unit_id: int) -> AdminUnit:
    """Return a province that is there today and that the actor decides for; raises NotPermitted."""
    unit = session.get(AdminUnit, unit_id)
    if unit is None or unit.level is not Level.PROVINCE or unit.ended or not may_record(actor, unit_id):
        raise NotPermitted
    return unit


def open_draft(session: Session, actor: Actor, paper_id: int) -> PaperDecision:
    """Return a draft with its row locked, so that of two who decide at once the second is refused.

    Raises NotPermitted and PaperClosed.
    """
    wanted = sa.select(PaperDecision).where(PaperDecision.id == paper_id)
    loaded = wanted.options(selectinload(PaperDecision.awards))
    locked = loaded.with_for_update().execution_options(populate_existing=True)
    paper = session.execute(locked).scalar_one_or_none()
    if paper is None or not may_record(actor, paper.unit_id):
        raise NotPermitted
    if paper.state is not PaperState.DRAFTED:
        raise PaperClosed(state=paper.state.value)
    return paper


def open_as_second(
    session: Session, actor: Actor, paper_id: int, at: datetime
) -> tuple[PaperDecision, AdminUnit]:
    """Return a draft, locked, and its province for the second of the two people.

    Confirmations of a province come one after the other: each sees what the one before awarded. Raises
    ReauthenticationNeeded, AuthorCannotConfirm and what `open_draft` does.
    """
    require_strong(actor, at)
    paper = open_draft(session, actor, paper_id)
    if paper.drafted_by == actor.person_id:
        raise AuthorCannotConfirm
    unit = require_province(session, actor, paper.unit_id)
    queue_up(session, unit)
    return paper, unit


def queue_up(session: Session, unit: AdminUnit) -> None:
    """Let what a province decides come one after the other: numbers and awards are seen by the next."""
    session.execute(sa.select(AdminUnit.id).where(AdminUnit.id == unit.id).with_for_update(key_share=True))


def withdraw_paper(session: Session, actor: Actor, paper_id: int, at: datetime) -> None:
    """Give a draft up, or send it back; any officer of its province may who has no part in what it names.

    Raises NotPermitted, PaperClosed, MemberCannotAward and InConflict.
    """
    paper = open_draft(session, actor, paper_id)
    named = sa.select(Product).where(Product.id.in_([award.product_id for award in paper.awards]))
    require_no_part(session, actor, paper, session.scalars(named))
    paper.state, paper.closed_at = PaperState.WITHDRAWN, at
    note(session, actor, paper, "withdraw", at)


def require_no_part(
    session: Session, actor: Actor, paper: PaperDecision, products: Iterable[Product]
) -> None:
    """Go on only when the actor has nothing to do with what a draft names, its awards loaded.

    Raises MemberCannotAward and InConflict.
    """
    require_no_member(session, actor, products)
    refuse_in_conflict(session, actor, [award.dossier_id for award in paper.awards if award.dossier_id])


def note(
    session: Session, actor: Actor, paper: PaperDecision, verb: str, at: datetime, **data: int | str
) -> None:
    """Write a deed upon a draft into the journal."""
    office = Scope(ScopeKind.ADMIN_UNIT, paper.unit_id)
    journal.record(
        session, actor, f"paper_decision:{verb}", "paper_decision", paper.id, office, at=at, data=data
    )
