"""The PIN under the scratch field: asked on the pack's own page, without cookies, within limits."""

from flask import Response, make_response, request

from marketplace import clock
from marketplace.accounts.errors import TooManyAttempts
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.scan import door
from marketplace.scan.counting import network_of
from marketplace.scan.views.trace import get_page, render_trace
from marketplace.traceability.codes.pins import check_pin, claim_pin, forgive_pin
from marketplace.traceability.codes.trace_code import TraceCode, read_digital_link, read_token_link
from marketplace.web.guards import Guard, guarded
from marketplace.web.refusals import explain
from marketplace.web.words import gettext as _


@door.post("/01/<path:printed>")
@guarded(Guard.VISITOR)
def ask_pin_of_link(printed: str) -> Response:
    """Compare a PIN with that of the label of a Digital Link."""
    return _ask(read_digital_link(printed))


@door.post("/t/<path:printed>")
@guarded(Guard.VISITOR)
def ask_pin_of_token(printed: str) -> Response:
    """Compare a PIN with that of the label of our own code."""
    return _ask(read_token_link(printed))


def _ask(code: TraceCode) -> Response:
    serial = get_page(code).scanned.serial
    if serial is None or serial.pin_hash is None:
        raise NotFound(printed=code.path)
    at = clock.now()
    try:
        claimed = claim_pin(serial, network_of(request.remote_addr), at)
    except TooManyAttempts as refusal:
        response = _answer(code, refusal.status, pin_fault=explain(refusal))
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
        return response
    with unit_of_work() as session:
        found = check_pin(session, serial, request.form.get("pin", ""), at)
    if not found.right:
        return _answer(code, 422, pin_fault=_("Không đúng mã cào của tem này. Hãy gõ lại từng số."))
    forgive_pin(claimed)
    return _answer(code, 200, pin=found)


def _answer(code: TraceCode, status: int, **told: object) -> Response:
    """Show the page of the pack with what the form was answered, read anew."""
    return make_response(render_trace(get_page(code), **told), status)
