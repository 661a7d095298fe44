"""Another e-mail address or phone number: asked for here, confirmed by the link of a letter."""

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.errors import LinkRefused, TooManyAttempts
from marketplace.accounts.identity import Identity, read_identity
from marketplace.accounts.new_address import ask_new_address, confirm_new_address, find_new_address
from marketplace.accounts.proofs import find_person
from marketplace.accounts.recovery import claim_reset
from marketplace.database import db, unit_of_work
from marketplace.errors import InvalidInput
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.web.guards import Guard, guarded, signed_in, strong
from marketplace.web.post import Change, Letter, send_letter_to, send_link
from marketplace.web.visitors import acting


@door.get("/tai-khoan/dia-chi")
@signed_in
def ask_address() -> Response:
    """Ask for the new address."""
    return page("address", typed="")


@door.post("/tai-khoan/dia-chi")
@signed_in
@strong
def want_address() -> Response:
    """Send a letter to the new address; the answer is the same when it has an account already."""
    typed = request.form.get("dia_chi", "")
    try:
        identity = read_identity(typed)
        claim_reset(identity, request.remote_addr, clock.now())
    except (InvalidInput, TooManyAttempts) as refusal:
        return page("address", refusal, "dia_chi", typed=typed)
    _ask(identity)
    return page("letter_sent", address=str(identity), hours=24)


@door.get("/dia-chi-moi/<token>")
@guarded(Guard.VISITOR)
def ask_to_confirm_address(token: str) -> Response:
    """Show the button that puts the new address to use."""
    wish = find_new_address(db.session(), token, clock.now())
    if wish is None:
        raise LinkRefused
    return page("confirm_address", token=token, address=wish.email or wish.phone)


@door.post("/dia-chi-moi/<token>")
@guarded(Guard.VISITOR)
def confirm_address(token: str) -> Response:
    """Put the new address to use; the old one was told when it was asked for."""
    at = clock.now()
    with unit_of_work() as work:
        person_id = confirm_new_address(work, token, at)
        send_letter_to(work, Letter.SECURITY_CHANGED, person_id, at, Change.ADDRESS)
    return go("/tai-khoan", _("Đã đổi địa chỉ."))


def _ask(identity: Identity) -> None:
    at = clock.now()
    with acting() as (work, actor):
        token = ask_new_address(work, actor, identity, at)
        send_letter_to(work, Letter.ADDRESS_ASKED, actor.person_id, at)
        owner = find_person(work, identity) if token is None else None
        if token is not None:
            send_link(work, Letter.CONFIRM_ADDRESS, token, at)
        elif owner is not None:
            send_letter_to(work, Letter.ACCOUNT_EXISTS, owner.id, at)
