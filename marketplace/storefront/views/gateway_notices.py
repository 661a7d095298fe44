"""What gateways tell by themselves: signed notices, taken by no one's browser."""

import logging

from flask import Response, request

from marketplace import clock
from marketplace.errors import MarketplaceError
from marketplace.ordering.models import PaymentMethod
from marketplace.payments.errors import NoticesNotSetUp
from marketplace.payments.gateway import gateways
from marketplace.payments.stripe import take_notice
from marketplace.storefront import door
from marketplace.storefront.shopping import shop_settings
from marketplace.web.guards import signed

log = logging.getLogger(__name__)

LARGEST_NOTICE = 256 * 1024


@door.post("/thanh-toan/stripe/su-kien")
@signed
def take_stripe_notice() -> Response:
    """Take a notice of Stripe by its signature; anything but 2xx has Stripe send it again."""
    request.max_content_length = LARGEST_NOTICE
    try:
        _take(request.get_data(cache=False))
    except MarketplaceError as refusal:
        log.warning("a notice of Stripe was not taken: %s", refusal.code)
        return Response(refusal.code, refusal.status, content_type="text/plain")
    return Response("", 200, content_type="text/plain")


def _take(body: bytes) -> None:
    secret = shop_settings().card.webhook_secret
    if not secret or PaymentMethod.CARD not in gateways:
        raise NoticesNotSetUp
    take_notice(body, request.headers.get("Stripe-Signature", ""), secret, clock.now())
