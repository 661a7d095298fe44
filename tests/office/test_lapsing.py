"""The office's radar page, and reminders that leave it."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.models import DossierState
from marketplace.certification.lapsing.models import OfficeReminder
from marketplace.certification.models import Certificate
from marketplace.clock import add_months
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.accounts import an_owner
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.dossiers import a_dossier
from tests.factories.office import Desk
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser, letters

RADAR = "/van-phong/gia-han"


def ending(session: Session, name: str, on: date, producer: Producer) -> int:
    place = {"province_id": producer.province_id, "commune_id": producer.commune_id}
    product = a_product(session, name, producer=producer, location=place)
    return a_certificate(session, product, 4, issued_on=add_months(on, -36)).id


@pytest.fixture
def lapsing(desk: Desk) -> dict[str, int]:
    """Certificates of the desk's producer, of one without account, and of one of another province."""
    with unit_of_work() as session:
        known = session.get_one(Producer, desk.producer)
        place = {"province_id": desk.province, "commune_id": desk.commune}
        silent = a_producer(session, "HTX Im Lặng", phone="0912345678", **place)
        other = a_producer(session, "HTX Xa", province_id=desk.elsewhere)
        an_owner(session, other.id)
        return {
            "missed": ending(session, "Bún", date(2027, 1, 10), known),
            "soon": ending(session, "Nem", date(2027, 2, 10), known),
            "open": ending(session, "Gạo", date(2027, 4, 30), known),
            "near": ending(session, "Trà", date(2027, 10, 30), known),
            "lapsed": ending(session, "Rượu", date(2026, 11, 1), known),
            "silent": ending(session, "Chè", date(2027, 3, 1), silent),
            "elsewhere": ending(session, "Xoài", date(2027, 1, 1), other),
        }


def told() -> set[int]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(OfficeReminder.certificate_id)))


def test_what_lapses_unanswered_is_among_the_tasks(
    lapsing: dict[str, int], office: Browser, desk: Desk
) -> None:
    tasks = office.open("/van-phong", statements=16)
    assert "3 Giấy hết hạn trong 4 tháng" in tasks.texts(".col h2")
    [box] = [one for one in tasks.soup.select(".col") if "Giấy hết hạn" in one.get_text()]
    assert [link.get_text() for link in box.select(".rows a")] == ["Bún", "Nem", "Chè"]
    assert {str(link["href"]) for link in box.select("a")} == {RADAR}
    assert "còn 50 ngày" in box.get_text()
    with unit_of_work() as session:
        session.get_one(Certificate, lapsing["lapsed"]).extended_until = date(2027, 3, 10)
    assert "4 Giấy hết hạn trong 4 tháng" in office.open("/van-phong").texts(".col h2"), "one was extended"
    before = tasks.heading
    with unit_of_work() as session:
        for name, state in (("missed", DossierState.SUBMITTED), ("soon", DossierState.DRAFT)):
            product = session.get_one(Certificate, lapsing[name]).product_id
            a_dossier(session, session.get_one(Product, product), state)
    again = office.open("/van-phong")
    assert "3 Giấy hết hạn trong 4 tháng" in again.texts(".col h2"), "a draft is no answer"
    assert before.startswith("Hôm nay"), "it is the producers' to do"


def test_what_ends_first_stands_on_top(lapsing: dict[str, int], office: Browser, desk: Desk) -> None:
    page = office.open(RADAR, statements=10)
    assert page.texts("tbody th a") == ["Bún", "Nem", "Chè"]
    assert page.texts("nav[aria-label='Khi nào hết hạn'] a") == [
        "Trong 4 tháng (3)", "4 đến 6 tháng (1)", "6 đến 12 tháng (1)", "Đã hết trong năm qua (1)",
    ]  # fmt: skip
    assert "Quá lúc nộp" in page.words
    assert "tel:0912345678" in page.links("tbody")
    assert "Đang trong lúc nộp" in office.open(f"{RADAR}?trong=6").words
    assert office.open(f"{RADAR}?trong=da-het").texts("tbody th a") == ["Rượu"]
    assert office.open(f"{RADAR}?trong=12&noi={desk.commune}").texts("tbody th a") == ["Trà"]
    assert office.open(f"{RADAR}?trong=la&trang=-3").texts("tbody th a")[0] == "Bún"
    assert "Không có giấy nào" in office.open(f"{RADAR}?trang=9").words
    office.open(f"{RADAR}?noi={desk.elsewhere}", 404)


