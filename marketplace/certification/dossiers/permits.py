"""Who may do what to a dossier: its producer while it is open to changes, the office of its place."""

from sqlalchemy.orm import Session

from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor
from marketplace.accounts.placement import grants_of
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.certification.dossiers.errors import MemberCannotJudge, NotEditable
from marketplace.certification.dossiers.flow import lock
from marketplace.certification.dossiers.models import Dossier


def require_editable(session: Session, dossier: Dossier) -> None:
    """Lock a dossier and go on only while its producer may change it; raises NotEditable."""
    lock(session, dossier)
    if not dossier.state.editable:
        raise NotEditable(state=dossier.state)


def require_commune(session: Session, actor: Actor, dossier: Dossier) -> None:
    """Go on only with an officer of the commune, or of its province, who is no member of the producer.

    Raises NotPermitted and MemberCannotJudge.
    """
    commune = Scope(ScopeKind.ADMIN_UNIT, dossier.commune_id)
    if not actor.holds(commune, Role.COMMUNE_OFFICER):
        _require_province(actor, dossier)
    _require_stranger(session, actor, dossier)


def require_province(session: Session, actor: Actor, dossier: Dossier) -> None:
    """Go on only with an officer of the province who is no member of the producer.

    Raises NotPermitted and MemberCannotJudge.
    """
    _require_province(actor, dossier)
    _require_stranger(session, actor, dossier)


def _require_province(actor: Actor, dossier: Dossier) -> None:
    province = Scope(ScopeKind.ADMIN_UNIT, dossier.province_id)
    if not actor.holds(province, Role.PROVINCE_OFFICER) and not actor.holds(SITE, Role.ADMINISTRATOR):
        raise NotPermitted


def _require_stranger(session: Session, actor: Actor, dossier: Dossier) -> None:
    """Refuse who belongs to the producer; the database says, not the sign-in."""
    own = Scope(ScopeKind.PRODUCER, dossier.producer_id)
    if any(held.scope == own for held in grants_of(session, actor.person_id)):
        raise MemberCannotJudge
