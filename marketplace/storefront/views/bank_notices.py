"""What the bank's notification service tells: signed programs talk to us here, people do not."""

from http import HTTPStatus

from flask import Response, current_app, json, request

from marketplace import clock
from marketplace.database import unit_of_work
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.payments.bank import take_transfer
from marketplace.payments.bank_notice import MOST_BYTES, check_notice, read_notice
from marketplace.storefront import door
from marketplace.web.guards import signed

HEADER = "X-Bank-Signature"


@door.post("/thanh-toan/ngan-hang/thong-bao")
@signed
def hear_of_transfer() -> Response:
    """Count a transfer that the bank tells of, once for each reference, and say what became of it."""
    secret = current_app.extensions["settings"].bank_notice_secret
    if secret is None:
        return _problem(503, "not_configured")
    body = request.stream.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        return _problem(413, "too_large")
    try:
        check_notice(secret, request.headers.get(HEADER, ""), body, clock.now())
        line = read_notice(body)
        with unit_of_work() as session:
            state = take_transfer(session, line, clock.now()).state
    except InvalidInput as refusal:
        return _problem(refusal.status, refusal.code, field=refusal.parameters["field"])
    except MarketplaceError as refusal:
        return _problem(refusal.status, refusal.code)
    return _json(200, {"reference": line.reference, "state": state.value})


def _problem(status: int, code: str, **more: str) -> Response:
    """Return a problem as RFC 9457 has it."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, **more}
    response = _json(status, told)
    response.content_type = "application/problem+json"
    return response


def _json(status: int, content: dict[str, object]) -> Response:
    return Response(json.dumps(content), status, content_type="application/json")
