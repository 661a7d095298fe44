"""The token that every form carries: it belongs to one visit, and a new one comes with each sign-in."""

from flask import request, session
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from marketplace.errors import MarketplaceError


class FormOutdated(MarketplaceError):
    """A form without the token of this visit, or with one that has run out."""

    code = "form_outdated"
    status = 403


def require_form_token() -> None:
    """Accept a form only with the token of this visit.

    Raises FormOutdated.
    """
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError as error:
        raise FormOutdated from error


def begin_visit_anew() -> None:
    """Forget what this visit held, its form token included; whoever signs in or out begins anew."""
    session.clear()
