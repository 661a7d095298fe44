"""The style sheet that trace pages carry within: who scans a pack lands cold, often on a slow line."""

import base64
import hashlib
from functools import cache

from markupsafe import Markup

from marketplace.web.assets import load_asset

SHEET = "css/trace.css"


@cache
def trace_style() -> Markup:
    """Return the style sheet as it is served."""
    asset = load_asset(SHEET)
    if asset is None:
        raise FileNotFoundError(SHEET)
    return Markup(asset.body.decode())  # noqa: S704 our own file


@cache
def trace_style_hash() -> str:
    """Return the SHA-256 of the style sheet, by which the Content-Security-Policy allows it."""
    return base64.b64encode(hashlib.sha256(trace_style().encode()).digest()).decode()
