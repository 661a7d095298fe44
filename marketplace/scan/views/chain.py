"""The chain of a lot's events as text: what was hashed, so that anybody recomputes it with sha256sum."""

from flask import Response, render_template

from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.scan import door
from marketplace.scan.addressed import get_scanned
from marketplace.traceability.events.chain import canonical_text
from marketplace.traceability.events.history import load_history
from marketplace.traceability.zones.chain import list_books
from marketplace.web.kept_pages import public_page


@door.get("/truy-xuat/chuoi/<path:printed>")
@public_page
def show_chain(printed: str) -> Response:
    """List the text of every event of a lot with its hash, then what its zones were said to be, and when."""
    scanned = get_scanned(printed)
    if scanned.lot is None:
        raise NotFound(path=printed)
    history = load_history(db.session(), scanned.lot.id)
    text = render_template(
        "scan/chain.txt",
        lot=scanned.lot,
        product=scanned.product,
        broken=history.first_broken,
        changed=history.is_lot_changed,
        changed_papers=history.changed_papers,
        zones=list_books(db.session(), history.places_of_growth),
        events=[(event, canonical_text(event)) for event in history.events],
    )
    return Response(text, content_type="text/plain; charset=utf-8")
