"""What was typed before a fresh proof was asked: kept in the page, sent on by hand, and by nobody else."""

import base64
import random
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pyotp
import pytest
from bs4 import BeautifulSoup
from flask import Flask, g, redirect, request
from itsdangerous import TimestampSigner
from werkzeug.wrappers import Response

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.app import create_app
from marketplace.database import db
from marketplace.office.bank_file import seal
from marketplace.web import kept_forms
from marketplace.web.deed_words import DEEDS
from marketplace.web.guards import SAFE_METHODS, is_strong, signed_in, strong
from tests.conftest import NOON
from tests.drills.forms import Form, forms_of
from tests.factories import accounts
from tests.signin.browsing import SAME_ORIGIN, Browser, write

AT, PROOF = "/viec-lon", "/xac-nhan-lai"
WORDS = "Lô này có mùi lạ.\r\nMời thu hồi <b>ngay</b> & báo lại."
LATER = NOON + timedelta(minutes=11)
TEMPLATES = Path("templates")


@pytest.fixture
def done() -> list[dict[str, Any]]:
    """What the deed was done with, each time."""
    return []


@pytest.fixture
def site(app: Flask, done: list[dict[str, Any]]) -> Iterator[Flask]:
    """A site with one more dangerous deed, an hour after everybody proved who they are."""
    other = create_app(app.extensions["settings"])

    @other.get(AT)
    @signed_in
    def ask() -> str:
        return "ok"

    @other.post(AT)
    @other.post(f"{AT}/<name>")
    @signed_in
    @strong
    def do(name: str = "") -> Response:
        files = {name: file.read() for name, file in request.files.items()}
        form = request.form.to_dict(flat=False)
        del form["csrf_token"]
        done.append({**form, **files, **request.args})
        return redirect(AT, 303)

    with other.app_context(), clock.stopped(LATER):
        yield other
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def person(site: Flask) -> Person:
    with clock.stopped(NOON):
        return write(accounts.a_person)  # type: ignore[no-any-return]


@pytest.fixture
def inside(site: Flask, person: Person) -> Browser:
    """Somebody whose proof is eleven minutes old."""
    return entered(site, person)


def entered(site: Flask, person: Person) -> Browser:
    browser = Browser(site)
    with clock.stopped(NOON):
        browser.enter_as(person)
    return browser


def prove(browser: Browser, sealed: str, status: int = 200) -> Any:
    return browser.send(PROOF, status, bieu_mau_cho_gui=sealed, mat_khau=accounts.PASSWORD)


def offered(answer: Any) -> Form:
    """Return the form by which the deed is sent on."""
    [form] = [one for one in forms_of(answer) if one.action.startswith((AT, f"/en{AT}"))]
    return form


def send_on(browser: Browser, form: Form, **files: Any) -> None:
    told: dict[str, Any] = {**form.data(), **files}
    browser.send(form.action, **told)


def test_what_was_typed_is_sent_on_by_hand(inside: Browser, done: list[dict[str, Any]]) -> None:
    sealed = inside.ask_again(f"{AT}?lan=2", vi_sao=WORDS, lo=["1", "2"], so="7")
    assert WORDS[:10] not in sealed
    answer = prove(inside, sealed)
    assert done == [], "the proof alone does nothing"
    soup = BeautifulSoup(answer.text, "html.parser")
    assert [one.get_text().split() for one in soup.select(".reply")] == [WORDS.split(), ["1"], ["2"], ["7"]]
    form = offered(answer)
    assert form.action == f"{AT}?lan=2"
    send_on(inside, form)
    assert done == [{"vi_sao": [WORDS], "lo": ["1", "2"], "so": ["7"], "lan": "2"}]


@pytest.mark.parametrize("choice", ["duyet", "tra-lai"])
def test_the_button_that_was_pressed_comes_back(
    inside: Browser, done: list[dict[str, Any]], choice: str
) -> None:
    send_on(inside, offered(prove(inside, inside.ask_again(AT, viec=choice, loi=WORDS))))
    assert done == [{"viec": [choice], "loi": [WORDS]}]


def test_no_form_has_a_field_of_the_name_of_what_is_kept() -> None:
    named = [file for file in TEMPLATES.rglob("*.html") if kept_forms.FIELD in file.read_text()]
    assert named == [TEMPLATES / "signin" / "parts.html"]
    read = [file for file in Path("marketplace").rglob("*.py") if kept_forms.FIELD in file.read_text()]
    assert read == [Path("marketplace/web/kept_forms.py")]


