"""Figures of boards: counted in SQL as the rules tell them row by row, and compared only when complete."""

from collections import Counter, defaultdict
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.actions import extend_certificate, revoke_certificate
from marketplace.certification.boards.comparison import list_province_years
from marketplace.certification.boards.errors import YearNotOver
from marketplace.certification.boards.living import add_up, count_living
from marketplace.certification.boards.marks import close_year, reopen_year
from marketplace.certification.boards.models import RegisterMark
from marketplace.certification.boards.territory import Territory
from marketplace.certification.boards.years import MOST_YEARS, count_years
from marketplace.certification.history import standing_on
from marketplace.certification.models import Certificate, RevocationReason
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit
from tests.factories.accounts import a_person, an_actor
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.places import make_commune, make_province

TODAY = date(2026, 11, 21)


@pytest.fixture
def places(app: Flask) -> dict[str, int]:
    """Two provinces with products of every fate, and one without any."""
    with unit_of_work() as session:
        here, there = make_province(session), make_province(session, "Quảng Trị")
        commune = make_commune(session, "Hương Đô", here)
        place = {"province_id": here.id, "commune_id": commune.id}
        cam = a_product(session, "Cam", location=place)
        a_certificate(session, cam, 3, issued_on=date(2020, 5, 1))
        a_certificate(session, cam, 4, issued_on=date(2022, 8, 5))
        a_certificate(session, cam, 4, issued_on=date(2025, 12, 31))
        hidden = a_product(session, "Mật ong", location=place, publication=Publication.SUSPENDED)
        a_certificate(session, hidden, 3, year=2024)
        gao = a_product(session, "Gạo", location={"province_id": here.id})
        extend_certificate(
            session, a_certificate(session, gao, 5, issued_on=date(2023, 9, 1)), date(2026, 12, 31)
        )
        tra = a_product(session, "Trà", location={"province_id": there.id})
        revoked = a_certificate(session, tra, 4, issued_on=date(2025, 1, 15))
        revoke_certificate(session, revoked, RevocationReason.OTHER, date(2026, 1, 1))
        a_certificate(session, a_product(session, "Rượu", location=place), None, year=None, issued_on=None)
        a_certificate(session, a_product(session, "Nem", location=place), None, year=2025)
        a_certificate(session, a_product(session, "Ngoài", location={}), 3, issued_on=date(2026, 2, 1))
        empty = make_province(session, "An Giang")
        return {"here": here.id, "commune": commune.id, "there": there.id, "empty": empty.id}


def standings(territory: Territory, day: date) -> Counter[int | None]:
    """Count living certificates of a territory by stars, product by product, as the rules tell them."""
    wanted = sa.select(Certificate).join(Product, Product.id == Certificate.product_id)
    by_product = defaultdict(list)
    for one in db.session.scalars(wanted.where(territory.over(Product))):
        by_product[one.product_id].append(one)
    counted: Counter[int | None] = Counter()
    for certificates in by_product.values():
        then = standing_on(certificates, day)
        if then.certificate is not None and then.state is not None and then.state.alive:
            counted[then.certificate.stars] += 1
    return counted


def test_years_are_what_the_rules_tell_product_by_product(places: dict[str, int]) -> None:
    for territory in (Territory(), Territory(places["here"]), Territory(places["here"], places["commune"])):
        years = count_years(db.session(), territory, TODAY)
        assert [one.year for one in years] == list(range(2020, 2027))
        for one in years:
            assert one.living == standings(territory, min(date(one.year, 12, 31), TODAY)), one.year
    here = {one.year: one for one in count_years(db.session(), Territory(places["here"]), TODAY)}
    assert here[2022].recognised == {4: 1}
    assert here[2025].recognised == {4: 1, None: 1}
    assert here[2025].living == {5: 1, 4: 1, 3: 1, None: 1}


def test_today_is_counted_by_place_group_and_stars(places: dict[str, int]) -> None:
    cells = count_living(db.session(), Territory(), TODAY)
    assert add_up(cells, lambda cell: cell.place_id) == {
        places["here"]: {3: 1, 4: 1, 5: 1, None: 1},
        None: {3: 1},
    }
    parts = count_living(db.session(), Territory(places["here"]), TODAY)
    assert set(add_up(parts, lambda cell: cell.place_id)) == {places["commune"], None}
    [of_group] = add_up(parts, lambda cell: cell.group_id).values()
    assert of_group == count_years(db.session(), Territory(places["here"]), TODAY)[-1].living
    assert count_living(db.session(), Territory(places["empty"]), TODAY) == []


def test_a_place_without_certificates_has_this_year_and_a_long_history_its_last_ten(
    places: dict[str, int],
) -> None:
    [only] = count_years(db.session(), Territory(places["empty"]), TODAY)
    assert (only.year, only.living, only.recognised) == (2026, {}, {})
    later = count_years(db.session(), Territory(), date(2035, 1, 1))
    assert [one.year for one in later] == list(range(2035 - MOST_YEARS + 1, 2036))


def test_only_complete_registers_are_compared(places: dict[str, int]) -> None:
    def order() -> list[tuple[str, int, bool]]:
        db.session.rollback()
        found = list_province_years(db.session(), 2025, TODAY)
        return [(one.province.name, one.total, one.mark is not None) for one in found]

    assert order() == [("An Giang", 0, False), ("Hà Tĩnh", 4, False), ("Quảng Trị", 1, False)]
    with unit_of_work() as session:
        officer = an_actor(a_person(session))
        for place in ("there", "here"):
            close_year(session, officer, places[place], 2025, "Báo cáo 12/BC", clock.now())
        close_year(session, officer, places["here"], 2025, "Báo cáo 13/BC", clock.now())
    assert order() == [("Hà Tĩnh", 4, True), ("Quảng Trị", 1, True), ("An Giang", 0, False)]
    mark = db.session.get(RegisterMark, (places["here"], 2025))
    assert mark is not None
    assert mark.checked_against == "Báo cáo 13/BC"
    with unit_of_work() as session:
        reopen_year(session, officer, places["here"], 2025, clock.now())
    assert order()[0] == ("Quảng Trị", 1, True)
    deeds = db.session.scalars(sa.select(Deed.action).order_by(Deed.seq)).all()
    assert deeds[-4:] == [*["register_year:close"] * 3, "register_year:reopen"]


def test_a_year_is_complete_only_when_it_is_over(places: dict[str, int]) -> None:
    with unit_of_work() as session:
        officer = an_actor(a_person(session))
        for year in (2026, 2027):
            with pytest.raises(YearNotOver):
                close_year(session, officer, places["here"], year, "Báo cáo", clock.now())
        with pytest.raises(NotFound):
            reopen_year(session, officer, places["here"], 2025, clock.now())
    assert db.session.scalars(sa.select(RegisterMark)).all() == []
    assert db.session.get(AdminUnit, places["here"])
