"""What a shop must publish about itself: owner, rules, delivery, returns, complaints, data, ranking."""

from datetime import timedelta
from decimal import Decimal

from flask import current_app, render_template
from flask_babel import format_decimal

from marketplace.ordering.allowance import MOST_UNCONFIRMED
from marketplace.ordering.cart import KEPT as CART_KEPT
from marketplace.ordering.cart import MOST_UNITS
from marketplace.ordering.deadlines import DAYS_TO_PAY
from marketplace.ordering.reservations import HELD_AT_MOST, HELD_FOR
from marketplace.ordering.sale import MOST_LINES
from marketplace.ordering.shipping import RATES
from marketplace.settings import Settings
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
        **_money_terms(current_app.extensions["settings"]),
    )


def _money_terms(settings: Settings) -> dict[str, object]:
    """Return how long money is waited for, and what sellers pay, as numbers in the language of the page."""
    return {
        "days_to_pay": DAYS_TO_PAY,
        "held_minutes": HELD_FOR // timedelta(minutes=1),
        "held_hours": HELD_AT_MOST // timedelta(hours=1),
        "commission": _write_rate(settings.commission_rate),
        "withheld_tax": _write_rate(settings.payout.withheld_tax_rate),
    }


def _write_rate(rate: int) -> str:
    """Write a rate in hundredths of a percent as people do, without the sign: 275 becomes `2,75`."""
    return str(format_decimal(Decimal(rate) / 100))
