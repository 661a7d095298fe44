"""What can happen at the test gateway; everything that happens leaves a notice behind."""

from typing import Any
from urllib.parse import quote

from marketplace.cli.test_gateway.books import Books, Refused, Thing
from marketplace.cli.test_gateway.parameters import items_of

API_VERSION = "2026-10-28.endive"
SHORTEST_SECONDS = 30 * 60
LONGEST_SECONDS = 24 * 3600
LARGEST_AMOUNT = 99_999_999
SESSION_PARAMETERS = {
    "allowed_payment_method_types",
    "cancel_url",
    "client_reference_id",
    "expand",
    "expires_at",
    "line_items",
    "metadata",
    "mode",
    "payment_intent_data",
    "submit_type",
    "success_url",
}
"""What a session may be asked for here; since 2026-09-30 Stripe knows no `payment_method_types` either."""


def create_session(books: Books, page: str, asked: Thing) -> Thing:
    """Open a Checkout Session in đồng, which has no smaller unit; `page` is where its page stands.

    Raises Refused for what Stripe refuses: another mode, an end out of bounds, amounts that are none.
    """
    if asked.get("mode") != "payment" or not asked.get("success_url"):
        raise Refused("mode=payment and success_url are needed")
    if unknown := asked.keys() - SESSION_PARAMETERS:
        raise Refused(f"Received unknown parameters: {sorted(unknown)}", code="parameter_unknown")
    lines = [_read_line(item) for item in items_of(asked, "line_items")]
    total = sum(line["amount_total"] for line in lines)
    if not 0 < total <= LARGEST_AMOUNT:
        raise Refused("Amount must be at least 1 and at most 99999999 vnd", code="amount_out_of_bounds")
    expires_at = int(asked.get("expires_at", books.now() + LONGEST_SECONDS))
    if not SHORTEST_SECONDS - 60 <= expires_at - books.now() <= LONGEST_SECONDS:
        raise Refused("The `expires_at` timestamp must be between 30 minutes and 24 hours from now")
    session = books.add(
        "sessions",
        "cs_test",
        object="checkout.session",
        mode="payment",
        status="open",
        payment_status="unpaid",
        payment_intent=None,
        currency="vnd",
        amount_subtotal=total,
        amount_total=total,
        expires_at=expires_at,
        metadata=asked.get("metadata", {}),
        client_reference_id=asked.get("client_reference_id"),
        success_url=asked["success_url"],
        cancel_url=asked.get("cancel_url"),
        lines=lines,
    )
    session["url"] = f"{page}/{session['id']}"
    return session


def _read_line(item: Thing) -> Thing:
    price = item.get("price_data", {})
    if price.get("currency") != "vnd":
        raise Refused("This gateway takes vnd alone", code="currency_not_supported")
    try:
        amount, quantity = int(price["unit_amount"]), int(item.get("quantity", "1"))
    except (KeyError, ValueError):
        raise Refused("Invalid integer: unit_amount", code="parameter_invalid_integer") from None
    if amount < 0 or quantity < 1:
        raise Refused("Amounts must not be negative", code="parameter_invalid_integer")
    name = price.get("product_data", {}).get("name", "")
    return {"description": name, "quantity": quantity, "amount_total": amount * quantity}


def find_session(books: Books, identity: str) -> Thing:
    """Return a session, which runs out when its time has come."""
    session = books.get("sessions", identity)
    if session["status"] == "open" and session["expires_at"] <= books.now():
        with books:
            _expire(books, session)
    return session


def expire_session(books: Books, identity: str) -> Thing:
    """Close a session that is still open.

    Raises Refused for one that is not.
    """
    session = find_session(books, identity)
    if session["status"] != "open":
        raise Refused(f"Only Checkout Sessions with a status of `open` can be expired: {session['status']}")
    _expire(books, session)
    return session


def _expire(books: Books, session: Thing) -> None:
    session.update(status="expired", url=None)
    tell(books, "checkout.session.expired", session)


