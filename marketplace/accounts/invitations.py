"""Invitations: a role offered by letter, taken once within 72 hours."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.errors import LinkRefused, NotPermitted, OwnGrant
from marketplace.accounts.identity import Identity
from marketplace.accounts.memberships import may_grant, require_may_grant, write_membership
from marketplace.accounts.models import Invitation, Membership
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Grant, Role, Scope
from marketplace.accounts.sessions import end_sign_ins, rotate
from marketplace.accounts.tokens import draw_token, hash_token

ACCEPT_WITHIN = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Joined:
    """The membership, and the new token of the session cookie."""

    membership: Membership
    token: str | None


def invite(session: Session, actor: Actor, scope: Scope, role: Role, identity: Identity, at: datetime) -> str:
    """Offer somebody a role and return the token for the letter.

    Raises InvalidRole, NotPermitted and ReauthenticationNeeded.
    """
    require_may_grant(session, actor, scope, role, at)
    token = draw_token()
    invitation = Invitation(
        token_hash=hash_token(token),
        scope_kind=scope.kind,
        scope_id=scope.id,
        role=role,
        invited_by=actor.person_id,
        expires_at=at + ACCEPT_WITHIN,
        **identity.columns,
    )
    session.add(invitation)
    session.flush()
    data = {"role": role}
    journal.record(session, actor, "invitation:send", "invitation", invitation.id, scope, at=at, data=data)
    return token


def find_invitation(session: Session, token: str, at: datetime) -> Invitation | None:
    """Return the invitation of a letter's token while it stands, or None."""
    standing = sa.and_(Invitation.token_hash == hash_token(token), Invitation.expires_at > at)
    return session.execute(sa.select(Invitation).where(standing)).scalar_one_or_none()


def accept_invitation(session: Session, actor: Actor, token: str, at: datetime) -> Joined:
    """Take the role that is offered, once; other sign-ins end and this one gets a new token.

    Raises LinkRefused, OwnGrant, AlreadyMember, ConflictOfDuty and LastOwner.
    """
    offer = session.execute(
        sa.delete(Invitation)
        .where(Invitation.token_hash == hash_token(token), Invitation.expires_at > at)
        .returning(Invitation)
    ).scalar_one_or_none()
    if offer is None:
        raise LinkRefused
    if offer.invited_by == actor.person_id:
        raise OwnGrant
    membership = write_membership(session, actor, actor.person_id, Grant(offer.scope, offer.role), at)
    end_sign_ins(session, actor.person_id, but=actor.sign_in_id)
    session.flush()
    return Joined(membership, rotate(session, actor.sign_in_id, at) if actor.sign_in_id else None)


def list_invitations(session: Session, scope: Scope, at: datetime) -> list[Invitation]:
    """Return the standing invitations of a scope, those that end first at the top."""
    standing = (
        Invitation.scope_kind == scope.kind,
        Invitation.scope_id == scope.id,
        Invitation.expires_at > at,
    )
    return list(
        session.execute(sa.select(Invitation).where(*standing).order_by(Invitation.expires_at)).scalars()
    )


def withdraw_invitation(session: Session, actor: Actor, invitation_id: int, at: datetime) -> None:
    """Take an offer back. Raises NotPermitted."""
    offer = session.get(Invitation, invitation_id, populate_existing=True)
    if offer is None or not may_grant(session, actor, offer.scope, offer.role):
        raise NotPermitted
    session.delete(offer)
    journal.record(session, actor, "invitation:withdraw", "invitation", offer.id, offer.scope, at=at)
