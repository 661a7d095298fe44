"""Cards by Stripe: hosted Checkout Sessions in whole đồng; nothing outside this package knows of it.

Stripe's library is imported when it is first needed: who takes no cards does not pay for it.
"""

from datetime import datetime

from marketplace.payments.gateway import Gateway


def open_gateway(secret_key: str, api_base: str) -> Gateway:
    """Return Stripe as a gateway."""
    from marketplace.payments.stripe.gateway import StripeGateway  # noqa: PLC0415

    return StripeGateway(secret_key, api_base)


def take_notice(body: bytes, signature: str, secret: str, at: datetime) -> bool:
    """Check the signature of a notice's raw body and act on it; say whether it was of any concern.

    Raises UnsignedNotice, and GatewayUnavailable when Stripe cannot be asked: it tells again.
    """
    from marketplace.payments.stripe.hearing import hear  # noqa: PLC0415
    from marketplace.payments.stripe.notices import read_notice  # noqa: PLC0415

    return hear(read_notice(body, signature, secret), at)
