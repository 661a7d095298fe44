"""What pages tell machines: schema.org in JSON-LD."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from marketplace.settings import Settings
from marketplace.web.addresses import full_url
from marketplace.web.language import current_language

CONTEXT = "https://schema.org"
Thing = dict[str, Any]


def item_list(paths_and_names: Iterable[tuple[str, str]], first: int = 1) -> Thing:
    """Return the products of a page in the order they are shown, counted on from earlier pages."""
    language = current_language()
    elements = [
        {"@type": "ListItem", "position": position, "url": full_url(path, language), "name": name}
        for position, (path, name) in enumerate(paths_and_names, first)
    ]
    return {"@context": CONTEXT, "@type": "ItemList", "itemListElement": elements}


def breadcrumb(trail: Sequence[tuple[str, str]]) -> Thing:
    """Return the way from the home page: pairs of words and path, the page itself last."""
    language = current_language()
    steps = [(_("Trang chủ"), "/"), *trail]
    elements = [
        {"@type": "ListItem", "position": position, "name": words, "item": full_url(path, language)}
        for position, (words, path) in enumerate(steps, 1)
    ]
    return {"@context": CONTEXT, "@type": "BreadcrumbList", "itemListElement": elements}


def organization() -> Thing:
    """Return who runs the site, and how to search it."""
    settings: Settings = current_app.extensions["settings"]
    home = full_url("/", current_language())
    return {
        "@context": CONTEXT,
        "@graph": [
            {
                "@type": "Organization",
                "@id": f"{settings.site_url}/#to-chuc",
                "name": settings.owner.name,
                "url": settings.site_url,
                "telephone": settings.owner.phone,
                "email": settings.owner.email,
            },
            {
                "@type": "WebSite",
                "name": settings.site_name,
                "url": home,
                "publisher": {"@id": f"{settings.site_url}/#to-chuc"},
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": full_url("/san-pham", current_language()) + "?q={q}",
                    "query-input": "required name=q",
                },
            },
        ],
    }
