"""The service worker that keeps visited trace pages for when there is no network."""

from flask import Response, abort

from marketplace.scan import door
from marketplace.web.assets import load_asset
from marketplace.web.guards import Guard, guarded

WORKER = "js/scan-worker.js"


@door.get("/scan-worker.js")
@guarded(Guard.PUBLIC)
def service_worker() -> Response:
    """Give the worker under an address of its own: it may only ever serve pages below where it lies."""
    asset = load_asset(WORKER)
    if asset is None:
        abort(404)
    response = Response(asset.body, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.set_etag(asset.version)
    return response