def shown(answer: Any) -> list[str]:
    """Return what people see of a form before they send it on."""
    return [one.get_text() for one in BeautifulSoup(answer.text, "html.parser").select(".reply p")]


@pytest.mark.parametrize(
    "typed",
    ["970436", "0011 0041 2345", "a@b.vn", "0912345678", "45/QĐ-UBND", "2026-11-21", "1.250.000", "duyet"],
)
def test_what_decides_a_deed_is_shown_before_it_is_sent_on(inside: Browser, typed: str) -> None:
    answer = prove(inside, inside.ask_again(AT, o=typed))
    assert shown(answer) == [typed]
    assert f'<a href="{AT}">Không gửi, xem lại trang</a>' in answer.text


def test_what_machines_wrote_and_what_is_empty_is_not_shown(
    inside: Browser, done: list[dict[str, Any]]
) -> None:
    told = {**dict.fromkeys(kept_forms.MACHINES, "a1"), "loi": "", "ghi_chu": " – "}
    answer = prove(inside, inside.ask_again(AT, **told, so="7"))
    assert shown(answer) == ["7"]
    send_on(inside, offered(answer))
    assert done == [{"so": ["7"], **{name: [value] for name, value in told.items()}}]


def test_nobody_types_into_the_fields_of_machines() -> None:
    """What is not shown is written by pages alone; the tick `da_xem` says nothing but that it was ticked."""
    hidden, typed = set(), set()
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text()
        hidden |= set(re.findall(r'<input[^>]*type="hidden"[^>]*name="([\w-]+)"', text))
        typed |= set(re.findall(r'(?:field|choice|choices)\("([\w-]+)"', text))
        typed |= set(re.findall(r'<(?:select|textarea)[^>]*name="([\w-]+)"', text))
    assert hidden >= kept_forms.MACHINES
    assert not kept_forms.MACHINES & typed


@pytest.mark.parametrize(("length", "seen"), [(200, "x" * 200), (201, f"{'x' * 200}…")])
def test_of_long_words_the_beginning_is_shown(
    inside: Browser, done: list[dict[str, Any]], length: int, seen: str
) -> None:
    answer = prove(inside, inside.ask_again(AT, loi="x" * length))
    assert shown(answer) == [seen]
    send_on(inside, offered(answer))
    assert done == [{"loi": ["x" * length]}]


def test_the_token_is_a_fresh_one(inside: Browser, done: list[dict[str, Any]]) -> None:
    sealed = inside.ask_again(AT, so="7")
    answer = prove(inside, sealed)
    assert "csrf_token" not in offered(answer).data()
    inside.send(AT, 403, token="", so="7")
    token = re.search(r'name="csrf_token" value="([^"]+)"', answer.text)
    assert token
    inside.send(AT, token=token.group(1), so="7")
    assert len(done) == 1


def test_the_way_back_is_offered_and_taken_once(inside: Browser) -> None:
    answer = prove(inside, inside.ask_again(AT, so="7"))
    assert f'<a href="{AT}">' in answer.text
    assert inside.send(PROOF, mat_khau=accounts.PASSWORD).location == "/tai-khoan"


def test_a_wrong_password_loses_nothing(inside: Browser, done: list[dict[str, Any]]) -> None:
    sealed = inside.ask_again(AT, vi_sao=WORDS)
    answer = inside.send(PROOF, 422, bieu_mau_cho_gui=sealed, mat_khau="sai")
    assert f'name="bieu_mau_cho_gui" value="{sealed}"' in answer.text
    assert inside.send(f"{PROOF}/van-tay", 422, bieu_mau_cho_gui=sealed, tra_loi="{}").text.count(sealed) == 2
    assert offered(prove(inside, sealed)).data() == {"vi_sao": [WORDS]}
    assert done == []


def test_another_language_stays(inside: Browser) -> None:
    sealed = inside.ask_again(f"/en{AT}", so="7")
    answer = inside.send(f"/en{PROOF}", 200, bieu_mau_cho_gui=sealed, mat_khau=accounts.PASSWORD)
    assert offered(answer).action == f"/en{AT}"


def test_odd_addresses_stay_what_they_are(inside: Browser, done: list[dict[str, Any]]) -> None:
    address = f"{AT}/a%3Fb%23c%20%22d?e=%26"
    form = offered(prove(inside, inside.ask_again(address, so="7")))
    assert form.action == address
    send_on(inside, form)
    assert done == [{"so": ["7"], "e": "&"}]


