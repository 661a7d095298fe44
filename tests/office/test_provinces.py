"""Provinces side by side: only complete registers are compared, and only the own one is closed."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from marketplace.database import unit_of_work
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.deeds import deeds
from tests.factories.office import Desk
from tests.signin.browsing import Browser

PAGE = "/van-phong/bang-so-lieu/cac-tinh"


@pytest.fixture(autouse=True)
def neighbour(desk: Desk) -> None:
    """The other province has more products than that of the desk."""
    with unit_of_work() as session:
        for number in range(5):
            place = {"province_id": desk.elsewhere}
            a_certificate(
                session, a_product(session, f"Nem {number}", location=place), 3, issued_on=date(2025, 1, 1)
            )


def test_nothing_is_compared_before_it_is_complete(office: Browser) -> None:
    page = office.open(PAGE, statements=10)
    assert page.heading == "Các tỉnh năm 2025"
    assert "Chưa tỉnh nào khép sổ" in page.words
    assert page.texts("main .rows li") == [
        "tỉnh Hà Tĩnh ít nhất 3 trong sổ", "tỉnh Quảng Trị ít nhất 5 trong sổ",
    ]  # fmt: skip
    assert page.soup.select("main svg.stk") == []


def test_an_office_closes_and_opens_its_own_year(office: Browser, desk: Desk, app: Flask) -> None:
    form: dict[str, Any] = {"nam": "2025", "don_vi": str(desk.province)}
    assert "Mời điền" in office.send(f"{PAGE}/khep", 422, **form, doi_chieu=" ").text
    office.send(f"{PAGE}/khep", 422, **form, doi_chieu="x" * 201)
    office.send(f"{PAGE}/khep", **form, doi_chieu="Báo cáo 9/BC")
    page = office.open(PAGE)
    assert page.texts("tbody th")[0].startswith("tỉnh Hà Tĩnh Đối chiếu với: Báo cáo 9/BC")
    assert page.texts("main .rows li") == ["tỉnh Quảng Trị ít nhất 5 trong sổ"]
    administrator = Browser(app)
    administrator.enter_as(desk.administrator)
    other: dict[str, Any] = {"nam": "2025", "don_vi": str(desk.elsewhere)}
    administrator.send(f"{PAGE}/khep", **other, doi_chieu="Báo cáo 10/BC")
    names = [words.split(" Đối")[0] for words in office.open(PAGE).texts("tbody th")]
    assert names == ["tỉnh Quảng Trị", "tỉnh Hà Tĩnh"]
    office.send(f"{PAGE}/mo-lai", **form)
    office.send(f"{PAGE}/mo-lai", 404, **form)
    assert len(deeds("register_year:close")) == 2
    assert len(deeds("register_year:reopen")) == 1


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"nam": "2026"}, 409),
        ({"nam": "2017"}, 404),
        ({"nam": "x"}, 404),
        ({"don_vi": "999999"}, 404),
        ({"don_vi": "elsewhere"}, 404),
    ],
)
def test_other_years_and_provinces_are_refused(
    changes: dict[str, str], status: int, office: Browser, desk: Desk
) -> None:
    form: dict[str, Any] = {
        "nam": "2025",
        "don_vi": str(desk.province),
        "doi_chieu": "Báo cáo",
        **changes,
    }
    if form["don_vi"] == "elsewhere":
        form["don_vi"] = str(desk.elsewhere)
    office.send(f"{PAGE}/khep", status, **form)
    assert deeds("register_year:close") == []


def test_the_present_year_is_shown_and_cannot_be_closed(office: Browser) -> None:
    page = office.open(f"{PAGE}?nam=2026")
    assert page.heading == "Các tỉnh năm 2026"
    assert page.soup.select("main form[method=post]") == []
    assert office.open(f"{PAGE}?nam=1999").heading == "Các tỉnh năm 2025"


def test_communes_and_owners_compare_nothing(desk: Desk, browser: Browser) -> None:
    for person in (desk.commune_officer, desk.owner):
        browser.enter_as(person)
        browser.open(PAGE, 404)
        browser.send(f"{PAGE}/khep", 404, nam="2025", don_vi=str(desk.province), doi_chieu="x")
