"""Decisions of years gone by from a sheet: drafts, and nothing public before a second officer."""

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.certification.chain.models import RegisterLine
from marketplace.certification.decisions.paper_decisions import confirm_paper
from marketplace.certification.decisions.paper_models import PaperDecision
from marketplace.certification.models import Authority, Certificate, Decision
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from marketplace.upkeep.decision_sheets.drafting import Outcome, draft_from_sheet
from marketplace.upkeep.sheets import Row
from tests.factories import accounts
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.old_decisions import old, products_of, real_rows
from tests.factories.producers import a_producer


@dataclass
class Office:
    """Two officers of Hà Tĩnh, two administrators, and a producer of the province with a product."""

    unit: int
    author: Actor
    second: Actor
    administrator: Actor
    other_administrator: Actor
    producer: int
    product: int


@pytest.fixture
def office(register: Flask) -> Office:
    with unit_of_work() as session:
        unit = session.scalars(sa.select(AdminUnit.id).where(AdminUnit.name == "Hà Tĩnh")).one()
        place = {"province_id": unit, "printed_province": "Hà Tĩnh"}
        producer = a_producer(session, name_key="hop tac xa cam khe may", province_id=unit)
        product = a_product(session, "Kẹo cu đơ", producer=producer, location=place)

        def officer(scope: Scope, role: Role) -> Actor:
            return accounts.an_actor(accounts.a_member(session, scope, role), (scope, role))

        scope = Scope(ScopeKind.ADMIN_UNIT, unit)
        return Office(
            unit=unit,
            author=officer(scope, Role.PROVINCE_OFFICER),
            second=officer(scope, Role.PROVINCE_OFFICER),
            administrator=officer(SITE, Role.ADMINISTRATOR),
            other_administrator=officer(SITE, Role.ADMINISTRATOR),
            producer=producer.id,
            product=product.id,
        )


def bring(actor: Actor, *rows: Row, dry_run: bool = False) -> Outcome:
    with unit_of_work() as session:
        return draft_from_sheet(session, actor, rows, (), clock.now(), dry_run=dry_run)


def errors(outcome: Outcome) -> list[tuple[int, str]]:
    assert outcome.papers == []
    assert not outcome.report.applied
    assert count(PaperDecision) == 0
    return [(found.row, found.column) for found in outcome.report.errors]


def doubts(outcome: Outcome) -> list[tuple[int, str]]:
    return [(found.row, found.column) for found in outcome.report.doubts]


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def confirm(actor: Actor, *papers: int) -> list[Decision]:
    with unit_of_work() as session:
        for paper in papers:
            confirm_paper(session, actor, paper, clock.now())
    db.session.rollback()
    return list(db.session.scalars(sa.select(Decision).order_by(Decision.decided_on, Decision.id)))


def test_rows_that_were_published_become_the_decisions_they_are_of(office: Office) -> None:
    rows = real_rows()
    with unit_of_work() as session:
        products_of(session, rows)
    tried = bring(office.administrator, *rows, dry_run=True)
    assert (len(tried.groups), count(PaperDecision), tried.report.errors) == (3, 0, [])
    drafted = bring(office.administrator, *rows)
    assert (drafted.report.applied, len(drafted.papers), count(Certificate)) == (True, 3, 0)
    decisions = confirm(office.other_administrator, *drafted.papers)
    assert [(one.number, one.decided_on, one.authority) for one in decisions] == [
        ("136/QĐ-UBND", date(2020, 1, 15), Authority.PROVINCE),
        ("1114/QĐ-UBND", date(2021, 4, 6), Authority.PROVINCE),
        ("2361/QĐ-BNNMT", date(2025, 6, 26), Authority.MINISTRY),
    ]
    assert decisions[0].authority_name == "Uỷ ban nhân dân tỉnh Quảng Trị"
    assert count(Certificate) == 7
    again = bring(office.administrator, *rows)
    assert (again.groups, again.papers, again.report.skipped) == ([], [], 7)


def test_a_draft_says_nothing_in_public_and_its_author_cannot_confirm_it(office: Office) -> None:
    bring(office.author, old())
    assert (count(PaperDecision), count(Decision), count(Certificate)) == (1, 0, 0)
    assert bring(office.author, old()).report.skipped == 1
    assert count(PaperDecision) == 1


