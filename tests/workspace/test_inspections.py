"""Inspections as their producer sees them, and nobody else's."""

from typing import Any

from flask import Flask

from marketplace import clock
from marketplace.certification.oversight.inspections import close_inspection, mend_finding
from marketplace.certification.oversight.models import Inspection
from marketplace.database import unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from tests.factories.oversight import LABEL, MARK, WORDS, an_inspection, an_officer
from tests.factories.places import make_province
from tests.workspace.conftest import Shop


def recorded(shop: Shop, *findings: Any, mended: int = 0) -> int:
    """Record an inspection of a shop, the first so many findings mended."""
    with unit_of_work() as session:
        producer = session.get_one(Producer, shop.producer.id)
        producer.province_id = producer.province_id or make_province(session).id
        officer = an_officer(session, producer.province_id)
        made = an_inspection(session, officer, producer, *findings)
        for finding in made.findings[:mended]:
            at, words = clock.now(), "In lại nhãn, đã xem."
            mend_finding(session, officer, made.id, finding.id, words, clock.today(), at)
        if findings and mended == len(findings):
            close_inspection(session, officer, made.id, clock.now())
        return made.id


def test_the_producer_reads_what_was_found(shop: Shop) -> None:
    number = recorded(shop, LABEL, MARK, mended=1)
    listed = shop.staff_browser.open(f"{shop.base}/kiem-tra")
    assert f"{shop.base}/kiem-tra/{number}" in listed.links()
    assert "Còn 1 chỗ, sửa xong trước hết 05/12/2026" in listed.words
    page = shop.browser.open(f"{shop.base}/kiem-tra/{number}")
    assert page.heading == "Kiểm tra định kỳ 18/11/2026"
    assert WORDS in page.words
    assert "Sửa xong 21/11/2026 In lại nhãn, đã xem." in page.words
    assert MARK.words in page.words
    assert "Mời báo văn phòng" in page.words


def test_the_office_that_wrote_it_down_is_to_be_called(shop: Shop, app: Flask) -> None:
    number = recorded(shop, LABEL)
    page = shop.browser.open(f"{shop.base}/kiem-tra/{number}")
    with unit_of_work() as session:
        inspection = session.get_one(Inspection, number)
        office = session.get_one(AdminUnit, inspection.unit_id).full_name
        inspection.phone = "02393 855 555"
    assert f"văn phòng OCOP {office}." in page.words
    assert not [link for link in page.links("main") if link.startswith("tel:")], (
        "the market is not the office"
    )
    page = shop.browser.open(f"{shop.base}/kiem-tra/{number}")
    assert f"văn phòng OCOP {office}, 02393 855 555." in page.words
    assert "tel:02393855555" in page.links("main")


def test_it_is_a_task_until_all_is_mended(shop: Shop) -> None:
    number = recorded(shop, LABEL, MARK, mended=1)
    page = shop.browser.open(shop.base)
    assert "Kiểm tra: 1 chỗ cần sửa" in page.texts(".todo h2")
    assert f"{shop.base}/kiem-tra/{number}" in page.links()


def test_a_closed_one_is_no_task(shop: Shop) -> None:
    number = recorded(shop, LABEL, mended=1)
    assert not shop.browser.open(shop.base).soup.select(".todo")
    page = shop.browser.open(f"{shop.base}/kiem-tra/{number}")
    assert "Đã khép 21/11/2026" in page.words
    assert "Mời báo văn phòng" not in page.words


def test_where_nothing_was_found_it_says_so(shop: Shop) -> None:
    assert "Chưa có cuộc kiểm tra nào" in shop.browser.open(f"{shop.base}/kiem-tra").words
    number = recorded(shop)
    page = shop.browser.open(f"{shop.base}/kiem-tra/{number}")
    assert "Không phát hiện chỗ nào chưa đạt." in page.words


def test_a_rival_finds_nothing(shop: Shop, rival: Shop) -> None:
    number = recorded(shop, LABEL)
    rival.browser.open(f"{rival.base}/kiem-tra/{number}", 404)
    rival.browser.open(f"{shop.base}/kiem-tra", 404)
    rival.browser.open(f"{shop.base}/kiem-tra/{number}", 404)
    assert str(number) not in rival.browser.open(f"{rival.base}/kiem-tra").words
