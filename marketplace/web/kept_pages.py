"""Public pages: the same for everyone, kept while register version, day, release and address are."""

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from threading import Lock
from typing import Any, overload

import brotli
from flask import Response, current_app, g, make_response, request

from marketplace import clock, register
from marketplace.web.guards import Guard, View, guarded

KEPT_BYTES = 48_000_000
LONGEST_ADDRESS = 2_000
BROTLI_QUALITY = 5
HALF_HOUR = 1800

Key = tuple[int, str, str, tuple[str, str, str]]


class KeptPages:
    """Rendered pages of this process, least recently used thrown out first; sizes in bytes."""

    def __init__(self, most_bytes: int = KEPT_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._pages: OrderedDict[Key, tuple[bytes, bytes, str]] = OrderedDict()
        self._lock = Lock()

    def find(self, key: Key) -> tuple[bytes, bytes, str] | None:
        """Return the plain and compressed body and content type kept under a key."""
        with self._lock:
            page = self._pages.get(key)
            if page is not None:
                self._pages.move_to_end(key)
            return page

    def keep(self, key: Key, page: tuple[bytes, bytes, str]) -> None:
        """Keep a page, and throw out the ones longest unused until it fits."""
        with self._lock:
            if key in self._pages:
                return
            self._pages[key] = page
            self.bytes += len(page[0]) + len(page[1])
            while self.bytes > self.most_bytes:
                _, (plain, packed, _) = self._pages.popitem(last=False)
                self.bytes -= len(plain) + len(packed)


@overload
def public_page(view: View) -> View: ...


@overload
def public_page(*, by_the_clock: bool) -> Callable[[View], View]: ...


def public_page(view: View | None = None, *, by_the_clock: bool = False) -> Any:
    """Make a view public: no cookie, an ETag, and a kept copy that can never be stale.

    `by_the_clock` is for pages that say what is open now; their copies last half an hour at most.
    """

    def wrap(inner: View) -> View:
        @wraps(inner)
        def answer(*args: Any, **kwargs: Any) -> Response:
            return _answer(inner, by_the_clock, args, kwargs)

        return guarded(Guard.PUBLIC)(answer)

    return wrap(view) if view is not None else wrap


def _answer(view: Callable[..., Any], by_the_clock: bool, args: Any, kwargs: Any) -> Response:
    instant = clock.now()
    g.now, g.day = instant, clock.local_date(instant)
    moment = f"{g.day}"
    if by_the_clock:
        moment += f"+{int(instant.timestamp()) // HALF_HOUR}"
    address = _address_as_sent()
    key = (register.current_version(), moment, current_app.extensions["release"], address)
    etag = hashlib.sha256(repr(key).encode()).hexdigest()[:32]
    asked = request.if_none_match
    if asked.contains_weak(etag) and not asked.star_tag:
        return _with_headers(Response(status=304), etag)
    pages: KeptPages = current_app.extensions["kept_pages"]
    page = pages.find(key)
    if page is None:
        response = make_response(view(*args, **kwargs))
        if response.status_code != 200:
            return response
        plain = response.get_data()
        page = (plain, brotli.compress(plain, quality=BROTLI_QUALITY), response.content_type)
        if sum(map(len, address)) <= LONGEST_ADDRESS:
            pages.keep(key, page)
    return _with_headers(Response(status=304) if asked.star_tag else _pack(page), etag)


def _address_as_sent() -> tuple[str, str, str]:
    """Return prefix, path and query apart, a character for each byte: no two addresses look alike."""
    environ = request.environ
    return environ.get("SCRIPT_NAME", ""), environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")


def _pack(page: tuple[bytes, bytes, str]) -> Response:
    plain, packed, content_type = page
    if request.accept_encodings.quality("br") > 0:
        response = Response(packed, content_type=content_type)
        response.headers["Content-Encoding"] = "br"
    else:
        response = Response(plain, content_type=content_type)
    return response


def _with_headers(response: Response, etag: str) -> Response:
    response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
    response.headers["Vary"] = "Accept-Encoding"
    response.set_etag(etag, weak=True)
    return response
