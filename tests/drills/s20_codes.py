"""S20: a code on a pack is forged, edited, cloned, out of date or recalled; the page says so each time."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import date, timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.scan.verdict import Verdict
from marketplace.scan.words import ANSWERS
from marketplace.traceability.codes.keys import ALPHABET
from marketplace.traceability.codes.models import VoidReason
from marketplace.traceability.codes.serial_states import void
from marketplace.traceability.lots.models import ExternalReference, Portal
from marketplace.traceability.recalls.models import RecallScope
from marketplace.traceability.scans.rules import DEVICES_A_DAY
from tests.conftest import NOON
from tests.drills import Outcome, Run, drill
from tests.factories.recalls import a_recall
from tests.factories.scans import PHONE, Packs, certified_product, scan, some_packs, write_scans

EVIL = "https://evil.example/phish?x=1"
SOON = date(2026, 11, 30)
PROMISES = ("chính hãng", "hàng thật", "genuine", "authentic")

Case = tuple[str, str, Verdict]
"""What was done to a code, the path that a phone then opens, and the answer that is right."""


@dataclass
class Shop:
    """Packs of two producers; `bare` is a product of which no lot is kept."""

    packs: Packs
    sister: Packs
    foreign: Packs
    bare: Product


@drill(
    "S20",
    bar="0 wrong verdicts over forged, edited, expired, recalled, void and cloned codes; 0 open redirects",
    databases=("sqlite", "postgresql"),
    control_on=("sqlite",),
)
def codes_answer_for_what_they_are(run: Run) -> Outcome:
    """Tamper with printed codes in every way a counterfeiter has, and read what the page says."""
    wrong: list[str] = []
    asked = 0
    with run.application() as app, clock.stopped(NOON), _guard(run):
        client = app.test_client()
        shop = _open_shop()
        for name, path, right in [*_cases(run, shop), *_recalled(shop), *_cloned(client, shop, run)]:
            asked += 1
            wrong += _judge(name, client.get(path, headers={"User-Agent": PHONE}), right)
        wrong += _expiring(client, shop)
        led, tried = _led_astray(client, shop)
    got = {"asked": asked, "wrong": len(wrong), "redirects_tried": tried, "led_astray": len(led)}
    return Outcome({**got, "first": [*wrong[:5], *led[:5]]}, ok=asked > 0 and not wrong and not led)


def _open_shop() -> Shop:
    with unit_of_work() as session:
        product = certified_product(session, gtin="09521234543213")
        packs = some_packs(session, product, count=6, use_by=SOON)
        return Shop(
            packs,
            some_packs(session, product, code="KHAC-01", use_by=SOON),
            some_packs(session, certified_product(session, "Mật ong"), use_by=SOON),
            certified_product(session, "Gạo đỏ"),
        )


def _cases(run: Run, shop: Shop) -> Iterator[Case]:
    packs, lot = shop.packs, shop.packs.lot_path
    yield "as printed", packs.path(), Verdict.SERIAL_GOOD
    yield "small letters", f"{lot}/21/{packs.minted[0].serial.lower()}", Verdict.SERIAL_GOOD
    yield "the lot alone", lot, Verdict.LOT_GOOD
    yield "the product alone", packs.code.product_code.path, Verdict.GOOD
    yield (
        "without its lot",
        f"{packs.code.product_code.path}/21/{packs.minted[0].serial}",
        Verdict.SERIAL_GOOD,
    )
    yield "on another lot", f"{lot}/21/{shop.sister.minted[0].serial}", Verdict.FORGED
    yield "on another product", f"{lot}/21/{shop.foreign.minted[0].serial}", Verdict.FORGED
    yield "another lot's code", f"{packs.code.product_code.path}/10/KHONG-CO", Verdict.LOT_NOT_OURS
    yield "a maker's own serial", f"/t/{shop.bare.trace_token}/21/0137", Verdict.LOT_UNKNOWN
    yield "a later use-by", f"{packs.path(1)}?17=291130", Verdict.EDITED
    yield "too old by its own code", f"/t/{shop.bare.trace_token}?17=261120", Verdict.PAST_USE
    yield "the same use-by", f"{packs.path(1)}?17=261130", Verdict.SERIAL_GOOD
    for path in _edited(run, packs):
        yield "an edited serial", path, Verdict.FORGED
    for path in _made_up(run, lot):
        yield "a made-up serial", path, Verdict.FORGED


def _edited(run: Run, packs: Packs) -> Iterator[str]:
    """Change one character, swap two, cut one off, add one."""
    serial = packs.minted[0].serial
    known = {one.serial for one in packs.minted}
    changed = {
        serial[:place] + sign + serial[place + 1 :]
        for place in range(len(serial))
        for sign in run.random.sample(ALPHABET, run.count(1, 31))
    }
    swapped = {
        serial[:place] + serial[place + 1] + serial[place] + serial[place + 2 :]
        for place in range(len(serial) - 1)
    }
    for text in sorted((changed | swapped | {serial[:-1], serial + "0", serial[::-1]}) - known):
        yield f"{packs.lot_path}/21/{text}"


def _made_up(run: Run, lot: str) -> Iterator[str]:
    for _ in range(run.count(30, 20_000)):
        yield f"{lot}/21/{''.join(run.random.choices(ALPHABET, k=16))}"


def _recalled(shop: Shop) -> Iterator[Case]:
    with unit_of_work() as session:
        void(session, shop.packs.lot.id, 6, 6, VoidReason.STOLEN, clock.now())
        again = some_packs(
            session, session.get_one(Product, shop.packs.product.id), code="TH-01", use_by=SOON
        )
        unused = some_packs(
            session, session.get_one(Product, shop.packs.product.id), code="MOI-01", active=False, use_by=SOON
        )
    yield "a void label", shop.packs.path(5), Verdict.VOID
    yield "a label not in use", unused.path(), Verdict.NOT_ACTIVE
    a_recall(RecallScope.LOT, again.lot.id)
    yield "of a recalled lot", again.path(), Verdict.RECALLED
    yield "a recalled lot", again.lot_path, Verdict.RECALLED
    yield "a recalled lot with a later use-by", f"{again.path()}?17=291130", Verdict.RECALLED
    yield "forged on a recalled lot", f"{again.lot_path}/21/ABCDEFGHJKMNPQRS", Verdict.RECALLED
    yield "the lot beside it", shop.packs.lot_path, Verdict.LOT_GOOD
    a_recall(RecallScope.PRODUCT, shop.foreign.product.id)
    yield "of a recalled product", shop.foreign.path(), Verdict.RECALLED
    yield "a recalled product", shop.foreign.code.product_code.path, Verdict.RECALLED


def _cloned(client: FlaskClient, shop: Shop, run: Run) -> Iterator[Case]:
    """Put one label on many packs, and read another label of the lot that nobody copied."""
    for phone in range(run.count(DEVICES_A_DAY, 500)):
        scan(client, shop.packs.path(2), phone=phone)
    for _ in range(run.count(12, 200)):
        scan(client, shop.packs.path(3), phone=1)
    write_scans(client, NOON)
    yield "a cloned label", shop.packs.path(2), Verdict.TOO_OFTEN
    yield "one phone many times", shop.packs.path(3), Verdict.SERIAL_GOOD
    yield "its neighbour", shop.packs.path(4), Verdict.SERIAL_GOOD


def _expiring(client: FlaskClient, shop: Shop) -> list[str]:
    """Open kept and fresh pages in the last and the first second around the end of the last day of use."""
    wrong = []
    end = clock.start_of(SOON + timedelta(days=1))
    for at, right in ((-1, Verdict.LOT_GOOD), (1, Verdict.PAST_USE)):
        with clock.stopped(end + timedelta(seconds=at)):
            edited = (f"{shop.packs.lot_path}?17=291130", f"{shop.packs.path()}?17=291130")
            for path in edited:
                db.session.rollback()
                wrong += _judge(
                    "edited at midnight", client.get(path), Verdict.EDITED if right.good else right
                )
            for path in (shop.packs.lot_path, shop.packs.path()):
                good = Verdict.SERIAL_GOOD if "/21/" in path else Verdict.LOT_GOOD
                db.session.rollback()
                wrong += _judge("at midnight", client.get(path), good if right.good else right)
    return wrong


def _judge(name: str, answer: TestResponse, right: Verdict) -> list[str]:
    soup = BeautifulSoup(answer.text, "html.parser")
    heading = " ".join(soup.h1.get_text().split()) if soup.h1 else ""
    if answer.status_code != 200 or heading != str(ANSWERS[right].heading):
        return [f"{name}: {answer.status_code} {heading!r} instead of {right.value}"]
    words = soup.get_text(" ").lower()
    return [f"{name}: promises {promise}" for promise in PROMISES if promise in words]


def _led_astray(client: FlaskClient, shop: Shop) -> tuple[list[str], int]:
    """Name other sites in every part of a code, and as a producer's reference; nothing may lead there."""
    with unit_of_work() as session:
        session.add(
            ExternalReference(product_id=shop.packs.product.id, portal=Portal.OTHER, reference="A", url=EVIL)
        )
        session.flush()
        reference = session.scalars(sa.select(ExternalReference.id)).one()
    lot = shop.packs.lot_path
    odd = (
        "//evil.example",
        "/\\evil.example",
        "https:%2F%2Fevil.example",
        "%2F%2Fevil.example",
        "@evil.example",
    )
    paths = [f"{prefix}/{one}" for prefix in ("/01", "/t", "/T", f"{lot}/21") for one in odd]
    paths += [f"/t?ma={one}" for one in (*odd, EVIL)] + [f"{lot}?linkType={EVIL}", f"{lot}?url={EVIL}"]
    paths += [f"/truy-xuat/ra-ngoai/{reference}", f"/truy-xuat/ra-ngoai/{reference}?den={EVIL}"]
    led = []
    for path in paths:
        answer = client.get(path)
        goal = urlsplit(answer.headers.get("Location", ""))
        if goal.netloc not in {"", "127.0.0.1:8000", "localhost"} or "http-equiv" in answer.text:
            led.append(f"{path} leads to {goal.geturl()}")
    straight = BeautifulSoup(client.get(lot).text, "html.parser").select('a[href*="evil.example"]')
    return [*led, *(f"{lot} links to {one['href']}" for one in straight)], len(paths) + 1


def _guard(run: Run) -> AbstractContextManager[object]:
    """The control believes what stands on the pack: every serial of a known lot is one of its own."""
    if run.guarded:
        return nullcontext()
    return patch("marketplace.scan.verdict._of_serial", lambda found: iter(()))
