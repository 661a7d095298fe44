"""The test gateway itself: its pages, its memory, its notices, and that it is for demos alone."""

import http.server
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
import stripe
from bs4 import BeautifulSoup

from marketplace import clock
from marketplace.cli.test_gateway import notices, trade
from marketplace.cli.test_gateway.books import Books, Refused, Thing
from marketplace.cli.test_gateway.faults import Kind
from marketplace.cli.test_gateway.notices import Manner, Postman
from marketplace.cli.test_gateway.server import PracticeGateway
from marketplace.settings import PROJECT
from tests.conftest import NOON
from tests.environment.application import empty_application, make_environment
from tests.environment.card_gateway import (
    KEY,
    WEBHOOK_SECRET,
    base_of,
    events_of,
    fresh_books,
    running_gateway,
)
from tests.environment.site import free_port, running_site

ASKED = {
    "mode": "payment",
    "success_url": "http://127.0.0.1:8000/xong?phien={CHECKOUT_SESSION_ID}",
    "cancel_url": "http://127.0.0.1:8000/thoi",
    "line_items": {
        "0": {
            "quantity": "2",
            "price_data": {"currency": "vnd", "unit_amount": "75000", "product_data": {"name": "Cam"}},
        }
    },
}


@pytest.fixture
def gateway() -> Iterator[PracticeGateway]:
    with running_gateway() as found:
        yield found


@pytest.fixture
def session(gateway: PracticeGateway) -> Thing:
    """A session of 150.000 đồng."""
    with gateway.books as books:
        return trade.create_session(books, f"{base_of(gateway)}/c/pay", ASKED)


def refused(**changes: object) -> str:
    with pytest.raises(Refused) as caught:
        trade.create_session(Books(), "http://x", ASKED | changes)
    return caught.value.words


def line(**changes: object) -> Thing:
    price = {"currency": "vnd", "unit_amount": "75000", **changes}
    return {"0": {"quantity": price.pop("quantity", "1"), "price_data": price}}


def test_what_stripe_refuses_is_refused() -> None:
    at = int(clock.now().timestamp())
    assert "mode=payment" in refused(mode="setup")
    assert "unknown parameters" in refused(payment_method_types={"0": "card"})
    assert "vnd alone" in refused(line_items=line(currency="usd"))
    assert "Invalid integer" in refused(line_items=line(unit_amount="1.5"))
    assert "negative" in refused(line_items=line(quantity="0"))
    assert "at least 1" in refused(line_items={})
    assert "at most 99999999" in refused(line_items=line(unit_amount="100000000"))
    assert "30 minutes" in refused(expires_at=str(at + 60))
    assert "24 hours" in refused(expires_at=str(at + 25 * 3600))


def test_the_page_says_on_top_that_no_money_moves(gateway: PracticeGateway, session: Thing) -> None:
    for address in (session["url"], f"{base_of(gateway)}/", f"{base_of(gateway)}/c/pay/cs_none"):
        page = BeautifulSoup(requests.get(address, timeout=5).text, "html.parser")
        note = page.select_one("main .note")
        assert note is not None
        assert "Cổng thanh toán thử – không phải tiền thật." in note.get_text()
        assert not page.find_all("script")


def test_the_page_works_by_buttons(gateway: PracticeGateway, session: Thing) -> None:
    page = requests.get(session["url"], timeout=5)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    form = BeautifulSoup(page.text, "html.parser").form
    assert form is not None
    assert [button["value"] for button in form.find_all("button")] == ["pay", "decline", "leave"]
    assert "150.000" in page.text
    address = session["url"]
    declined = press(address, "decline")
    assert (declined.status_code, "Thẻ bị từ chối" in declined.text) == (402, True)
    assert press(address, "leave").headers["Location"] == ASKED["cancel_url"]
    paid = press(address, "pay")
    assert paid.headers["Location"] == f"http://127.0.0.1:8000/xong?phien={session['id']}"
    assert press(address, "pay").status_code == 303
    assert "Đã trả" in requests.get(address, timeout=5).text
    assert len(gateway.books.tables["intents"]) == 1


def press(address: str, act: str) -> requests.Response:
    return requests.post(address, {"act": act}, allow_redirects=False, timeout=5)


def test_a_session_runs_out_by_itself() -> None:
    moment = [NOON]
    books = Books(now=lambda: moment[0])
    session = trade.create_session(books, "http://x", ASKED)
    moment[0] += timedelta(days=1)
    with pytest.raises(Refused):
        trade.pay(books, session["id"])
    assert session["status"] == "expired"
    assert [event["type"] for event in books.tables["events"].values()] == ["checkout.session.expired"]


def test_a_key_of_others_opens_nothing(gateway: PracticeGateway) -> None:
    client = stripe.StripeClient("sk_test_of_others", base_addresses={"api": base_of(gateway)})
    with pytest.raises(stripe.AuthenticationError):
        client.v1.checkout.sessions.retrieve("cs_1")


def test_intents_refunds_and_events_are_shown(gateway: PracticeGateway, session: Thing) -> None:
    press(session["url"], "pay")
    client = stripe.StripeClient(KEY, base_addresses={"api": base_of(gateway)}).v1
    intent = client.payment_intents.retrieve(session["payment_intent"])
    assert (intent.amount_received, intent.currency) == (150_000, "vnd")
    refund = client.refunds.create({"payment_intent": intent.id, "amount": 50_000})
    assert client.refunds.retrieve(refund.id).amount == 50_000
    [event] = events_of(gateway, "refund.created")
    assert client.events.retrieve(event["id"]).type == "refund.created"


