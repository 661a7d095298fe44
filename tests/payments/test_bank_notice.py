"""Notices of the bank: only with our signature over exactly these bytes, and never twice."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from marketplace.database import db, unit_of_work
from marketplace.ordering.models import OrderGroup, PaymentMethod
from marketplace.payments.bank_notice import MOST_BYTES
from marketplace.payments.models import BankTransfer, Payment
from tests.conftest import NOON
from tests.factories.ordering import a_commune, ordered, stocked

ADDRESS = "/thanh-toan/ngan-hang/thong-bao"
SECRET = "what the bank and we alone know of"


@pytest.fixture
def told(app: Flask) -> Iterator[Flask]:
    """The application with a secret for the bank's notices."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, bank_notice_secret=SECRET)
    yield app
    app.extensions["settings"] = settings


@pytest.fixture
def group(told: Flask) -> OrderGroup:
    with unit_of_work() as session:
        commune = a_commune(session)
        cam = stocked(session)
    return ordered({cam.id: 1}, commune, method=PaymentMethod.VIETQR)


def notice(group: OrderGroup, **changes: Any) -> bytes:
    said = {
        "reference": "FT26325000001",
        "amount": group.total,
        "message": f"CT DEN {group.number}",
        "at": "2026-11-21T11:59:30+07:00",
        **changes,
    }
    return json.dumps(said).encode()


def sign_notice(secret: str, body: bytes, at: datetime) -> str:
    """The header that goes with a body, as the README tells banks to write it."""
    moment = str(int(at.timestamp()))
    signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    return f"t={moment},v1={signature.hexdigest()}"


def send(client: FlaskClient, body: bytes, signature: str | None = None) -> TestResponse:
    header = sign_notice(SECRET, body, NOON) if signature is None else signature
    return client.post(
        ADDRESS, data=body, headers={"X-Bank-Signature": header}, content_type="application/json"
    )


def counted() -> tuple[int, int]:
    """How many transfers and payments there are."""
    db.session.rollback()
    kinds = (BankTransfer, Payment)
    transfers, payments = (db.session.scalar(sa.select(sa.func.count()).select_from(one)) for one in kinds)
    return transfers or 0, payments or 0


def test_a_signed_notice_pays_the_order_once(client: FlaskClient, group: OrderGroup) -> None:
    for _ in range(3):
        answer = send(client, notice(group))
        assert (answer.status_code, answer.json) == (
            200,
            {"reference": "FT26325000001", "state": "matched"},
        )
    assert counted() == (1, 1)
    assert db.session.scalars(sa.select(BankTransfer.at)).one() == NOON - timedelta(seconds=30)


def test_a_moment_without_an_offset_is_vietnams(client: FlaskClient, group: OrderGroup) -> None:
    send(client, notice(group, at="2026-11-21T12:00:00", message="khong ma"))
    assert db.session.scalars(sa.select(BankTransfer.at)).one() == NOON


def test_a_notice_is_forged(client: FlaskClient, group: OrderGroup) -> None:
    body = notice(group)
    good = sign_notice(SECRET, body, NOON)
    moment, signature = good.split(",")
    forged = [
        "",
        "x",
        good.upper(),
        f"{moment},v1={'0' * 64}",
        f"t={int(NOON.timestamp()) - 1},{signature}",
        sign_notice("another secret that is long enough", body, NOON),
        sign_notice(SECRET, body + b" ", NOON),
        sign_notice(SECRET, body, NOON - timedelta(seconds=301)),
        sign_notice(SECRET, body, NOON + timedelta(seconds=301)),
    ]
    for header in forged:
        answer = send(client, body, header)
        assert (answer.status_code, answer.json and answer.json["code"]) == (401, "forged_notice"), header
        assert answer.content_type == "application/problem+json"
    assert counted() == (0, 0)


def test_a_notice_may_be_five_minutes_late(client: FlaskClient, group: OrderGroup) -> None:
    body = notice(group)
    assert send(client, body, sign_notice(SECRET, body, NOON - timedelta(seconds=300))).status_code == 200


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"reference": ""}, "reference"),
        ({"reference": "a b"}, "reference"),
        ({"reference": "x" * 81}, "reference"),
        ({"reference": 7}, "reference"),
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": 1.5}, "amount"),
        ({"amount": "100000"}, "amount"),
        ({"amount": True}, "amount"),
        ({"amount": 10**12 + 1}, "amount"),
        ({"message": None}, "message"),
        ({"message": "a\0b"}, "message"),
        ({"message": "x" * 2001}, "message"),
        ({"at": "hôm qua"}, "at"),
        ({"at": "1999-01-01T00:00:00"}, "at"),
    ],
)
def test_what_cannot_be_read_is_named(
    client: FlaskClient, group: OrderGroup, changes: dict[str, Any], field: str
) -> None:
    answer = send(client, notice(group, **changes))
    assert (answer.status_code, answer.json and answer.json["field"]) == (422, field)
    assert counted() == (0, 0)


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"null", b"1"])
def test_what_is_no_object_is_refused(client: FlaskClient, told: Flask, body: bytes) -> None:
    answer = send(client, body)
    assert (answer.status_code, answer.json and answer.json["field"]) == (422, "body")


def test_too_much_is_not_read(client: FlaskClient, told: Flask) -> None:
    assert send(client, b" " * (MOST_BYTES + 1)).status_code == 413


def test_another_amount_under_a_known_reference_is_refused(client: FlaskClient, group: OrderGroup) -> None:
    send(client, notice(group))
    answer = send(client, notice(group, amount=1))
    assert (answer.status_code, answer.json and answer.json["code"]) == (409, "money_differs")
    assert counted() == (1, 1)


def test_without_a_secret_nothing_is_heard(client: FlaskClient, app: Flask) -> None:
    answer = send(client, b"{}")
    assert (answer.status_code, answer.json and answer.json["code"]) == (503, "not_configured")


def test_it_takes_nothing_but_notices(client: FlaskClient, told: Flask) -> None:
    assert client.get(ADDRESS).status_code == 405
