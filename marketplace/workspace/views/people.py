"""People: who works for a producer and who is invited to; the owner's alone.

Whoever leaves does so from their account, where every role can be given back.
"""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import InvalidIdentity, TooManyAttempts
from marketplace.accounts.identity import read_identity
from marketplace.accounts.invitations import invite, list_invitations, withdraw_invitation
from marketplace.accounts.memberships import grant_membership, list_members, withdraw_membership
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import ROLES_OF, Role, ScopeKind
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.web.guards import requires, strong
from marketplace.web.post import Letter, send_link
from marketplace.web.refusals import explain
from marketplace.web.role_words import ROLES
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed

OFFERED = sorted(ROLES_OF[ScopeKind.PRODUCER], reverse=True)
"""The roles there are in a producer, staff first."""


@door.get("/<slug>/nguoi")
@requires(Role.OWNER)
def show_people(slug: str) -> Response:
    """List who works for a producer, and who is invited to."""
    return _people_page(own_producer(slug, Role.OWNER))


@door.get("/<slug>/nguoi/moi")
@requires(Role.OWNER)
@strong
def ask_whom_to_invite(slug: str) -> Response:
    """Ask who is to be invited, after who invites has proved who they are."""
    return _invitation_page(own_producer(slug, Role.OWNER))


@door.post("/<slug>/nguoi/moi")
@requires(Role.OWNER)
@strong
def send_invitation(slug: str) -> Response:
    """Invite somebody by a letter or a short message."""
    producer, typed, at = own_producer(slug, Role.OWNER), Typed(request.form), clock.now()
    role = _read_role(typed)
    identity = typed.read("dia_chi", read_identity, explain(InvalidIdentity()))
    if typed.faults or role is None or identity is None:
        return _invitation_page(producer, typed.faults)
    try:
        claim([(Rule.INVITATION, str(scope_of(producer)))], at)
    except TooManyAttempts as refusal:
        return _invitation_page(producer, [("dia_chi", explain(refusal))], refusal)
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug, Role.OWNER)
        token = invite(session, actor, scope_of(own), role, identity, at)
        send_link(session, Letter.INVITATION, token, at)
    return go(f"/gian-hang/{slug}/nguoi", _("Đã gửi lời mời. Người được mời có 72 giờ để nhận."))


@door.post("/<slug>/nguoi/rut")
@requires(Role.OWNER)
@strong
def take_invitation_back(slug: str) -> Response:
    """Take an invitation back; those of others are not there."""
    number = Typed(request.form).id("loi_moi")
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug, Role.OWNER)
        if number not in {one.id for one in list_invitations(session, scope_of(own), clock.now())}:
            raise NotFound(invitation=number)
        withdraw_invitation(session, actor, number, clock.now())
    return go(f"/gian-hang/{slug}/nguoi", _("Đã rút lời mời."))


@door.post("/<slug>/nguoi/vai-tro")
@requires(Role.OWNER)
@strong
def change_role(slug: str) -> Response:
    """Give somebody who works for a producer another role; their sign-ins end."""
    producer, typed = own_producer(slug, Role.OWNER), Typed(request.form)
    role = _read_role(typed)
    if role is None:
        return _people_page(producer, [("chinh", words) for _field, words in typed.faults])
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug, Role.OWNER)
        member = _other(list_members(session, scope_of(own)), typed.id("thanh_vien"))
        if member.role is not role:
            grant_membership(session, actor, member.person_id, scope_of(own), role, clock.now())
    return go(f"/gian-hang/{slug}/nguoi", _("Đã đổi vai trò. Người đó phải đăng nhập lại."))


@door.post("/<slug>/nguoi/bo")
@requires(Role.OWNER)
@strong
def remove_member(slug: str) -> Response:
    """Take somebody's role in a producer away; their sign-ins and keys end."""
    number = Typed(request.form).id("thanh_vien")
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug, Role.OWNER)
        member = _other(list_members(session, scope_of(own)), number)
        withdraw_membership(session, actor, member.id, clock.now())
    return go(f"/gian-hang/{slug}/nguoi", _("Đã bỏ người này khỏi gian hàng."))


def _other(members: list[Membership], number: int) -> Membership:
    """Return a membership of somebody else; one's own is given back from the account."""
    own = require_actor().person_id
    found = next((one for one in members if one.id == number and one.person_id != own), None)
    if found is None:
        raise NotFound(membership=number)
    return found


def _read_role(typed: Typed) -> Role | None:
    role = next((one for one in OFFERED if one.value == typed.text("vai_tro")), None)
    if role is None:
        typed.fault("vai_tro", _("Chưa chọn vai trò."))
    return role


def _people_page(producer: Producer, faults: Faults = ()) -> Response:
    scope = scope_of(producer)
    members = list_members(db.session(), scope)
    return page(
        "people",
        producer,
        faults=faults,
        members=members,
        owners=sum(one.role is Role.OWNER for one in members),
        invitations=list_invitations(db.session(), scope, clock.now()),
        me=require_actor().person_id,
        roles=ROLES,
        offered=OFFERED,
    )


def _invitation_page(
    producer: Producer, faults: Faults = (), refusal: TooManyAttempts | None = None
) -> Response:
    return page(
        "invite",
        producer,
        faults=faults,
        status=refusal.status if refusal else 0,
        typed=request.form,
        offered=[(role.value, ROLES[role]) for role in OFFERED],
    )
