"""Who may do what to a dossier: its producer while it is open to changes, the office of its place."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor
from marketplace.accounts.placement import grants_of
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.certification.dossiers.errors import InConflict, MemberCannotJudge, NotEditable
from marketplace.certification.dossiers.flow import lock
from marketplace.certification.dossiers.models import Dossier

_CONFLICT = sa.table("council_conflict", sa.column("member_id"), sa.column("dossier_id", sa.Integer))
_MEMBER = sa.table("council_member", sa.column("id"), sa.column("person_id"))


def conflicts_of(person_id: int) -> sa.Select[int]:
    """Return the dossiers over which somebody's conflict of interest is written, in whatever council.

    Councils are built upon dossiers, so that their tables are known here by name alone.
    """
    written = sa.select(_CONFLICT.c.dossier_id).join(_MEMBER, _MEMBER.c.id == _CONFLICT.c.member_id)
    return written.where(_MEMBER.c.person_id == person_id)


def refuse_in_conflict(session: Session, actor: Actor, dossiers: Collection[int]) -> None:
    """Go on only when no conflict of the actor's over one of these dossiers is written; raises InConflict."""
    written = conflicts_of(actor.person_id).where(_CONFLICT.c.dossier_id.in_(dossiers))
    if session.execute(written.limit(1)).first() is not None:
        raise InConflict


def require_editable(session: Session, dossier: Dossier) -> None:
    """Lock a dossier and go on only while its producer may change it; raises NotEditable."""
    lock(session, dossier)
    if not dossier.state.editable:
        raise NotEditable(state=dossier.state)


def require_commune(session: Session, actor: Actor, dossier: Dossier) -> None:
    """Go on only with an officer of the commune, or of its province, who has nothing to do with the producer.

    Raises NotPermitted, MemberCannotJudge and InConflict.
    """
    commune = Scope(ScopeKind.ADMIN_UNIT, dossier.commune_id)
    if not actor.holds(commune, Role.COMMUNE_OFFICER):
        _require_province(actor, dossier)
    _require_stranger(session, actor, dossier)


def require_province(session: Session, actor: Actor, dossier: Dossier) -> None:
    """Go on only with an officer of the province who has nothing to do with the producer.

    Raises NotPermitted, MemberCannotJudge and InConflict.
    """
    _require_province(actor, dossier)
    _require_stranger(session, actor, dossier)


def _require_province(actor: Actor, dossier: Dossier) -> None:
    province = Scope(ScopeKind.ADMIN_UNIT, dossier.province_id)
    if not actor.holds(province, Role.PROVINCE_OFFICER) and not actor.holds(SITE, Role.ADMINISTRATOR):
        raise NotPermitted


def _require_stranger(session: Session, actor: Actor, dossier: Dossier) -> None:
    """Refuse who belongs to the producer or is in conflict; the database says, not the sign-in."""
    own = Scope(ScopeKind.PRODUCER, dossier.producer_id)
    if any(held.scope == own for held in grants_of(session, actor.person_id)):
        raise MemberCannotJudge
    refuse_in_conflict(session, actor, [dossier.id])
