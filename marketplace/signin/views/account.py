"""One's own account: the name, the addresses, the roles, and the way to everything else."""

from flask import Response, flash, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.identity import read_name
from marketplace.accounts.memberships import withdraw_membership
from marketplace.accounts.people import get_person, rename_person
from marketplace.accounts.roles import OFFICERS, Role, ScopeKind
from marketplace.database import db
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.entering import leave
from marketplace.signin.words import ROLES, name_scopes
from marketplace.web.guards import signed_in
from marketplace.web.visitors import acting, require_actor

OFFICE = OFFICERS | {Role.ADMINISTRATOR}
"""Who has work in the office."""


@door.get("/tai-khoan")
@signed_in
def show_account() -> Response:
    """Show one's account."""
    return _account_page()


@door.post("/tai-khoan/ten")
@signed_in
def rename() -> Response:
    """Change one's name."""
    try:
        name = read_name(request.form.get("ho_ten", ""))
    except InvalidInput as refusal:
        return _account_page(refusal)
    with acting() as (work, actor):
        rename_person(work, actor, name, clock.now())
    return go("/tai-khoan", _("Đã đổi tên."))


@door.post("/tai-khoan/vai-tro/<int:membership_id>/roi")
@signed_in
def leave_role(membership_id: int) -> Response:
    """Give a role of one's own back; somebody else's is not there."""
    own = {membership.id for membership in get_person(db.session(), require_actor().person_id).memberships}
    with acting() as (work, actor):
        withdraw_membership(work, actor, membership_id if membership_id in own else 0, clock.now())
    response = leave(go("/dang-nhap"))
    flash(_("Đã rời vai trò. Mời đăng nhập lại."))
    return response


def _account_page(refusal: MarketplaceError | None = None) -> Response:
    person = get_person(db.session(), require_actor().person_id)
    return page(
        "account",
        refusal,
        "ho_ten",
        person=person,
        name=request.form.get("ho_ten", person.name),
        roles=ROLES,
        scope_names=name_scopes(membership.scope for membership in person.memberships),
        serves=any(membership.role in OFFICE for membership in person.memberships),
        works=any(membership.role in {Role.OWNER, Role.STAFF} for membership in person.memberships),
        owns=any(membership.scope_kind is ScopeKind.PRODUCER for membership in person.memberships),
    )
