"""Reading councils: the own ones of an office, the own sessions of a member, and how far scoring is.

What others scored is read in `sheets.py` alone, which asks whether it is open.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.councils.models import (
    Council,
    CouncilMember,
    CouncilSession,
    Position,
    Seat,
    SessionDossier,
    SessionState,
)
from marketplace.certification.dossiers.models import Dossier, DossierState, EvaluationRound
from marketplace.errors import NotFound

RUNNERS = (Position.CHAIR, Position.DEPUTY, Position.SECRETARY)
"""Who runs a session beside the office: opens it, keeps its minutes and closes it."""
READY = (DossierState.ADVISED, DossierState.SENT_BACK)
"""States from which a dossier comes before a council; one sent back by the ministry may come again."""
AT_ONCE = 100


def councils_of(actor: Actor) -> sa.ColumnElement[bool]:
    """Return whether a council is of the actor's provinces; an administrator's are all."""
    if actor.is_administrator:
        return sa.true()
    return Council.unit_id.in_(actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.PROVINCE_OFFICER))


def memberships_of(actor: Actor) -> sa.ColumnElement[bool]:
    """Return whether a member of a council is the actor, in a seat that is not given up."""
    return sa.and_(
        CouncilMember.person_id == actor.person_id,
        CouncilMember.council_id.in_(actor.scope_ids(ScopeKind.COUNCIL, Role.COUNCIL_MEMBER)),
        CouncilMember.left_on.is_(None),
    )


def sessions_of(actor: Actor, *positions: Position) -> sa.ColumnElement[bool]:
    """Return whether a session, joined to its council, is the actor's: of the office, or sat in."""
    seat = (
        sa.select(Seat.session_id)
        .join(Seat.member)
        .where(Seat.session_id == CouncilSession.id, memberships_of(actor))
    )
    if positions:
        seat = seat.where(CouncilMember.position.in_(positions))
    return sa.or_(councils_of(actor), seat.exists())


def get_council(session: Session, actor: Actor, council_id: int) -> Council:
    """Return a council of the actor's provinces with its members; raises NotFound."""
    wanted = (
        sa.select(Council)
        .where(Council.id == council_id, councils_of(actor))
        .options(selectinload(Council.members).joinedload(CouncilMember.person))
    )
    return _only(session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none())


def get_session(session: Session, actor: Actor, session_id: int) -> CouncilSession:
    """Return a session that the actor's office holds or the actor sits in, with all beside sheets.

    Raises NotFound.
    """
    wanted = (
        sa.select(CouncilSession)
        .join(CouncilSession.council)
        .where(CouncilSession.id == session_id, sessions_of(actor))
        .options(
            contains_eager(CouncilSession.council),
            selectinload(CouncilSession.seats).joinedload(Seat.member).joinedload(CouncilMember.person),
            selectinload(CouncilSession.dossiers)
            .joinedload(SessionDossier.dossier)
            .options(joinedload(Dossier.product), joinedload(Dossier.producer)),
        )
    )
    return _only(session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none())


def lock_session(session: Session, actor: Actor, session_id: int, *positions: Position) -> CouncilSession:
    """Lock a session of the actor's office, or one sat in at one of the positions; raises NotFound."""
    allowed = sessions_of(actor, *positions) if positions else councils_of(actor)
    wanted = (
        sa.select(CouncilSession)
        .join(CouncilSession.council)
        .where(CouncilSession.id == session_id, allowed)
        .with_for_update(of=CouncilSession)
        .execution_options(populate_existing=True)
    )
    return _only(session.execute(wanted).scalar_one_or_none())


def lock_cases(session: Session, session_id: int, *dossier_ids: int) -> list[SessionDossier]:
    """Lock the dossiers before a session, all or those named, in the order of their numbers."""
    wanted = sa.select(SessionDossier).where(SessionDossier.session_id == session_id)
    if dossier_ids:
        wanted = wanted.where(SessionDossier.dossier_id.in_(dossier_ids))
    wanted = wanted.order_by(SessionDossier.dossier_id).with_for_update()
    return list(session.execute(wanted.execution_options(populate_existing=True)).scalars())


def list_councils(session: Session, actor: Actor) -> list[Council]:
    """Return the councils of the actor's provinces with their members, the newest first."""
    wanted = (
        sa.select(Council)
        .where(councils_of(actor))
        .options(selectinload(Council.members))
        .order_by(Council.ended_on.is_not(None), Council.decided_on.desc(), Council.id.desc())
        .limit(AT_ONCE)
    )
    return list(session.execute(wanted).scalars())


def list_sessions(
    session: Session, actor: Actor, council_ids: Iterable[int] | None = None
) -> list[CouncilSession]:
    """Return the sessions that the actor's office holds or the actor sits in, the latest first."""
    wanted = (
        sa.select(CouncilSession)
        .join(CouncilSession.council)
        .where(sessions_of(actor))
        .options(contains_eager(CouncilSession.council), selectinload(CouncilSession.dossiers))
        .order_by(CouncilSession.meets_at.desc(), CouncilSession.id.desc())
        .limit(AT_ONCE)
    )
    if council_ids is not None:
        wanted = wanted.where(CouncilSession.council_id.in_(list(council_ids)))
    return list(session.execute(wanted).scalars())


def list_ready_dossiers(session: Session, unit_id: int) -> list[Dossier]:
    """Return the dossiers of a province that wait for a council, the one waiting longest first."""
    wanted = (
        sa.select(Dossier)
        .join(Product, Product.id == Dossier.product_id)
        .where(
            Dossier.province_id == unit_id,
            Dossier.state.in_(READY),
            ~open_case(Dossier.id).exists(),
        )
        .options(joinedload(Dossier.product), joinedload(Dossier.producer))
        .order_by(Dossier.since, Dossier.id)
        .limit(AT_ONCE)
    )
    return list(session.execute(wanted).scalars())


def list_sitting(session: Session, council_id: int) -> Sequence[CouncilMember]:
    """Return who has a seat in a council now, with their people."""
    sitting = sa.select(CouncilMember).where(
        CouncilMember.council_id == council_id, CouncilMember.left_on.is_(None)
    )
    loaded = sitting.options(joinedload(CouncilMember.person)).order_by(CouncilMember.id)
    return session.execute(loaded).scalars().all()


def list_rounds_to_decide(session: Session, unit_id: int, day: date) -> list[EvaluationRound]:
    """Return the rounds of a province that are still to be decided, the one due first on top."""
    wanted = sa.select(EvaluationRound).where(
        EvaluationRound.unit_id == unit_id, EvaluationRound.decided_by >= day
    )
    ordered = wanted.order_by(EvaluationRound.decided_by, EvaluationRound.id)
    return list(session.execute(ordered.limit(AT_ONCE)).scalars())


def open_case(dossier_id: sa.SQLColumnExpression[int] | int) -> sa.Select[int]:
    """Return the sessions, not over, before which a dossier lies without a result."""
    return (
        sa.select(SessionDossier.session_id)
        .join(CouncilSession, CouncilSession.id == SessionDossier.session_id)
        .where(
            SessionDossier.dossier_id == dossier_id,
            SessionDossier.closed_at.is_(None),
            CouncilSession.state != SessionState.CLOSED,
        )
    )


def units_of_council(session: Session, council_id: int) -> set[int]:
    """Return the province of a council, nothing where there is none."""
    return set(session.execute(sa.select(Council.unit_id).where(Council.id == council_id)).scalars())


Row = TypeVar("Row")


def _only(found: Row | None) -> Row:
    if found is None:
        raise NotFound
    return found
