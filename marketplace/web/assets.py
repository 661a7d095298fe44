"""Static files: read once, compressed once, named by their content and kept by browsers for ever."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli
from flask import Response, abort, request

from marketplace.settings import PROJECT, Settings
from marketplace.web.guards import Guard, guarded
from marketplace.web.style_sheets import shrink

STATIC = PROJECT / "static"
FOR_EVER = "public, max-age=31536000, immutable"
COMPRESSIBLE = ("text/", "application/json", "image/svg+xml", "text/javascript")


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file with its compressed forms; `version` is taken from its content."""

    body: bytes
    brotli: bytes | None
    gzip: bytes | None
    content_type: str
    version: str


def load_asset(name: str) -> Asset | None:
    """Return a static file by its path below static/, or None; only what lay there at the start is served."""
    path = _list_files().get(name)
    return None if path is None else _read(path)


@cache
def _list_files() -> dict[str, Path]:
    return {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.is_file()}


@cache
def _read(path: Path) -> Asset:
    body = path.read_bytes()
    if path.suffix == ".css":
        body = shrink(body.decode()).encode()
    content_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    packed = content_type.startswith(COMPRESSIBLE)
    return Asset(
        body=body,
        brotli=brotli.compress(body) if packed else None,
        gzip=gzip.compress(body, mtime=0) if packed else None,
        content_type=content_type,
        version=hashlib.sha256(body).hexdigest()[:12],
    )


def asset_url(name: str) -> str:
    """Return the address of a static file, its version included.

    Raises FileNotFoundError for a name that does not exist, so that a template with a wrong one fails.
    """
    asset = load_asset(name)
    if asset is None:
        raise FileNotFoundError(name)
    return f"/static/{name}?v={asset.version}"


@guarded(Guard.PUBLIC)
def serve_asset(filename: str) -> Response:
    """Serve a static file in the best form that the browser takes."""
    asset = load_asset(filename)
    if asset is None:
        abort(404)
    encodings = request.accept_encodings
    if asset.brotli is not None and encodings.quality("br") > 0:
        response = Response(asset.brotli, content_type=asset.content_type)
        response.headers["Content-Encoding"] = "br"
    elif asset.gzip is not None and encodings.quality("gzip") > 0:
        response = Response(asset.gzip, content_type=asset.content_type)
        response.headers["Content-Encoding"] = "gzip"
    else:
        response = Response(asset.body, content_type=asset.content_type)
    known = request.args.get("v") == asset.version
    response.headers["Cache-Control"] = FOR_EVER if known else "public, max-age=0, must-revalidate"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(asset.version)
    response.make_conditional(request)
    return response


def release_of(settings: Settings, *folders: Path) -> str:
    """Return a name for this release, taken from its settings and the content of its files."""
    return hashlib.sha256(repr(settings).encode() + _content_of(folders)).hexdigest()[:12]


@cache
def _content_of(folders: tuple[Path, ...]) -> bytes:
    """Return a digest of all that lies in folders; a process reads them once, as it does its code."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return digest.digest()