def test_files_are_chosen_again(inside: Browser, done: list[dict[str, Any]]) -> None:
    tep = (BytesIO(b"%PDF"), "biên bản & ảnh.pdf")
    answer = prove(inside, inside.ask_again(AT, vi_sao=WORDS, tep=tep))
    soup = BeautifulSoup(answer.text, "html.parser")
    [field] = soup.select('form[enctype="multipart/form-data"] input[type=file][required]')
    assert "biên bản & ảnh.pdf" in soup.text
    assert field["name"] == "tep"
    send_on(inside, offered(answer), tep=(BytesIO(b"%PDF"), "a.pdf"))
    assert (done[0]["tep"], done[0]["vi_sao"]) == (b"%PDF", [WORDS])


def refused(browser: Browser, sealed: str) -> None:
    """Prove who it is, and find that nothing was kept."""
    assert "Gửi tiếp" not in prove(browser, sealed, 303).text
    assert "mời bạn gõ lại" in browser.open("/tai-khoan").words.lower()


def test_nobody_elses_sign_in_opens_it(site: Flask, person: Person, inside: Browser) -> None:
    sealed = inside.ask_again(AT, vi_sao=WORDS)
    with clock.stopped(NOON):
        stranger = write(accounts.a_person)
    refused(entered(site, stranger), sealed)
    refused(entered(site, person), sealed)
    assert offered(prove(inside, sealed))


def test_signing_out_ends_it(inside: Browser, person: Person) -> None:
    sealed = inside.ask_again(AT, vi_sao=WORDS)
    inside.send("/dang-xuat")
    assert inside.send(PROOF, bieu_mau_cho_gui=sealed, mat_khau=accounts.PASSWORD).location == "/dang-nhap"
    inside.sign_in(person)
    refused(inside, sealed)


def test_it_runs_out(inside: Browser) -> None:
    sealed = inside.ask_again(AT, vi_sao=WORDS)
    with clock.stopped(LATER + kept_forms.KEPT_FOR - timedelta(seconds=1)):
        assert offered(prove(inside, sealed))
    with clock.stopped(LATER + kept_forms.KEPT_FOR):
        refused(inside, sealed)


@pytest.mark.parametrize("at", [0, 10, 40, -1, -20])
def test_a_changed_one_is_worth_nothing(inside: Browser, at: int) -> None:
    sealed = inside.ask_again(AT, vi_sao=WORDS)
    letters = list(sealed)
    letters[at] = "A" if letters[at] != "A" else "B"
    refused(inside, "".join(letters))


def test_the_seal_of_one_deed_leads_to_no_other(inside: Browser) -> None:
    """The address is sealed with the words: nothing that is sent beside them changes it."""
    sealed = inside.ask_again(AT, so="7")
    told = {"address": "/tai-khoan/du-lieu/xoa", "endpoint": "signin.erase_own_data", "action": "/x"}
    answer = inside.send(PROOF, 200, bieu_mau_cho_gui=sealed, mat_khau=accounts.PASSWORD, **told)
    assert offered(answer).action == AT
    assert "/tai-khoan/du-lieu/xoa" not in answer.text


def test_what_is_sealed_elsewhere_is_no_kept_form(inside: Browser) -> None:
    with inside.app.test_request_context():
        refused(inside, seal([], 1))


def lost(browser: Browser, path: str = AT, **options: Any) -> None:
    """Send a form of which nothing is kept: people are led to the proof, told so, and led back."""
    token = browser.token()
    data = {"csrf_token": token, **options.pop("data", {})}
    headers = {**SAME_ORIGIN, **options.pop("headers", {})}
    answer = browser.client.post(path, data=data, headers=headers, **options)
    assert (answer.status_code, answer.location) == (303, PROOF)
    for name in list(g):
        g.pop(name)


def test_too_much_is_not_kept_and_said(inside: Browser, done: list[dict[str, Any]]) -> None:
    noise = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(60_000))
    lost(inside, data={"vi_sao": noise})
    assert "mời bạn gõ lại" in inside.open(PROOF).words
    assert inside.send(PROOF, mat_khau=accounts.PASSWORD).location == AT
    assert done == []


def test_long_words_are_kept(inside: Browser, done: list[dict[str, Any]]) -> None:
    words = base64.b64encode(random.Random(1).randbytes(105_000)).decode() + WORDS * 90
    sealed = inside.ask_again(AT, vi_sao=words)
    assert 140_000 < len(sealed) <= kept_forms.LONGEST
    send_on(inside, offered(prove(inside, sealed)))
    assert done == [{"vi_sao": [words]}]


@pytest.mark.parametrize("field", sorted(kept_forms.SECRETS))
def test_passwords_are_never_kept(inside: Browser, field: str) -> None:
    lost(inside, data={field: "hai con trâu cày ruộng", "so": "7"})


