import statistics
import time

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering.fulfillment import confirm_order
from marketplace.ordering.lookup import MOST_PER_HOUR
from marketplace.ordering.models import CancelReason, Order, OrderGroup, OrderStatus
from marketplace.ordering.order_number import draw_number, write_number
from marketplace.ordering.stock import find_available
from marketplace.payments import settlement
from marketplace.places.models import AdminUnit
from marketplace.web.post import JOB
from tests.factories.after_sale import reload, sent, step
from tests.factories.ordering import PHONE, a_commune, seller_of, stocked
from tests.pages import visit
from tests.storefront.pages import Page, add, get, place_order, post


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def items(app: Flask) -> list[Variant]:
    with unit_of_work() as session:
        return [stocked(session, name, on_hand=10, price=90_000) for name in ("Cam Khe Mây", "Chè Kỳ Sơn")]


@pytest.fixture
def path(client: FlaskClient, items: list[Variant], commune: AdminUnit) -> str:
    """The address of an order of two parcels."""
    for item in items:
        add(client, item.id, "2")
    return place_order(client, commune)


def parcels() -> list[int]:
    """The numbers of the orders there are, by position."""
    db.session.rollback()
    return list(db.session.scalars(sa.select(Order.id).order_by(Order.position)))


def look_up(client: FlaskClient, number: str, phone: str) -> Page:
    form = get(client, "/tra-cuu").form("/tra-cuu")
    return post(client, "/tra-cuu", {**form, "ma": number, "sdt": phone})


def test_the_order_page_tells_everything_once_and_hides_the_telephone(client: FlaskClient, path: str) -> None:
    page = get(client, path)
    for told in (
        "Gói 1: HTX Cam Khe Mây", "Gói 2: HTX Chè Kỳ Sơn", "Thôn 5, xã Hương Đô, tỉnh Hà Tĩnh",
        "2 × Cam Khe Mây", "4 sao OCOP, chứng nhận đến 05/08/2028", "đã gồm thuế 8%", "Người bán nhận",
        "0912 ••• 678", "Số 12 đường Xuân Thủy, phường Cầu Giấy, thành phố Hà Nội", "Còn phải trả",
    ):  # fmt: skip
        assert told in page.words, told
    assert PHONE not in page.response.get_data(as_text=True)
    assert page.soup.select(".steps li")[0].get_text(" ", strip=True) == "Đã đặt (xong)"
    assert len(page.soup.select(".steps li")) == 10
    assert page.soup.find("a", href="tel:0912000000")


def test_the_page_is_stored_nowhere_and_tells_its_address_to_nobody(client: FlaskClient, path: str) -> None:
    answer = get(client, path).response
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert 'name="robots" content="noindex"' in answer.get_data(as_text=True)


def test_the_order_page_is_a_page_like_every_other(client: FlaskClient, path: str) -> None:
    visit(client, path, statements=7)
    visit(client, f"/en{path}", statements=7)
    visit(client, f"{path}/in", statements=7)
    visit(client, "/tra-cuu")


@pytest.mark.parametrize(("prefix", "tag"), [("", "địa chỉ mẫu"), ("/en", "sample address")])
def test_sample_addresses_are_marked_in_the_language_of_the_page(
    client: FlaskClient, items: list[Variant], commune: AdminUnit, prefix: str, tag: str
) -> None:
    with unit_of_work() as session:
        seller_of(session, items[0]).printed_address = "Số 3 đường Hoa Sen (địa chỉ mẫu)"
    add(client, items[0].id)
    for path in ("/gio-hang", "/dat-hang", ""):
        page = get(client, f"{prefix}{path or place_order(client, commune)}")
        assert tag in [one.get_text() for one in page.soup.select(".tag")]
        assert "Số 3 đường Hoa Sen" in page.words
        assert "(địa chỉ mẫu)" not in page.words


def test_the_link_can_be_copied(client: FlaskClient, path: str) -> None:
    [button] = get(client, path).soup.select("[data-copy]")
    assert str(button["data-copy"]).endswith(path)


