"""What the code of a single pack answers: its number, how often it was opened, and its PIN."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.accounts.attempts import WINDOWS, Rule
from marketplace.database import db, unit_of_work
from marketplace.traceability.codes.keys import draw_serial, newest_key
from marketplace.traceability.codes.models import SerialCode, VoidReason
from marketplace.traceability.codes.serial_states import void
from tests.conftest import NOON
from tests.factories.scans import Packs, certified_product, scan, some_packs, write_scans
from tests.pages import squeeze, visit

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def packs(app: object) -> Packs:
    with unit_of_work() as session:
        return some_packs(session, with_pins=True)


def heading(client: FlaskClient, path: str) -> str:
    return visit(client, path).heading


def test_a_pack_is_compared_by_its_number(packs: Packs, client: FlaskClient) -> None:
    page = visit(client, packs.path(1))
    assert page.heading == "Mã tem hợp lệ"
    assert squeeze(page.one(".verdict p").get_text()) == (
        "Hãy so với số in trên tem: 0002. Chưa điện thoại nào mở mã này trước bạn."
    )


def test_a_serial_however_typed_is_the_same(packs: Packs, client: FlaskClient) -> None:
    lot, serial = packs.path().rsplit("/", 1)
    assert heading(client, f"{lot}/{serial.lower()}") == "Mã tem hợp lệ"


def test_a_pack_without_its_lot_in_the_code_is_found_by_its_serial(packs: Packs, client: FlaskClient) -> None:
    path = f"{packs.code.product_code.path}/21/{packs.minted[0].serial}"
    page = visit(client, path)
    assert page.heading == "Mã tem hợp lệ"
    assert f"Lô hàng {packs.lot.code}" in page.texts(".facts li")


def of_another_lot(packs: Packs) -> str:
    with unit_of_work() as session:
        other = some_packs(session, session.merge(packs.product), code="KHAC-01")
    return f"{packs.lot_path}/21/{other.minted[0].serial}"


def of_another_product(packs: Packs) -> str:
    with unit_of_work() as session:
        other = some_packs(session, certified_product(session, "Mật ong"))
    return f"{packs.lot_path}/21/{other.minted[0].serial}"


def edited(packs: Packs) -> str:
    path = packs.path()
    return path[:-1] + ("0" if path[-1] != "0" else "1")


def made_up(packs: Packs) -> str:
    return f"{packs.lot_path}/21/ABCDEFGHJKMNPQRS"


@pytest.mark.parametrize("forge", [of_another_lot, of_another_product, edited, made_up])
def test_forged_and_edited_serials_are_refused(
    forge: Callable[[Packs], str], packs: Packs, client: FlaskClient
) -> None:
    page = visit(client, forge(packs))
    assert page.heading == "Tem không hợp lệ"
    assert "stop" in page.one(".verdict")["class"]
    assert not page.soup.select("#ma-cao")


def test_a_signed_serial_that_is_not_in_the_books_is_neither(packs: Packs, client: FlaskClient) -> None:
    with unit_of_work() as session:
        serial = draw_serial(newest_key(session, NOON))
    page = visit(client, f"{packs.lot_path}/21/{serial}")
    assert page.heading == "Chưa có dữ liệu tem"
    assert "warn" in page.one(".verdict")["class"]


def test_void_and_unused_labels_are_told(packs: Packs, client: FlaskClient) -> None:
    with unit_of_work() as session:
        void(session, packs.lot.id, 1, 1, VoidReason.STOLEN, clock.now())
        unused = some_packs(session, session.merge(packs.product), code="MOI-01", active=False)
    assert heading(client, packs.path()) == "Tem đã bị huỷ"
    assert heading(client, packs.path(1)) == "Mã tem hợp lệ"
    assert heading(client, unused.path()) == "Tem chưa kích hoạt"


def test_the_page_of_a_pack_is_kept_by_nobody(packs: Packs, client: FlaskClient) -> None:
    response = client.get(packs.path())
    assert response.headers["Cache-Control"] == "no-store"
    assert "ETag" not in response.headers
    scan(client, packs.path(), phone=1)
    write_scans(client, NOON)
    assert "Mã đã được mở 1 lần, lần đầu 21/11/2026." in squeeze(visit(client, packs.path()).words)


def test_a_clone_is_warned_of_when_many_phones_open_it(packs: Packs, client: FlaskClient) -> None:
    for phone in range(9):
        scan(client, packs.path(), phone=phone)
    write_scans(client, NOON)
    assert heading(client, packs.path()) == "Mã tem hợp lệ"
    scan(client, packs.path(), phone=9)
    write_scans(client, NOON)
    page = visit(client, packs.path())
    assert page.heading == "Cẩn thận với mã này"
    assert "Trong ngày 21/11/2026, mã tem này được mở trên 10 điện thoại" in page.words
    assert page.one("a.btn.p").text.strip() == "Báo nghi hàng giả"
    assert heading(client, packs.path(1)) == "Mã tem hợp lệ"
    assert heading(client, packs.lot_path) == "Lô hàng có thật"


def ask(
    client: FlaskClient, packs: Packs, pin: str, place: int = 0, address: str = "10.0.0.1"
) -> tuple[int, str]:
    sent_from = {"REMOTE_ADDR": address}
    response = client.post(packs.path(place), data={"pin": pin}, headers=SAME_ORIGIN, environ_base=sent_from)
    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"
    return response.status_code, squeeze(response.text)


def test_the_right_pin_says_who_asked_first(packs: Packs, client: FlaskClient) -> None:
    pin = packs.minted[0].pin or ""
    status, text = ask(client, packs, f"{pin[:4]} {pin[4:]}")
    assert status == 200
    assert "bạn là người hỏi đầu tiên" in text
    status, text = ask(client, packs, pin)
    assert status == 200
    assert "đã được hỏi lần đầu lúc 12:00 21/11/2026" in text


def test_a_wrong_pin_is_refused_and_tries_are_few(packs: Packs, client: FlaskClient) -> None:
    most = WINDOWS[Rule.PIN_ADDRESS][0].count
    wrong = "00000000" if packs.minted[0].pin != "00000000" else "11111111"
    for _ in range(most):
        status, text = ask(client, packs, wrong)
        assert (status, "Không đúng mã cào" in text) == (422, True)
    assert ask(client, packs, packs.minted[0].pin or "")[0] == 429
    assert ask(client, packs, packs.minted[1].pin or "", place=1, address="10.0.0.2")[0] == 200
    db.session.rollback()
    asked = db.session.scalar(db.select(SerialCode.pin_asked_at).where(SerialCode.number == 1))
    assert asked is None


def test_strangers_who_try_a_label_out_do_not_keep_its_buyer_out(packs: Packs, client: FlaskClient) -> None:
    wrong = "00000000" if packs.minted[0].pin != "00000000" else "11111111"
    for stranger in (1, 2):
        for _ in range(WINDOWS[Rule.PIN_ADDRESS][0].count + 1):
            status, _text = ask(client, packs, wrong, address=f"2001:db8:0:{stranger}::{_ + 1}")
        assert status == 429
    assert ask(client, packs, packs.minted[0].pin or "", address="10.0.0.9")[0] == 200


def test_a_label_has_many_tries_and_no_more(packs: Packs, client: FlaskClient) -> None:
    wrong = "00000000" if packs.minted[0].pin != "00000000" else "11111111"
    for stranger in range(WINDOWS[Rule.PIN][0].count):
        assert ask(client, packs, wrong, address=f"10.1.0.{stranger}")[0] == 422
    assert ask(client, packs, packs.minted[0].pin or "", address="10.0.0.9")[0] == 429


def test_a_pin_is_asked_of_labels_that_have_one_alone(packs: Packs, client: FlaskClient) -> None:
    with unit_of_work() as session:
        plain = some_packs(session, session.merge(packs.product), code="TRON-01")
    assert not visit(client, plain.path()).soup.select("#ma-cao")
    assert ask(client, plain, "12345678")[0] == 404
    response = client.post(packs.lot_path, data={"pin": "1"}, headers=SAME_ORIGIN)
    assert response.status_code == 404


def test_other_sites_ask_for_no_pin(packs: Packs, client: FlaskClient) -> None:
    for headers in ({}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://example.com"}):
        answer = client.post(packs.path(), data={"pin": packs.minted[0].pin}, headers=headers)
        assert answer.status_code == 403
