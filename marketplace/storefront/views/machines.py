"""What monitors and crawlers ask for."""

from datetime import timedelta
from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, jsonify, request

from marketplace import clock, jobs, register
from marketplace.settings import Settings
from marketplace.storefront import sitemap as maps
from marketplace.upkeep import readiness
from marketplace.web.guards import Guard, guarded
from marketplace.web.kept_pages import KeptPages

door = Blueprint("machines", __name__)

PRIVATE_PATHS = ("/gio-hang", "/dat-hang", "/don-hang", "/tra-cuu", "/tai-khoan", "/gian-hang", "/van-phong")
CONTACT_RENEWED = timedelta(days=365)


@door.get("/healthz")
@guarded(Guard.MACHINE)
def health() -> Response:
    """Say that this process answers; the database has no part in it."""
    return _text("ok\n")


@door.get("/readyz")
@guarded(Guard.MACHINE)
def ready() -> Response:
    """Say part by part whether this process can serve, and nothing of why not."""
    parts = readiness.check_parts(clock.now())
    fit = all(parts[part] for part in readiness.NEEDED)
    response = jsonify(ready=fit, parts=parts)
    response.status_code = 200 if fit else 503
    return response


@door.get("/metrics")
@guarded(Guard.MACHINE)
def metrics() -> Response:
    """Tell the machine's own monitor a few figures; people and proxies get nothing."""
    if not _asked_from_this_machine():
        abort(404)
    pages: KeptPages = current_app.extensions["kept_pages"]
    figures = {
        "marketplace_register_version": register.current_version(),
        "marketplace_jobs_waiting": jobs.count_waiting(),
        "marketplace_jobs_lag_seconds": readiness.job_lag(clock.now()).total_seconds(),
        "marketplace_kept_pages_bytes": pages.bytes,
    }
    return _text("".join(f"{name} {value:g}\n" for name, value in figures.items()))


def _asked_from_this_machine() -> bool:
    forwarded = {"Forwarded", "X-Forwarded-For"} & set(request.headers.keys())
    return not forwarded and request.remote_addr is not None and ip_address(request.remote_addr).is_loopback


@door.get("/robots.txt")
@guarded(Guard.MACHINE)
def robots() -> Response:
    """Tell crawlers which pages belong to one visitor, and where the sitemap is."""
    closed = [f"Disallow: {prefix}{path}" for prefix in ("", "/en") for path in PRIVATE_PATHS]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {_settings().site_url}/sitemap.xml"]
    return _text("\n".join(lines) + "\n")


@door.get("/sitemap.xml")
@guarded(Guard.MACHINE)
def sitemap() -> Response:
    """List every public page in both languages, or the parts of that list when it is long."""
    pages = maps.list_pages(clock.today())
    parts = maps.count_parts(len(pages))
    site = _settings().site_url
    return _xml(maps.write_index(site, parts) if parts > 1 else maps.write_pages(site, pages))


@door.get("/sitemap-<int:part>.xml")
@guarded(Guard.MACHINE)
def sitemap_part(part: int) -> Response:
    """List one part of the public pages; parts are counted from 1."""
    pages = maps.part_of(maps.list_pages(clock.today()), part)
    if not pages:
        abort(404)
    return _xml(maps.write_pages(_settings().site_url, pages))


@door.get("/.well-known/security.txt")
@guarded(Guard.MACHINE)
def security_contact() -> Response:
    """Say whom to tell of a weakness (RFC 9116)."""
    settings = _settings()
    expires = clock.start_of(clock.today()) + CONTACT_RENEWED
    lines = (
        f"Contact: mailto:{settings.owner.email}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: vi, en",
        f"Canonical: {settings.site_url}/.well-known/security.txt",
    )
    return _text("\n".join(lines) + "\n")


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def _text(body: str) -> Response:
    return Response(body, content_type="text/plain; charset=utf-8")


def _xml(body: str) -> Response:
    return Response(body, content_type="application/xml; charset=utf-8")
