"""Reconciling at the office: statements shown before they count, and what only people can decide."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.models import SignIn
from marketplace.database import db, unit_of_work
from marketplace.office.bank_file import MOST_BYTES, read_file
from marketplace.ordering.cancellation import cancel_order
from marketplace.ordering.models import CancelReason, OrderGroup, PaymentMethod
from marketplace.ordering.order_number import write_number
from marketplace.payments.bank import Line, take_transfer
from marketplace.payments.models import BankTransfer, Payment, Refund, RefundReason, TransferState
from marketplace.upkeep.sheets import SheetRefused
from tests.conftest import NOON
from tests.factories.deeds import deeds
from tests.factories.office import Desk
from tests.factories.ordering import PHONE, a_commune, ordered, stocked
from tests.signin.browsing import SAME_ORIGIN, Browser

PAGE = "/van-phong/doi-soat"
HEADING = "Ngày giao dịch;Số tham chiếu;Số tiền ghi có;Nội dung"


@pytest.fixture
def admin(desk: Desk, browser: Browser) -> Browser:
    """A browser of an administrator, fresh from signing in."""
    browser.enter_as(desk.administrator)
    return browser


@pytest.fixture
def groups(app: Flask) -> list[OrderGroup]:
    with unit_of_work() as session:
        commune = a_commune(session, "Cầu Giấy", "Hà Nội")
        cam = stocked(session, "Cam sành", price=90_000, weight_g=400)
    return [ordered({cam.id: quantity}, commune, method=PaymentMethod.VIETQR) for quantity in (1, 2, 3)]


def transfer(message: str, amount: int, reference: str = "FT1") -> int:
    with unit_of_work() as session:
        return take_transfer(session, Line(reference, amount, message, NOON), clock.now()).id


def upload(browser: Browser, *rows: str, status: int = 200, heading: str = HEADING) -> TestResponse:
    file = (io.BytesIO("\n".join((heading, *rows)).encode()), "sao-ke.csv")
    data = {"csrf_token": browser.token(), "tep": file}
    answer = browser.client.post(PAGE, data=data, headers=SAME_ORIGIN, content_type="multipart/form-data")
    assert answer.status_code == status, answer.text[-1500:]
    return answer


def sealed_in(answer: TestResponse) -> str:
    [found] = re.findall(r'name="sao_ke" value="([^"]+)"', answer.text)
    return str(found)


def counted(kind: Any = BankTransfer) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0


def rows_of(groups: list[OrderGroup]) -> list[str]:
    return [
        f"20/11/2026;FT1;{groups[0].total};CT {groups[0].number}",
        f"21/11/2026;FT2;1.000;{groups[1].number.lower()}",
        f"21/11/2026;FT3;{groups[2].total + 5_000};ocop{groups[2].number}",
        "21/11/2026;FT4;50.000;tien hang",
        "21/11/2026;;;phi dich vu",
    ]


def test_a_statement_is_shown_before_it_counts_and_counts_once(
    admin: Browser, groups: list[OrderGroup]
) -> None:
    shown = upload(admin, *rows_of(groups))
    for told in (
        "Trả đủ",
        "Còn thiếu",
        "Trả thừa 5.000",
        "Chưa rõ của đơn nào",
        "4 khoản mới",
        "Bỏ qua 1 dòng",
    ):
        assert told in shown.text.replace("\xa0", " "), told
    assert (counted(), counted(Payment)) == (0, 0)
    for _ in range(2):
        admin.send(f"{PAGE}/ghi", sao_ke=sealed_in(shown))
        assert (counted(), counted(Payment)) == (4, 3)
    again = upload(admin, *rows_of(groups))
    assert again.text.count("Đã ghi lần trước") == 4
    assert "Mọi khoản trong tệp này đều đã ghi rồi." in again.text
    assert len(deeds("statement:take")) == 2


def test_what_payers_typed_is_shown_only_where_no_order_is_found(
    admin: Browser, groups: list[OrderGroup]
) -> None:
    rows = [
        f"20/11/2026;FT1;{groups[0].total};Tran Thi Binh {groups[0].number}",
        "21/11/2026;FT4;50.000;Le Van Cuong",
    ]
    shown = upload(admin, *rows).text
    assert "Le Van Cuong" in shown
    assert "Tran Thi Binh" not in shown
    for number in (write_number(groups[0].number), "FT1", "FT4"):
        assert number in shown


def test_nothing_counts_while_a_cell_cannot_be_read(admin: Browser, groups: list[OrderGroup]) -> None:
    shown = upload(admin, *rows_of(groups), "31/02/2026;FT9;1,5;x", status=422)
    assert "Dòng 7, cột Số tiền ghi có: “1,5” không phải số tiền đồng" in shown.text
    assert "sao_ke" not in shown.text


def test_a_reference_known_with_another_amount_stands_against_all(
    admin: Browser, groups: list[OrderGroup]
) -> None:
    transfer(groups[0].number, 7, "FT1")
    shown = upload(admin, *rows_of(groups), status=422)
    assert "Đã ghi với số tiền khác" in shown.text
    assert "sao_ke" not in shown.text


def test_money_for_what_was_canceled_is_foreseen(admin: Browser, groups: list[OrderGroup]) -> None:
    with unit_of_work() as session:
        cancel_order(session, groups[0].orders[0].id, CancelReason.DECLINED, clock.now())
    assert "Đơn đã huỷ, sẽ trả lại" in upload(admin, *rows_of(groups)).text


def test_two_transfers_for_one_order_add_up_in_what_is_foreseen(
    admin: Browser, groups: list[OrderGroup]
) -> None:
    first = groups[0]
    shown = upload(
        admin,
        f"21/11/2026;FT1;{first.total - 1_000};{first.number}",
        f"21/11/2026;FT2;1.000;{first.number}",
        f"21/11/2026;FT3;1.000;{first.number}",
    ).text.replace("\xa0", " ")
    assert [told in shown for told in ("Còn thiếu 1.000 ₫", "Trả đủ", "Trả thừa 1.000 ₫")] == [True] * 3


@pytest.mark.parametrize(
    ("heading", "told"),
    [
        ("Ngày;Tên", "Không tìm thấy cột: số tiền ghi có, nội dung, mã giao dịch."),
        ("", "Không tìm thấy cột: ngày giao dịch, số tiền ghi có, nội dung, mã giao dịch."),
    ],
)
def test_what_is_no_statement_is_said(admin: Browser, desk: Desk, heading: str, told: str) -> None:
    assert told in upload(admin, "x;y", status=422, heading=heading).text
    assert "Tệp rỗng" in admin.send(PAGE, 422).text


def test_too_large_a_file_is_not_read() -> None:
    with pytest.raises(SheetRefused, match="lớn hơn 5 MB"):
        read_file(b"x" * (MOST_BYTES + 1))


def test_too_many_at_once_are_refused(admin: Browser, desk: Desk) -> None:
    rows = [f"21/11/2026;FT{number};1.000;x" for number in range(201)]
    assert "Nhiều nhất 200 khoản" in upload(admin, *rows, status=422).text


def test_only_what_was_shown_to_oneself_is_confirmed(
    admin: Browser, desk: Desk, groups: list[OrderGroup], app: Flask
) -> None:
    sealed = sealed_in(upload(admin, *rows_of(groups)))
    admin.send(f"{PAGE}/ghi", 422, sao_ke=sealed[:9] + ("A" if sealed[9] != "A" else "B") + sealed[10:])
    admin.send(f"{PAGE}/ghi", 422)
    assert counted() == 0


def test_a_transfer_is_given_to_the_order_a_person_found(
    admin: Browser, desk: Desk, groups: list[OrderGroup]
) -> None:
    lost = transfer("tra tien cam", groups[0].total)
    page = admin.open(PAGE)
    assert "Chưa rõ của đơn nào: 1" in page.words
    number = write_number(groups[0].number)
    found = admin.open(f"{PAGE}/tien/{lost}?ma={number.lower()}")
    assert number in found.words
    assert "HTX Cam sành" in found.words
    assert groups[0].buyer_name not in found.response.text
    assert PHONE not in found.response.text
    admin.send(f"{PAGE}/tien/{lost}/gan", ma=number)
    db.session.rollback()
    given = db.session.get_one(BankTransfer, lost)
    assert (given.state, given.group_id) == (TransferState.MATCHED, groups[0].id)
    assert given.decided_by == desk.administrator.id
    assert counted(Payment) == 1
    admin.open(f"{PAGE}/tien/{lost}", 404)
    admin.send(f"{PAGE}/tien/{lost}/gan", 409, ma=number)
    admin.send(f"{PAGE}/tien/{lost}/de-rieng", 409, loi="khác")
    assert counted(Payment) == 1
    assert len(deeds("transfer:assign")) == 1


def test_no_order_of_that_number(admin: Browser, groups: list[OrderGroup]) -> None:
    lost = transfer("x", 1_000)
    drafted = _drafted()
    for number in ("7K4M2", "", drafted.number):
        answer = admin.send(f"{PAGE}/tien/{lost}/gan", 422, ma=number)
        assert "Không có đơn nào mang mã này" in answer.text
    assert "Không có đơn nào" in admin.open(f"{PAGE}/tien/{lost}?ma=7K4M2", 422).words
    admin.open(f"{PAGE}/tien/{lost + 1}", 404)
    admin.send(f"{PAGE}/tien/{lost + 1}/de-rieng", 404, loi="x")


def _drafted() -> OrderGroup:
    with unit_of_work() as session:
        commune = a_commune(session, "Đông Hà", "Quảng Ngãi")
        tea = stocked(session, "Chè")
    return ordered({tea.id: 1}, commune, method=PaymentMethod.CARD)


def test_a_transfer_for_no_order_is_put_aside_with_words(admin: Browser, desk: Desk) -> None:
    lost = transfer("tra no", 20_000)
    for words in ("", " ", "x" * 301):
        admin.send(f"{PAGE}/tien/{lost}/de-rieng", 422, loi=words)
    admin.send(f"{PAGE}/tien/{lost}/de-rieng", loi="Tiền thuê gian hàng hội chợ")
    page = admin.open(PAGE)
    assert "Chưa rõ của đơn nào: 0" in page.words
    assert "Tiền thuê gian hàng hội chợ" in page.words
    assert len(deeds("transfer:set_aside")) == 1


def test_too_much_and_too_little_are_listed_and_too_much_given_back_once(
    admin: Browser, desk: Desk, groups: list[OrderGroup]
) -> None:
    transfer(groups[0].number, groups[0].total, "FT1")
    transfer(groups[1].number, 1_000, "FT2")
    transfer(groups[2].number, groups[2].total + 5_000, "FT3")
    order_id = groups[2].orders[0].id
    page = admin.open(PAGE)
    assert "Trả thiếu hoặc trả thừa: 2" in page.words
    assert write_number(groups[0].number) not in page.words
    assert "thừa 5.000 ₫" in page.words.replace("\xa0", " ")
    admin.send(f"{PAGE}/don/{order_id}/tra-lai")
    admin.send(f"{PAGE}/don/{order_id}/tra-lai", 409)
    db.session.rollback()
    assert db.session.execute(sa.select(Refund.reason, Refund.amount)).all() == [
        (RefundReason.OVERPAID, 5_000)
    ]
    assert "Trả thiếu hoặc trả thừa: 1" in admin.open(PAGE).words
    assert len(deeds("excess:refund")) == 1


def test_giving_back_asks_who_it_is(admin: Browser, groups: list[OrderGroup]) -> None:
    transfer(groups[0].number, groups[0].total + 5_000)
    order_id = groups[0].orders[0].id
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=NOON - timedelta(minutes=11)))
    admin.ask_again(f"{PAGE}/don/{order_id}/tra-lai")
    assert counted(Refund) == 0


def test_nobody_but_administrators_sees_it(desk: Desk, browser: Browser, groups: list[OrderGroup]) -> None:
    lost, order_id, number = transfer("x", 1_000), groups[0].orders[0].id, groups[0].number
    for person in (desk.officer, desk.commune_officer, desk.owner):
        browser.enter_as(person)
        browser.open(PAGE, 404)
        browser.open(f"{PAGE}/tien/{lost}", 404)
        browser.send(f"{PAGE}/tien/{lost}/gan", 404, ma=number)
        browser.send(f"{PAGE}/ghi", 404, sao_ke="x")
        browser.send(f"{PAGE}/don/{order_id}/tra-lai", 404)


def test_the_way_there_is_shown_to_administrators_alone(admin: Browser, desk: Desk, app: Flask) -> None:
    assert PAGE in admin.open("/van-phong").links("nav")
    officer = Browser(app)
    officer.enter_as(desk.officer)
    assert PAGE not in officer.open("/van-phong").links("nav")
