"""People of a producer: invited, given another role, taken away; by owners who proved who they are."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.invitations import list_invitations
from marketplace.accounts.memberships import find_membership, list_members
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.roles import Role, Scope
from marketplace.database import db
from marketplace.producers.profile import scope_of
from tests.factories.accounts import PASSWORD, a_member
from tests.factories.deeds import deeds
from tests.signin.browsing import Browser, letters, link_in, somebody, write
from tests.workspace.conftest import Shop

INVITED: dict[str, Any] = {"dia_chi": "0987 654 321", "vai_tro": "staff"}


def scope(shop: Shop) -> Scope:
    return scope_of(shop.producer)


def membership(shop: Shop, person: Person) -> Membership:
    db.session.rollback()
    found = find_membership(db.session(), person.id, scope(shop))
    assert found
    return found


def roles(shop: Shop) -> dict[int, Role]:
    db.session.rollback()
    return {one.person_id: one.role for one in list_members(db.session(), scope(shop))}


def invitations(shop: Shop) -> list[int]:
    db.session.rollback()
    return [one.id for one in list_invitations(db.session(), scope(shop), clock.now())]


def test_somebody_is_invited_by_a_message_and_joins(app: Flask, shop: Shop) -> None:
    shop.browser.open(f"{shop.base}/nguoi/moi")
    assert shop.browser.send(f"{shop.base}/nguoi/moi", **INVITED).location == f"{shop.base}/nguoi"
    assert "0987654321" in shop.browser.open(f"{shop.base}/nguoi").words
    [letter] = letters(app)
    assert letter.by_phone
    link, joining = link_in(letter), write(somebody)
    browser = Browser(app)
    browser.enter_as(joining)
    browser.send(link)
    assert roles(shop)[joining.id] is Role.STAFF
    assert invitations(shop) == []
    assert "0987" not in "".join(deed.data for deed in deeds("invitation:send"))


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"dia_chi": "abc"}, "dia_chi"), ({"dia_chi": ""}, "dia_chi"), ({"vai_tro": "administrator"}, "vai_tro"),
     ({"vai_tro": ""}, "vai_tro")],
)  # fmt: skip
def test_what_is_wrong_is_named(app: Flask, shop: Shop, changes: dict[str, Any], field: str) -> None:
    answer = shop.browser.send(f"{shop.base}/nguoi/moi", 422, **{**INVITED, **changes})
    assert f'href="#{field}"' in answer.text
    assert letters(app) == []


def test_twenty_invitations_a_day_are_the_most(app: Flask, shop: Shop) -> None:
    for _ in range(20):
        shop.browser.send(f"{shop.base}/nguoi/moi", **INVITED)
    shop.browser.send(f"{shop.base}/nguoi/moi", 429, **INVITED)
    assert len(invitations(shop)) == 20


def test_an_invitation_is_taken_back(app: Flask, shop: Shop, rival: Shop) -> None:
    shop.browser.send(f"{shop.base}/nguoi/moi", **INVITED)
    [number] = invitations(shop)
    for base in (shop.base, rival.base):
        rival.browser.send(f"{base}/nguoi/rut", 404, loi_moi=number)
    write(a_member, scope(shop), Role.OWNER, rival.owner)
    rival.browser.send(f"{rival.base}/nguoi/rut", 404, loi_moi=number)
    assert invitations(shop) == [number]
    shop.browser.send(f"{shop.base}/nguoi/rut", loi_moi=number)
    assert invitations(shop) == []


def test_a_role_is_changed_and_the_person_signs_in_again(shop: Shop) -> None:
    staff = membership(shop, shop.staff).id
    shop.browser.send(f"{shop.base}/nguoi/vai-tro", thanh_vien=staff, vai_tro="owner")
    assert roles(shop)[shop.staff.id] is Role.OWNER
    assert not shop.staff_browser.is_in()
    shop.browser.send(f"{shop.base}/nguoi/vai-tro", thanh_vien=staff, vai_tro="owner")
    assert len(deeds("membership:grant")) == 1
    shop.browser.send(f"{shop.base}/nguoi/vai-tro", 422, thanh_vien=staff, vai_tro="keeper")


def test_nobody_changes_or_removes_themselves_here(shop: Shop) -> None:
    own = membership(shop, shop.owner).id
    shop.browser.send(f"{shop.base}/nguoi/vai-tro", 404, thanh_vien=own, vai_tro="staff")
    shop.browser.send(f"{shop.base}/nguoi/bo", 404, thanh_vien=own)
    assert roles(shop)[shop.owner.id] is Role.OWNER


def test_somebody_is_removed_and_signed_out(shop: Shop) -> None:
    shop.browser.send(f"{shop.base}/nguoi/bo", thanh_vien=membership(shop, shop.staff).id)
    assert list(roles(shop)) == [shop.owner.id]
    assert not shop.staff_browser.is_in()


def test_the_last_owner_cannot_leave(shop: Shop) -> None:
    own = membership(shop, shop.owner).id
    page = shop.browser.open(f"{shop.base}/nguoi")
    assert "Bạn là chủ duy nhất" in page.words
    assert not page.soup.select('form[action$="/roi"]')
    shop.browser.send(f"/tai-khoan/vai-tro/{own}/roi", 409)
    second = write(a_member, scope(shop), Role.OWNER)
    [leave] = shop.browser.open(f"{shop.base}/nguoi").soup.select('form[action$="/roi"]')
    shop.browser.send(str(leave["action"]))
    assert list(roles(shop)) == [shop.staff.id, second.id]


def test_staff_and_rivals_see_no_people(shop: Shop, rival: Shop) -> None:
    staff = membership(shop, shop.staff).id
    led = shop.staff_browser.open(f"{shop.base}/muc-khac").links("body")
    assert f"{shop.base}/nguoi" not in led
    assert f"{shop.base}/nguoi" in shop.browser.open(f"{shop.base}/muc-khac").links(".side")
    for browser, base in (
        (shop.staff_browser, shop.base),
        (rival.browser, shop.base),
        (rival.browser, rival.base),
    ):
        if base == shop.base:
            browser.open(f"{base}/nguoi", 404)
            browser.open(f"{base}/nguoi/moi", 404)
            browser.send(f"{base}/nguoi/moi", 404, **INVITED)
        browser.send(f"{base}/nguoi/vai-tro", 404, thanh_vien=staff, vai_tro="owner")
        browser.send(f"{base}/nguoi/bo", 404, thanh_vien=staff)
    assert roles(shop)[shop.staff.id] is Role.STAFF


@pytest.mark.parametrize("path", ["moi", "rut", "vai-tro", "bo"])
def test_dangerous_things_ask_who_it_is_and_lead_back(app: Flask, shop: Shop, path: str) -> None:
    with clock.stopped(clock.now() + timedelta(minutes=11)):
        shop.browser.ask_again(f"{shop.base}/nguoi/{path}", **INVITED)
        back = shop.browser.send("/xac-nhan-lai", mat_khau=PASSWORD).location
    assert back == f"{shop.base}/nguoi" + ("/moi" if path == "moi" else "")
    assert letters(app) == []
