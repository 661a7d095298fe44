"""Addresses of pages: in the reader's language, in the other one, and the canonical one."""

from urllib.parse import urlencode

from flask import current_app, has_request_context, request

from marketplace.web.language import current_language

Query = dict[str, str | int | list[str] | None]


def page_url(path: str, **query: str | int | list[str] | None) -> str:
    """Return the address of a page of ours in the language of the page being made.

    Query values that are None or empty are left out; lists repeat their name.
    """
    prefix = "/en" if current_language() == "en" else ""
    return (
        f"{prefix}{path}{write_query(query)}"
        if path != "/" or not prefix
        else f"{prefix}{write_query(query)}"
    )


def write_query(query: Query) -> str:
    """Return a query string with its question mark, or nothing."""
    present = {name: value for name, value in query.items() if value not in (None, "", [])}
    return "?" + urlencode(present, doseq=True) if present else ""


def other_language_url() -> str:
    """Return this page in the other language: English for Vietnamese pages and the reverse."""
    if not has_request_context():
        return "/en"
    path, query = request.path, request.query_string.decode("ascii", "ignore")
    if current_language() == "vi":
        path = "/en" if path == "/" else f"/en{path}"
    return f"{path}?{query}" if query and request.method == "GET" else path


def full_url(path: str, language: str = "vi") -> str:
    """Return the address of a page with scheme and host, as other programs are given it."""
    site: str = current_app.extensions["settings"].site_url
    if language == "vi":
        return f"{site}{path}"
    return f"{site}/en" if path == "/" else f"{site}/en{path}"
