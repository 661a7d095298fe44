"""The token that every form carries: it belongs to one visit, which begins anew with each other person."""

from flask import request, session
from flask_wtf.csrf import validate_csrf
from wtforms import ValidationError

from marketplace.errors import MarketplaceError

FORM_FIELD = "csrf_token"
"""Where forms and the visit keep it."""


class FormOutdated(MarketplaceError):
    """A form without the token of this visit, or with one that has run out."""

    code = "form_outdated"
    status = 403


def require_form_token() -> None:
    """Accept a form only with the token of this visit.

    Raises FormOutdated.
    """
    try:
        validate_csrf(request.form.get(FORM_FIELD))
    except ValidationError as error:
        raise FormOutdated from error


def begin_visit_anew(*but: str) -> None:
    """Forget what this visit held but for what is named, its form token included, when people come or go."""
    held = {name: session[name] for name in but if name in session}
    session.clear()
    session.update(held)
