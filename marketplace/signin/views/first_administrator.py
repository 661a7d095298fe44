"""The link of the first start: it makes the first administrator, once."""

from flask import Response, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.errors import IdentityTaken, LinkRefused
from marketplace.accounts.first_administrator import become_first_administrator, is_first_link
from marketplace.accounts.identity import read_identity, read_name
from marketplace.database import db, unit_of_work
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.signin import door
from marketplace.signin.answers import go, page
from marketplace.signin.passwords import hash_for_new
from marketplace.web.guards import Guard, guarded

FIELDS = {"name": "ho_ten", "password": "mat_khau"}


@door.get("/quan-tri-dau-tien/<token>")
@guarded(Guard.VISITOR)
def ask_first_administrator(token: str) -> Response:
    """Show the form and its button."""
    _require_link(token)
    return _form(token)


@door.post("/quan-tri-dau-tien/<token>")
@guarded(Guard.VISITOR)
def make_first_administrator(token: str) -> Response:
    """Make the first administrator, who signs in and sets up a second factor next."""
    _require_link(token)
    try:
        name = read_name(request.form.get("ho_ten", ""))
        identity = read_identity(request.form.get("dia_chi", ""))
        password_hash = hash_for_new(request.form.get("mat_khau", ""), name, str(identity), on_duty=True)
        with unit_of_work() as work:
            become_first_administrator(work, token, name, identity, password_hash, clock.now())
    except (InvalidInput, IdentityTaken) as refusal:
        return _form(token, refusal)
    return go("/dang-nhap", _("Đã có quản trị. Mời đăng nhập rồi bật mã 6 số."))


def _form(token: str, refusal: MarketplaceError | None = None) -> Response:
    field = FIELDS.get(str(refusal.parameters.get("field")), "dia_chi") if refusal else ""
    return page("first_administrator", refusal, field, token=token, typed=request.form)


def _require_link(token: str) -> None:
    if not is_first_link(db.session(), token, clock.now()):
        raise LinkRefused
