"""A decision from its paper on its pages: drafted by one, confirmed by another, seen by everyone."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Person, SignIn
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.decisions.paper_models import PaperDecision, PaperState
from marketplace.database import db, unit_of_work
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.certification import a_decision
from tests.factories.office import Desk
from tests.signin.browsing import Browser, letters

NEW = "/van-phong/quyet-dinh/moi"


def fields_of(desk: Desk, **changes: str) -> dict[str, Any]:
    return {
        "don_vi": str(desk.province),
        "so": "3021/QĐ-UBND",
        "ngay": "18/11/2026",
        f"sao-{desk.uncertified}": "4",
        "viec": "soan",
        **changes,
    }


def drafted(desk: Desk, office: Browser) -> str:
    """Draft a decision as the officer and return the path of its page."""
    return str(office.send(NEW, **fields_of(desk)).location)


def paper_at(path: str) -> PaperDecision:
    db.session.rollback()
    return db.session.get_one(PaperDecision, int(path.rsplit("/", 1)[1]), populate_existing=True)


def test_what_was_never_certified_is_offered_first(desk: Desk, office: Browser) -> None:
    page = office.open(NEW)
    assert page.texts(".pick b") == ["Kẹo cu đơ"]
    assert page.one("[name=don_vi]")["value"] == str(desk.province)


def test_looking_for_more_keeps_what_was_chosen(desk: Desk, office: Browser) -> None:
    answer = office.send(NEW, 200, **fields_of(desk, tim="mật ong", viec="tim"))
    assert answer.text.index("Kẹo cu đơ") < answer.text.index("Mật ong rừng")
    assert '<option value="4" selected>' in answer.text
    assert "Cam Khe Mây</b>" not in answer.text
    assert 'value="3021/QĐ-UBND"' in answer.text


def test_a_second_officer_confirms_and_everything_follows(desk: Desk, office: Browser, app: Flask) -> None:
    path = drafted(desk, office)
    page = office.open(path)
    assert "Kẹo cu đơ" in page.words
    assert "Uỷ ban nhân dân tỉnh Hà Tĩnh" in page.words
    assert page.soup.select('form[action$="/xac-nhan"]') == []
    second = Browser(app)
    second.enter_as(desk.second)
    assert "Máy đã kiểm: 4 trên 4" in second.open(path).words
    shown = second.send(f"{path}/xac-nhan").location
    assert shown == "/chung-nhan/3021-qd-ubnd-tinh-ha-tinh-2026"
    assert "3021/QĐ-UBND" in second.client.get(shown).text
    assert paper_at(path).state is PaperState.CONFIRMED
    product = db.session.get_one(Product, desk.uncertified, populate_existing=True)
    assert (product.live_stars(clock.today()), product.certified_until) == (4, date(2029, 11, 18))
    [letter] = letters(app)
    assert letter.to == desk.owner.email
    assert "được công nhận 4 sao" in letter.subject
    assert "18/11/2029" in letter.body
    assert second.open(path).soup.select("main form") == []
    second.send(f"{path}/xac-nhan", 409)


def test_the_author_cannot_confirm(desk: Desk, office: Browser) -> None:
    path = drafted(desk, office)
    answer = office.send(f"{path}/xac-nhan", 403)
    assert "Người soạn không tự xác nhận được" in answer.text
    assert paper_at(path).state is PaperState.DRAFTED


def test_confirming_asks_who_it_is_once_more(desk: Desk, office: Browser, app: Flask) -> None:
    path = drafted(desk, office)
    second = Browser(app)
    second.enter_as(desk.second)
    with unit_of_work() as session:
        session.execute(sa.update(SignIn).values(strong_at=NOON - timedelta(minutes=11)))
    second.ask_again(f"{path}/xac-nhan")
    assert paper_at(path).state is PaperState.DRAFTED


def test_another_province_and_a_commune_do_not_see_it(desk: Desk, office: Browser, app: Flask) -> None:
    path = drafted(desk, office)
    for person in (desk.stranger, desk.commune_officer):
        other = Browser(app)
        other.enter_as(person)
        other.open(path, 404)
        other.send(f"{path}/xac-nhan", 404)
        other.send(f"{path}/rut", 404)
    assert paper_at(path).state is PaperState.DRAFTED


def test_a_draft_is_given_up_or_sent_back(desk: Desk, office: Browser, app: Flask) -> None:
    for person in (desk.officer, desk.second, desk.administrator):
        path = drafted(desk, office)
        other = Browser(app)
        other.enter_as(person)
        other.open(path)
        other.send(f"{path}/rut")
        assert paper_at(path).state is PaperState.WITHDRAWN
        other.send(f"{path}/rut", 409)
    page = office.open("/van-phong/quyet-dinh")
    assert page.texts(".rows .tag") == ["Đã rút, đã trả lại"] * 3


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"don_vi": ""}, "don_vi"),
        ({"ngay": "18 tháng 11"}, "ngay"),
        ({"ngay": "31/02/2026"}, "ngay"),
        ({"ngay": "22/11/2026"}, "ngay"),
        ({"so": "3021"}, "so"),
    ],
)
def test_what_was_typed_wrong_is_said_beside_it(
    changes: dict[str, str], at: str, desk: Desk, office: Browser
) -> None:
    answer = office.send(NEW, 422, **fields_of(desk, **changes))
    assert f'href="#{at}"' in answer.text
    assert "Kẹo cu đơ" in answer.text


def test_a_day_may_be_typed_in_the_order_of_machines(desk: Desk, office: Browser) -> None:
    path = str(office.send(NEW, **fields_of(desk, ngay="2026-11-18")).location)
    assert paper_at(path).decided_on == date(2026, 11, 18)


def test_a_decision_without_products_is_refused(desk: Desk, office: Browser) -> None:
    fields = {name: text for name, text in fields_of(desk).items() if not name.startswith("sao-")}
    assert "ít nhất một sản phẩm" in office.send(NEW, 422, **fields).text


def test_stars_of_several_authorities_are_refused(desk: Desk, office: Browser) -> None:
    answer = office.send(NEW, 422, **fields_of(desk, **{f"sao-{desk.waiting}": "5"}))
    assert "cùng một cơ quan" in answer.text


def test_products_of_elsewhere_are_not_there(desk: Desk, office: Browser) -> None:
    office.send(NEW, 404, **fields_of(desk, don_vi=str(desk.elsewhere)))
    with unit_of_work() as session:
        session.get_one(Product, desk.other_product).province_id = desk.elsewhere
    office.send(NEW, 404, **fields_of(desk, **{f"sao-{desk.other_product}": "3"}))


def test_a_second_officer_sees_what_stands_against_it(desk: Desk, office: Browser, app: Flask) -> None:
    path, again = drafted(desk, office), drafted(desk, office)
    second = Browser(app)
    second.enter_as(desk.second)
    second.send(f"{path}/xac-nhan")
    page = second.open(again)
    assert "Kẹo cu đơ đã có giấy theo quyết định này" in page.words
    assert "Máy đã kiểm: 3 trên 4" in page.words
    assert "đã có giấy chứng nhận" in second.send(f"{again}/xac-nhan", 409).text


def test_a_member_of_a_producer_is_told_so_and_refused(desk: Desk, office: Browser) -> None:
    path = drafted(desk, office)
    with unit_of_work() as session:
        person = session.get_one(Person, desk.administrator.id)
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, desk.producer), Role.STAFF, person)
    other = Browser(office.app)
    other.enter_as(desk.administrator)
    page = other.open(path)
    assert "Bạn là thành viên của một chủ thể có tên trong quyết định." in page.words
    assert page.soup.select("main form") == []
    assert "Bạn là thành viên" in other.send(f"{path}/xac-nhan", 403).text
    assert paper_at(path).state is PaperState.DRAFTED


def test_a_newer_certificate_is_told_of(desk: Desk, office: Browser) -> None:
    fields = {**fields_of(desk, ngay="01/07/2024"), f"sao-{desk.waiting}": "4"}
    path = str(office.send(NEW, **fields).location)
    assert "Cam Khe Mây có giấy mới hơn" in office.open(path).words


def test_another_day_on_record_is_refused(desk: Desk, office: Browser, app: Flask) -> None:
    with unit_of_work() as session:
        a_decision(session, "3021/QĐ-UBND", decided_on=date(2026, 2, 1))
    path = drafted(desk, office)
    second = Browser(app)
    second.enter_as(desk.second)
    assert "ngày ký khác" in second.send(f"{path}/xac-nhan", 409).text


def test_administrators_choose_the_province(desk: Desk, browser: Browser) -> None:
    browser.enter_as(desk.administrator)
    assert len(browser.open(NEW).soup.select("[name=don_vi] option")) == 3
    assert browser.send(NEW, **fields_of(desk)).location.startswith("/van-phong/quyet-dinh/")