def test_districts_of_then_each_have_their_decision(office: Office) -> None:
    with unit_of_work() as session:
        producer = session.get_one(Producer, office.producer)
        for name, district in (("Cam", "huyện Hương Khê"), ("Bưởi", "huyện Hương Sơn")):
            place = {"province_id": office.unit, "printed_province": "Hà Tĩnh", "printed_district": district}
            a_product(session, name, producer=producer, location=place)
    facts = {"stars": "3", "decision_no": "12/QĐ-UBND", "authority": "UBND huyện"}
    drafted = bring(office.author, old(2, name="Cam", **facts), old(3, name="Bưởi", **facts))
    assert (len(drafted.papers), drafted.report.findings) == (2, [])
    decisions = confirm(office.second, *drafted.papers)
    assert [(one.authority, one.authority_name) for one in decisions] == [
        (Authority.DISTRICT, "Uỷ ban nhân dân huyện Hương Khê"),
        (Authority.DISTRICT, "Uỷ ban nhân dân huyện Hương Sơn"),
    ]


def test_a_province_that_was_merged_keeps_the_name_that_it_had(office: Office) -> None:
    with unit_of_work() as session:
        place = {"province_id": office.unit, "printed_province": "Kỳ Anh Cũ"}
        product = a_product(session, "Mực", external_id="muc-1", location=place)
        later = a_product(session, "Mực khô", external_id="muc-2", location=place)
        assert product.id != later.id
    drafted = bring(
        office.author,
        old(2, id="muc-1", decision_date="06/04/2021"),
        old(3, id="muc-2", decision_date="18/11/2026"),
    )
    decisions = confirm(office.second, *drafted.papers)
    assert [one.authority_name for one in decisions] == [
        "Uỷ ban nhân dân tỉnh Kỳ Anh Cũ",
        "Uỷ ban nhân dân tỉnh Hà Tĩnh",
    ]


@pytest.mark.parametrize(
    ("wrong", "column"),
    [
        ({"decision_no": "3211"}, "decision_no"),
        ({"decision_date": ""}, "decision_date"),
        ({"decision_date": "31/02/2024"}, "decision_date"),
        ({"decision_date": "01/12/2026"}, "decision_date"),
        ({"stars": ""}, "stars"),
        ({"stars": "2"}, "stars"),
        ({"stars": "5"}, "stars"),
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"name": "Kẹo lạc"}, "name"),
        ({"province": "Nghệ An"}, "name"),
        ({"producer": "HTX Khác"}, "name"),
        ({"points": "nhiều"}, "points"),
        ({"points": "101"}, "points"),
        ({"points": "69,5"}, "points"),
        ({"points": "80", "points_a": "30", "points_b": "20", "points_c": "25"}, "points"),
        ({"points_a": "60", "points_b": "5", "points_c": "10"}, "points_a"),
    ],
)
def test_a_cell_in_error_stops_the_whole_sheet(office: Office, wrong: dict[str, str], column: str) -> None:
    with unit_of_work() as session:
        producer = session.get_one(Producer, office.producer)
        place = {"province_id": office.unit, "printed_province": "Hà Tĩnh"}
        a_product(session, "Cam", producer=producer, location=place)
    told = errors(bring(office.author, old(2, name="Cam"), old(3, **wrong)))
    assert column in {one for row, one in told}
    assert len(told) <= 2


def test_points_that_fit_are_fine_and_more_than_the_stars_deserve_a_look(office: Office) -> None:
    assert doubts(bring(office.author, old(points="75,5"), dry_run=True)) == []
    parts = {"points_a": "30", "points_b": "22", "points_c": "24,5"}
    assert doubts(bring(office.author, old(**parts), dry_run=True)) == []
    assert doubts(bring(office.author, old(points="92"), dry_run=True)) == [(2, "points")]


def test_points_that_a_paper_tells_come_into_the_register_and_its_chain(office: Office) -> None:
    drafted = bring(office.author, old(points="75,5"))
    confirm(office.second, *drafted.papers)
    kept = db.session.scalars(sa.select(Certificate).where(Certificate.product_id == office.product)).one()
    assert kept.points == Decimal("75.50")
    line = db.session.scalars(sa.select(RegisterLine).where(RegisterLine.code == kept.code)).one()
    assert json.loads(line.facts)["points"] == "75.50"