def test_a_reminder_goes_out_once(lapsing: dict[str, int], office: Browser, desk: Desk, app: Flask) -> None:
    office.send(f"{RADAR}/{lapsing['missed']}/nhac", trong="4")
    assert told() == {lapsing["missed"]}
    [letter] = letters(app)
    assert (letter.to, "Bún" in letter.subject) == (desk.owner.email, True)
    assert "/gia-han" in letter.body
    assert "Đã nhắc 21/11/2026" in office.open(RADAR).words
    assert "ngày 21/11/2026" in office.send(f"{RADAR}/{lapsing['missed']}/nhac", 409).text
    assert len(letters(app)) == 1


def test_all_of_a_band_are_reminded_at_once(lapsing: dict[str, int], office: Browser, app: Flask) -> None:
    office.send(f"{RADAR}/{lapsing['missed']}/nhac")
    answer = office.send(f"{RADAR}/nhac-ca-trang", trong="4")
    assert answer.location == f"{RADAR}?trong=4"
    assert told() == {lapsing["missed"], lapsing["soon"]}
    assert len(letters(app)) == 2
    office.send(f"{RADAR}/nhac-ca-trang", trong="4")
    office.send(f"{RADAR}/nhac-ca-trang", trong="da-het")
    assert told() == {lapsing["missed"], lapsing["soon"], lapsing["lapsed"]}


def test_a_letter_about_what_was_renewed_meanwhile_is_not_sent(
    lapsing: dict[str, int], office: Browser, app: Flask
) -> None:
    office.send(f"{RADAR}/{lapsing['lapsed']}/nhac")
    with unit_of_work() as session:
        lost = session.get_one(Certificate, lapsing["lapsed"])
        a_certificate(session, session.get_one(Product, lost.product_id), 4, issued_on=date(2026, 11, 20))
    assert letters(app) == []


@pytest.mark.parametrize("who", ["stranger", "owner", "commune_officer", "administrator"])
def test_only_offices_of_the_place_remind(
    who: str, lapsing: dict[str, int], desk: Desk, browser: Browser
) -> None:
    browser.enter_as(getattr(desk, who))
    allowed = who in {"commune_officer", "administrator"}
    browser.send(f"{RADAR}/{lapsing['missed']}/nhac", 303 if allowed else 404)
    assert (told() == {lapsing["missed"]}) is allowed
    if who != "administrator":
        browser.send(f"{RADAR}/{lapsing['elsewhere']}/nhac", 303 if who == "stranger" else 404)
    if who == "commune_officer":
        browser.send(f"{RADAR}/nhac-ca-trang", 404, noi=str(desk.elsewhere))


def test_who_is_a_member_of_the_producer_reminds_nobody_of_it(
    lapsing: dict[str, int], desk: Desk, office: Browser
) -> None:
    with unit_of_work() as session:
        an_owner(session, desk.producer, desk.officer)
    office.send(f"{RADAR}/{lapsing['missed']}/nhac", 404)
    assert office.open(RADAR).texts("tbody th a") == ["Chè"]
    assert told() == set()


def test_without_a_token_nothing_is_sent(lapsing: dict[str, int], office: Browser) -> None:
    office.send(f"{RADAR}/{lapsing['missed']}/nhac", 403, token="")
    office.send(f"{RADAR}/nhac-ca-trang", 403, token="")
    assert told() == set()