def board(gateway: PracticeGateway, **fields: str) -> str:
    """Press a button of the board and return what it says then."""
    address = f"{base_of(gateway)}/"
    assert requests.post(address, fields, timeout=5, allow_redirects=False).status_code == 303
    return requests.get(address, timeout=5).text


def test_the_board_does_what_only_the_owner_of_an_account_can(
    gateway: PracticeGateway, session: Thing
) -> None:
    assert "Mở trang trả tiền" in requests.get(f"{base_of(gateway)}/", timeout=5).text
    press(session["url"], "pay")
    intent = session["payment_intent"]
    assert "needs_response" in board(gateway, act="dispute", id=intent)
    [dispute] = gateway.books.tables["disputes"]
    assert "ngân hàng đòi lại: lost" in board(gateway, act="lost", id=dispute)
    board(gateway, act="refund", id=intent)
    assert gateway.books.get("intents", intent)["amount_refunded"] == 150_000
    board(gateway, act="notices", manner="doubled")
    assert gateway.postman.manner is Manner.DOUBLED
    assert "lỗi 429 × 2" in board(gateway, act="fault", kind="too_many", times="2")
    board(gateway, act="well")
    assert gateway.faults.take("/v1/refunds") is None


def test_what_was_paid_outlives_the_gateway(tmp_path: Path) -> None:
    path = tmp_path / "books.json"
    with running_gateway(books=fresh_books(path)) as gateway:
        with gateway.books as books:
            session = trade.create_session(books, f"{base_of(gateway)}/c/pay", ASKED)
        press(session["url"], "pay")
    with running_gateway(books=fresh_books(path)) as again:
        assert again.books.get("sessions", session["id"])["payment_status"] == "paid"
        assert len(events_of(again)) == 2


class Site(http.server.BaseHTTPRequestHandler):
    """A site that notes what it is told, and refuses the first."""

    told: list[tuple[bytes, str]]
    refuse: int

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).told.append((body, self.headers["Stripe-Signature"]))
        type(self).refuse -= 1
        self.send_response(500 if type(self).refuse >= 0 else 200)
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Say nothing."""


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a site that takes notices; `Site.told` holds them."""
    Site.told, Site.refuse = [], 0
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()
    thread.join()


def postman(address: str, manner: Manner = Manner.PROMPT, events: int = 1) -> Postman:
    books = Books()
    for number in range(events):
        trade.tell(books, "some.thing", {"id": f"x_{number}"})
    return Postman(books, address, WEBHOOK_SECRET, manner)


def test_notices_are_signed_and_sent_once(site: str) -> None:
    sender = postman(site, events=2)
    assert (sender.round(), sender.round()) == (2, 0)
    for body, signature in Site.told:
        event = stripe.Webhook.construct_event(body, signature, WEBHOOK_SECRET)
        assert event.type == "some.thing"


def test_a_notice_that_is_not_taken_comes_again(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "TRIES_AFTER", (0.0, 0.0, 0.0, 0.0))
    Site.refuse = 2
    sender = postman(site)
    assert [sender.round() for _ in range(4)] == [1, 1, 1, 0]


def test_a_site_that_is_away_is_told_a_few_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notices, "TRIES_AFTER", (0.0, 0.0))
    sender = postman(f"http://127.0.0.1:{free_port()}/")
    assert [sender.round() for _ in range(3)] == [1, 1, 0]


@pytest.mark.parametrize(
    ("manner", "told"), [(Manner.OFF, 0), (Manner.DOUBLED, 9), (Manner.DELAYED, 0), (Manner.SHUFFLED, 3)]
)
def test_manners(site: str, manner: Manner, told: int) -> None:
    postman(site, manner, events=3).round()
    assert len(Site.told) == told


def test_a_thread_brings_them(site: str) -> None:
    stop = postman(site).start()
    deadline = time.monotonic() + 5
    while not Site.told and time.monotonic() < deadline:
        time.sleep(0.01)
    stop.set()
    assert len(Site.told) == 1


def test_a_hang_ends_with_its_faults(gateway: PracticeGateway) -> None:
    gateway.faults.expect(Kind.HANG)
    timer = threading.Timer(0.2, gateway.faults.clear)
    timer.start()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{base_of(gateway)}/v1/refunds", timeout=5)
    timer.join()


def run(tmp_path: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **make_environment(f"sqlite:///{tmp_path / 'x.db'}", tmp_path), **settings}
    command = [sys.executable, "-m", "marketplace", "test-gateway"]
    return subprocess.run(
        command, env=environment, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_does_not_serve_unless_asked_for(tmp_path: Path) -> None:
    ended = run(tmp_path)
    assert (ended.returncode, "TEST_GATEWAY is off" in ended.stderr) == (1, True)


def test_a_port_that_is_taken_is_named(tmp_path: Path, gateway: PracticeGateway) -> None:
    port = base_of(gateway).rsplit(":", 1)[1]
    ended = run(tmp_path, TEST_GATEWAY="1", TEST_GATEWAY_PORT=port)
    assert (ended.returncode, "TEST_GATEWAY_PORT changes it" in ended.stderr) == (1, True)


def test_a_site_has_it_beside_itself_when_asked_for(tmp_path: Path) -> None:
    url, port = f"sqlite:///{tmp_path / 'site.db'}", free_port()
    with empty_application(url, tmp_path):
        pass
    told = make_environment(url, tmp_path, TEST_GATEWAY="1", TEST_GATEWAY_PORT=str(port))
    with running_site(told):
        deadline = time.monotonic() + 30
        while not answers(port) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert answers(port)
    assert not answers(port)


def answers(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
