"""Letters: two forms each, written with what they tell of, sent once, found by whoever sends them on."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock, jobs
from marketplace.accounts.identity import Identity
from marketplace.accounts.models import Person
from marketplace.accounts.people import close_account
from marketplace.accounts.recovery import ask_reset
from marketplace.accounts.retention import INACTIVE_AFTER, NOTICE, let_go
from marketplace.catalogue.models import Product
from marketplace.certification.models import Certificate
from marketplace.certification.renewal import renewal_of
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.letters.sending import send
from marketplace.letters.writing import write_letter
from marketplace.ordering.models import Order, OrderLine
from marketplace.web.post import Change, Letter, send_letter_to, send_link, send_to_nobody
from tests.conftest import NOON
from tests.factories import accounts
from tests.signin.browsing import letters, write

CERTIFICATE = Certificate(issued_on=date(2024, 4, 25), year=2024, valid_until=date(2027, 4, 25))
FACTS: dict[str, Any] = {
    "token": "t" * 43,
    "name": "Lê Văn Tám",
    "changed": "Mật khẩu",
    "at": NOON,
    "product": "Cam Khe Mây",
    "path": "/san-pham/cam-khe-may",
    "shop": "/gian-hang/htx-cam-khe-may",
    "stars": 4,
    "until": date(2027, 4, 25),
    "reason": "Ảnh chưa rõ",
    "words": "Mời chụp lại.",
    "renewal": renewal_of(CERTIFICATE, date(2026, 11, 21)),
    "products": [Product(name="Cam Khe Mây", slug="cam-khe-may", from_price=45_000)],
    "day": date(2026, 11, 21),
    "number": "7K4M2-PQX8V-3T9B",
    "seller": "Hợp tác xã nông nghiệp và dịch vụ tổng hợp Khe Mây",
    "goods": ["2 × Cam Khe Mây (túi lưới 3 kg)", "1 × Mật ong hoa cam (chai thuỷ tinh 500 ml)"],
    "total": 1_250_000,
    "due": 1_250_000,
    "amount": 450_000,
    "how_paid": "Trả tiền mặt khi nhận hàng.",
    "way": "Chúng tôi chuyển lại về tài khoản đã chuyển.",
    "deadline": date(2026, 11, 24),
    "pay_day": date(2026, 11, 25),
    "paid": 1_000_000,
    "owed": 250_000,
    "wait_for_money": True,
    "ticket": "KN-7K4M2-PQX8V",
    "kind": "Hàng chưa đến",
    "answer_by": NOON,
    "resolve_by": NOON,
    "who": "Văn phòng",
    "phone": "02393855555",
    "ended": "Đã giải thích rõ",
    "parcels": [
        Order(
            position=1,
            seller_name="HTX Khe Mây",
            seller_address="Thôn 3, xã Hương Đô, tỉnh Hà Tĩnh",
            shipping_fee=32_000,
            total=1_250_000,
            lines=[
                OrderLine(product_name="Cam Khe Mây", variant_name="túi 3 kg", quantity=2, total=1_218_000)
            ],
        )
    ],
    "carrier": "Vietnam Post",
    "tracking": "EB123456789VN",
    "reference": "FT26325001234567",
    "variant": "túi lưới 3 kg",
    "question": "Cam có hạt không?",
    "recalled": "Cam Khe Mây, lô CK2611-02",
    "advice": "Ngừng dùng ngay, giữ lại bao bì và gọi nơi bán.",
    "notice": "/thu-hoi/TH261121-ABCD",
    "point": "Điểm bán OCOP Hương Khê",
    "frozen": True,
    "cancelable": True,
    "canceled": False,
    "waits": True,
    "code": "HS-2026-0143",
    "idea": "Trà vỏ cam",
    "answer": "returned",
    "year": 2026,
    "steps": [{"words": "Đăng ký nhãn hiệu", "due_on": date(2027, 3, 1)}],
    "commune": "xã Hải Ninh",
    "office": "/van-phong/ho-so/143",
    "points": "71,00",
    "granted": 3,
    "disqualified": False,
    "register": "/chung-nhan/cam-khe-may-2025",
    "about": "Cam Khe Mây",
    "inspectors": "Sở Nông nghiệp và Môi trường",
    "authority": "Chi cục Quản lý thị trường Hà Tĩnh",
    "lines": ["Thông tin, nhãn, truy xuất: Nhãn lô 12 thiếu hạn dùng."],
    "council": "Hội đồng đánh giá, phân hạng sản phẩm OCOP tỉnh Hà Tĩnh",
    "meets_at": NOON,
    "place": "Phòng họp tầng 3, Sở Nông nghiệp và Môi trường, số 148 Trần Phú, phường Thành Sen",
    "by_writing": False,
    "version": 2,
    "producer": "HTX Cam Khe Mây",
    "former": "Hợp tác xã cam Khe Mây",
    "gone": "phiên 3 năm 2026, 08:00 01/12/2026",
    "packs": [("Kẹo cam, lô KC2611-01", "09521234543213", "/01/09521234543213/10/KC2611-01")],
}
WRITTEN = [letter for letter in Letter if letter is not Letter.NOBODY]
LINKED = {Letter.CONFIRM_SIGN_UP, Letter.CONFIRM_ADDRESS, Letter.RESET_PASSWORD, Letter.INVITATION}
GSM_PARTS = 5
"""A message with diacritics has 67 letters a part; longer ones are cut by some gateways."""


@pytest.mark.parametrize("letter", WRITTEN)
def test_each_letter_has_two_forms(letter: Letter, app: Flask) -> None:
    written = write_letter(letter, FACTS)
    assert 0 < len(written.subject) <= 78
    assert "\n" not in written.subject + written.message
    assert "1900 0000" in written.body
    assert len(written.message) <= 67 * GSM_PARTS
    assert (FACTS["token"] in written.body) == (letter in LINKED)
    assert (FACTS["token"] in written.message) == (letter in LINKED)


@pytest.mark.parametrize("change", Change)
def test_each_change_has_words(change: Change, app: Flask) -> None:
    person = write(accounts.a_person)
    with unit_of_work() as session:
        send_letter_to(session, Letter.SECURITY_CHANGED, person.id, clock.now(), change)
    [letter] = letters(app)
    assert letter.subject.endswith(" vừa được thay đổi")


def test_a_letter_goes_to_every_address_there_is(app: Flask) -> None:
    person = write(accounts.a_person, email="a@example.vn", phone="0912345678")
    with unit_of_work() as session:
        send_letter_to(session, Letter.NEW_DEVICE, person.id, clock.now())
    sent = letters(app)
    assert {(letter.to, letter.by_phone) for letter in sent} == {
        ("a@example.vn", False),
        ("0912345678", True),
    }


def test_nothing_personal_waits_in_the_queue(app: Flask) -> None:
    person = write(accounts.a_person, name="Lê Văn Tám", email="tam@example.vn")
    with unit_of_work() as session:
        send_letter_to(session, Letter.NEW_DEVICE, person.id, clock.now())
        token = ask_reset(session, Identity(email="tam@example.vn"), clock.now())
        send_link(session, Letter.RESET_PASSWORD, token or "", clock.now())
    payloads = str(db.session.execute(sa.select(Job.payload)).scalars().all())
    assert "tam@" not in payloads
    assert "Tám" not in payloads


def test_a_letter_goes_with_its_change_or_not_at_all(app: Flask) -> None:
    person = write(accounts.a_person)
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        send_letter_to(session, Letter.NEW_DEVICE, person.id, clock.now())
        1 / 0  # noqa: B018
    assert letters(app) == []


def test_sending_twice_writes_once(app: Flask) -> None:
    person = write(accounts.a_person)
    for _ in range(2):
        send(Letter.NEW_DEVICE, NOON.isoformat(), person_id=person.id)
    assert len(letters(app)) == 1


def test_whoever_is_gone_gets_nothing(app: Flask) -> None:
    person = write(accounts.a_person)
    with unit_of_work() as session:
        send_letter_to(session, Letter.NEW_DEVICE, person.id, clock.now())
        close_account(session, None, person.id, clock.now())
    with unit_of_work() as session:
        send_letter_to(session, Letter.NEW_DEVICE, person.id + 1, clock.now())
        send_to_nobody(session, clock.now())
    assert letters(app) == []


@pytest.mark.parametrize("letter", sorted(LINKED))
def test_a_link_that_is_used_is_not_sent(letter: Letter, app: Flask) -> None:
    with unit_of_work() as session:
        send_link(session, letter, "used-long-ago", clock.now())
    assert letters(app) == []


def test_only_the_owner_of_the_machine_reads_the_outbox(app: Flask) -> None:
    person = write(accounts.a_person, phone="0912345678")
    send(Letter.NEW_DEVICE, NOON.isoformat(), person_id=person.id)
    jobs.do_all()
    folder = app.extensions["settings"].outbox
    assert folder.stat().st_mode & 0o077 == 0
    files = list(folder.iterdir())
    assert len(files) == 2
    assert all(path.stat().st_mode & 0o077 == 0 for path in files)
    assert all("0912345678" not in path.name for path in files)


def test_an_address_cannot_add_headers(app: Flask) -> None:
    person = write(accounts.a_person, name="Tám\r\nBcc: x@evil.example", email="a@example.vn")
    send(Letter.NEW_DEVICE, NOON.isoformat(), person_id=person.id)
    [path] = app.extensions["settings"].outbox.glob("*.eml")
    head = path.read_bytes().split(b"\r\n\r\n")[0]
    assert b"evil" not in head
    assert b"To: a@example.vn" in head


def test_a_letter_names_no_page_in_english(app: Flask) -> None:
    with app.test_request_context("/en/dang-ky", base_url="http://localhost/en"):
        assert "/en/" not in write_letter(Letter.CONFIRM_SIGN_UP, FACTS).body


def test_an_unused_account_is_warned_by_letter(app: Flask) -> None:
    person: Any = write(accounts.a_person)
    with clock.stopped(NOON + INACTIVE_AFTER - NOTICE + timedelta(days=1)):
        let_go()
        jobs.do_all()
        [letter] = letters(app)
    assert letter.to == person.email
    assert "sắp được xoá" in letter.subject
    assert db.session.get_one(Person, person.id).erased_at is None
