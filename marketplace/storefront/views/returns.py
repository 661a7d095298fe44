"""Giving goods of a delivered parcel back: what, how many, why, with photographs; and taking that back."""

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _

from marketplace import clock
from marketplace.accounts.attempts import Rule, claim
from marketplace.accounts.errors import TooManyAttempts
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.media.errors import PictureRefused
from marketplace.media.limits import MAX_BYTES
from marketplace.media.pictures import encode
from marketplace.ordering.after_sale_errors import NotReturnable
from marketplace.ordering.order_queries import open_group
from marketplace.ordering.returns import MOST_PICTURES, MOST_WORDS, ask_return, cancel_return
from marketplace.storefront import door
from marketplace.storefront.return_form import Asked, Faults, Returnable, find_returnable, read_return
from marketplace.storefront.views.orders import back_to
from marketplace.web.form_token import require_form_token
from marketplace.web.guards import Guard, guarded
from marketplace.web.headers import tell_no_address
from marketplace.web.order_words import RETURN_REASONS
from marketplace.web.pictures import read_files, takes_files
from marketplace.web.refusals import explain

ALL_PICTURES = MOST_PICTURES * MAX_BYTES + 200_000


@door.get("/don-hang/<number>/<secret>/tra-hang/<int(max=99):position>")
@guarded(Guard.VISITOR)
def ask_what_goes_back(number: str, secret: str, position: int) -> Response:
    """Ask which goods of a delivered parcel go back, and why."""
    return _page(_find(number, secret, position), f"/don-hang/{number}/{secret}")


@door.post("/don-hang/<number>/<secret>/tra-hang/<int(max=99):position>")
@guarded(Guard.VISITOR)
@takes_files(ALL_PICTURES)
def take_return(number: str, secret: str, position: int) -> Response:
    """Ask the seller to take goods back; what is typed wrong costs no attempt, photographs come last."""
    require_form_token()
    path = f"/don-hang/{number}/{secret}"
    parcel = _find(number, secret, position)
    asked, faults = read_return(parcel)
    if asked is None:
        return _page(parcel, path, faults, 422)
    try:
        _ask(parcel.order.id, asked)
    except TooManyAttempts as refusal:
        response = _page(parcel, path, [("loi", explain(refusal))], refusal.status)
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
        return response
    except PictureRefused as refusal:
        return _page(parcel, path, [("anh", explain(refusal))], refusal.status)
    except NotReturnable as refusal:
        words = _("Hàng vừa đổi tình trạng. Mời xem lại số lượng rồi gửi lần nữa.")
        return _page(_find(number, secret, position), path, [("sl", words)], refusal.status)
    return back_to(path)


@door.post("/don-hang/<number>/<secret>/bo-tra-hang/<int(max=2147483647):return_id>")
@guarded(Guard.VISITOR)
def take_return_back(number: str, secret: str, return_id: int) -> Response:
    """Keep goods after all, while they have not arrived at the seller's."""
    require_form_token()
    whole = open_group(db.session(), number, secret)
    if return_id not in {one.id for returns in whole.returns.values() for one in returns}:
        raise NotFound
    with unit_of_work() as session:
        cancel_return(session, return_id, clock.now())
    return back_to(f"/don-hang/{number}/{secret}")


def _find(number: str, secret: str, position: int) -> Returnable:
    return find_returnable(db.session(), open_group(db.session(), number, secret), position, clock.now())


def _ask(order_id: int, asked: Asked) -> None:
    """Ask for a return within the limits; photographs are opened outside of the transaction."""
    claim([(Rule.RETURN, str(order_id))], clock.now())
    pictures = [encode(content, name) for name, content in read_files(most=MOST_PICTURES)]
    with unit_of_work() as session:
        told = (asked.quantities, asked.reason, asked.words)
        ask_return(session, order_id, *told, pictures, clock.now())


def _page(parcel: Returnable, path: str, faults: Faults | None = None, status: int = 200) -> Response:
    page = render_template(
        "storefront/return.html",
        parcel=parcel,
        order_path=path,
        reasons=RETURN_REASONS,
        most_words=MOST_WORDS,
        most_pictures=MOST_PICTURES,
        faults=faults or [],
        faulty=dict(faults or []),
        typed=request.form,
    )
    return tell_no_address(make_response(page, status))
