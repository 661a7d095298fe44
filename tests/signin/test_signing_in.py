"""Signing up and in, by the pages."""

from datetime import timedelta

import pyotp
import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.identity import read_identity
from marketplace.accounts.models import Person
from marketplace.accounts.proofs import find_person
from marketplace.database import db
from tests.accounts.authenticator import Authenticator
from tests.conftest import NOON
from tests.factories import accounts
from tests.signin.browsing import Browser, letters, link_in, somebody, write

SITE = "http://127.0.0.1:8000"
HOST = "127.0.0.1"
WORDS = "hai con trâu cày ruộng"


def test_the_way_in_from_sign_up_to_the_account(app: Flask, browser: Browser) -> None:
    browser.open("/dang-ky")
    answer = browser.send(
        "/dang-ky", 200, ho_ten="Lê Văn Tám", dia_chi="0912 345 678", mat_khau=WORDS, dong_y="co"
    )
    assert "0912345678" in answer.text
    [letter] = letters(app)
    assert letter.by_phone
    assert letter.to == "0912345678"
    page = browser.open(link_in(letter))
    assert "Lê Văn Tám" in page.words
    assert find_person(db.session(), read_identity("0912345678")) is None
    browser.send(link_in(letter))
    assert "Tài khoản đã mở" in browser.open("/dang-nhap").words
    answer = browser.send("/dang-nhap", ten="+84 912 345 678", mat_khau=WORDS)
    assert answer.location == "/tai-khoan"
    page = browser.open("/tai-khoan")
    assert "0912345678" in page.words
    browser.send("/dang-xuat")
    assert not browser.is_in()


def test_the_link_of_a_sign_up_works_once(app: Flask, browser: Browser) -> None:
    browser.send("/dang-ky", 200, ho_ten="An", dia_chi="an@example.vn", mat_khau=WORDS, dong_y="co")
    link = link_in(letters(app)[0])
    browser.send(link)
    browser.send(link, 404)
    browser.open(link, 404)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ho_ten": "123"}, "ho_ten"),
        ({"dia_chi": "an"}, "dia_chi"),
        ({"mat_khau": "ngắn"}, "mat_khau"),
        ({"mat_khau": "d" * 200}, "mat_khau"),
        ({"mat_khau": "12345678"}, "mat_khau"),
        ({"dong_y": ""}, "dong_y"),
    ],
)
def test_what_is_wrong_with_a_sign_up_is_said_beside_its_field(
    fields: dict[str, str], field: str, app: Flask, browser: Browser
) -> None:
    right = {"ho_ten": "An", "dia_chi": "an@example.vn", "mat_khau": WORDS, "dong_y": "co"}
    answer = browser.send("/dang-ky", 422, **{**right, **fields})
    assert f'href="#{field}"' in answer.text
    assert letters(app) == []


def test_sign_in_asks_for_the_code_when_there_is_an_app(app: Flask, browser: Browser) -> None:
    person = write(lambda session: accounts.with_totp(session, accounts.a_person(session)))
    assert browser.sign_in(person).location == "/dang-nhap/ma"
    assert not browser.is_in()
    browser.open("/dang-nhap/ma")
    assert "Mã không đúng" in browser.send("/dang-nhap/ma", 422, ma="000000").text
    code = pyotp.TOTP(accounts.TOTP_SECRET).at(NOON)
    assert browser.send("/dang-nhap/ma", ma=code).location == "/tai-khoan"
    assert browser.is_in()
    other = Browser(app)
    other.sign_in(person)
    other.send("/dang-nhap/ma", 422, ma=code)


def test_the_second_step_runs_out(browser: Browser) -> None:
    assert browser.client.get("/dang-nhap/ma").location == "/dang-nhap"
    person = write(lambda session: accounts.with_totp(session, accounts.a_person(session)))
    browser.sign_in(person)
    with clock.stopped(NOON + timedelta(minutes=11)):
        code = pyotp.TOTP(accounts.TOTP_SECRET).at(clock.now())
        assert browser.send("/dang-nhap/ma", ma=code).location == "/dang-nhap"
        assert "quá 10 phút" in browser.open("/dang-nhap").words
    assert not browser.is_in()


