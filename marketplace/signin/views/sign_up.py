"""Signing up: asked for here, confirmed by the link of a letter and a button behind it."""

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.consent import Purpose, give_consent
from marketplace.accounts.errors import LinkRefused, TooManyAttempts
from marketplace.accounts.identity import Identity, read_identity, read_name
from marketplace.accounts.proofs import find_person
from marketplace.accounts.sign_up import claim_sign_up, confirm_sign_up, find_sign_up
from marketplace.accounts.sign_up import sign_up as ask_for_account
from marketplace.database import db, unit_of_work
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.consents import ACCOUNT_TEXT, POLICY_VERSION
from marketplace.signin.passwords import hash_for_new
from marketplace.web.guards import Guard, guarded
from marketplace.web.post import Letter, send_letter_to, send_link

FIELDS = {
    "name": "ho_ten",
    "email": "dia_chi",
    "phone": "dia_chi",
    "password": "mat_khau",
    "consent": "dong_y",
}


class ConsentMissing(InvalidInput):
    """Nobody gets an account without having agreed to what is kept of them."""

    code = "consent_missing"


@door.get("/dang-ky")
@guarded(Guard.VISITOR)
def ask_to_sign_up() -> Response:
    """Show the sign-up form."""
    return page("sign_up", typed=request.form, consent=ACCOUNT_TEXT)


@door.post("/dang-ky")
@guarded(Guard.VISITOR)
def sign_up() -> Response:
    """Send a letter to the address; the answer is the same whether it has an account or not."""
    try:
        name, identity = _read_person()
        password_hash = hash_for_new(request.form.get("mat_khau", ""), name, str(identity))
        claim_sign_up(request.remote_addr, clock.now())
    except (InvalidInput, TooManyAttempts) as refusal:
        return _again(refusal)
    _ask(name, identity, password_hash)
    return page("letter_sent", address=str(identity), hours=24)


@door.get("/dang-ky/<token>")
@guarded(Guard.VISITOR)
def ask_to_confirm(token: str) -> Response:
    """Show the button that opens the account; mail programs that follow links open nothing."""
    wish = find_sign_up(db.session(), token, clock.now())
    if wish is None:
        raise LinkRefused
    return page("confirm_sign_up", token=token, name=wish.name, address=wish.email or wish.phone)


@door.post("/dang-ky/<token>")
@guarded(Guard.VISITOR)
def confirm(token: str) -> Response:
    """Open the account; whoever knows its password signs in next."""
    at = clock.now()
    with unit_of_work() as work:
        person = confirm_sign_up(work, token, at)
        give_consent(
            work, person.id, Purpose.ACCOUNT, policy_version=POLICY_VERSION, text=ACCOUNT_TEXT, at=at
        )
    return go("/dang-nhap", _("Tài khoản đã mở. Mời đăng nhập."))


def _read_person() -> tuple[str, Identity]:
    name = read_name(request.form.get("ho_ten", ""))
    identity = read_identity(request.form.get("dia_chi", ""))
    if not request.form.get("dong_y"):
        raise ConsentMissing(field="consent")
    return name, identity


def _ask(name: str, identity: Identity, password_hash: str) -> None:
    at = clock.now()
    with unit_of_work() as work:
        token = ask_for_account(work, name, identity, password_hash, at)
        owner = find_person(work, identity) if token is None else None
        if token is not None:
            send_link(work, Letter.CONFIRM_SIGN_UP, token, at)
        elif owner is not None:
            send_letter_to(work, Letter.ACCOUNT_EXISTS, owner.id, at)


def _again(refusal: MarketplaceError) -> Response:
    field = FIELDS.get(str(refusal.parameters.get("field")), "dia_chi")
    return page("sign_up", refusal, field, typed=request.form, consent=ACCOUNT_TEXT)
