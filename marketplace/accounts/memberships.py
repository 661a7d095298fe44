"""Memberships: who may give and take roles, and what stays true whoever does."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts import journal
from marketplace.accounts.errors import (
    AlreadyMember,
    ConflictOfDuty,
    InvalidRole,
    LastOwner,
    NotPermitted,
    OwnGrant,
)
from marketplace.accounts.models import ApiKey, Invitation, Membership, Person
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.placement import grants_of, is_conflict, is_in_reach
from marketplace.accounts.roles import ROLES_OF, Grant, Role, Scope, ScopeKind
from marketplace.accounts.sessions import end_sign_ins

LAST_OF = {ScopeKind.PRODUCER: Role.OWNER, ScopeKind.SITE: Role.ADMINISTRATOR}
_GIVEN_BY_PROVINCE = frozenset(
    {Role.OWNER, Role.STAFF, Role.KEEPER, Role.COMMUNE_OFFICER, Role.COUNCIL_MEMBER}
)


def may_grant(session: Session, actor: Actor, scope: Scope, role: Role) -> bool:
    """Return whether an actor may give and take a role in a scope.

    Owners do so in their producer, province officers for trades, communes and councils of their province,
    administrators everywhere.
    """
    if actor.is_administrator:
        return True
    if scope.kind is ScopeKind.PRODUCER and actor.holds(scope, Role.OWNER):
        return True
    return role in _GIVEN_BY_PROVINCE and is_in_reach(session, actor, scope, Role.PROVINCE_OFFICER)


def require_may_grant(session: Session, actor: Actor, scope: Scope, role: Role, at: datetime) -> None:
    """Go on only when an actor may give a role; raises InvalidRole, NotPermitted, ReauthenticationNeeded."""
    if role not in ROLES_OF[scope.kind]:
        raise InvalidRole(field="role", role=role.value)
    if not may_grant(session, actor, scope, role):
        raise NotPermitted
    require_strong(actor, at)


def grant_membership(
    session: Session, actor: Actor, person_id: int, scope: Scope, role: Role, at: datetime
) -> Membership:
    """Give a person a role in a scope, or another than before; their sign-ins end at once.

    Raises OwnGrant, AlreadyMember, ConflictOfDuty, LastOwner and what `require_may_grant` does.
    """
    require_may_grant(session, actor, scope, role, at)
    if person_id == actor.person_id:
        raise OwnGrant
    membership = write_membership(session, actor, person_id, Grant(scope, role), at)
    end_sign_ins(session, person_id)
    return membership


def write_membership(
    session: Session, actor: Actor | None, person_id: int, grant: Grant, at: datetime
) -> Membership:
    """Write a role that may be given; the person's row is locked so that two grants see each other."""
    scope, role = grant.scope, grant.role
    person = session.get(Person, person_id, with_for_update=True, populate_existing=True)
    if person is None or person.disabled_at is not None:
        raise NotPermitted
    if is_conflict(session, grants_of(session, person_id), grant):
        raise ConflictOfDuty
    kept = find_membership(session, person_id, scope)
    if kept is None:
        kept = Membership(
            person_id=person_id, scope_kind=scope.kind, scope_id=scope.id, role=role, granted_at=at
        )
        session.add(kept)
    elif kept.role is role:
        raise AlreadyMember
    else:
        require_another(session, kept)
        kept.role, kept.granted_at = role, at
        session.execute(sa.delete(Invitation).where(Invitation.invited_by == person_id))
    data = {"role": role}
    journal.record(session, actor, "membership:grant", "person", person_id, scope, at=at, data=data)
    return kept


def withdraw_membership(session: Session, actor: Actor, membership_id: int, at: datetime) -> None:
    """Take a role away, or leave; sign-ins, keys of the scope and invitations end.

    Raises NotPermitted, LastOwner and ReauthenticationNeeded.
    """
    kept = _lock(session, membership_id)
    if kept.person_id != actor.person_id:
        require_may_grant(session, actor, kept.scope, kept.role, at)
    require_another(session, kept)
    _drop(session, kept)
    data = {"role": kept.role}
    journal.record(
        session, actor, "membership:withdraw", "person", kept.person_id, kept.scope, at=at, data=data
    )


def _lock(session: Session, membership_id: int) -> Membership:
    """Lock a membership, after all that are alike in its scope, so that everybody takes them in one order.

    Raises NotPermitted when it is gone.
    """
    kept = session.get(Membership, membership_id)
    if kept is not None:
        _lock_alike(session, kept)
        kept = session.get(Membership, membership_id, with_for_update=True, populate_existing=True)
    if kept is None:
        raise NotPermitted
    return kept


def _lock_alike(session: Session, kept: Membership) -> tuple[sa.ColumnElement[bool], ...]:
    alike = (*_in(Membership, kept.scope), Membership.role == kept.role)
    session.execute(sa.select(Membership.id).where(*alike).order_by(Membership.id).with_for_update()).all()
    return alike


def require_another(session: Session, kept: Membership) -> None:
    """Go on only when somebody else holds the role that a scope cannot be without; raises LastOwner.

    The memberships in question are locked first and their people read by a statement of its own, which
    sees what the one before us did: of two owners who leave at once one stays.
    """
    if LAST_OF.get(kept.scope_kind) is not kept.role:
        return
    alike = _lock_alike(session, kept)
    living = (
        sa.select(Membership.person_id).join(Membership.person).where(*alike, Person.disabled_at.is_(None))
    )
    if not set(session.execute(living).scalars()) - {kept.person_id}:
        raise LastOwner


def find_membership(session: Session, person_id: int, scope: Scope) -> Membership | None:
    """Return a person's membership in a scope, or None."""
    own = sa.select(Membership).where(Membership.person_id == person_id, *_in(Membership, scope))
    return session.execute(own.execution_options(populate_existing=True)).scalar_one_or_none()


def list_members(session: Session, scope: Scope) -> list[Membership]:
    """Return the memberships of a scope with their people, in the order they were granted."""
    members = sa.select(Membership).where(*_in(Membership, scope)).options(joinedload(Membership.person))
    return list(session.execute(members.order_by(Membership.granted_at, Membership.id)).scalars())


def _drop(session: Session, kept: Membership) -> None:
    mine = (ApiKey.person_id == kept.person_id, *_in(ApiKey, kept.scope))
    session.execute(sa.delete(ApiKey).where(*mine))
    session.execute(sa.delete(Invitation).where(Invitation.invited_by == kept.person_id))
    session.execute(sa.delete(Membership).where(Membership.id == kept.id))
    end_sign_ins(session, kept.person_id)


def _in(model: type[Membership] | type[ApiKey], scope: Scope) -> tuple[sa.ColumnElement[bool], ...]:
    return (model.scope_kind == scope.kind, model.scope_id == scope.id)
