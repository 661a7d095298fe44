"""What Stripe tells by itself, read from a body whose signature is good."""

import time
from dataclasses import dataclass
from typing import Any

import stripe

from marketplace.payments.errors import UnsignedNotice

TOLERANCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Notice:
    """One event: its id and kind, and the thing that it is about as it was then."""

    id: str
    kind: str
    about: dict[str, Any]


def read_notice(body: bytes, signature: str, secret: str) -> Notice:
    """Check the signature of a raw body and read it.

    It is made with our secret, and at most five minutes before or after now: what was overheard cannot
    be sent again for ever. Raises UnsignedNotice for every other body.
    """
    try:
        event = stripe.Webhook.construct_event(body, signature, secret, TOLERANCE_SECONDS)
        if _moment(signature) > time.time() + TOLERANCE_SECONDS:
            raise UnsignedNotice
        return Notice(event.id, event.type, event.data.object.to_dict())
    except (stripe.SignatureVerificationError, AttributeError, KeyError, ValueError) as error:
        raise UnsignedNotice from error


def _moment(signature: str) -> int:
    """Return when a body was signed, in seconds since 1970, as the check of the signature reads it."""
    parts = [part.split("=", 2) for part in signature.split(",")]
    return int(next(part[1] for part in parts if part[0] == "t"))
