"""People let in: officers of the own units, and the first owner of a producer, who lets in the rest."""

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.errors import InvalidIdentity
from marketplace.accounts.identity import Identity, read_identity
from marketplace.accounts.invitations import invite, list_invitations, withdraw_invitation
from marketplace.accounts.memberships import list_members, withdraw_membership
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.people import list_officers, list_own_communes, search_producers
from marketplace.office.tenancy import PROVINCE, Reach, producer_in_reach
from marketplace.office.units import list_own_provinces
from marketplace.places.models import AdminUnit, Level
from marketplace.web.guards import requires, strong
from marketplace.web.post import Letter, send_link
from marketplace.web.refusals import explain
from marketplace.web.role_words import ROLES
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/nguoi"
OFFICER_OF = {Level.COMMUNE: Role.COMMUNE_OFFICER, Level.PROVINCE: Role.PROVINCE_OFFICER}


@door.get("/nguoi")
@requires(*PROVINCE)
def show_people() -> Response:
    """Show the officers, and producers to invite an owner of."""
    return _people_page()


@door.post("/nguoi/don-vi")
@requires(*PROVINCE)
@strong
def invite_officer() -> Response:
    """Invite an officer of a commune of the own province; administrators invite those of provinces."""
    reach, typed = Reach.of(require_actor()), request.form.get("don_vi", "")
    unit = next((one for one in _offered_units(db.session(), reach) if str(one.id) == typed), None)
    if unit is None:
        return _people_page([("don_vi", _("Mời chọn một đơn vị."))])
    try:
        identity = read_identity(request.form.get("dia_chi", ""))
    except InvalidIdentity as refusal:
        return _people_page([("dia_chi", explain(refusal))])
    with acting() as (work, actor):
        _invite(work, actor, Scope(ScopeKind.ADMIN_UNIT, unit.id), OFFICER_OF[unit.level], identity)
    return go(PATH, _("Đã gửi lời mời. Lời mời có hạn 72 giờ."))


@door.post("/nguoi/vai-tro/<int:membership_id>/thoi")
@requires(*PROVINCE)
@strong
def end_membership(membership_id: int) -> Response:
    """Take a role away; sign-ins and invitations of the person end."""
    with acting() as (work, actor):
        withdraw_membership(work, actor, membership_id, clock.now())
    return go(PATH, _("Đã thôi giao vai trò."))


@door.get("/nguoi/chu-the/<int:producer_id>")
@requires(*PROVINCE)
def show_producer_people(producer_id: int) -> Response:
    """Show who works for a producer, and a form to invite its owner."""
    return _producer_page(producer_id)


@door.post("/nguoi/chu-the/<int:producer_id>")
@requires(*PROVINCE)
@strong
def invite_owner(producer_id: int) -> Response:
    """Invite an owner of a producer of the units: this is how a cooperative comes in."""
    try:
        identity = read_identity(request.form.get("dia_chi", ""))
    except InvalidIdentity as refusal:
        return _producer_page(producer_id, [("dia_chi", explain(refusal))])
    with acting() as (work, actor):
        producer = producer_in_reach(work, actor, producer_id)
        _invite(work, actor, Scope(ScopeKind.PRODUCER, producer.id), Role.OWNER, identity)
    return go(f"{PATH}/chu-the/{producer_id}", _("Đã gửi lời mời. Lời mời có hạn 72 giờ."))


@door.post("/nguoi/chu-the/<int:producer_id>/loi-moi/<int:invitation_id>/rut")
@requires(*PROVINCE)
def take_back_invitation(producer_id: int, invitation_id: int) -> Response:
    """Take an invitation back."""
    with acting() as (work, actor):
        producer_in_reach(work, actor, producer_id)
        withdraw_invitation(work, actor, invitation_id, clock.now())
    return go(f"{PATH}/chu-the/{producer_id}", _("Đã rút lời mời."))


def _invite(work: Session, actor: Actor, scope: Scope, role: Role, identity: Identity) -> None:
    at = clock.now()
    send_link(work, Letter.INVITATION, invite(work, actor, scope, role, identity, at), at)


def _offered_units(work: Session, reach: Reach) -> list[AdminUnit]:
    """Return the units an actor invites officers of: communes, or for administrators provinces."""
    return list_own_provinces(reach) if reach.everywhere else list_own_communes(work, reach)


def _people_page(faults: Faults = ()) -> Response:
    work, actor = db.session(), require_actor()
    reach, words = Reach.of(actor), request.args.get("q", "")
    return page(
        "people",
        faults=faults,
        officers=list_officers(work, reach),
        me=actor.person_id,
        units=[(unit.id, unit.full_name) for unit in _offered_units(work, reach)],
        found=search_producers(work, reach, words),
        words=words,
        roles=ROLES,
        typed=request.form,
    )


def _producer_page(producer_id: int, faults: Faults = ()) -> Response:
    work = db.session()
    producer = producer_in_reach(work, require_actor(), producer_id)
    scope = Scope(ScopeKind.PRODUCER, producer.id)
    return page(
        "producer_people",
        faults=faults,
        producer=producer,
        members=list_members(work, scope),
        invitations=list_invitations(work, scope, clock.now()),
        roles=ROLES,
        typed=request.form.get("dia_chi", ""),
    )
