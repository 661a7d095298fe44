"""Security headers of every answer, errors and static files included."""

from collections.abc import Iterable

from flask import Response, current_app, g, request

from marketplace.web.guards import Guard, guard_of
from marketplace.web.pictures import pictures_from

SITE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{styles}; img-src 'self' data:{pictures}; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'{forms}; "
    "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; require-trusted-types-for 'script'"
)
NO_FEATURES = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
MAP_FEATURES = NO_FEATURES.replace("geolocation=()", "geolocation=(self)")
SCAN_FEATURES = NO_FEATURES.replace("camera=()", "camera=(self)")


def allow_inline_style(sha256_base64: str) -> None:
    """Let this answer inline one style sheet, known by its hash; only the trace page does."""
    g.style_hash = sha256_base64


def allow_forms_to(origins: Iterable[str]) -> None:
    """Let the forms of this page lead on to other sites, which browsers check after a redirect too."""
    g.form_goals = "".join(f" {origin}" for origin in origins)


def allow_geolocation() -> None:
    """Let this page ask the device where it is; the answer never leaves the device."""
    g.features = MAP_FEATURES


def allow_camera() -> None:
    """Let this page read codes with the camera; pictures never leave the device."""
    g.features = SCAN_FEATURES


def tell_no_address(response: Response) -> Response:
    """Have the address of a page, which holds a secret, told to no other site."""
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def add_security_headers(response: Response) -> Response:
    """Put the headers of DESIGN.md on an answer; private answers are stored by nobody."""
    styles = f" 'sha256-{g.style_hash}'" if "style_hash" in g else ""
    response.headers.setdefault(
        "Content-Security-Policy",
        SITE_POLICY.format(styles=styles, pictures=pictures_from(), forms=g.get("form_goals", "")),
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = g.get("features", NO_FEATURES)
    if current_app.extensions["settings"].secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
    view = current_app.view_functions.get(request.endpoint or "")
    if view is None or guard_of(view) is not Guard.PUBLIC or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
    return response
