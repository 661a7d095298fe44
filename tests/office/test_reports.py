"""A report at the desk: answered with a reason, its product off public view where that is needed."""

import pytest
from flask import Flask

from marketplace.catalogue.models import Product, Publication
from marketplace.catalogue.report_models import Report, ReportReason, ReportState
from marketplace.database import db
from tests.factories.office import Desk, a_report
from tests.signin.browsing import Browser, letters, write

ANSWER = "Đã gặp cơ sở và thu hồi lô tem in mờ."


def report_of(number: int) -> Report:
    db.session.rollback()
    return db.session.get_one(Report, number, populate_existing=True)


def publication_of(desk: Desk) -> Publication:
    db.session.rollback()
    return db.session.get_one(Product, desk.other_product, populate_existing=True).publication


def test_the_page_tells_what_was_reported_and_by_when_to_answer(desk: Desk, office: Browser) -> None:
    page = office.open(f"/van-phong/bao-cao/{desk.report}")
    assert page.heading == "Mật ong rừng"
    assert "Nghi hàng giả" in page.words
    assert "Tem trên gói này mờ" in page.words
    assert "12:00 22/11/2026" in page.words
    assert "/san-pham/mat-ong-rung" in page.links()


def test_fakes_are_due_first(desk: Desk, office: Browser) -> None:
    assert office.open("/van-phong/bao-cao").texts(".rows a") == ["Mật ong rừng", "HTX Cam Khe Mây"]


def test_the_answer_goes_to_who_left_a_contact(desk: Desk, office: Browser, app: Flask) -> None:
    office.send(f"/van-phong/bao-cao/{desk.report}", ket_qua="corrected", loi=ANSWER)
    report = report_of(desk.report)
    assert (report.state, report.reason) == (ReportState.UPHELD, ReportReason.CORRECTED)
    assert report.decided_by == desk.officer.id
    [letter] = letters(app)
    assert (letter.to, letter.by_phone) == ("0987654321", True)
    assert ANSWER in letter.body
    assert "Báo đúng, đã sửa" in letter.body
    assert publication_of(desk) is Publication.PUBLISHED
    assert ANSWER in office.open(f"/van-phong/bao-cao/{desk.report}").words


def test_who_left_no_contact_is_not_written_to(desk: Desk, office: Browser, app: Flask) -> None:
    product = db.session.get_one(Product, desk.other_product)
    number = write(a_report, product, contact=None)
    office.send(f"/van-phong/bao-cao/{number}", ket_qua="not_found_wrong", loi=ANSWER)
    assert report_of(number).state is ReportState.DISMISSED
    assert letters(app) == []


def test_a_product_is_suspended_and_let_back(desk: Desk, office: Browser, app: Flask) -> None:
    office.send(f"/van-phong/bao-cao/{desk.report}", ket_qua="suspended", loi=ANSWER)
    assert publication_of(desk) is Publication.SUSPENDED
    assert office.client.get("/san-pham/mat-ong-rung").status_code == 404
    told = {letter.to for letter in letters(app)}
    assert told == {"0987654321", desk.owner.email}
    assert "Xem trang bị báo" not in office.open(f"/van-phong/bao-cao/{desk.report}").words
    page = office.open("/van-phong/bao-cao")
    assert f"/{desk.other_product}/hien-lai" in str(page.one('form[action$="/hien-lai"]')["action"])
    office.send(f"/van-phong/bao-cao/san-pham/{desk.other_product}/hien-lai")
    assert publication_of(desk) is Publication.PUBLISHED
    office.send(f"/van-phong/bao-cao/san-pham/{desk.other_product}/hien-lai")


def test_a_producer_has_no_product_to_suspend(desk: Desk, office: Browser) -> None:
    path = f"/van-phong/bao-cao/{desk.about_producer}"
    assert office.open(path).soup.select('[value="suspended"]') == []
    answer = office.send(path, 422, ket_qua="suspended", loi=ANSWER)
    assert "không có sản phẩm để tạm ẩn" in answer.text
    assert report_of(desk.about_producer).state is ReportState.OPEN


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"ket_qua": "", "loi": ANSWER}, "ket_qua"),
        ({"ket_qua": "corrected", "loi": "ngắn"}, "loi"),
        ({"ket_qua": "corrected", "loi": "x" * 1001}, "loi"),
    ],
)
def test_an_answer_needs_a_result_and_words(
    fields: dict[str, str], at: str, desk: Desk, office: Browser
) -> None:
    answer = office.send(f"/van-phong/bao-cao/{desk.report}", 422, **fields)
    assert f'href="#{at}"' in answer.text
    assert report_of(desk.report).state is ReportState.OPEN


def test_of_two_answers_the_first_counts(desk: Desk, office: Browser) -> None:
    path = f"/van-phong/bao-cao/{desk.report}"
    office.send(path, ket_qua="corrected", loi=ANSWER)
    office.send(path, 409, ket_qua="suspended", loi=ANSWER)
    assert publication_of(desk) is Publication.PUBLISHED
