"""The service worker that keeps visited trace pages for when there is no network."""

from flask import Response

from marketplace.scan import door
from marketplace.web.assets import serve_asset
from marketplace.web.guards import Guard, guarded

WORKER = "js/scan-worker.js"


@door.get("/scan-worker.js")
@guarded(Guard.PUBLIC)
def service_worker() -> Response:
    """Give the worker under an address of its own: it may only ever serve pages below where it lies."""
    response: Response = serve_asset(WORKER)
    return response
