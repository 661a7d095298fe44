"""S10: a notice that the gateway did not sign, or did not sign now, changes nothing."""

import http.client
import json
import time
from collections.abc import Iterator

from flask import Flask

from marketplace.cli.test_gateway.books import Thing
from marketplace.cli.test_gateway.notices import sign, written
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.database import db
from tests.drills import Outcome, Run, drill
from tests.drills.card_shop import Ordered, card_shop, count_placed, pay_at, place_orders, present, press
from tests.drills.shoppers import Shopper
from tests.environment.card_gateway import WEBHOOK, WEBHOOK_SECRET, base_of, events_of, running_gateway

Sent = tuple[str, bytes, str]


@drill("S10", bar="0 forged notices accepted, the true one is", databases=("sqlite",))
def forged_notices_do_nothing(run: Run) -> Outcome:
    """Tell of a payment in every wrong way there is, then once in the right one."""
    with present(), run.application() as app, running_gateway() as gateway:
        orders = place_orders(run.count(short=1, full=20))
        unset = [name for name, body, signature in _forgeries() if _taken_unset(app, body, signature)]
        port = int(base_of(gateway).rsplit(":", 1)[1])
        with card_shop(run, app, port, "impatient" if run.guarded else "signature") as shop:
            accepted = []
            for order in orders:
                event = _paid(shop, order, gateway)
                accepted += [
                    name
                    for name, body, signature in _forgeries(event)
                    if _send(shop, body, signature) not in {400, 413}
                ]
            forged = count_placed()
            true = [
                _send(shop, *_signed(event)) for event in events_of(gateway, "checkout.session.completed")
            ]
        placed = count_placed()
    got = {"accepted": accepted, "without_secret": unset, "placed_by_forgery": forged, "true": len(true)}
    well = not accepted and not unset and forged == 0 and true == [200] * len(orders)
    return Outcome(got, ok=well and placed == 2 * len(orders))


def _paid(shop: int, order: Ordered, gateway: PracticeGateway) -> Thing:
    """Have an order paid at the gateway's page, which tells nobody; return what it would tell."""
    _, address = press(Shopper(shop), f"{order.path}/tra-tien", f"{order.path}/tra-tien")
    pay_at(address)
    return events_of(gateway, "checkout.session.completed")[-1]


def _signed(event: Thing) -> tuple[bytes, str]:
    body = written(event)
    return body, sign(body, WEBHOOK_SECRET)


def _forgeries(event: Thing | None = None) -> Iterator[Sent]:
    """Yield notices of a payment with what is wrong with each."""
    event = event or {"id": "evt_1", "type": "checkout.session.completed", "data": {"object": {"id": "cs"}}}
    body, now = written(event), int(time.time())
    true = sign(body, WEBHOOK_SECRET)
    _, digest = true.split(",")
    yield "no signature", body, ""
    yield "no secret", body, sign(body, "")
    yield "empty scheme", body, f"t={now},v1="
    yield "other scheme", body, true.replace("v1=", "v0=")
    yield "wrong signature", body, f"t={now},v1={'0' * 64}"
    yield "other secret", body, sign(body, "whsec_of_others")
    yield "two wrong signatures", body, f"{sign(body, 'whsec_a')},{sign(body, 'whsec_b').split(',')[1]}"
    yield "other moment", body, f"t={now - 1},{digest}"
    yield "old", body, sign(body, WEBHOOK_SECRET, now - 301)
    yield "old with a new moment", body, f"t={now},{sign(body, WEBHOOK_SECRET, now - 400).split(',')[1]}"
    yield "from the future", body, sign(body, WEBHOOK_SECRET, now + 400)
    yield "body changed", body.replace(b'"evt_', b'"evt_x'), true
    yield "body written anew", json.dumps(event).encode(), true
    yield "body cut", body[:-1], true
    yield "1 MB", body + b" " * 1_000_000, sign(body, WEBHOOK_SECRET)
    yield "nothing", b"", true


def _send(shop: int, body: bytes, signature: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", shop, timeout=30)
    try:
        headers = {"Content-Type": "application/json"}
        connection.request(
            "POST", WEBHOOK, body, headers | ({"Stripe-Signature": signature} if signature else {})
        )
        return connection.getresponse().status
    except (ConnectionError, http.client.HTTPException):
        return 413  # what is too large is cut off
    finally:
        connection.close()


def _taken_unset(app: Flask, body: bytes, signature: str) -> bool:
    """Return whether a shop without a secret takes a notice."""
    answer = app.test_client().post(WEBHOOK, data=body, headers={"Stripe-Signature": signature})
    db.session.rollback()
    return answer.status_code not in {413, 503}
