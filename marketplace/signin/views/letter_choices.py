"""Which letters one wants; those about the safety of the account are not asked about."""

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.letter_choices import LetterKind, choose_letter_kinds, letters_wanted
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import ScopeKind
from marketplace.database import db
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.consents import POLICY_VERSION, SAVED_NEWS_TEXT
from marketplace.signin.words import LETTER_KINDS
from marketplace.web.guards import signed_in
from marketplace.web.visitors import acting, require_actor

PATH = "/tai-khoan/thu"


@door.get(PATH)
@signed_in
def show_letter_choices() -> Response:
    """Show which letters one gets."""
    actor = require_actor()
    wanted = letters_wanted(db.session(), actor.person_id)
    kinds = [(kind.value, *LETTER_KINDS[kind], kind in wanted) for kind in _kinds_for(actor)]
    return page("letter_choices", kinds=kinds)


@door.post(PATH)
@signed_in
def choose_letters_wanted() -> Response:
    """Keep which letters one wants, of those that one was asked about."""
    ticked = set(request.form.getlist("thu"))
    with acting() as (work, actor):
        asked = _kinds_for(actor)
        wanted = {kind for kind in asked if kind.value in ticked}
        said = {"policy_version": POLICY_VERSION, "text": SAVED_NEWS_TEXT}
        choose_letter_kinds(work, actor, asked, wanted, **said, at=clock.now())
    return go(PATH, _("Đã ghi nhận."))


def _kinds_for(actor: Actor) -> list[LetterKind]:
    """Return what somebody is asked about: what a producer is told, only those who work for one."""
    if any(held.scope.kind is ScopeKind.PRODUCER for held in actor.memberships):
        return list(LetterKind)
    return [LetterKind.SAVED]
