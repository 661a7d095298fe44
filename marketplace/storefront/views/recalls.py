"""Recalls in public: the list, each notice for ever, and a feed for programs."""

import json
from typing import Any

from flask import Response, current_app, g, render_template

from marketplace.database import db
from marketplace.storefront import door
from marketplace.storefront.query import read_page
from marketplace.traceability.recalls.goods import list_goods, trace_path
from marketplace.traceability.recalls.models import Recall
from marketplace.traceability.recalls.notices import CONTENT_TYPE, NEWEST, Feed, make_feed, make_item
from marketplace.traceability.recalls.queries import get_recall, list_newest, list_recalls
from marketplace.web.addresses import full_url, page_url
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language
from marketplace.web.lot_words import RECALL_REASONS
from marketplace.web.recall_words import name_recalled, seller_of
from marketplace.web.words import gettext as _


@door.get("/thu-hoi")
@public_page
def recalls() -> str:
    """Show all recalls there ever were, those in force first."""
    shown = list_recalls(db.session(), read_page())
    return render_template(
        "storefront/recalls.html",
        shown=shown,
        reasons=RECALL_REASONS,
        seller_of=seller_of,
        address=lambda number: page_url("/thu-hoi", trang=number if number > 1 else None),
    )


@door.get("/thu-hoi/<code>")
@public_page
def recall(code: str) -> str:
    """Show the notice of a recall; its address stays for ever."""
    found = get_recall(db.session(), code)
    return render_template(
        "storefront/recall.html",
        recall=found,
        seller=seller_of(found),
        reason=RECALL_REASONS[found.reason],
        trace_path=_trace_path(found),
        path_of=trace_path,
        goods=list_goods(db.session(), [found])[found.id],
        day=g.day,
    )


@door.get("/thu-hoi.json")
@public_page
def recall_feed() -> Response:
    """Hand out the newest recalls as a JSON Feed."""
    language, site = current_language(), current_app.extensions["settings"]
    feed = Feed(
        title=_("Thu hồi hàng – %(site)s", site=site.site_name),
        page_url=full_url("/thu-hoi", language),
        feed_url=full_url("/thu-hoi.json", language),
        site_url=site.site_url,
        language=language,
    )
    found = list_newest(db.session(), NEWEST)
    goods = list_goods(db.session(), found)
    items = (make_item(feed, one, name_recalled(one), goods[one.id]) for one in found)
    told: dict[str, Any] = make_feed(feed, items)
    return Response(json.dumps(told, ensure_ascii=False), content_type=CONTENT_TYPE)


def _trace_path(found: Recall) -> str:
    """Return the exact trace address of what is recalled; nothing where it is more than one product."""
    product = found.product or (found.lot.product if found.lot else None)
    return trace_path(product, found.lot) if product else ""
