"""Letters about inspections and orders of authorities: what stands when they are sent, or none."""

from flask import Flask

from marketplace import clock
from marketplace.certification.oversight.takedown import take_down
from marketplace.database import db, unit_of_work
from marketplace.letters.matters import find_matter
from marketplace.web.post import Letter
from tests.factories.catalogue import a_product
from tests.factories.oversight import ANSWER_BY, LABEL, an_inspection, an_officer, an_order
from tests.factories.places import make_province
from tests.factories.producers import a_producer


def test_a_letter_names_what_is_left_to_mend(app: Flask) -> None:
    with unit_of_work() as session:
        province = make_province(session)
        producer = a_producer(session, province_id=province.id)
        product = a_product(session, "Cam Khe Mây", producer=producer)
        officer = an_officer(session, province.id)
        number = an_inspection(session, officer, producer, LABEL, product=product, phone="0239 3855555").id
        slug = producer.slug
    told = find_matter(db.session(), Letter.INSPECTION_RECORDED, number)
    assert told is not None
    assert told["lines"] == ["Thông tin, nhãn, truy xuất: Nhãn lô 12 thiếu hạn dùng."]
    assert (told["about"], told["until"]) == ("Cam Khe Mây", ANSWER_BY)
    assert told["shop"] == f"/gian-hang/{slug}/kiem-tra/{number}"
    assert (told["office"], told["phone"]) == ("tỉnh Hà Tĩnh", "02393855555")
    assert find_matter(db.session(), Letter.INSPECTION_CLOSED, number + 1) is None


def test_a_takedown_is_told_of_by_its_last_order_while_it_lasts(app: Flask) -> None:
    with unit_of_work() as session:
        province = make_province(session)
        officer = an_officer(session, province.id)
        product = a_product(session, "Cam Khe Mây", location={"province_id": province.id}).id
        order = an_order(session, officer, province.id, product).id
    assert find_matter(db.session(), Letter.PRODUCT_TAKEN_DOWN, product) is None
    db.session.rollback()
    with unit_of_work() as session:
        take_down(session, officer, order, clock.now())
        later = an_order(session, officer, province.id, product, number="99/QLTT-NV").id
        take_down(session, officer, later, clock.now())
    told = find_matter(db.session(), Letter.PRODUCT_TAKEN_DOWN, product)
    assert told is not None
    assert (told["product"], told["number"]) == ("Cam Khe Mây", "99/QLTT-NV")
