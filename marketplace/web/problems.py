"""Refusals and failures, told to people in one place."""

import logging

from flask import Flask, Response, make_response, render_template, request
from flask_babel import gettext
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from marketplace.database import db
from marketplace.errors import MarketplaceError
from marketplace.web.refusals import explain

log = logging.getLogger(__name__)

RETRY_AFTER_SECONDS = 5
WORK = ("/van-phong", "/gian-hang")
"""Homes of the doors where people work; what buyers are told there would be about somebody else."""


def register_problems(app: Flask) -> None:
    """Answer refusals, HTTP errors and failures with pages that help."""
    app.register_error_handler(MarketplaceError, show_refusal)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(OperationalError, show_busy)
    app.register_error_handler(Exception, show_failure)


def show_refusal(refusal: MarketplaceError) -> Response:
    """Tell people what was refused and what they can do."""
    return _page(refusal.status, explain(refusal), refusal.code)


def show_http_error(error: HTTPException) -> Response:
    """Show an HTTP error with its own status; redirects pass through."""
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    response = _page(error.code, "")
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def show_busy(error: OperationalError) -> Response:
    """Ask for patience while the database is away or busy: never a 500, always a time to come back."""
    log.warning("database unavailable: %s", type(error.orig).__name__)
    response = _page(503, "")
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def show_failure(error: Exception) -> Response:
    """Say that the fault is ours; what happened is in the log, without people's data."""
    log.error("failure in %s", request.endpoint, exc_info=error)
    return _page(500, "")


def _page(status: int, message: str, code: str = "") -> Response:
    db.session.rollback()
    known = status if status in {403, 404, 405, 409, 413, 422, 429, 500, 503} else 400
    try:
        body = render_template("errors/problem.html", status=known, message=message, code=code, home=_home())
    except Exception:
        log.exception("the error page failed")
        body = gettext("Có lỗi. Mời bạn thử lại sau.")
    return make_response(body, status)


def _home() -> str:
    """Return the home of the door that people work at, nothing for what is open to everybody."""
    path = request.path.removeprefix("/en")
    return next((home for home in WORK if path == home or path.startswith(f"{home}/")), "")