def test_scripts_are_led_as_ever(inside: Browser) -> None:
    lost(inside, headers={"Sec-Fetch-Mode": "cors"})
    assert "gõ lại" not in inside.open(PROOF).words


def test_without_the_token_there_is_nothing_to_keep(inside: Browser) -> None:
    answer = inside.send(AT, 403, token="", so="7")
    assert PROOF not in answer.text


def test_pages_in_between_are_stored_nowhere(inside: Browser) -> None:
    answer = inside.client.post(AT, data={"csrf_token": inside.token(), "so": "7"}, headers=SAME_ORIGIN)
    after = prove(inside, inside.ask_again(AT, so="7"))
    for page in (answer, after):
        assert page.headers["Cache-Control"] == "no-store"
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert kept_forms.FIELD not in (page.headers.get("Set-Cookie") or "")


def test_every_dangerous_deed_has_a_name_but_those_that_hold_proofs(app: Flask) -> None:
    asked = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.methods and rule.methods - SAFE_METHODS and is_strong(app.view_functions[rule.endpoint])
    }
    unnamed = {"signin.begin_passkey", "signin.keep_passkey", "signin.confirm_second_factor"}
    assert asked - DEEDS.keys() == unnamed
    assert DEEDS.keys() - asked == {"workspace.apply_sheet"}, "it asks only where a price goes far"


def test_fields_of_secrets_are_known(app: Flask) -> None:
    """Passwords have names that are never kept; codes are typed in the sign-in door alone."""
    asked = set()
    for file in TEMPLATES.rglob("*.html"):
        text = file.read_text()
        asked |= set(re.findall(r'field\("(\w+)"[^}]*type="password"', text))
        assert file.parent.name == "signin" or "one-time-code" not in text, file
        assert file.name == "forms.html" or not re.search(r'<input[^>]*type="password"', text), file
    assert asked == kept_forms.SECRETS


def typing(site: Flask, person: Person) -> tuple[Browser, str]:
    """Return the browser of somebody who signed in by the pages, and the token of a page opened then."""
    browser = Browser(site)
    with clock.stopped(NOON):
        browser.sign_in(person)
        return browser, browser.token()


AWAY = NOON + timedelta(days=15)
"""When the sign-in of somebody without a role has ended."""


def lapsed(browser: Browser, token: str, **fields: Any) -> str:
    """Send a form too late, and return what the sign-in page carries on."""
    answer = browser.send(AT, 403, token=token, **fields)
    found = re.search(
        r'action="/dang-nhap".*?name="bieu_mau_cho_gui" value="([^"]+)"', answer.text, re.DOTALL
    )
    assert found, answer.text[-1500:]
    assert "Những gì vừa gõ vẫn còn" in answer.text
    assert WORDS[:10] not in answer.text
    return found.group(1)


def sign_in(browser: Browser, person: Person, sealed: str, status: int = 200, **changes: str) -> Any:
    told: dict[str, Any] = {"ten": person.email, "mat_khau": accounts.PASSWORD, **changes}
    return browser.send("/dang-nhap", status, bieu_mau_cho_gui=sealed, **told)


def test_signed_out_while_typing_loses_nothing(
    site: Flask, person: Person, done: list[dict[str, Any]]
) -> None:
    browser, token = typing(site, person)
    with clock.stopped(AWAY):
        sealed = lapsed(browser, token, vi_sao=WORDS, ten="Tên lô")
        answer = sign_in(browser, person, sealed, 422, mat_khau="sai")
        assert f'name="bieu_mau_cho_gui" value="{sealed}"' in answer.text
        answer = sign_in(browser, person, sealed)
        assert done == []
        send_on(browser, offered(answer))
    assert done == [{"vi_sao": [WORDS], "ten": ["Tên lô"]}]


def test_the_second_step_carries_it_too(site: Flask, person: Person) -> None:
    browser, app = Browser(site), pyotp.TOTP(accounts.TOTP_SECRET)
    with clock.stopped(NOON):
        write(accounts.with_totp, person)
        browser.sign_in(person)
        browser.send("/dang-nhap/ma", ma=app.at(NOON))
        token = browser.token()
    with clock.stopped(AWAY):
        sealed = lapsed(browser, token, vi_sao=WORDS)
        for answer in (
            sign_in(browser, person, sealed),
            browser.send("/dang-nhap/ma", 422, bieu_mau_cho_gui=sealed, ma="000000"),
        ):
            assert f'name="bieu_mau_cho_gui" value="{sealed}"' in answer.text
        answer = browser.send("/dang-nhap/ma", 200, bieu_mau_cho_gui=sealed, ma=app.at(AWAY))
        assert offered(answer).data() == {"vi_sao": [WORDS]}


