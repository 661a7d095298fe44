"""S4: nobody learns from an answer who has an account."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.factories import accounts
from tests.signin.browsing import Browser, letters, write

KNOWN, UNKNOWN = "known@example.vn", "nobody@example.vn"
WORDS = "hai con trâu cày ruộng"


def shape(answer: TestResponse) -> tuple[int, dict[str, str], str]:
    """Return what an answer shows, without addresses and tokens that differ by nature."""
    body = re.sub(r'name="csrf_token" value="[^"]+"', "", answer.text)
    headers = {name: value for name, value in answer.headers if name not in {"Set-Cookie", "Content-Length"}}
    return answer.status_code, headers, body.replace(KNOWN, "…").replace(UNKNOWN, "…")


@pytest.fixture
def known(app: Flask) -> None:
    write(accounts.a_person, email=KNOWN)


def ask(app: Flask, path: str, status: int, field: str, address: str, **fields: str) -> TestResponse:
    return Browser(app).send(path, status, **{field: address, **fields})


@pytest.mark.parametrize(
    ("path", "status", "field", "fields"),
    [
        ("/dang-nhap", 422, "ten", {"mat_khau": "sai hoàn toàn"}),
        ("/quen-mat-khau", 200, "dia_chi", {}),
        ("/dang-ky", 200, "dia_chi", {"ho_ten": "Ai đó", "mat_khau": WORDS, "dong_y": "co"}),
        ("/khoi-phuc", 422, "dia_chi", {"ma": "aaaaa-bbbbb-ccccc", "mat_khau": WORDS}),
    ],
)
def test_answers_are_alike(
    path: str, status: int, field: str, fields: dict[str, str], known: None, app: Flask
) -> None:
    answers = [shape(ask(app, path, status, field, address, **fields)) for address in (KNOWN, UNKNOWN)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("path", ["/dang-nhap", "/quen-mat-khau", "/khoi-phuc"])
def test_limits_are_alike(path: str, known: None, app: Flask) -> None:
    field = "ten" if path == "/dang-nhap" else "dia_chi"
    fields = {"mat_khau": WORDS, "ma": "aaaaa-bbbbb-ccccc"}
    seen: list[list[int]] = []
    for address in (KNOWN, UNKNOWN):
        statuses = []
        for number in range(11):
            browser = Browser(app)
            token = browser.token()
            data = {"csrf_token": token, field: address, **fields}
            answer = browser.client.post(
                path,
                data=data,
                headers={"Sec-Fetch-Site": "same-origin"},
                environ_base={"REMOTE_ADDR": f"198.51.{len(seen)}.{number}"},
            )
            statuses.append(answer.status_code)
        seen.append(statuses)
    assert seen[0] == seen[1]
    assert seen[0][-1] == 429


def test_only_the_letters_differ(known: None, app: Flask) -> None:
    for address in (KNOWN, UNKNOWN):
        fields = {"ho_ten": "Ai đó", "mat_khau": WORDS, "dong_y": "co"}
        ask(app, "/dang-ky", 200, "dia_chi", address, **fields)
    told = {letter.to: letter.subject for letter in letters(app)}
    assert told[KNOWN].startswith("Bạn đã có tài khoản")
    assert told[UNKNOWN].startswith("Xác nhận tài khoản")


def test_a_reset_for_nobody_sends_nothing(known: None, app: Flask) -> None:
    for address in (KNOWN, UNKNOWN):
        ask(app, "/quen-mat-khau", 200, "dia_chi", address)
    assert [letter.to for letter in letters(app)] == [KNOWN]


def test_a_new_address_that_is_taken_is_answered_alike(known: None, app: Flask) -> None:
    browser, person = Browser(app), write(accounts.a_person)
    browser.enter_as(person)
    answers = [
        shape(browser.send("/tai-khoan/dia-chi", 200, dia_chi=address)) for address in (KNOWN, UNKNOWN)
    ]
    assert answers[0] == answers[1]
    sent = letters(app)
    assert {letter.to for letter in sent} == {KNOWN, UNKNOWN, person.email}
    assert len(sent) == 3
