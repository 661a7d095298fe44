"""Producers that stand in the register twice, at the office: found, compared and merged by their province."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from marketplace import clock
from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import ChangeRequest, confirm_change_request, open_change_request
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.office.merge_words import SIGNS, TABLES, tell
from marketplace.producers.models import Producer
from marketplace.upkeep.merging.acts import merge_producers
from marketplace.upkeep.merging.errors import Hindrance, Obstacle
from marketplace.upkeep.merging.fates import FATES, SCOPED
from marketplace.upkeep.merging.pairs import Sign
from marketplace.upkeep.merging.weighing import weigh
from tests.factories.accounts import an_actor, an_owner
from tests.factories.catalogue import a_product
from tests.factories.deeds import deeds
from tests.factories.listings import the_owner
from tests.factories.office import Desk
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser, letters

PAGE = "/van-phong/trung-lap"


@pytest.fixture
def twin(desk: Desk) -> int:
    """Another row of the desk's producer in the same province, with a product and an owner."""
    with unit_of_work() as session:
        first = session.get_one(Producer, desk.producer)
        place = {"province_id": first.province_id, "commune_id": first.commune_id}
        twin = a_producer(session, "Hợp tác xã Cam Khe Mây", phone="0912999888", **place)
        a_product(session, "Bưởi Phúc Trạch", producer=twin, location=place)
        an_owner(session, twin.id)
        return twin.id


def stamp(page: str) -> str:
    found = re.search(r'name="dau" value="([0-9a-f]{32})"', page)
    assert found
    return found.group(1)


def pair(desk: Desk, twin: int) -> str:
    return f"{PAGE}/{desk.producer}/{twin}"


def test_pairs_of_the_province_are_shown(desk: Desk, twin: int, office: Browser) -> None:
    with unit_of_work() as session:
        for number in (desk.producer, twin):
            session.get_one(Producer, number).tax_code = "3000123456"
    page = office.open(PAGE)
    assert pair(desk, twin) in page.links()
    assert "cùng mã số thuế" in page.words
    assert "Chủ thể ghi trùng" in office.open("/van-phong").soup.get_text()


def test_without_likeness_two_addresses_are_compared(desk: Desk, twin: int, office: Browser) -> None:
    page = office.open(PAGE)
    assert "Máy không thấy" in page.words
    typed = f"{PAGE}?giu=https://cho.example/chu-the/htx-cam-khe-may&gop=hop-tac-xa-cam-khe-may"
    answer = office.client.get(typed)
    assert answer.status_code == 303
    assert answer.location.endswith(pair(desk, twin))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("giu=htx-cam-khe-may&gop=khong-co", "Mời chép địa chỉ trang của một chủ thể trong tỉnh."),
        ("gop=htx-cam-khe-may", "Mời chép địa chỉ trang của một chủ thể trong tỉnh."),
        ("giu=htx-cam-khe-may&gop=htx-cam-khe-may", "Đây là cùng một trang."),
    ],
)
def test_what_was_typed_wrong_is_told(twin: int, office: Browser, typed: str, words: str) -> None:
    assert words in office.open(f"{PAGE}?{typed}", 422).words


def test_both_sides_are_shown_before_anybody_confirms(desk: Desk, twin: int, office: Browser) -> None:
    page = office.open(pair(desk, twin), statements=20)
    rows = {
        row.select("th")[0].get_text(): [cell.get_text() for cell in row.select("td")]
        for row in page.soup.select("tbody tr")
    }
    assert rows["Sản phẩm"] == ["4", "1"]
    assert rows["Người làm việc ở đây"] == ["1", "1"]
    assert rows["Đề nghị thay đổi"] == ["1", "0"]
    assert "sản phẩm cùng tên: Bưởi Phúc Trạch" in page.words
    assert "không tách lại được" in page.words
    assert f"{PAGE}/{twin}/{desk.producer}" in page.links()
    assert page.texts("main button.p") == ["Gộp vào HTX Cam Khe Mây"]


def test_a_merger_is_confirmed_and_told(desk: Desk, twin: int, office: Browser, app: Flask) -> None:
    at = pair(desk, twin)
    seen = stamp(office.open(at, statements=20).response.text)
    assert "đối chiếu giấy tờ" in office.send(at, 422, dau=seen).text
    answer = office.send(at, dau=seen, da_xem="1")
    assert answer.location.endswith(PAGE)
    [deed] = deeds("producer:merge")
    assert (deed.actor_id, deed.subject_id) == (desk.officer.id, str(desk.producer))
    assert db.session.get(Producer, twin) is None
    told = letters(app)
    assert len(told) == 2
    assert {"Hai trang của HTX Cam Khe Mây đã gộp làm một"} == {one.subject for one in told}
    assert all("Hợp tác xã Cam Khe Mây" in one.body for one in told)
    assert office.client.get(at).status_code == 404


def test_what_changed_meanwhile_is_shown_again(desk: Desk, twin: int, office: Browser) -> None:
    at = pair(desk, twin)
    seen = stamp(office.open(at, statements=20).response.text)
    with unit_of_work() as session:
        an_owner(session, twin)
    answer = office.send(at, 409, dau=seen, da_xem="1")
    assert "Một bên vừa thay đổi" in answer.text
    assert stamp(answer.text) != seen
    assert "Một bên vừa thay đổi" in office.send(at, 409, da_xem="1").text
    assert db.session.get(Producer, twin) is not None


