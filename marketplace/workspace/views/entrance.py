"""The way in: to the only producer one works for, or to the choice among several; and all its pages."""

from flask import Response, make_response, render_template

from marketplace.accounts.errors import SecondFactorNeeded
from marketplace.accounts.roles import Role
from marketplace.web.guards import requires, signed_in
from marketplace.web.visitors import require_actor
from marketplace.workspace import door
from marketplace.workspace.answers import go, page
from marketplace.workspace.tenancy import MEMBERS, list_own_producers, own_producer


@door.get("")
@signed_in
def enter() -> Response:
    """Lead to the workspace of the only producer, let people choose, or tell them how to get one."""
    actor = require_actor()
    producers = list_own_producers(actor)
    if not producers and any(held.role in MEMBERS for held in actor.memberships):
        raise SecondFactorNeeded
    if len(producers) == 1:
        return go(f"/gian-hang/{producers[0].slug}")
    return make_response(render_template("workspace/choice.html", producers=producers))


@door.get("/<slug>/muc-khac")
@requires(Role.OWNER, Role.STAFF)
def show_sections(slug: str) -> Response:
    """Show all pages of the workspace; phones have room for five in their bar."""
    return page("sections", own_producer(slug))