def test_only_the_whole_link_opens(client: FlaskClient, path: str) -> None:
    _, _, number, secret = path.split("/")
    flipped = secret[:-1] + ("0" if secret[-1] != "0" else "1")
    wrong = [f"/don-hang/{number}/{flipped}", f"/don-hang/{draw_number()}/{secret}", f"/don-hang/{number}/x"]
    assert len({get(client, one).words for one in wrong}) == 1
    assert all(get(client, one).status == 404 for one in wrong)
    assert get(client, f"/don-hang/{number}").status == 404
    assert get(client, f"/don-hang/{write_number(number)}/{secret}").status == 200


def test_a_buyer_takes_one_parcel_back(client: FlaskClient, path: str, items: list[Variant]) -> None:
    form = get(client, path).form(f"{path}/huy")
    answer = post(client, f"{path}/huy", {**form, "goi": "1"})
    assert (answer.status, answer.response.location) == (303, path)
    assert answer.response.headers["Referrer-Policy"] == "no-referrer"
    page = get(client, path)
    assert "Bạn đã huỷ gói này" in page.words
    assert "Bớt gói, món đã huỷ" in page.words
    assert page.soup.find("input", attrs={"name": "goi", "value": "1"}) is None
    assert page.form(f"{path}/huy")["goi"] == "2"
    available = find_available(db.session(), [item.id for item in items])
    assert [available[item.id] for item in items] == [10, 8]
    assert post(client, f"{path}/huy", {**form, "goi": "1"}).status == 303
    assert "Bạn trả tiền mặt cho người giao" in get(client, path).words
    post(client, f"{path}/huy", {**form, "goi": "2"})
    page = get(client, path)
    assert "đã huỷ" in page.words
    assert "Cả đơn đã huỷ" in page.words
    assert "Bạn trả tiền mặt" not in page.words


def test_taking_back_wants_link_token_and_parcel(client: FlaskClient, path: str) -> None:
    form = get(client, path).form(f"{path}/huy")
    assert post(client, f"{path}/huy", {**form, "csrf_token": ""}).status == 403
    assert post(client, f"{path}/huy", form, Origin="https://evil.example").status == 403
    assert post(client, f"{path[:-1]}x/huy", form).status == 404
    for wrong in ("", "0", "9", "x"):
        assert post(client, f"{path}/huy", {**form, "goi": wrong}).status == 404
    db.session.rollback()
    assert set(db.session.scalars(sa.select(Order.status))) == {OrderStatus.PLACED}


def test_what_is_on_its_way_is_not_taken_back(client: FlaskClient, path: str) -> None:
    form = get(client, path).form(f"{path}/huy")
    first, second = parcels()
    step(confirm_order, first)
    assert "Gói này còn huỷ được" in get(client, path).soup.select(".panel")[0].get_text()
    sent(first)
    assert get(client, path).form(f"{path}/huy")["goi"] == "2"
    assert post(client, f"{path}/huy", {**form, "goi": "1"}).status == 409
    assert reload(first).status is OrderStatus.PLACED
    assert reload(second).status is OrderStatus.PLACED


def test_the_state_is_found_by_number_and_telephone_and_nothing_more(client: FlaskClient, path: str) -> None:
    number = path.split("/")[2]
    page = look_up(client, write_number(number).lower(), "+84 912 345 678")
    assert page.status == 200
    assert "Gói 1: HTX Cam Khe Mây" in page.words
    assert "Chờ người bán nhận" in page.words
    body = page.response.get_data(as_text=True)
    for secret in ("Trần Văn An", "Xuân Thủy", path.split("/")[3], "90.000"):
        assert secret not in body


def test_the_look_up_knows_every_state_and_opens_nothing(client: FlaskClient, path: str) -> None:
    number = path.split("/")[2]
    first, second = parcels()
    step(confirm_order, first)
    sent(first)
    step(lambda session, at: settlement.cancel(session, second, CancelReason.DECLINED, at, "Hết mùa"))
    page = look_up(client, number, PHONE)
    assert "Đang giao" in page.words
    assert "Đã huỷ" in page.words
    body = page.response.get_data(as_text=True)
    for secret in ("VTP123456", "Hết mùa", path.split("/")[3], "Viettel"):
        assert secret not in body


