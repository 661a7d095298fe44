"""Entering a demo in a role: a random account of its own, with a second factor taken as given."""

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.roles import Role, SignInLevel
from marketplace.accounts.sessions import open_sign_in
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.signin import door
from marketplace.signin.entering import enter, note_entrance
from marketplace.signin.words import ROLES
from marketplace.upkeep.demo_people import draw_demo_person
from marketplace.web.doorkeeping import in_demo
from marketplace.web.guards import Guard, guarded
from marketplace.web.visitors import current_browser

BUYER = "buyer"


@door.post("/vao-vai")
@guarded(Guard.DEMO)
def enter_role() -> Response:
    """Sign in as a random person of the demo who holds a role."""
    browser, at = current_browser(), clock.now()
    with unit_of_work() as work:
        person_id = draw_demo_person(work, _role())
        if person_id is None:
            raise NotFound
        entered = open_sign_in(work, person_id, SignInLevel.TWO_FACTOR, browser, at)
        actor = note_entrance(work, entered, browser, at)
    return enter(entered, actor)


def demo_roles() -> list[tuple[str, str]]:
    """Return the roles that a demo lets people enter, with their words; none outside a demo."""
    if not in_demo():
        return []
    return [(BUYER, str(_("Người mua"))), *((role.value, str(words)) for role, words in ROLES.items())]


def _role() -> Role | None:
    """Return the role asked for, None for a buyer; raises NotFound for one there is not."""
    typed = request.form.get("vai", "")
    if typed == BUYER:
        return None
    if typed not in set(Role):
        raise NotFound
    return Role(typed)
