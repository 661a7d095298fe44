"""The one interface of all gateways; each stands behind it, and nothing else knows which one it is.

A gateway is called outside of transactions only. A call that is repeated with the same idempotency key
has one effect. It raises GatewayUnavailable when what happened is unknown (asked again later) and
GatewayRefused when nothing happened and nothing will.
"""

from dataclasses import dataclass
from typing import Protocol

from marketplace.ordering.models import OrderGroup, PaymentMethod
from marketplace.payments.errors import GatewayUnavailable
from marketplace.payments.models import PaymentSession, RefundState, SessionState

CURRENCY = "vnd"


@dataclass(frozen=True, slots=True)
class ReturnUrls:
    """Where a gateway sends the buyer when it is done, and when the buyer gives up."""

    done: str
    given_up: str


@dataclass(frozen=True, slots=True)
class Started:
    """What a gateway calls a session that it opened, and the page where the buyer pays."""

    reference: str
    url: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway says of a session; `amount` is what it took, in đồng when `currency` is "vnd"."""

    state: SessionState
    payment_reference: str | None = None
    amount: int | None = None
    currency: str = CURRENCY


@dataclass(frozen=True, slots=True)
class Repayment:
    """Money that a gateway is to give back, in đồng, of a payment of its own."""

    payment_reference: str
    amount: int
    idempotency_key: str


@dataclass(frozen=True, slots=True)
class RefundAnswer:
    """What a gateway says of a refund: completed, processing (it takes days), or failed for good."""

    state: RefundState
    reference: str | None = None


class Gateway(Protocol):
    """A way of paying where somebody else takes the money."""

    def start(self, session: PaymentSession, group: OrderGroup, urls: ReturnUrls) -> Started:
        """Open a session for `session.amount` đồng until `session.expires_at`, by its idempotency key."""

    def ask(self, reference: str) -> Answer:
        """Say where a session stands now."""

    def expire(self, reference: str) -> Answer:
        """End a session so that it can no longer be paid, and say how it ended: perhaps it was paid."""

    def refund(self, repayment: Repayment) -> RefundAnswer:
        """Give money back, once for each idempotency key, or say where that stands when it was done before.

        It may be asked again for days.
        """


gateways: dict[PaymentMethod, Gateway] = {}
"""The gateways of this process, by the way of paying; filled when the application is put together."""


def gateway_of(method: PaymentMethod) -> Gateway:
    """Return the gateway of a way of paying; raises GatewayUnavailable where none is set up (any more)."""
    if method not in gateways:
        raise GatewayUnavailable
    return gateways[method]
