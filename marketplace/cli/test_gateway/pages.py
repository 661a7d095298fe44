"""What people see of the test gateway: the page where a card is paid, and a board with all payments."""

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from marketplace.cli.test_gateway import trade
from marketplace.cli.test_gateway.api import books
from marketplace.cli.test_gateway.books import Refused
from marketplace.cli.test_gateway.faults import Faults, Kind
from marketplace.cli.test_gateway.notices import Manner, Postman

pages = Blueprint("pages", __name__)


@pages.errorhandler(Refused)
def show_refusal(refusal: Refused) -> Response:
    """Tell people that there is nothing here."""
    return make_response(render_template("test_gateway/gone.html", words=refusal.words), refusal.status)


@pages.get("/c/pay/<identity>")
def show_page(identity: str) -> Response:
    """Show what a session asks for, and the three things that a buyer can do."""
    kept = books()
    with kept.look():
        session = dict(trade.find_session(kept, identity))
    return make_response(render_template("test_gateway/pay.html", session=session, declined=False))


@pages.post("/c/pay/<identity>")
def use_page(identity: str) -> AnyResponse:
    """Pay, have the card refused, or go back without paying."""
    act = request.form.get("act")
    with books() as kept:
        session = trade.find_session(kept, identity)
        if act == "leave":
            return redirect(session["cancel_url"] or session["success_url"], 303)
        if act == "decline":
            trade.decline(kept, identity)
            page = render_template("test_gateway/pay.html", session=dict(session), declined=True)
            return make_response(page, 402)
        return redirect(trade.return_address(trade.pay(kept, identity)), 303)


@pages.get("/")
def show_board() -> Response:
    """Show all payments and how the gateway behaves today."""
    kept = books()
    with kept.look():
        sessions = [dict(row) for row in kept.where("sessions")[:50]]
        intents = {row["id"]: dict(row) for row in kept.where("intents")}
        disputes = [dict(row) for row in kept.where("disputes")]
    page = render_template(
        "test_gateway/board.html",
        sessions=sessions,
        intents=intents,
        disputed={row["payment_intent"]: row for row in disputes},
        manner=postman().manner,
        manners=list(Manner),
        kinds=list(Kind),
        waiting=faults().waiting,
    )
    return make_response(page)


@pages.post("/")
def use_board() -> AnyResponse:
    """Do what only the owner of a gateway's account can: give back, dispute, misbehave."""
    act, identity = request.form.get("act", ""), request.form.get("id", "")
    with books() as kept:
        if act == "refund":
            trade.refund(kept, {"payment_intent": identity})
        elif act == "dispute":
            trade.dispute(kept, identity)
        elif act in {"won", "lost"}:
            trade.close_dispute(kept, identity, act)
    if act == "notices":
        postman().manner = Manner(request.form["manner"])
    elif act == "fault":
        faults().expect(Kind(request.form["kind"]), int(request.form.get("times", "1")))
    elif act == "well":
        faults().clear()
    return redirect("/", 303)


def postman() -> Postman:
    """Return who brings this gateway's notices."""
    found: Postman = current_app.extensions["postman"]
    return found


def faults() -> Faults:
    """Return what goes wrong at this gateway."""
    found: Faults = current_app.extensions["faults"]
    return found
