"""Orders of authorities at the office: recorded, carried out at once, answered, red when late."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.oversight.models import AuthorityOrder, OrderedItem
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.accounts import an_actor
from tests.factories.catalogue import a_product
from tests.factories.deeds import deeds
from tests.factories.office import Desk
from tests.factories.oversight import AUTHORITY, DEMAND, NUMBER, an_order
from tests.signin.browsing import Browser, letters

PAGE = "/van-phong/yeu-cau-go"
DEMANDED: dict[str, Any] = {
    "so": NUMBER,
    "co_quan": AUTHORITY,
    "loi": DEMAND,
    "ngay": "21/11/2026",
    "gio": "08:30",
}
ANSWER = "Đã gỡ trong buổi sáng, gửi công văn 45."


def recorded(desk: Desk, *product_ids: int, late: bool = False) -> int:
    """Record an order by the officer of the province."""
    office = Scope(ScopeKind.ADMIN_UNIT, desk.province)
    received = clock.now() - timedelta(hours=30) if late else None
    with unit_of_work() as session:
        actor = an_actor(desk.officer, (office, Role.PROVINCE_OFFICER))
        return an_order(session, actor, desk.province, *product_ids, received_at=received).id


def product(number: int) -> Product:
    db.session.rollback()
    return db.session.get_one(Product, number, populate_existing=True)


def test_an_order_goes_from_its_receipt_to_its_answer(desk: Desk, office: Browser, app: Flask) -> None:
    path = office.send(f"{PAGE}/moi", **DEMANDED).location
    db.session.rollback()
    order = db.session.query(AuthorityOrder).one()
    assert (order.unit_id, order.due_at - clock.now()) == (desk.province, timedelta(hours=20, minutes=30))
    page = office.open(f"{path}?q=mat+ong")
    assert page.heading == f"Yêu cầu gỡ {NUMBER}"
    assert "còn 20 giờ" in page.soup.get_text()
    assert page.one('form[action$="/them"] input[name="san_pham"]')["value"] == str(desk.other_product)
    office.send(f"{path}/them", san_pham=desk.other_product)
    assert "còn trên chợ" in office.open(path).words
    assert product(desk.other_product).publication is Publication.PUBLISHED
    public = f"/san-pham/{product(desk.other_product).slug}"
    assert office.client.get(public).status_code == 200
    assert "Còn 1 sản phẩm chưa gỡ" in office.send(f"{path}/tra-loi", 409, tra_loi=ANSWER).text
    office.send(f"{path}/go")
    assert product(desk.other_product).publication is Publication.SUSPENDED
    assert office.client.get(public).status_code != 200
    [letter] = letters(app)
    assert (letter.to, letter.subject) == (desk.owner.email, "Mật ong rừng bị gỡ khỏi chợ theo yêu cầu")
    assert NUMBER in letter.body
    assert DEMAND in letter.body
    assert "Mời viết từ 10 đến 2000 chữ." in office.send(f"{path}/tra-loi", 422, tra_loi="").text
    office.send(f"{path}/tra-loi", tra_loi=ANSWER)
    page = office.open(path)
    assert ANSWER in page.words
    assert not page.soup.select("main form")
    assert "đúng hạn" in office.open(PAGE).words
    for deed in ("them", "bo", "go"):
        refused = office.send(f"{path}/{deed}", 409, san_pham=desk.other_product)
        assert "đã được trả lời" in refused.text
    office.send(f"{path}/tra-loi", 409, tra_loi=ANSWER)


def test_restoring_is_the_ordinary_deed_and_shows_while_the_order_is_open(
    desk: Desk, office: Browser, app: Flask
) -> None:
    path = f"{PAGE}/{recorded(desk, desk.other_product)}"
    office.send(f"{path}/go", san_pham=desk.other_product)
    office.send(f"/van-phong/bao-cao/san-pham/{desk.other_product}/hien-lai")
    assert "đã hiện lại" in office.open(path).words
    office.send(f"{path}/tra-loi", 409, tra_loi=ANSWER)
    assert letters(app) == []
    office.send(f"{path}/go")
    office.send(f"{path}/tra-loi", tra_loi=ANSWER)


def test_one_product_goes_alone_and_a_wrong_one_is_dropped(desk: Desk, office: Browser) -> None:
    path = f"{PAGE}/{recorded(desk, desk.other_product, desk.waiting)}"
    office.send(f"{path}/go", san_pham=desk.waiting)
    assert product(desk.other_product).publication is Publication.PUBLISHED
    office.send(f"{path}/bo", san_pham=desk.other_product)
    office.send(f"{path}/bo", 404, san_pham=desk.waiting)
    for wrong in ("0", "x", "9" * 30, str(desk.other_product)):
        office.send(f"{path}/go", 404, san_pham=wrong)
    db.session.rollback()
    assert [row.product_id for row in db.session.query(OrderedItem)] == [desk.waiting]
    assert len(deeds("product:suspend")) == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"so": ""}, "Mời viết từ 3 đến 60 chữ."),
        ({"co_quan": ""}, "Mời viết từ 5 đến 200 chữ."),
        ({"loi": ""}, "Mời viết từ 10 đến 2000 chữ."),
        ({"ngay": "x"}, "Mời gõ ngày và giờ nhận"),
        ({"gio": "25:00"}, "Mời gõ ngày và giờ nhận"),
        ({"gio": "08:30+00:00"}, "Mời gõ ngày và giờ nhận"),
        ({"gio": "12:01"}, "Lúc nhận không thể ở sau bây giờ"),
    ],
)
def test_what_is_missing_is_told_beside_its_field(
    changes: dict[str, str], words: str, desk: Desk, office: Browser
) -> None:
    assert words in office.send(f"{PAGE}/moi", 422, **{**DEMANDED, **changes}).text
    assert db.session.query(AuthorityOrder).count() == 0


def test_the_form_sent_twice_leads_to_the_first(desk: Desk, office: Browser) -> None:
    office.open(f"{PAGE}/moi")
    first = office.send(f"{PAGE}/moi", **DEMANDED).location
    assert office.send(f"{PAGE}/moi", **DEMANDED).location == first
    assert len(deeds("authority_order:record")) == 1


def test_administrators_say_of_which_province(desk: Desk, browser: Browser) -> None:
    browser.enter_as(desk.administrator)
    assert browser.open(f"{PAGE}/moi").soup.select('select[name="don_vi"]')
    assert "Mời chọn tỉnh." in browser.send(f"{PAGE}/moi", 422, **DEMANDED).text
    browser.send(f"{PAGE}/moi", don_vi=desk.province, **DEMANDED)
    db.session.rollback()
    assert db.session.query(AuthorityOrder).one().unit_id == desk.province


def test_late_ones_stand_red_among_the_tasks(desk: Desk, office: Browser) -> None:
    assert "Gỡ và trả lời trong 24 giờ" not in office.open("/van-phong").words
    number = recorded(desk, late=True)
    page = office.open("/van-phong", statements=16)
    assert "1 Yêu cầu gỡ của cơ quan nhà nước" in page.words
    assert "quá hạn 6 giờ" in page.words
    assert f"{PAGE}/{number}" in page.links()
    assert "Yêu cầu gỡ 1 việc" in page.texts(".onav a")
    assert page.heading == "Hôm nay: 5 việc"
    office.send(f"{PAGE}/{number}/tra-loi", tra_loi="Không có sản phẩm nào như vậy trên chợ.")
    assert "trễ hạn" in office.open(PAGE).words


def test_nobody_else_reaches_an_order(desk: Desk, browser: Browser) -> None:
    number = recorded(desk, desk.other_product)
    deeds_there: tuple[tuple[str, dict[str, Any]], ...] = (
        ("them", {"san_pham": desk.waiting}),
        ("bo", {"san_pham": desk.other_product}),
        ("go", {}),
        ("tra-loi", {"tra_loi": ANSWER}),
    )
    for person in (desk.stranger, desk.commune_officer, desk.owner):
        browser.enter_as(person)
        browser.open(f"{PAGE}/{number}", 404)
        for deed, fields in deeds_there:
            browser.send(f"{PAGE}/{number}/{deed}", 404, **fields)
    browser.enter_as(desk.stranger)
    assert NUMBER not in browser.open(PAGE).words
    browser.enter_as(desk.commune_officer)
    browser.open(PAGE, 404)
    assert "Yêu cầu gỡ" not in browser.open("/van-phong").words
    assert product(desk.other_product).publication is Publication.PUBLISHED


def test_products_of_elsewhere_are_not_named(desk: Desk, office: Browser) -> None:
    number = recorded(desk)
    with unit_of_work() as session:
        foreign = a_product(session, "Hồ tiêu Cùa", location={"province_id": desk.elsewhere}).id
    page = office.open(f"{PAGE}/{number}?q=ho+tieu")
    assert "Không thấy sản phẩm nào khác như vậy trong tỉnh." in page.words
    for wrong in (foreign, "", "x"):
        office.send(f"{PAGE}/{number}/them", 404 if wrong else 422, san_pham=wrong)
    with unit_of_work() as session:
        producer = session.get_one(Producer, desk.producer)
        place = {"province_id": desk.province, "commune_id": desk.commune}
        draft = a_product(session, "Cu đơ mới", producer=producer, location=place)
        draft.publication = Publication.DRAFT
        hidden = draft.id
    office.send(f"{PAGE}/{number}/them", 404, san_pham=hidden)
    db.session.rollback()
    assert db.session.query(OrderedItem).count() == 0