def test_a_wrong_number_and_a_wrong_telephone_are_answered_alike(client: FlaskClient, path: str) -> None:
    number = path.split("/")[2]
    wrong_phone = look_up(client, number, "0987654321")
    wrong_number = look_up(client, draw_number(), PHONE)
    assert wrong_phone.status == wrong_number.status == 404
    assert wrong_phone.words == wrong_number.words


def test_typing_slips_are_told_before_anything_is_looked_up(client: FlaskClient, path: str) -> None:
    page = look_up(client, path.split("/")[2][:-1], "12")
    assert page.status == 422
    assert [link["href"] for link in page.soup.select(".errs a")] == ["#ma", "#sdt"]
    assert page.form("/tra-cuu")["sdt"] == "12"
    assert post(client, "/tra-cuu", {"ma": "x", "sdt": "x"}).status == 403


def test_a_network_that_tries_too_often_waits(client: FlaskClient, path: str) -> None:
    number = path.split("/")[2]
    for _ in range(MOST_PER_HOUR):
        assert look_up(client, draw_number(), PHONE).status == 404
    page = look_up(client, number, PHONE)
    assert page.status == 429
    assert int(page.response.headers["Retry-After"]) == 3600
    assert "Gói 1" not in page.words


def ask_for_link(client: FlaskClient, number: str, phone: str) -> Page:
    token = get(client, "/tra-cuu").form("/tra-cuu")["csrf_token"]
    return post(client, "/tra-cuu/gui-lai", {"csrf_token": token, "ma": number, "sdt": phone})


def letters_left() -> list[tuple[str, int]]:
    """The letters that wait to be sent, each with what it is about."""
    db.session.rollback()
    jobs = db.session.scalars(sa.select(Job).where(Job.kind == JOB).order_by(Job.id))
    return [(job.payload["letter"], job.payload["about"]) for job in jobs]


def test_a_lost_link_is_sent_again_and_not_shown(client: FlaskClient, path: str) -> None:
    _, _, number, secret = path.split("/")
    shown = look_up(client, write_number(number), PHONE)
    assert "bấm để nhận lại đường dẫn" in shown.words
    page = post(client, "/tra-cuu/gui-lai", shown.form("/tra-cuu/gui-lai"))
    assert page.status == 200
    assert "Đã gửi lại đường dẫn." in page.words
    assert "Gói 1: HTX Cam Khe Mây" in page.words
    assert secret not in page.response.get_data(as_text=True)
    group_id = db.session.scalars(sa.select(OrderGroup.id)).one()
    assert letters_left() == [("order_placed", group_id)]


def test_nobody_else_has_a_link_sent(client: FlaskClient, path: str) -> None:
    number = path.split("/")[2]
    assert ask_for_link(client, number, "0987654321").status == 404
    assert ask_for_link(client, number, "12").status == 422
    assert post(client, "/tra-cuu/gui-lai", {"ma": number, "sdt": PHONE}).status == 403
    for _ in range(MOST_PER_HOUR):
        look_up(client, draw_number(), PHONE)
    assert ask_for_link(client, number, PHONE).status == 429
    assert letters_left() == []


def test_a_link_is_sent_three_times_a_day(client: FlaskClient, path: str) -> None:
    number = path.split("/")[2]
    for _ in range(3):
        assert ask_for_link(client, number, PHONE).status == 200
    page = ask_for_link(client, number, PHONE)
    assert page.status == 429
    assert int(page.response.headers["Retry-After"]) == 24 * 3600
    assert page.soup.find(id=str(page.soup.select(".errs a")[0]["href"])[1:])
    assert len(letters_left()) == 3


def test_both_wrong_answers_take_alike(
    client: FlaskClient, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.ordering.lookup.MOST_PER_HOUR", 10_000)
    number = path.split("/")[2]
    taken: dict[bool, list[float]] = {True: [], False: []}
    form = get(client, "/tra-cuu").form("/tra-cuu")
    for turn in range(80):
        known = bool(turn % 2)
        sent = {**form, "ma": number if known else draw_number(), "sdt": "0987654321"}
        begun = time.perf_counter()
        post(client, "/tra-cuu", sent)
        taken[known].append(time.perf_counter() - begun)
    typical = [statistics.median(times) for times in taken.values()]
    assert max(typical) - min(typical) < 0.35 * max(typical)
