"""The part of Stripe's API that the marketplace uses; amounts are whole đồng."""

import hmac
from collections.abc import Callable

from flask import Blueprint, Response, current_app, jsonify, request

from marketplace.cli.test_gateway import trade
from marketplace.cli.test_gateway.books import Books, Refused, Thing
from marketplace.cli.test_gateway.parameters import items_of, read_parameters

api = Blueprint("api", __name__, url_prefix="/v1")

Act = Callable[[Books, Thing], Thing]


def books() -> Books:
    """Return the books of this gateway."""
    kept: Books = current_app.extensions["books"]
    return kept


@api.before_request
def check_key() -> None:
    """Refuse a key that is not this gateway's."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not hmac.compare_digest(given.encode(), current_app.config["API_KEY"].encode()):
        raise Refused("Invalid API Key provided", status=401)


@api.errorhandler(Refused)
def show_refusal(refusal: Refused) -> tuple[Response, int]:
    """Say what was refused as Stripe does."""
    return jsonify(_error(refusal)), refusal.status


@api.post("/checkout/sessions")
def create_session() -> Response:
    """Open a Checkout Session."""
    page = f"{request.host_url.rstrip('/')}/c/pay"
    return _carry_out(lambda kept, asked: _shown(kept, trade.create_session(kept, page, asked), asked))


@api.get("/checkout/sessions/<identity>")
def show_session(identity: str) -> Response:
    """Show a Checkout Session."""
    kept = books()
    with kept.look():
        return jsonify(_shown(kept, trade.find_session(kept, identity), _asked()))


@api.get("/checkout/sessions")
def list_sessions() -> Response:
    """List the Checkout Session of a payment."""
    kept = books()
    with kept.look():
        rows = kept.where("sessions", payment_intent=_asked().get("payment_intent"))
        return _list([_shown(kept, row, {}) for row in rows])


@api.post("/checkout/sessions/<identity>/expire")
def expire_session(identity: str) -> Response:
    """Close a Checkout Session."""
    return _carry_out(lambda kept, asked: _shown(kept, trade.expire_session(kept, identity), asked))


@api.get("/payment_intents/<identity>")
def show_intent(identity: str) -> Response:
    """Show a payment."""
    kept = books()
    with kept.look():
        return jsonify(kept.get("intents", identity))


@api.post("/refunds")
def create_refund() -> Response:
    """Give money back."""
    return _carry_out(trade.refund)


@api.get("/refunds")
def list_refunds() -> Response:
    """List the refunds of a payment."""
    kept = books()
    with kept.look():
        return _list(kept.where("refunds", payment_intent=_asked().get("payment_intent")))


@api.get("/refunds/<identity>")
def show_refund(identity: str) -> Response:
    """Show a refund."""
    kept = books()
    with kept.look():
        return jsonify(kept.get("refunds", identity))


@api.get("/disputes/<identity>")
def show_dispute(identity: str) -> Response:
    """Show a dispute."""
    kept = books()
    with kept.look():
        return jsonify(kept.get("disputes", identity))


@api.get("/events/<identity>")
def show_event(identity: str) -> Response:
    """Show a notice."""
    kept = books()
    with kept.look():
        return jsonify(kept.get("events", identity))


def _asked() -> Thing:
    pairs = request.form if request.method == "POST" else request.args
    return read_parameters(pairs.items(multi=True))


def _shown(kept: Books, session: Thing, asked: Thing) -> Thing:
    return trade.as_shown(kept, session, items_of(asked, "expand"))


def _list(rows: list[Thing]) -> Response:
    return jsonify({"object": "list", "data": rows, "has_more": False, "url": request.path})


def _carry_out(act: Act) -> Response:
    """Do what was asked once for each idempotency key; the first result is repeated, failures included.

    What was refused is not kept: nothing was done. Raises Refused for a key used for something else.
    """
    asked, key = _asked(), request.headers.get("Idempotency-Key", "")
    with books() as kept:
        answers = kept.tables["answers"]
        if key in answers:
            return _repeat(answers[key], asked)
        status, body = _attempt(act, kept, asked)
        if key and status in {200, 500}:
            answers[key] = {"path": request.path, "asked": asked, "status": status, "body": body}
    return _reply(status, body)


def _attempt(act: Act, kept: Books, asked: Thing) -> tuple[int, Thing]:
    if request.environ.get("test_gateway.fails"):
        return 500, _error(Refused("An unknown error occurred", kind="api_error"))
    try:
        return 200, dict(act(kept, asked))
    except Refused as refusal:
        return refusal.status, _error(refusal)


def _repeat(answer: Thing, asked: Thing) -> Response:
    if (answer["path"], answer["asked"]) != (request.path, asked):
        words = "Keys for idempotent requests can only be used with the parameters they were first used with."
        raise Refused(words, kind="idempotency_error")
    response = _reply(answer["status"], answer["body"])
    response.headers["Idempotent-Replayed"] = "true"
    return response


def _reply(status: int, body: Thing) -> Response:
    response = jsonify(body)
    response.status_code = status
    if status == 500:
        response.headers["Stripe-Should-Retry"] = "false"
    return response


def _error(refusal: Refused) -> Thing:
    return {"error": {"type": refusal.kind, "code": refusal.code or None, "message": refusal.words}}
