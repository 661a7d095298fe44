"""The way into a workspace, and what it refuses."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.models import Membership
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.upkeep.demo_people import load_demo_people
from tests.factories.accounts import a_member
from tests.factories.catalogue import a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer
from tests.signin.browsing import Browser, somebody, write
from tests.workspace.conftest import Shop


def test_the_only_producer_is_led_to(shop: Shop) -> None:
    shop.browser._begin()  # noqa: SLF001
    answer = shop.browser.client.get("/gian-hang")
    assert (answer.status_code, answer.location) == (303, shop.base)


def test_who_works_for_several_chooses(shop: Shop, rival: Shop) -> None:
    write(a_member, Scope(ScopeKind.PRODUCER, rival.producer.id), Role.STAFF, shop.owner)
    page = shop.browser.open("/gian-hang")
    assert page.links("ul.lst") == [rival.base, shop.base]


def test_who_works_for_none_finds_no_workspace(app: Flask, shop: Shop) -> None:
    browser = Browser(app)
    browser.enter_as(write(somebody))
    assert "lời mời" in browser.open("/gian-hang").words
    browser.open(f"{shop.base}/muc-khac", 404)


def test_an_owner_without_second_factor_is_led_to_it_from_the_door(app: Flask, shop: Shop) -> None:
    browser = Browser(app)
    browser.enter_as(shop.owner, SignInLevel.PASSWORD)
    assert browser.client.get("/gian-hang").location == "/tai-khoan/ma-6-so"


def test_strangers_are_led_to_the_sign_in_page(app: Flask, shop: Shop) -> None:
    answer = app.test_client().get(f"{shop.base}/muc-khac")
    assert (answer.status_code, answer.location) == (303, "/dang-nhap")


def test_a_rivals_workspace_is_not_there_in_the_same_words(shop: Shop, rival: Shop) -> None:
    theirs = shop.browser.open(f"{rival.base}/muc-khac", 404)
    nobodys = shop.browser.open("/gian-hang/khong-co/muc-khac", 404)
    assert theirs.words == nobodys.words


def test_an_owner_without_second_factor_is_led_to_it(app: Flask, shop: Shop, rival: Shop) -> None:
    write(a_member, Scope(ScopeKind.PRODUCER, rival.producer.id), Role.STAFF, shop.owner)
    browser = Browser(app)
    browser.enter_as(shop.owner, SignInLevel.PASSWORD)
    assert browser.client.get(f"{rival.base}/muc-khac").status_code == 200
    browser._begin()  # noqa: SLF001
    answer = browser.client.get(f"{shop.base}/muc-khac")
    assert (answer.status_code, answer.location) == (303, "/tai-khoan/ma-6-so")


def test_every_page_has_its_place_in_the_bars(shop: Shop) -> None:
    page = shop.browser.open(f"{shop.base}/muc-khac")
    assert len(page.soup.select(".tab a")) == 5
    assert page.one(".tab [aria-current]").get_text(strip=True) == "Mục khác"
    assert len(page.soup.select(".side a")) == 23
    assert page.links("main") == page.links(".side")


def test_the_owners_of_a_demo_work_where_certificates_live(app: Flask) -> None:
    def register(session: Session) -> None:
        lapsed = a_producer(session, "HTX Đã Hết Hạn")
        for number in range(5):
            a_variant(session, a_product(session, f"Hàng cũ {number}", producer=lapsed))
        for number in range(3):
            product = a_product(session, f"Hàng sống {number}", producer=a_producer(session, f"HTX {number}"))
            a_variant(session, product)
            a_certificate(session, product, 3)
        load_demo_people(session, clock.now())

    write(register)
    owned = sa.select(Producer.name).join(
        Membership, sa.and_(Membership.scope_id == Producer.id, Membership.role == Role.OWNER)
    )
    assert set(db.session.scalars(owned)) == {"HTX 0", "HTX 1", "HTX 2"}
    browser = Browser(app)
    browser.send("/vao-vai", vai="owner")
    answer = browser.client.get("/gian-hang")
    assert browser.open(answer.location).texts(".n4 b")[4:] == ["1", "1", "0", "1"]