def pay(books: Books, identity: str) -> Thing:
    """Charge the card at a session's page, once.

    Raises Refused when the session takes no more money.
    """
    session = find_session(books, identity)
    if session["status"] == "complete":
        return session
    if session["status"] != "open":
        raise Refused("This Checkout Session has expired")
    intent = books.add(
        "intents",
        "pi",
        object="payment_intent",
        status="succeeded",
        currency="vnd",
        amount=session["amount_total"],
        amount_received=session["amount_total"],
        amount_refunded=0,
        latest_charge=None,
        metadata=session["metadata"],
    )
    intent["latest_charge"] = intent["id"].replace("pi_", "ch_")
    session.update(status="complete", payment_status="paid", payment_intent=intent["id"], url=None)
    tell(books, "payment_intent.succeeded", intent)
    tell(books, "checkout.session.completed", session)
    return session


def decline(books: Books, identity: str) -> None:
    """Have the card refused; the session stays open for another try."""
    session = find_session(books, identity)
    failure = {"id": "pi_declined", "object": "payment_intent", "status": "requires_payment_method"}
    tell(books, "payment_intent.payment_failed", {**failure, "metadata": session["metadata"]})


def refund(books: Books, asked: Thing) -> Thing:
    """Give money of a payment back, never more than was paid.

    Raises Refused for more than is left, or for what is no amount.
    """
    intent = books.get("intents", asked.get("payment_intent", ""))
    left = intent["amount_received"] - intent["amount_refunded"]
    amount = int(asked.get("amount", left))
    if not 0 < amount <= left:
        raise Refused(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})")
    intent["amount_refunded"] += amount
    given_back = books.add(
        "refunds",
        "re",
        object="refund",
        amount=amount,
        currency="vnd",
        status="succeeded",
        payment_intent=intent["id"],
        charge=intent["latest_charge"],
        metadata=asked.get("metadata", {}),
        reason=asked.get("reason"),
    )
    tell(books, "refund.created", given_back)
    tell(books, "charge.refunded", charge_of(intent))
    return given_back


def dispute(books: Books, identity: str) -> Thing:
    """Have the buyer's bank ask a payment back."""
    intent = books.get("intents", identity)
    opened = books.add(
        "disputes",
        "dp",
        object="dispute",
        amount=intent["amount_received"],
        currency="vnd",
        status="needs_response",
        reason="fraudulent",
        payment_intent=intent["id"],
        charge=intent["latest_charge"],
    )
    tell(books, "charge.dispute.created", opened)
    return opened


def close_dispute(books: Books, identity: str, status: str) -> Thing:
    """End a dispute, `won` or `lost`."""
    ended = books.get("disputes", identity)
    ended["status"] = status
    tell(books, "charge.dispute.closed", ended)
    return ended


def charge_of(intent: Thing) -> Thing:
    """Return a payment in the form of a charge."""
    return {
        "id": intent["latest_charge"],
        "object": "charge",
        "amount": intent["amount"],
        "amount_refunded": intent["amount_refunded"],
        "refunded": intent["amount_refunded"] == intent["amount"],
        "currency": "vnd",
        "payment_intent": intent["id"],
        "metadata": intent["metadata"],
    }


def tell(books: Books, kind: str, thing: Thing) -> Thing:
    """Write an event about something as it is at this moment."""
    return books.add(
        "events",
        "evt",
        object="event",
        type=kind,
        api_version=API_VERSION,
        pending_webhooks=1,
        request={"id": None, "idempotency_key": None},
        data={"object": dict(thing)},
    )


def return_address(session: Thing) -> str:
    """Return where the page leads after payment."""
    address: str = session["success_url"]
    return address.replace("{CHECKOUT_SESSION_ID}", quote(session["id"]))


def as_shown(books: Books, session: Thing, expand: list[Any]) -> Thing:
    """Return a session as the API shows it, its intent unfolded when asked for."""
    shown = {name: value for name, value in session.items() if name != "lines"}
    if "payment_intent" in expand and session["payment_intent"]:
        shown["payment_intent"] = books.get("intents", session["payment_intent"])
    return shown
