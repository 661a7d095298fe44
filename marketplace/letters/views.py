"""The page of outgoing letters: there in a demo, where nobody sends them."""

from flask import Blueprint, Response, current_app, make_response, render_template

from marketplace.letters.outbox import Outbox
from marketplace.web.guards import Guard, guarded

MOST_LETTERS = 50

door = Blueprint("letters", __name__)


@door.get("/thu-mau")
@guarded(Guard.DEMO)
def list_letters() -> Response:
    """Show the newest letters with their links."""
    outbox = Outbox(current_app.extensions["settings"].outbox)
    page = render_template("letters/list.html", letters=list(outbox.list_newest(MOST_LETTERS)))
    return make_response(page)