def test_where_a_paper_tells_none_the_register_does_neither(office: Office) -> None:
    confirm(office.second, *bring(office.author, old()).papers)
    kept = db.session.scalars(sa.select(Certificate).where(Certificate.product_id == office.product)).one()
    assert kept.points is None
    line = db.session.scalars(sa.select(RegisterLine).where(RegisterLine.code == kept.code)).one()
    assert "points" not in json.loads(line.facts)


def test_points_of_years_without_parts_and_of_star_marks_go_by_the_bands(office: Office) -> None:
    parts = {"points_a": "30", "points_b": "22", "points_c": "24"}
    day = {"decision_date": "18/11/2026"}
    assert doubts(bring(office.author, old(**parts, **day), dry_run=True)) == []
    assert errors(
        bring(office.author, old(points_a="9", points_b="9", points_c="9", **day), dry_run=True)
    ) == [(2, "points")]


def test_an_authority_of_another_level_deserves_a_look(office: Office) -> None:
    assert doubts(bring(office.author, old(authority="UBND huyện Hương Khê"))) == [(2, "authority")]
    assert count(PaperDecision) == 1


def test_only_the_officers_of_its_province_draft_it(office: Office) -> None:
    with unit_of_work() as session:
        other = session.scalars(sa.select(AdminUnit.id).where(AdminUnit.name == "Nghệ An")).one()
        scope = Scope(ScopeKind.ADMIN_UNIT, other)
        person = accounts.a_member(session, scope, Role.PROVINCE_OFFICER)
        stranger = accounts.an_actor(person, (scope, Role.PROVINCE_OFFICER))
    assert errors(bring(stranger, old())) == [(2, "province")]


def test_a_member_of_the_producer_does_not_draft_it(office: Office) -> None:
    with unit_of_work() as session:
        scope = Scope(ScopeKind.PRODUCER, office.producer)
        accounts.a_member(session, scope, Role.STAFF, session.get_one(Person, office.author.person_id))
    assert errors(bring(office.author, old())) == [(2, "producer")]


def test_one_decision_in_error_takes_the_others_back(office: Office) -> None:
    with unit_of_work() as session:
        place = {"province_id": office.unit, "printed_province": "Hà Tĩnh"}
        producer = session.get_one(Producer, office.producer)
        a_product(session, "Cam", producer=producer, location=place)
    five = old(3, name="Cam", stars="5", decision_no="7/QĐ-UBND")
    assert errors(bring(office.author, old(), five)) == [(3, "stars")]


def test_a_product_stands_once_in_a_decision(office: Office) -> None:
    assert errors(bring(office.author, old(), old(3, stars="3"))) == [(3, "name")]


def test_what_the_register_has_already_is_left_out(office: Office) -> None:
    with unit_of_work() as session:
        from_product = a_product(session, "Cam", location={"province_id": office.unit}, external_id="cam")
        a_certificate(session, from_product, 4, year=2024)
        known = a_product(session, "Bưởi", location={"province_id": office.unit}, external_id="buoi")
        undated = a_decision(session, "3021/QĐ-UBND", decided_on=None, year=2024)
        a_certificate(session, known, 4, decision=undated, year=2024)
    outcome = bring(office.author, old(2, id="cam"), old(3, id="buoi"))
    assert (outcome.groups, outcome.report.skipped) == ([], 2)
    assert doubts(outcome) == [(2, "decision_no"), (3, "decision_no")]


def test_namesakes_are_never_guessed_between(office: Office) -> None:
    with unit_of_work() as session:
        place = {"province_id": office.unit, "printed_province": "Hà Tĩnh"}
        for number in (1, 2):
            a_product(session, "Mật ong", external_id=f"mat-{number}", location=place)
    assert errors(bring(office.author, old(name="Mật ong", producer=""))) == [(2, "name")]
    assert (
        bring(office.author, old(name="Mật ong", producer="", id="mat-2"), dry_run=True).report.errors == []
    )


def test_a_producer_that_one_side_alone_names_deserves_a_look(office: Office) -> None:
    assert doubts(bring(office.author, old(producer=""), dry_run=True)) == [(2, "producer")]


def test_a_product_without_a_province_of_today_cannot_be_drafted(office: Office) -> None:
    with unit_of_work() as session:
        a_product(session, "Mắm", external_id="mam", location={"printed_province": "Xứ Xa"})
    assert errors(bring(office.author, old(id="mam"))) == [(2, "province")]
