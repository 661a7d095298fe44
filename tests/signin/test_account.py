"""One's own account, page by page."""

import json
from datetime import timedelta
from typing import Any

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.database import db
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser, letters, link_in, write

LATER = NOON + timedelta(minutes=11)
PRODUCER = Scope(ScopeKind.PRODUCER, 1)


@pytest.fixture
def person(app: Flask) -> Person:
    made: Person = write(accounts.a_person)
    return made


@pytest.fixture
def inside(person: Person, browser: Browser) -> Browser:
    browser.sign_in(person)
    return browser


PAGES = ["", "/mat-khau", "/dia-chi", "/ma-6-so", "/van-tay", "/thiet-bi", "/du-lieu"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_opens_for_its_owner_and_is_kept_by_nobody(
    page: str, language: str, inside: Browser
) -> None:
    response = inside.open(f"{language}/tai-khoan{page}").response
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("page", [*PAGES, "/khoa-api"])
def test_every_page_leads_strangers_to_the_sign_in(page: str, browser: Browser) -> None:
    assert browser.client.get(f"/tai-khoan{page}").location == "/dang-nhap"


def test_the_name_is_changed(inside: Browser) -> None:
    inside.send("/tai-khoan/ten", ho_ten="  Trần   Văn Bình ")
    assert inside.open("/tai-khoan").one("#ho_ten")["value"] == "Trần Văn Bình"
    assert "Đã đổi tên" not in inside.open("/tai-khoan").words
    answer = inside.send("/tai-khoan/ten", 422, ho_ten="<script>1</script>" * 20)
    assert "<script>1" not in answer.text


def test_only_what_the_form_has_is_taken(inside: Browser, person: Person) -> None:
    inside.send("/tai-khoan/ten", ho_ten="Bình", email="x@evil.example", sample="1", role="administrator")
    kept = db.session.get_one(Person, person.id, populate_existing=True)
    assert (kept.name, kept.email, kept.sample) == ("Bình", person.email, False)


@pytest.mark.parametrize(
    ("old", "new", "status", "field"),
    [("sai", "bốn mùa hoa trái", 422, "mat_khau_cu"), (accounts.PASSWORD, "ngắn", 422, "mat_khau")],
)
def test_a_password_that_is_refused(old: str, new: str, status: int, field: str, inside: Browser) -> None:
    answer = inside.send("/tai-khoan/mat-khau", status, mat_khau_cu=old, mat_khau=new)
    assert f'href="#{field}"' in answer.text


def test_officers_need_a_longer_password(browser: Browser) -> None:
    browser.enter_as(write(accounts.an_administrator))
    answer = browser.send("/tai-khoan/mat-khau", 422, mat_khau_cu=accounts.PASSWORD, mat_khau="chín chữ à")
    assert "12" in answer.text


def test_another_address(inside: Browser, person: Person, app: Flask) -> None:
    letters(app)
    inside.send("/tai-khoan/dia-chi", 422, dia_chi="không phải")
    inside.send("/tai-khoan/dia-chi", 200, dia_chi="0987 654 321")
    letter = next(letter for letter in letters(app) if letter.to == "0987654321")
    link = link_in(letter)
    stranger = Browser(app)
    stranger.open(link)
    stranger.send(link)
    stranger.send(link, 404)
    stranger.open(link, 404)
    assert "0987654321" in inside.open("/tai-khoan").words
    told = [letter.to for letter in letters(app) if "xin đổi" in letter.subject]
    assert told == [person.email]
    assert any("Địa chỉ liên hệ" in letter.subject for letter in letters(app))
    assert Browser(app).send("/dang-nhap", ten="0987654321", mat_khau=accounts.PASSWORD)


def test_an_address_that_somebody_took_meanwhile(inside: Browser, app: Flask) -> None:
    inside.send("/tai-khoan/dia-chi", 200, dia_chi="moi@example.vn")
    link = link_in(next(letter for letter in letters(app) if letter.to == "moi@example.vn"))
    write(accounts.a_person, email="moi@example.vn")
    inside.send(link, 409)


def enrol(browser: Browser) -> tuple[str, list[str]]:
    """Set up an authenticator app; return its secret and the recovery codes."""
    text = browser.send("/tai-khoan/ma-6-so/bat-dau", 200).text
    secret = text.split('<b class="num">')[1].split("</b>")[0]
    assert "khong-the-nao" not in text
    answer = browser.send("/tai-khoan/ma-6-so", 200, ma=pyotp.TOTP(secret).at(clock.now()))
    codes = [part.split("</code>")[0] for part in answer.text.split("<code>")[1:]]
    return secret, codes


def test_the_second_factor_and_its_recovery_codes(inside: Browser, person: Person, app: Flask) -> None:
    inside.send("/tai-khoan/ma-6-so/bat-dau", 200)
    assert "Mã không đúng" in inside.send("/tai-khoan/ma-6-so", 422, ma="000000").text
    _, codes = enrol(inside)
    assert len(set(codes)) == 10
    assert "Còn 10 mã" in inside.open("/tai-khoan/ma-6-so").words
    other = Browser(app)
    other.sign_in(person)
    other.send("/dang-nhap/ma", ma=codes[0])
    assert other.is_in()
    assert "Còn 9 mã" in inside.open("/tai-khoan/ma-6-so").words
    renewed = inside.send("/tai-khoan/ma-6-so/ma-du-phong", 200).text
    assert codes[1] not in renewed
    inside.send("/tai-khoan/ma-6-so/bo")
    assert "Chưa bật" in inside.open("/tai-khoan/ma-6-so").words
    assert not other.is_in()


def test_a_recovery_code_stands_in_for_the_password(inside: Browser, person: Person, app: Flask) -> None:
    _, codes = enrol(inside)
    stranger = Browser(app)
    stranger.open("/khoi-phuc")
    fields: dict[str, Any] = {"dia_chi": person.email, "ma": codes[0]}
    stranger.send("/khoi-phuc", 422, mat_khau="ngắn quá", **fields)
    stranger.send("/khoi-phuc", mat_khau="bốn mùa hoa trái", **fields)
    assert not inside.is_in()
    assert stranger.sign_in(person, password="bốn mùa hoa trái").location == "/dang-nhap/ma"
    stranger.send("/khoi-phuc", 422, mat_khau="bốn mùa hoa trái", **fields)


def test_a_forgotten_password(inside: Browser, person: Person, app: Flask) -> None:
    letters(app)
    stranger = Browser(app)
    stranger.open("/quen-mat-khau")
    stranger.send("/quen-mat-khau", 422, dia_chi="không phải")
    stranger.send("/quen-mat-khau", 200, dia_chi=person.email)
    link = link_in(next(letter for letter in letters(app) if "Đặt lại" in letter.subject))
    stranger.open(link)
    stranger.send(link, 422, mat_khau="ngắn")
    stranger.send(link, mat_khau="bốn mùa hoa trái")
    assert "Đã đặt mật khẩu mới" in stranger.open("/dang-nhap").words
    stranger.send(link, 404, mat_khau="bốn mùa hoa trái")
    assert any("Mật khẩu" in letter.subject for letter in letters(app))
    stranger.sign_in(person, password="bốn mùa hoa trái")


def test_a_reset_link_runs_out(person: Person, browser: Browser, app: Flask) -> None:
    browser.send("/quen-mat-khau", 200, dia_chi=person.email)
    link = link_in(letters(app)[0])
    with clock.stopped(NOON + timedelta(minutes=31)):
        browser.open(link, 404)
        browser.send(link, 404, mat_khau="bốn mùa hoa trái")


@pytest.mark.parametrize(
    ("path", "back"),
    [
        ("/tai-khoan/ma-6-so", "/tai-khoan/ma-6-so"),
        ("/tai-khoan/van-tay/bat-dau", "/tai-khoan/van-tay"),
        ("/tai-khoan/van-tay", "/tai-khoan/van-tay"),
    ],
)
def test_what_holds_proofs_is_not_kept_when_asking_who_it_is(path: str, back: str, inside: Browser) -> None:
    with clock.stopped(LATER):
        assert inside.send(path).location == "/xac-nhan-lai"
        inside.open("/xac-nhan-lai")
        inside.send("/xac-nhan-lai", 422, mat_khau="sai")
        answer = inside.send("/xac-nhan-lai", mat_khau=accounts.PASSWORD)
        assert answer.location == back
        assert inside.send("/xac-nhan-lai", mat_khau=accounts.PASSWORD).location == "/tai-khoan"


def test_letters_wanted(inside: Browser) -> None:
    inside.send("/tai-khoan/du-lieu/thu", muon="co")
    page = inside.open("/tai-khoan/du-lieu")
    assert "Nhận thư tin tức" in page.words
    assert page.soup.select("input[name=muon][checked]")
    inside.send("/tai-khoan/du-lieu/thu")
    assert not inside.open("/tai-khoan/du-lieu").soup.select("input[name=muon][checked]")


def test_a_copy_of_everything(inside: Browser, person: Person) -> None:
    answer = inside.send("/tai-khoan/du-lieu/ban-sao", 200)
    assert answer.headers["Content-Disposition"] == "attachment; filename=du-lieu-2026-11-21.json"
    known = json.loads(answer.text)
    assert known["accounts"]["person"][0]["email"] == person.email
    assert "argon2" not in answer.text


def test_erasure(inside: Browser, person: Person, app: Flask) -> None:
    inside.send("/tai-khoan/du-lieu/xoa", 422)
    assert inside.is_in()
    inside.send("/tai-khoan/du-lieu/xoa", chac="xoa")
    assert "Đã xoá tài khoản" in inside.open("/dang-nhap").words
    erased = db.session.get_one(Person, person.id, populate_existing=True)
    assert erased.email is None
    Browser(app).send("/dang-nhap", 422, ten="x@example.vn", mat_khau=accounts.PASSWORD)


def test_leaving_a_role(app: Flask, browser: Browser) -> None:
    producer = write(a_producer)
    scope = Scope(ScopeKind.PRODUCER, producer.id)
    staff = write(accounts.a_member, scope, Role.STAFF)
    browser.enter_as(staff)
    page = browser.open("/tai-khoan")
    assert producer.name in page.words
    [form] = [f for f in page.soup.find_all("form") if "/roi" in str(f["action"])]
    rival = Browser(app)
    rival.enter_as(write(accounts.a_person))
    rival.send(str(form["action"]), 404)
    browser.send(str(form["action"]))
    assert not browser.is_in()


def test_the_last_owner_cannot_leave(app: Flask, browser: Browser) -> None:
    producer = write(a_producer)
    browser.enter_as(write(accounts.an_owner, producer.id))
    [form] = [f for f in browser.open("/tai-khoan").soup.find_all("form") if "/roi" in str(f["action"])]
    assert "chủ cuối cùng" in browser.send(str(form["action"]), 409).text


def test_owners_are_led_to_a_second_factor(app: Flask, browser: Browser) -> None:
    producer = write(a_producer)
    owner = write(accounts.an_owner, producer.id)
    assert browser.sign_in(owner).location == "/tai-khoan/ma-6-so"
    assert "chỉ dùng được khi bật mã 6 số" in browser.open("/tai-khoan/ma-6-so").words
    assert browser.client.get("/tai-khoan/khoa-api").location == "/tai-khoan/ma-6-so"
    enrol(browser)
    assert browser.open("/tai-khoan/khoa-api")


@pytest.mark.parametrize("role", [Role.STAFF, None])
def test_api_keys_are_not_there_for_others(role: Role | None, browser: Browser) -> None:
    person = write(accounts.a_member, PRODUCER, role) if role else write(accounts.a_person)
    browser.enter_as(person)
    browser.open("/tai-khoan/khoa-api", 404)


def test_api_keys(app: Flask, browser: Browser) -> None:
    producer, other = write(a_producer), write(a_producer, name="HTX Khác")
    browser.enter_as(write(accounts.an_owner, producer.id))
    fields: dict[str, Any] = {
        "co_so": str(producer.id),
        "ten": "Máy tính tiền",
        "quyen": ["stock_read"],
        "han": "30",
    }
    answer = browser.send("/tai-khoan/khoa-api", 200, **fields)
    text = answer.text.split('value="ocop_')[1].split('"')[0]
    page = browser.open("/tai-khoan/khoa-api")
    assert "Máy tính tiền" in page.words
    assert text not in page.response.text
    browser.send("/tai-khoan/khoa-api", 422, **{**fields, "quyen": []})
    browser.send("/tai-khoan/khoa-api", 422, **{**fields, "han": "9999"})
    browser.send("/tai-khoan/khoa-api", 404, **{**fields, "co_so": str(other.id)})
    browser.send("/tai-khoan/khoa-api", 404, **{**fields, "co_so": "x"})
    rival = Browser(app)
    rival.enter_as(write(accounts.an_owner, other.id))
    [form] = [f for f in page.soup.find_all("form") if "/thu-hoi" in str(f["action"])]
    rival.send(str(form["action"]), 404)
    browser.send(str(form["action"]))
    assert "Đã thu hồi" in browser.open("/tai-khoan/khoa-api").words


def test_a_password_sign_in_is_asked_again_by_passkey_only_its_own(inside: Browser) -> None:
    assert inside.send("/xac-nhan-lai/van-tay", 422, tra_loi="{}")


def test_the_journal_names_what_was_done_and_nobody(inside: Browser, person: Person) -> None:
    inside.send("/tai-khoan/ten", ho_ten="Trần Văn Bình")
    deeds = db.session.execute(sa.select(Deed).order_by(Deed.seq)).scalars().all()
    assert [deed.action for deed in deeds] == ["sign_in:open", "person:rename"]
    assert all("Bình" not in deed.data and str(person.email) not in deed.data for deed in deeds)


def test_signed_in_with_a_password_a_consumer_needs_nothing_more(browser: Browser) -> None:
    browser.enter_as(write(accounts.a_person), SignInLevel.PASSWORD)
    assert "Chưa bật" in browser.open("/tai-khoan/ma-6-so").words
