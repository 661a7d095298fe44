"""Looking a complaint up by its code and a telephone: where it stands, none of its words."""

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering.complaint_models import Complaint, ComplaintEnd, ComplaintKind, Voice
from marketplace.ordering.complaint_ticket import draw_ticket
from marketplace.ordering.complaints import answer_complaint, close_complaint, complain
from marketplace.ordering.lookup import MOST_PER_HOUR
from marketplace.ordering.models import OrderGroup
from marketplace.ordering.order_number import draw_number, write_number
from marketplace.ordering.own_data import DELIVERED_WITHIN, KEPT_FOR, let_buyers_go
from marketplace.ordering.secret import order_secret
from marketplace.web.post import JOB
from tests.catalogue.statements import counted_statements
from tests.conftest import NOON
from tests.factories.accounts import an_actor, an_administrator
from tests.factories.after_sale import step
from tests.factories.ordering import PHONE, a_commune, ordered, stocked
from tests.storefront.pages import Page, get, post

SAID = "Thùng cam dập nát, gọi người bán ba lần không nghe."
ANSWERED = "Chúng tôi đã gọi người bán."
MOST_STATEMENTS = 12


@pytest.fixture
def group(app: Flask) -> OrderGroup:
    """An order of two parcels."""
    with unit_of_work() as session:
        first, second = stocked(session, "Cam Khe Mây"), stocked(session, "Mật ong Vũ Quang")
        goal = a_commune(session)
    return ordered({first.id: 1, second.id: 1}, goal)


@pytest.fixture
def complaint(group: OrderGroup) -> Complaint:
    """A complaint about the second parcel."""
    told: Complaint = step(complain, group.orders[1].id, ComplaintKind.DAMAGED, SAID)
    return told


def look_up(client: FlaskClient, code: str, phone: str = PHONE, action: str = "/tra-cuu") -> Page:
    form = get(client, "/tra-cuu").form("/tra-cuu")
    return post(client, action, {**form, "ma": code, "sdt": phone})


def answer(complaint: Complaint) -> None:
    with unit_of_work() as session:
        clerk = an_actor(an_administrator(session))
    step(answer_complaint, clerk, complaint.id, Voice.OFFICE, ANSWERED)
    step(close_complaint, clerk, complaint.id, ComplaintEnd.AGREED, "Đã đổi thùng khác.")


def letters_left() -> list[tuple[str, int]]:
    db.session.rollback()
    jobs = db.session.scalars(sa.select(Job).where(Job.kind == JOB).order_by(Job.id))
    return [(job.payload["letter"], job.payload["about"]) for job in jobs]


def test_where_a_complaint_stands_is_found_by_code_and_telephone(
    client: FlaskClient, group: OrderGroup, complaint: Complaint
) -> None:
    for typed in (complaint.code, complaint.code.lower().replace("-", " "), complaint.ticket):
        page = look_up(client, typed, "+84 912 345 678")
        assert page.status == 200, typed
        for told in (complaint.code, "Đã nhận, chờ trả lời", "Gói 2: HTX Mật ong Vũ Quang"):
            assert told in page.words, told
        assert "Gói 1" not in page.words
    answer(complaint)
    page = look_up(client, complaint.code)
    for told in ("Đã khép lại", "Hai bên đã thoả thuận", "Khép lại lúc"):
        assert told in page.words, told


def test_nothing_that_was_said_and_nothing_of_the_buyer_is_told(
    client: FlaskClient, group: OrderGroup, complaint: Complaint
) -> None:
    answer(complaint)
    body = look_up(client, complaint.code).response.get_data(as_text=True)
    assert complaint.code in body
    secrets = (
        SAID, ANSWERED, "Đã đổi thùng khác.", "Hàng hỏng", "Trần Văn An", "Xuân Thủy",
        order_secret(group.number),
    )  # fmt: skip
    for secret in secrets:
        assert secret not in body, secret


def test_the_number_of_an_order_tells_the_open_complaints_about_it(
    client: FlaskClient, group: OrderGroup, complaint: Complaint
) -> None:
    page = look_up(client, write_number(group.number))
    assert {complaint.code, "Đã nhận, chờ trả lời"} <= {
        one.get_text(strip=True) for one in page.soup.select(".panel .num, .panel .tag")
    }
    assert "Gói 1: HTX Cam Khe Mây" in page.words
    answer(complaint)
    page = look_up(client, write_number(group.number))
    assert complaint.code not in page.words
    assert "Gói 2: HTX Mật ong Vũ Quang" in page.words


def test_a_wrong_code_and_a_wrong_telephone_are_answered_alike(
    client: FlaskClient, complaint: Complaint
) -> None:
    wrong_phone = look_up(client, complaint.code, "0987654321")
    wrong_code = look_up(client, draw_ticket())
    wrong_number = look_up(client, draw_number())
    assert wrong_phone.status == wrong_code.status == wrong_number.status == 404
    assert wrong_phone.words == wrong_code.words == wrong_number.words


def test_a_slip_in_a_code_is_told_before_anything_is_looked_up(
    client: FlaskClient, complaint: Complaint
) -> None:
    page = look_up(client, complaint.code[:-1])
    assert page.status == 422
    assert [link["href"] for link in page.soup.select(".errs a")] == ["#ma"]


def test_codes_are_tried_as_seldom_as_numbers(client: FlaskClient, complaint: Complaint) -> None:
    for turn in range(MOST_PER_HOUR):
        assert look_up(client, draw_number() if turn % 2 else draw_ticket()).status == 404
    page = look_up(client, complaint.code)
    assert page.status == 429
    assert int(page.response.headers["Retry-After"]) == 3600
    assert complaint.code not in page.words


def test_the_link_of_the_order_is_sent_by_the_code_of_its_complaint(
    client: FlaskClient, group: OrderGroup, complaint: Complaint
) -> None:
    before = letters_left()
    shown = look_up(client, complaint.code)
    page = post(client, "/tra-cuu/gui-lai", shown.form("/tra-cuu/gui-lai"))
    assert page.status == 200
    assert "Đã gửi lại đường dẫn." in page.words
    assert complaint.code in page.words
    assert order_secret(group.number) not in page.response.get_data(as_text=True)
    assert letters_left() == [*before, ("order_placed", group.id)]
    for _ in range(2):
        assert look_up(client, complaint.code, action="/tra-cuu/gui-lai").status == 200
    refused = look_up(client, write_number(group.number), action="/tra-cuu/gui-lai")
    assert refused.status == 429


def test_who_is_forgotten_is_found_by_no_code(client: FlaskClient, complaint: Complaint) -> None:
    with clock.stopped(NOON + DELIVERED_WITHIN + KEPT_FOR * 2):
        let_buyers_go()
        assert look_up(client, complaint.code).status == 404


@pytest.mark.parametrize("by_code", [True, False])
def test_a_look_asks_the_database_little(
    client: FlaskClient, group: OrderGroup, complaint: Complaint, by_code: bool
) -> None:
    form = get(client, "/tra-cuu").form("/tra-cuu")
    asked = {**form, "ma": complaint.code if by_code else group.number, "sdt": PHONE}
    with counted_statements() as sent:
        assert post(client, "/tra-cuu", asked).status == 200
    assert len(sent) <= MOST_STATEMENTS, sent
