"""Refusals and failures as programs read them: problem details (RFC 9457)."""

import logging
from http import HTTPStatus
from typing import Any

from flask import Response, json, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from marketplace.api import door
from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.web.problems import RETRY_AFTER_SECONDS
from marketplace.web.refusals import explain

log = logging.getLogger(__name__)


def problem(status: int, code: str, detail: str = "", **more: Any) -> Response:
    """Return a problem; `code` names it to programs, `detail` is for people."""
    told = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code}
    if detail:
        told["detail"] = detail
    return Response(
        json.dumps(told | more),
        status,
        content_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )


@door.errorhandler(MarketplaceError)
def tell_refusal(refusal: MarketplaceError) -> Response:
    """Tell a refusal; the parameters that name what is at fault are told with it."""
    db.session.rollback()
    named = {name: str(value) for name, value in refusal.parameters.items() if name in {"field", "ability"}}
    response = problem(refusal.status, refusal.code, explain(refusal), **named)
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    if "wait" in refusal.parameters:
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
    return response


@door.errorhandler(HTTPException)
def tell_http_error(error: HTTPException) -> Response:
    """Tell an HTTP error with its own status."""
    db.session.rollback()
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    return problem(status, HTTPStatus(status).name.lower())


@door.errorhandler(OperationalError)
def tell_busy(error: OperationalError) -> Response:
    """Ask programs to come back while the database is away or busy."""
    log.warning("database unavailable: %s", type(error.orig).__name__)
    db.session.rollback()
    response = problem(503, "busy")
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


@door.errorhandler(Exception)
def tell_failure(error: Exception) -> Response:
    """Say that the fault is ours; what happened is in the log."""
    log.error("failure in %s", request.endpoint, exc_info=error)
    db.session.rollback()
    return problem(500, "failure")