def test_codes_are_few(browser: Browser) -> None:
    person = write(lambda session: accounts.with_totp(session, accounts.a_person(session)))
    browser.sign_in(person)
    for _ in range(5):
        browser.send("/dang-nhap/ma", 422, ma="000000")
    answer = browser.send("/dang-nhap/ma", 429, ma="000000")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_passkey_signs_in_and_counts_as_two_factors(app: Flask, browser: Browser) -> None:
    person: Person = write(accounts.an_owner, 1)
    device = Authenticator(HOST, SITE)
    browser.enter_as(person)
    browser.open("/tai-khoan/van-tay")
    options = browser.send("/tai-khoan/van-tay/bat-dau", 200).text
    browser.send("/tai-khoan/van-tay", tra_loi=device.register(options))
    assert "Máy này" in browser.open("/tai-khoan/van-tay").words
    other = Browser(app)
    options = other.send("/dang-nhap/van-tay/bat-dau", 200).text
    other.send("/dang-nhap/van-tay", tra_loi=device.authenticate(options))
    assert other.is_in()
    assert other.client.get("/tai-khoan/khoa-api").status_code == 200
    third = Browser(app)
    third.send("/dang-nhap/van-tay", 422, tra_loi="{}")
    assert not third.is_in()


def test_a_passkey_answer_works_once(app: Flask, browser: Browser) -> None:
    person = write(accounts.a_person)
    device = Authenticator(HOST, SITE)
    browser.enter_as(person)
    browser.send("/tai-khoan/van-tay", 422, tra_loi="{}")
    options = browser.send("/tai-khoan/van-tay/bat-dau", 200).text
    browser.send("/tai-khoan/van-tay", tra_loi=device.register(options))
    other = Browser(app)
    answer = device.authenticate(other.send("/dang-nhap/van-tay/bat-dau", 200).text)
    other.send("/dang-nhap/van-tay", tra_loi=answer)
    Browser(app).send("/dang-nhap/van-tay", 422, tra_loi=answer)


def test_a_new_device_is_told_of_and_a_known_one_is_not(app: Flask, browser: Browser) -> None:
    person = write(accounts.a_person)
    browser.sign_in(person)
    assert [letter.subject for letter in letters(app)] == ["Đăng nhập từ máy mới"]
    browser.send("/dang-xuat")
    browser.sign_in(person)
    assert len(letters(app)) == 1


def test_signing_in_leads_back_to_the_page_asked_for(browser: Browser) -> None:
    person = write(accounts.a_person)
    assert browser.client.get("/tai-khoan/thiet-bi").location == "/dang-nhap"
    assert browser.sign_in(person).location == "/tai-khoan/thiet-bi"
    browser.send("/dang-xuat")
    assert browser.sign_in(person).location == "/tai-khoan"


def test_the_way_back_survives_the_second_step_and_speaks_english(browser: Browser) -> None:
    person = write(lambda session: accounts.with_totp(session, accounts.a_person(session)))
    assert browser.client.get("/en/tai-khoan/thiet-bi").location == "/en/dang-nhap"
    browser.send("/en/dang-nhap", ten=person.email, mat_khau=accounts.PASSWORD)
    answer = browser.send("/en/dang-nhap/ma", ma=pyotp.TOTP(accounts.TOTP_SECRET).at(NOON))
    assert answer.location == "/en/tai-khoan/thiet-bi"


def test_the_sign_in_page_leads_on_who_is_in_already(browser: Browser) -> None:
    led_on = 'main .note a[href="/tai-khoan"]'
    assert not browser.open("/dang-nhap").soup.select(led_on)
    browser.sign_in(write(somebody))
    assert browser.open("/dang-nhap").soup.select(led_on)
