"""A change request at the desk: old beside new, the certificate beside both."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.certified_facts import ChangeField
from marketplace.catalogue.change_requests import ChangeRequest, RequestState, open_change_request
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.catalogue import WHITE_SPIRIT, a_set
from tests.factories.listings import the_owner
from tests.factories.office import Desk
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser, letters


def change_of(desk: Desk) -> ChangeRequest:
    db.session.rollback()
    return db.session.get_one(ChangeRequest, desk.change, populate_existing=True)


def product_of(desk: Desk) -> Product:
    return db.session.get_one(Product, change_of(desk).product_id, populate_existing=True)


def test_old_stands_beside_new_and_the_certificate_beside_both(desk: Desk, office: Browser) -> None:
    page = office.open(f"/van-phong/de-nghi/{desk.change}")
    assert page.texts(".chg > div") == [
        "Đang ghi Bưởi Phúc Trạch",
        "Đề nghị đổi thành Bưởi Phúc Trạch loại một",
        "Đang ghi (để trống)",
        "Đề nghị đổi thành Bưởi tươi 100 %",
    ]
    assert "In lại nhãn" in page.words
    assert "4 sao" in page.one("aside .plate").get_text()


def test_confirming_applies_it_and_tells_the_members(desk: Desk, office: Browser, app: Flask) -> None:
    office.send(f"/van-phong/de-nghi/{desk.change}/xac-nhan")
    assert change_of(desk).state is RequestState.CONFIRMED
    assert change_of(desk).decided_by == desk.officer.id
    assert product_of(desk).name == "Bưởi Phúc Trạch loại một"
    [letter] = letters(app)
    assert letter.to == desk.owner.email
    assert "đã được xác nhận" in letter.subject
    office.send(f"/van-phong/de-nghi/{desk.change}/xac-nhan", 409)
    assert "Không xác nhận" not in office.open(f"/van-phong/de-nghi/{desk.change}").words


def test_declining_leaves_all_as_it_is_and_says_why(desk: Desk, office: Browser, app: Flask) -> None:
    words = "Tên mới không giống giấy chứng nhận."
    office.send(f"/van-phong/de-nghi/{desk.change}/tra-lai", loi=words)
    assert change_of(desk).state is RequestState.DECLINED
    assert product_of(desk).name == "Bưởi Phúc Trạch"
    [letter] = letters(app)
    assert words in letter.body
    assert words in office.open(f"/van-phong/de-nghi/{desk.change}").words


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
def test_declining_needs_words(words: str, desk: Desk, office: Browser) -> None:
    answer = office.send(f"/van-phong/de-nghi/{desk.change}/tra-lai", 422, loi=words)
    assert 'href="#loi"' in answer.text
    assert change_of(desk).state is RequestState.OPEN


def test_producers_and_sets_are_called_by_name(desk: Desk, office: Browser) -> None:
    with unit_of_work() as session:
        product = session.get_one(Product, desk.other_product)
        producer = session.get_one(Producer, desk.producer)
        other = a_producer(session, "HTX Mật Ong Vũ Quang", province_id=desk.province)
        spirits = a_set(session, WHITE_SPIRIT)
        wanted = {ChangeField.PRODUCER: other.slug, ChangeField.SET: spirits.slug}
        owner, at = the_owner(producer), clock.now()
        told = open_change_request(session, product, wanted, reason="Chuyển nhượng", actor=owner, at=at)
        number = told.id
    page = office.open(f"/van-phong/de-nghi/{number}")
    assert "Đề nghị đổi thành HTX Mật Ong Vũ Quang" in page.texts(".chg > div")
    assert "Đang ghi HTX Cam Khe Mây" in page.texts(".chg > div")
    names = db.session.execute(sa.select(sa.inspect(type(spirits)).columns.name)).scalars().all()
    assert any(f"Đề nghị đổi thành {name}" in page.texts(".chg > div") for name in names)
