"""Lists of dossiers: what waits for whom, by state, round, deadline and words, page by page."""

from datetime import date, timedelta

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.database import unit_of_work
from marketplace.office import dossier_list
from tests.factories.accounts import a_member
from tests.factories.dossier_desk import DossierDesk, a_dossier_desk, join_producer
from tests.factories.dossiers import a_dossier, a_dossier_product, a_round
from tests.signin.browsing import Browser, write

S = DossierState
PATH = "/van-phong/ho-so"


@pytest.fixture
def shelf(app: Flask) -> tuple[DossierDesk, dict[DossierState, int]]:
    """Dossiers of one province, one in each of some states; the first is of the desk's own commune."""
    desk = write(a_dossier_desk)
    ids = {S.SUBMITTED: desk.dossier}
    for state in (S.DRAFT, S.RETURNED, S.FORWARDED, S.ACCEPTED, S.RECOGNISED):
        ids[state] = write(_one, state)
    return desk, ids


def _one(session: object, state: DossierState) -> int:
    product = a_dossier_product(session, f"Chè {state.value}")  # type: ignore[arg-type]
    return a_dossier(session, product, state).id  # type: ignore[arg-type]


def listed(browser: Browser, **query: object) -> set[int]:
    address = "&".join(f"{name}={value}" for name, value in query.items())
    page = browser.open(f"{PATH}?{address}" if address else PATH)
    return {int(link.rsplit("/", 1)[1]) for link in page.links(".rows")}


def test_each_office_sees_first_what_waits_for_it(
    shelf: tuple[DossierDesk, dict[DossierState, int]], browser: Browser
) -> None:
    desk, ids = shelf
    browser.enter_as(desk.commune_officer)
    assert listed(browser) == {ids[S.SUBMITTED]}
    assert listed(browser, trang_thai="tat_ca") == {ids[S.SUBMITTED]}
    browser.enter_as(desk.officer)
    assert listed(browser) == {ids[S.FORWARDED], ids[S.ACCEPTED]}
    assert listed(browser, trang_thai="tat_ca") == set(ids.values()) - {ids[S.DRAFT]}
    browser.enter_as(desk.administrator)
    assert listed(browser) == {ids[S.SUBMITTED], ids[S.FORWARDED], ids[S.ACCEPTED]}
    browser.enter_as(desk.stranger)
    assert listed(browser, trang_thai="tat_ca") == set()


def test_a_member_of_the_producer_has_no_such_dossier(
    shelf: tuple[DossierDesk, dict[DossierState, int]], browser: Browser
) -> None:
    desk, ids = shelf
    write(join_producer, desk.commune_officer, desk.producer)
    browser.enter_as(desk.commune_officer)
    assert listed(browser, trang_thai="tat_ca") == set()
    assert "Hồ sơ OCOP cần kiểm" in browser.open("/van-phong").words
    assert browser.open("/van-phong").heading == "Hôm nay không có việc chờ"
    assert ids[S.SUBMITTED] == desk.dossier


def test_filters_narrow_and_nonsense_is_passed_over(
    shelf: tuple[DossierDesk, dict[DossierState, int]], browser: Browser
) -> None:
    desk, ids = shelf
    browser.enter_as(desk.officer)
    taken = write(a_round, desk.province).id
    assert listed(browser, trang_thai="returned") == {ids[S.RETURNED]}
    assert listed(browser, trang_thai="draft") == set()
    assert ids[S.ACCEPTED] in listed(browser, trang_thai="tat_ca", dot=taken)
    assert ids[S.FORWARDED] not in listed(browser, trang_thai="tat_ca", dot=taken)
    assert listed(browser, trang_thai="tat_ca", q="che%20accepted") == {ids[S.ACCEPTED]}
    assert listed(browser, trang_thai="tat_ca", q=f"hs-2026-{ids[S.RETURNED]:05}") == {ids[S.RETURNED]}
    assert listed(browser, trang_thai="tat_ca", q="%25") == set()
    assert listed(browser, trang_thai="xx", dot="-1", han="xx", trang="0") == listed(browser)
    assert listed(browser, trang="99999999999", dot="99999999999") == listed(browser)


def test_deadlines_say_who_is_late(
    shelf: tuple[DossierDesk, dict[DossierState, int]], browser: Browser
) -> None:
    desk, ids = shelf
    with unit_of_work() as session:
        session.get_one(Dossier, ids[S.SUBMITTED]).due_on = date(2026, 11, 20)
        session.get_one(Dossier, ids[S.ACCEPTED]).due_on = date(2026, 11, 26)
        session.get_one(Dossier, ids[S.RECOGNISED]).due_on = date(2026, 11, 1)
    browser.enter_as(desk.officer)
    assert listed(browser, han="qua_han") == {ids[S.SUBMITTED]}
    assert listed(browser, han="sap_den") == {ids[S.ACCEPTED]}
    page = browser.open(PATH)
    assert "Quá hạn 1" in page.texts(".chip")
    assert "Cần làm 2" in page.texts(".chip")
    tasks = browser.open("/van-phong")
    assert "1 Hồ sơ OCOP quá hạn" in tasks.texts(".col h2")
    with clock.stopped(clock.now() - timedelta(days=1)):
        browser.enter_as(desk.officer)
        assert listed(browser, han="qua_han") == set()
        assert "quá hạn" not in browser.open("/van-phong").words


def test_what_nobody_set_a_day_for_tells_how_long_it_waits(
    shelf: tuple[DossierDesk, dict[DossierState, int]], browser: Browser
) -> None:
    desk, ids = shelf
    browser.enter_as(desk.officer)
    path = f"{PATH}?trang_thai=forwarded"
    assert browser.open(path).texts(".rows .tag") == ["từ hôm nay"]
    with unit_of_work() as session:
        session.get_one(Dossier, ids[S.FORWARDED]).since = clock.now() - timedelta(days=9)
    assert browser.open(path).texts(".rows .tag") == ["chờ 9 ngày"]


def test_long_lists_come_page_by_page(
    shelf: tuple[DossierDesk, dict[DossierState, int]], browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, ids = shelf
    monkeypatch.setattr(dossier_list, "PER_PAGE", 2)
    browser.enter_as(desk.officer)
    pages = [listed(browser, trang_thai="tat_ca", trang=number) for number in (1, 2, 3)]
    assert set().union(*pages) == set(ids.values()) - {ids[S.DRAFT]}
    assert [len(page) for page in pages] == [2, 2, 1]
    assert listed(browser, trang_thai="tat_ca", trang=9) == pages[2]


def test_council_members_have_no_list(browser: Browser, app: Flask) -> None:
    member = write(a_member, Scope(ScopeKind.COUNCIL, 1), Role.COUNCIL_MEMBER)
    browser.enter_as(member)
    browser.open(PATH, 404)
