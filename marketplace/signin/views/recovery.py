"""Ways back in: a link by letter, or a recovery code."""

from flask import Response, flash, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.errors import (
    CodeRefused,
    LinkRefused,
    PasswordRefused,
    SignInRefused,
    TooManyAttempts,
)
from marketplace.accounts.identity import read_identity
from marketplace.accounts.models import Person
from marketplace.accounts.recovery import (
    ask_reset,
    claim_recovery,
    claim_reset,
    find_reset,
    recover_with_code,
    reset_password,
)
from marketplace.database import db, unit_of_work
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.entering import leave
from marketplace.signin.passwords import hash_for, hash_for_new
from marketplace.web.even_time import in_even_time
from marketplace.web.guards import Guard, guarded
from marketplace.web.post import Change, Letter, send_letter_to, send_link, send_to_nobody


class RecoveryRefused(MarketplaceError):
    """Nobody's address or a wrong recovery code; which one is not said."""

    code = "recovery_refused"
    status = 422


@door.get("/quen-mat-khau")
@guarded(Guard.VISITOR)
def ask_whom_to_write() -> Response:
    """Ask for the address to send a link to."""
    return page("forgotten", typed="")


@door.post("/quen-mat-khau")
@guarded(Guard.VISITOR)
def write_reset() -> Response:
    """Send a link; the answer is the same whether the address has an account or not."""
    typed, at = request.form.get("dia_chi", ""), clock.now()
    try:
        identity = read_identity(typed)
        claim_reset(identity, request.remote_addr, at)
    except (InvalidInput, TooManyAttempts) as refusal:
        return page("forgotten", refusal, "dia_chi", typed=typed)
    with in_even_time(), unit_of_work() as work:
        token = ask_reset(work, identity, at)
        if token is None:
            send_to_nobody(work, at)
        else:
            send_link(work, Letter.RESET_PASSWORD, token, at)
    return page("letter_sent", address=str(identity), hours=0)


@door.get("/dat-lai-mat-khau/<token>")
@guarded(Guard.VISITOR)
def ask_new_password(token: str) -> Response:
    """Ask for a new password."""
    _holder_of(token)
    return page("reset", token=token)


@door.post("/dat-lai-mat-khau/<token>")
@guarded(Guard.VISITOR)
def set_new_password(token: str) -> Response:
    """Set it, once; every sign-in ends, this browser's included."""
    at = clock.now()
    try:
        password_hash = hash_for(request.form.get("mat_khau", ""), _holder_of(token))
    except PasswordRefused as refusal:
        return page("reset", refusal, "mat_khau", token=token)
    with unit_of_work() as work:
        person = reset_password(work, token, password_hash, at)
        send_letter_to(work, Letter.SECURITY_CHANGED, person.id, at, Change.PASSWORD)
    return _begin_again()


@door.get("/khoi-phuc")
@guarded(Guard.VISITOR)
def ask_recovery_code() -> Response:
    """Ask for a recovery code and a new password."""
    return page("recover", typed="")


@door.post("/khoi-phuc")
@guarded(Guard.VISITOR)
def recover() -> Response:
    """Set a new password with a recovery code."""
    typed, at = request.form.get("dia_chi", ""), clock.now()
    try:
        identity = read_identity(typed)
        password_hash = hash_for_new(request.form.get("mat_khau", ""), "", typed, on_duty=True)
        claim_recovery(identity, at)
        with unit_of_work() as work:
            code = request.form.get("ma", "")
            person = recover_with_code(work, identity, code, password_hash, at)
            send_letter_to(work, Letter.SECURITY_CHANGED, person.id, at, Change.PASSWORD)
    except (SignInRefused, CodeRefused):
        return page("recover", RecoveryRefused(), "ma", typed=typed)
    except (InvalidInput, TooManyAttempts) as refusal:
        field = "mat_khau" if isinstance(refusal, PasswordRefused) else "dia_chi"
        return page("recover", refusal, field, typed=typed)
    return _begin_again()


def _holder_of(token: str) -> Person:
    person = find_reset(db.session(), token, clock.now())
    if person is None:
        raise LinkRefused
    return person


def _begin_again() -> Response:
    response = leave(go("/dang-nhap"))
    flash(_("Đã đặt mật khẩu mới. Mời đăng nhập."))
    return response
