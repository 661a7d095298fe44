"""Whose business is whose: the scope is in the query, and what lies elsewhere is not there."""

import pytest

from marketplace.accounts.models import Membership
from marketplace.accounts.roles import Role, Scope, ScopeKind, SignInLevel
from marketplace.database import unit_of_work
from tests.factories import accounts
from tests.factories.office import Desk
from tests.signin.browsing import Browser, write


def pages_of(desk: Desk) -> list[str]:
    return [
        f"/van-phong/gian-hang/{desk.waiting}",
        f"/van-phong/de-nghi/{desk.change}",
        f"/van-phong/bao-cao/{desk.report}",
        f"/van-phong/bao-cao/{desk.about_producer}",
    ]


def deeds_of(desk: Desk) -> list[tuple[str, dict[str, str]]]:
    """Return every answer that the desk can give, with what it needs."""
    return [
        (f"/van-phong/gian-hang/{desk.waiting}/duyet", {"phien_ban": "4"}),
        (f"/van-phong/gian-hang/{desk.waiting}/tra-lai", {"ly_do": "other", "loi": "Sửa nhãn"}),
        (f"/van-phong/de-nghi/{desk.change}/xac-nhan", {}),
        (f"/van-phong/de-nghi/{desk.change}/tra-lai", {"loi": "Không đúng giấy"}),
        (f"/van-phong/bao-cao/{desk.report}", {"ket_qua": "corrected", "loi": "Đã sửa lại rồi ạ"}),
        (f"/van-phong/bao-cao/san-pham/{desk.other_product}/hien-lai", {}),
    ]


@pytest.mark.parametrize("who", ["officer", "commune_officer", "administrator"])
def test_those_of_the_place_see_what_waits(who: str, desk: Desk, browser: Browser) -> None:
    browser.enter_as(getattr(desk, who))
    tasks = browser.open("/van-phong")
    assert tasks.heading == "Hôm nay: 4 việc"
    assert {"Cam Khe Mây", "Bưởi Phúc Trạch", "Mật ong rừng", "HTX Cam Khe Mây"} <= set(
        tasks.texts(".rows a")
    )
    for page in pages_of(desk):
        browser.open(page)


def test_officers_of_another_place_see_nothing(desk: Desk, browser: Browser) -> None:
    browser.enter_as(desk.stranger)
    assert browser.open("/van-phong").heading == "Hôm nay không có việc chờ"
    for path in ("/van-phong/gian-hang", "/van-phong/de-nghi", "/van-phong/bao-cao"):
        assert browser.open(path).soup.select("main .rows") == []
    for page in pages_of(desk):
        browser.open(page, 404)
    for path, fields in deeds_of(desk):
        browser.send(path, 404, **fields)


def test_owners_and_buyers_find_no_office(desk: Desk, browser: Browser) -> None:
    for person in (desk.owner, write(accounts.a_person)):
        browser.enter_as(person)
        for path in ("/van-phong", "/van-phong/quyet-dinh", "/van-phong/nguoi", *pages_of(desk)):
            browser.open(path, 404)
        for path, fields in deeds_of(desk):
            browser.send(path, 404, **fields)


@pytest.mark.parametrize(
    ("kind", "role"), [(ScopeKind.COUNCIL, Role.COUNCIL_MEMBER), (ScopeKind.SALES_POINT, Role.KEEPER)]
)
def test_roles_whose_screens_come_later_reach_nothing(
    kind: ScopeKind, role: Role, desk: Desk, browser: Browser
) -> None:
    browser.enter_as(write(accounts.a_member, Scope(kind, 1), role))
    browser.open("/van-phong", 404)


def test_strangers_are_led_to_the_sign_in_page(desk: Desk, browser: Browser) -> None:
    for path in ("/van-phong", *pages_of(desk)):
        assert browser.client.get(path).location == "/dang-nhap"


def test_a_role_waits_for_its_second_factor(desk: Desk, browser: Browser) -> None:
    browser.enter_as(desk.officer, SignInLevel.PASSWORD)
    assert browser.client.get("/van-phong").location == "/tai-khoan/ma-6-so"


def test_nobody_judges_what_is_their_own(desk: Desk, browser: Browser) -> None:
    with unit_of_work() as session:
        session.add(
            Membership(
                person_id=desk.administrator.id,
                scope_kind=ScopeKind.PRODUCER,
                scope_id=desk.producer,
                role=Role.STAFF,
                granted_at=desk.administrator.created_at,
            )
        )
    browser.enter_as(desk.administrator)
    assert browser.open("/van-phong").heading == "Hôm nay không có việc chờ"
    for page in pages_of(desk):
        browser.open(page, 404)
    for path, fields in deeds_of(desk):
        browser.send(path, 404, **fields)


def test_what_a_province_alone_does_is_not_there_for_a_commune(desk: Desk, browser: Browser) -> None:
    browser.enter_as(desk.commune_officer)
    for path in ("/van-phong/quyet-dinh", "/van-phong/quyet-dinh/moi", "/van-phong/nguoi"):
        browser.open(path, 404)
    assert "/van-phong/quyet-dinh" not in browser.open("/van-phong").links("nav")


@pytest.mark.parametrize("who", ["officer", "commune_officer", "administrator"])
def test_the_account_leads_to_the_office(who: str, desk: Desk, browser: Browser) -> None:
    browser.enter_as(getattr(desk, who))
    assert "/van-phong" in browser.open("/tai-khoan").links()
    browser.enter_as(desk.owner)
    assert "/van-phong" not in browser.open("/tai-khoan").links()