def test_a_second_step_that_ran_out_loses_nothing(
    site: Flask, person: Person, done: list[dict[str, Any]]
) -> None:
    browser, app = Browser(site), pyotp.TOTP(accounts.TOTP_SECRET)
    with clock.stopped(NOON):
        write(accounts.with_totp, person)
        browser.sign_in(person)
        browser.send("/dang-nhap/ma", ma=app.at(NOON))
        token = browser.token()
    with clock.stopped(AWAY):
        sealed = lapsed(browser, token, vi_sao=WORDS)
        sign_in(browser, person, sealed)
    late = AWAY + timedelta(minutes=11)
    with clock.stopped(late):
        answer = browser.send("/dang-nhap/ma", 422, bieu_mau_cho_gui=sealed, ma=app.at(late))
        assert "Đã quá 10 phút" in answer.text
        assert "Những gì vừa gõ vẫn còn" in answer.text
        assert answer.text.count(f'name="{kept_forms.FIELD}" value="{sealed}"') == 2
        sign_in(browser, person, sealed)
        answer = browser.send("/dang-nhap/ma", 200, bieu_mau_cho_gui=sealed, ma=app.at(late))
        send_on(browser, offered(answer))
        assert browser.send("/dang-nhap/ma", ma="1").location == "/dang-nhap"
    assert done == [{"vi_sao": [WORDS]}]


def test_who_signs_in_after_somebody_else_sees_nothing_of_theirs(site: Flask, person: Person) -> None:
    browser, token = typing(site, person)
    with clock.stopped(AWAY):
        other = write(accounts.a_person)
        answer = sign_in(browser, other, lapsed(browser, token, vi_sao=WORDS), 303)
        assert answer.location == AT
        assert "mời bạn gõ lại" in browser.open("/tai-khoan").words.lower()


def test_what_waits_for_a_proof_is_not_opened_by_signing_in(inside: Browser, person: Person) -> None:
    sealed = inside.ask_again(AT, vi_sao=WORDS)
    inside.send("/dang-xuat")
    assert sign_in(inside, person, sealed, 303).location == "/tai-khoan"


def test_whoever_signed_out_themselves_leaves_nothing(site: Flask, person: Person) -> None:
    browser, token = typing(site, person)
    browser.send("/dang-xuat")
    for shown in (token, browser.token()):
        assert browser.send(AT, token=shown, vi_sao=WORDS).location == "/dang-nhap"


def test_a_forged_form_of_somebody_signed_out_is_not_kept(site: Flask, person: Person) -> None:
    browser, _token = typing(site, person)
    with clock.stopped(AWAY):
        assert browser.send(AT, token="", vi_sao=WORDS).location == "/dang-nhap"
        answer = browser.client.post(AT, data={"vi_sao": WORDS}, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403
        assert 'name="bieu_mau_cho_gui"' not in answer.text


def test_a_page_that_stood_open_for_hours_is_taken(
    site: Flask, person: Person, done: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = TimestampSigner.get_timestamp
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda signer: drawn(signer) - 7 * 3600)
    browser = entered(site, person)
    with clock.stopped(NOON):
        token = browser.token()
        monkeypatch.undo()
        browser.send(AT, token=token, vi_sao=WORDS)
    assert done == [{"vi_sao": [WORDS]}]


@pytest.mark.parametrize("two_steps", [False, True])
def test_pages_open_in_other_tabs_stay_good_for_who_comes_back(
    site: Flask, person: Person, done: list[dict[str, Any]], two_steps: bool
) -> None:
    app = pyotp.TOTP(accounts.TOTP_SECRET)
    browser, token = typing(site, person)
    if two_steps:
        write(accounts.with_totp, person)
    with clock.stopped(AWAY):
        browser.sign_in(person)
        if two_steps:
            browser.send("/dang-nhap/ma", ma=app.at(AWAY))
        browser.send(AT, token=token, vi_sao=WORDS)
    assert done == [{"vi_sao": [WORDS]}]


@pytest.mark.parametrize("way", ["another", "signed out between"])
def test_pages_open_in_other_tabs_are_nobody_elses(
    site: Flask, person: Person, done: list[dict[str, Any]], way: str
) -> None:
    browser, token = typing(site, person)
    if way == "another":
        with clock.stopped(NOON):
            browser.sign_in(write(accounts.a_person))
    else:
        browser.send("/dang-xuat")
        browser.sign_in(person)
    browser.send(AT, 403, token=token, vi_sao=WORDS)
    assert done == []