def test_what_stands_against_it_is_told_instead_of_a_button(desk: Desk, twin: int, office: Browser) -> None:
    at = pair(desk, twin)
    seen = stamp(office.open(at, statements=20).response.text)
    with unit_of_work() as session:
        session.get_one(Producer, desk.producer).tax_code = "3000123456"
        session.get_one(Producer, twin).tax_code = "3000654321"
    page = office.open(at, statements=20)
    assert "3000123456 · 3000654321" in page.words
    assert not page.soup.select("main button.p")
    assert "Một bên vừa thay đổi" in office.send(at, 409, dau=seen, da_xem="1").text
    assert db.session.get(Producer, twin) is not None


def test_elsewhere_and_below_the_province_it_is_not_there(desk: Desk, twin: int, browser: Browser) -> None:
    at = pair(desk, twin)
    for person, status in ((desk.stranger, 404), (desk.commune_officer, 404), (desk.owner, 404)):
        browser.enter_as(person)
        assert browser.client.get(at).status_code == status
        assert browser.send(at, status, da_xem="1")
    browser.enter_as(desk.stranger)
    assert f"/{twin}" not in "".join(browser.open(PAGE).links())
    browser.enter_as(desk.administrator)
    browser.open(at, statements=20)
    assert db.session.get(Producer, twin) is not None


def test_both_must_lie_in_the_province(desk: Desk, twin: int, office: Browser) -> None:
    with unit_of_work() as session:
        session.get_one(Producer, twin).province_id = desk.elsewhere
    for at in (pair(desk, twin), f"{PAGE}/{twin}/{desk.producer}"):
        office.open(at, 404)
        office.send(at, 404, da_xem="1")
    assert "Mời chép" in office.open(f"{PAGE}?giu=htx-cam-khe-may&gop=hop-tac-xa-cam-khe-may", 422).words


def test_nobody_merges_a_producer_of_the_own(desk: Desk, twin: int, office: Browser) -> None:
    with unit_of_work() as session:
        an_owner(session, twin, session.merge(desk.officer))
    office.enter_as(desk.officer)
    office.open(pair(desk, twin), 404)
    office.send(pair(desk, twin), 404, da_xem="1")


def test_one_producer_is_no_pair(desk: Desk, office: Browser) -> None:
    at = f"{PAGE}/{desk.producer}/{desk.producer}"
    assert office.client.get(at).location.endswith(PAGE)
    assert "Đây là cùng một trang." in office.open(PAGE).words
    office.send(at, 404, da_xem="1")


def test_a_fresh_proof_is_asked_for(desk: Desk, twin: int, office: Browser) -> None:
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        answer = office.client.get(pair(desk, twin))
        assert answer.status_code == 303
        office.send(pair(desk, twin), 403, da_xem="1")
    assert db.session.get(Producer, twin) is not None


def test_everything_has_its_words(app: Flask) -> None:
    assert TABLES.keys() == FATES.keys() | SCOPED
    assert SIGNS.keys() == set(Sign)
    with app.test_request_context():
        told = {tell(Obstacle(one, "site", "X")) for one in Hindrance}
        assert tell(Obstacle(Hindrance.CLASH, "epcis_capture", "ab12")).endswith("cùng một bản.")
        code = tell(Obstacle(Hindrance.CLASH, "lot", "NL-01"))
        year = tell(Obstacle(Hindrance.CLASH, "producer_year_stat", "2025"))
    assert len(told) == len(Hindrance)
    assert "NL-01" in code
    assert "đổi tên" not in code
    assert "2025" in year
    assert "Mời cơ sở" not in year


def test_a_workspace_without_members_is_told_so(desk: Desk, office: Browser) -> None:
    with unit_of_work() as session:
        first = session.get_one(Producer, desk.producer)
        empty = a_producer(session, "HTX Trống", phone=None, province_id=first.province_id).id
        for number in range(14):
            a_product(session, f"Cam loại {number}", producer=first)
    page = office.open(f"{PAGE}/{empty}/{desk.producer}", statements=20)
    assert "chưa ai nhận" in page.words
    assert "và 6 sản phẩm nữa" in page.words


def test_a_change_to_a_producer_merged_meanwhile_is_read_and_confirmed(
    desk: Desk, twin: int, office: Browser
) -> None:
    with unit_of_work() as session:
        wanted = {ChangeField.PRODUCER: session.get_one(Producer, twin).slug}
        product, shop = (
            session.get_one(Product, desk.other_product),
            session.get_one(Producer, desk.producer),
        )
        asked = open_change_request(
            session, product, wanted, reason="Ghi nhầm chủ", actor=the_owner(shop), at=clock.now()
        )
        number = asked.id
        heir = a_producer(session, "HTX Kế Thừa", phone=None, province_id=shop.province_id).id
    with unit_of_work() as session:
        sides = [session.get_one(Producer, one) for one in (heir, twin)]
        merge_producers(session, None, heir, twin, weigh(session, *sides).stamp, clock.now())
    page = office.open(f"/van-phong/de-nghi/{number}")
    assert "Đề nghị đổi thành Hợp tác xã Cam Khe Mây" in page.texts(".chg > div")
    with unit_of_work() as session:
        request = session.get_one(ChangeRequest, number)
        confirm_change_request(session, request, actor=an_actor(desk.officer), at=clock.now())
    db.session.rollback()
    assert db.session.get_one(Product, desk.other_product).producer_id == heir
