"""API keys of the producers one owns: issued once, listed, revoked."""

from datetime import timedelta

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.api_keys import Ability, issue_api_key, list_api_keys, revoke_api_key
from marketplace.accounts.errors import InvalidKeyRequest, NotPermitted
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.words import ABILITIES, name_scopes
from marketplace.text import clean, whole_number
from marketplace.web.guards import requires, strong
from marketplace.web.post import Change, Letter, send_letter_to
from marketplace.web.visitors import acting, require_actor

DAYS = (30, 90, 365)
LASTING = {str(days): days for days in DAYS}


@door.get("/tai-khoan/khoa-api")
@requires(Role.OWNER)
def show_api_keys() -> Response:
    """List the keys of one's producers."""
    return _keys_page()


@door.post("/tai-khoan/khoa-api")
@requires(Role.OWNER)
@strong
def add_api_key() -> Response:
    """Issue a key and show it, once."""
    at, form = clock.now(), request.form
    chosen = {ability for ability in Ability if ability.value in form.getlist("quyen")}
    lasting = timedelta(days=LASTING.get(form.get("han", ""), 0))
    label = clean(form.get("ten", "")) or _("Khoá API")
    try:
        with acting() as (work, actor):
            key, text = issue_api_key(work, actor, _scope(), label, chosen, lasting, at)
            send_letter_to(work, Letter.SECURITY_CHANGED, actor.person_id, at, Change.API_KEY)
            label = key.label
    except InvalidKeyRequest as refusal:
        return _keys_page(refusal)
    return page("api_key", text=text, label=label)


@door.post("/tai-khoan/khoa-api/<int:key_id>/thu-hoi")
@requires(Role.OWNER)
def end_api_key(key_id: int) -> Response:
    """Revoke a key of a producer that one owns."""
    at = clock.now()
    with acting() as (work, actor):
        revoke_api_key(work, actor, key_id, at)
        send_letter_to(work, Letter.SECURITY_CHANGED, actor.person_id, at, Change.API_KEY)
    return go("/tai-khoan/khoa-api", _("Đã thu hồi khoá."))


def _scope() -> Scope:
    producer_id = whole_number(request.form.get("co_so", ""))
    if producer_id is None:
        raise NotPermitted
    return Scope(ScopeKind.PRODUCER, producer_id)


def _keys_page(refusal: MarketplaceError | None = None) -> Response:
    own = sorted(require_actor().scope_ids(ScopeKind.PRODUCER, Role.OWNER))
    scopes = [Scope(ScopeKind.PRODUCER, number) for number in own]
    names = name_scopes(scopes)
    return page(
        "api_keys",
        refusal,
        "quyen",
        producers=[(scope.id, names[scope]) for scope in scopes],
        keys=[(names[scope], key) for scope in scopes for key in list_api_keys(db.session(), scope)],
        abilities=[(ability.value, words) for ability, words in ABILITIES.items()],
        words={ability.value: words for ability, words in ABILITIES.items()},
        days=DAYS,
        now=clock.now(),
    )
