"""The pages of an order that is paid by card: the way to the gateway's page, and the way back from it."""

from flask import Response, current_app, make_response, render_template

from marketplace.ordering.models import OrderStatus, PaymentMethod
from marketplace.payments.gateway import ReturnUrls, gateways
from marketplace.settings import STRIPE_API, CardSettings
from marketplace.storefront.order_page import OrderPage
from marketplace.web.addresses import full_url
from marketplace.web.headers import allow_forms_to
from marketplace.web.language import current_language

STRIPE_PAGES = "https://checkout.stripe.com"


def show_card(page: OrderPage, trouble: str = "", status: int = 200) -> Response:
    """Show what is paid by card and until when, or that it is; `trouble` says what just went wrong."""
    allow_forms_to(_gateway_pages())
    return make_response(_render("storefront/pay_card.html", page, trouble), status)


def show_return(page: OrderPage, trouble: str = "", status: int = 200) -> Response:
    """Show who comes back from the gateway that it is asked next, by a button."""
    return make_response(_render("storefront/pay_card_return.html", page, trouble), status)


def return_urls(path: str) -> ReturnUrls:
    """Return where the gateway sends the buyer of an order, by the path of its page."""
    language = current_language()
    return ReturnUrls(
        done=full_url(f"{path}/tra-tien/xong", language), given_up=full_url(f"{path}/tra-tien", language)
    )


def _render(template: str, page: OrderPage, trouble: str) -> str:
    drafts = any(panel.order.status is OrderStatus.DRAFT for panel in page.panels)
    return render_template(
        template,
        page=page,
        trouble=trouble,
        offered=PaymentMethod.CARD in gateways,
        cash_instead=drafts and not page.money.captured,
        trial=_card().test_gateway,
    )


def _gateway_pages() -> list[str]:
    own = _card().api_base
    return [STRIPE_PAGES] if own == STRIPE_API else [STRIPE_PAGES, own]


def _card() -> CardSettings:
    card: CardSettings = current_app.extensions["settings"].card
    return card
