"""One's personal data: consents and letters wanted, a copy of everything, and erasure."""

import json

from flask import Response, flash, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.consent import Purpose, consents_of
from marketplace.accounts.people import choose_letters, get_person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject, erase, export
from marketplace.database import db
from marketplace.errors import InvalidInput
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.consents import LETTERS_TEXT, POLICY_VERSION
from marketplace.signin.entering import leave
from marketplace.signin.words import PURPOSES
from marketplace.web.guards import signed_in, strong
from marketplace.web.headers import tell_no_address
from marketplace.web.visitors import acting, require_actor


class ErasureUnconfirmed(InvalidInput):
    """The box that says "erase" is not ticked."""

    code = "erasure_unconfirmed"


@door.get("/tai-khoan/du-lieu")
@signed_in
def show_own_data() -> Response:
    """Show what one agreed to, and the buttons for a copy and for erasure."""
    return _own_data_page()


@door.post("/tai-khoan/du-lieu/thu")
@signed_in
def set_letters() -> Response:
    """Say yes or no to letters that no order or duty requires."""
    wanted = request.form.get("muon") == "co"
    with acting() as (work, actor):
        choose_letters(work, actor, wanted, policy_version=POLICY_VERSION, text=LETTERS_TEXT, at=clock.now())
    return go("/tai-khoan/du-lieu", _("Đã ghi nhận."))


@door.post("/tai-khoan/du-lieu/ban-sao")
@signed_in
@strong
def export_own_data() -> Response:
    """Hand out everything that is known of oneself, as a JSON file."""
    at = clock.now()
    with acting() as (work, actor):
        known = export(work, _subject(actor), at, actor)
    text = json.dumps(known, ensure_ascii=False, indent=1)
    response = Response(text, content_type="application/json; charset=utf-8")
    response.headers["Content-Disposition"] = f"attachment; filename=du-lieu-{clock.local_date(at)}.json"
    return tell_no_address(response)


@door.post("/tai-khoan/du-lieu/xoa")
@signed_in
@strong
def erase_own_data() -> Response:
    """Erase oneself; what the law has us keep is named."""
    if request.form.get("chac") != "xoa":
        return _own_data_page(ErasureUnconfirmed(field="chac"))
    with acting() as (work, actor):
        kept = erase(work, _subject(actor), clock.now(), actor)
    response = leave(go("/dang-nhap"))
    flash(_("Đã xoá tài khoản. Còn giữ theo luật: %(kept)s.", kept="; ".join(kept.values())))
    return response


def _subject(actor: Actor) -> Subject:
    person = get_person(db.session(), actor.person_id)
    return Subject(person.id, person.email, person.phone)


def _own_data_page(refusal: InvalidInput | None = None) -> Response:
    actor = require_actor()
    given = consents_of(db.session(), actor.person_id)
    return page(
        "own_data",
        refusal,
        "chac",
        purposes=[words for purpose, words in PURPOSES.items() if purpose in given],
        wants_letters=Purpose.LETTERS in given,
        letters_text=LETTERS_TEXT,
    )
