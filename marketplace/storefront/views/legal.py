"""What a shop must publish about itself: owner, rules, delivery, returns, complaints, data, ranking."""

from flask import render_template

from marketplace.ordering.allowance import MOST_UNCONFIRMED
from marketplace.ordering.cart import KEPT as CART_KEPT
from marketplace.ordering.cart import MOST_UNITS
from marketplace.ordering.sale import MOST_LINES
from marketplace.ordering.shipping import RATES
from marketplace.storefront import door, promises
from marketplace.web.kept_pages import public_page
from marketplace.web.language import current_language

_ANY = ", ".join(f'"{path}"' for path in promises.PAGES)


@door.get(f"/<any({_ANY}):page>")
@public_page
def show_legal(page: str) -> str:
    """Show one of the pages that the law has every shop publish (Decree 248/2026/NĐ-CP)."""
    template, title = promises.PAGES[page]
    return render_template(
        f"storefront/legal/{template}.html",
        title=title,
        page=page,
        pages={path: words for path, (_, words) in promises.PAGES.items()},
        promises=promises,
        weights=promises.list_weights(current_language()),
        rates=RATES,
        cart_days=CART_KEPT.days,
        most_lines=MOST_LINES,
        most_units=MOST_UNITS,
        most_unconfirmed=MOST_UNCONFIRMED,
    )
