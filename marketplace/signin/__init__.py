"""The door for signing up and in, and for one's own account."""

from flask import Blueprint, request

from marketplace.web.form_token import require_form_token
from marketplace.web.guards import SAFE_METHODS

door = Blueprint("signin", __name__)


@door.before_request
def _require_form_token() -> None:
    """Ask every form of this door for its token, those for people who are not signed in included."""
    if request.method not in SAFE_METHODS:
        require_form_token()
