"""The prints of products: drawn on demand, kept by browsers for ever under their version."""

from flask import Response, request

from marketplace.catalogue.queries import get_picture_facts
from marketplace.media.art import Subject, draw
from marketplace.storefront import door
from marketplace.web.assets import FOR_EVER
from marketplace.web.guards import Guard, guarded

BRIEFLY = "public, max-age=300"


@door.get("/anh/<slug>.svg")
@guarded(Guard.PUBLIC)
def picture(slug: str) -> Response:
    """Give the print of a product."""
    name, number, group = get_picture_facts(slug)
    subject = Subject(slug, name, number, group)
    response = Response(draw(subject), content_type="image/svg+xml")
    known = request.args.get("v") == subject.version
    response.headers["Cache-Control"] = FOR_EVER if known else BRIEFLY
    response.set_etag(subject.version)
    return response.make_conditional(request)  # type: ignore[return-value]
