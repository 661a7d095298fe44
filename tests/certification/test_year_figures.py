"""What a year's report counts: recognitions, ends, decisions, and the work of the office."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.certification.actions import revoke_certificate
from marketplace.certification.boards import year_register as register
from marketplace.certification.boards import year_work as work
from marketplace.certification.boards.territory import Territory
from marketplace.certification.councils.models import Conflict, SessionDossier
from marketplace.certification.dossiers.models import DossierKind, DossierState, DossierStep
from marketplace.certification.history import Turn
from marketplace.certification.ideas.models import IdeaState, ProductIdea
from marketplace.certification.models import RevocationReason
from marketplace.certification.oversight.models import (
    AuthorityOrder,
    Finding,
    FindingTopic,
    Inspection,
    InspectionKind,
)
from marketplace.certification.rubrics.stars import Outcome
from marketplace.database import db, unit_of_work
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.councils import Chamber, a_chamber
from tests.factories.places import make_commune, make_province

TODAY = date(2026, 11, 21)


@pytest.fixture
def here(app: Flask) -> Territory:
    """A province with certificates of every fate around 2025, and one beside it."""
    with unit_of_work() as session:
        province = make_province(session)
        place: dict[str, Any] = {"location": {"province_id": province.id}}
        again, raised, lowered = (a_product(session, name, **place) for name in ("Cam", "Bưởi", "Chè"))
        for product, stars in ((again, 3), (raised, 3), (lowered, 4)):
            a_certificate(session, product, stars, issued_on=date(2022, 1, 20))
        both = a_decision(session, "5/QĐ-UBND", decided_on=date(2025, 3, 1))
        a_certificate(session, again, 3, decision=both)
        a_certificate(session, raised, 4, decision=both)
        a_certificate(
            session, lowered, 3, decision=a_decision(session, "7/QĐ-UBND", decided_on=date(2025, 9, 1))
        )
        fresh = a_product(session, "Gạo", set_number=None, **place)
        a_certificate(session, fresh, None, year=2025)
        for name, on in (("Nem", date(2022, 6, 1)), ("Ruốc", date(2022, 12, 31)), ("Mắm", date(2023, 1, 1))):
            a_certificate(session, a_product(session, name, **place), 3, issued_on=on)
        revoked = a_certificate(session, a_product(session, "Rượu", **place), 3, issued_on=date(2024, 1, 1))
        revoke_certificate(session, revoked, RevocationReason.LAW_BROKEN, date(2025, 5, 1))
        beside: dict[str, Any] = {"location": {"province_id": make_province(session, "Quảng Trị").id}}
        a_certificate(session, a_product(session, "Bún", **beside), 5, issued_on=date(2025, 2, 2))
        return Territory(province.id)


def test_certificates_of_a_year_by_what_they_were(here: Territory) -> None:
    found = register.count_recognitions(db.session(), here, 2025)
    assert found == {
        Turn.AGAIN: {3: 1}, Turn.RAISED: {4: 1}, Turn.LOWERED: {3: 1}, Turn.RECOGNISED: {None: 1},
    }  # fmt: skip
    assert register.count_recognitions(db.session(), here, 2021) == {}
    assert register.count_recognitions(db.session(), Territory(), 2025)[Turn.RECOGNISED] == {None: 1, 5: 1}


def test_ends_and_revocations_of_a_year(here: Territory) -> None:
    lapsed = [register.count_lapsed(db.session(), here, year, TODAY) for year in (2024, 2025, 2026)]
    assert lapsed == [0, 5, 1]
    assert register.count_lapsed(db.session(), here, 2026, date(2026, 1, 1)) == 0
    assert register.count_revoked(db.session(), here, 2025) == {RevocationReason.LAW_BROKEN: 1}
    assert register.count_revoked(db.session(), here, 2026) == {}


def test_decisions_of_a_year_with_what_they_gave_here(here: Territory) -> None:
    found = register.list_decision_counts(db.session(), here, 2025)
    assert [(one.decision.number, one.certificates) for one in found] == [("5/QĐ-UBND", 2), ("7/QĐ-UBND", 1)]


def test_what_lived_at_the_end_by_group(here: Territory) -> None:
    found = register.count_by_group(db.session(), here, 2025, TODAY)
    fruit = db.session.query(Product).filter_by(name="Cam").one().group_id
    assert found == {fruit: {3: 4, 4: 1}, None: {None: 1}}
    assert sum(register.count_by_group(db.session(), here, 2024, TODAY)[fruit].values()) == 7


def at_noon(year: int) -> datetime:
    return clock.now().replace(year=year)


def history_of(chamber: Chamber) -> None:
    """Write what happened to two dossiers of a council over two years."""
    first, second = chamber.dossiers
    with unit_of_work() as session:
        for dossier, state, year in (
            (first, DossierState.SUBMITTED, 2025),
            (first, DossierState.SUBMITTED, 2026),
            (first, DossierState.SUBMITTED, 2026),
            (second, DossierState.RETURNED, 2026),
        ):
            session.add(DossierStep(dossier_id=dossier, state=state, at=at_noon(year)))
        for dossier, points, spread in ((first, "70.00", "4.50"), (second, "81.25", "10.00")):
            row = session.get_one(SessionDossier, (chamber.session, dossier))
            row.revealed_at = row.closed_at = clock.now()
            row.points, row.spread, row.outcome = Decimal(points), Decimal(spread), Outcome.RECOGNISED
        session.add(
            Conflict(
                member_id=chamber.members[0],
                dossier_id=first,
                words="Người nhà",
                declared_by=chamber.officer.id,
                declared_at=clock.now(),
            )
        )


def test_dossiers_and_councils_of_a_year(app: Flask) -> None:
    chamber = a_chamber(dossiers=2)
    before = work.count_councils(db.session(), Territory(chamber.province), 2026)
    assert before == work.CouncilFigures(0, 0, None, None, 0)
    history_of(chamber)
    session = db.session()
    for territory in (Territory(chamber.province), Territory(chamber.province, chamber.commune), Territory()):
        assert work.count_submitted(session, territory, 2026) == {DossierKind.FIRST: 2}
        steps = work.count_steps(session, territory, 2026)
        assert (steps[DossierState.SUBMITTED], steps[DossierState.RETURNED]) == (1, 1)
        found = work.count_councils(session, territory, 2026)
        assert found == work.CouncilFigures(1, 2, Decimal("75.63"), Decimal("7.25"), 1)
    assert work.count_steps(session, Territory(chamber.province), 2025) == {DossierState.SUBMITTED: 1}
    assert work.count_submitted(session, Territory(chamber.province), 2025) == {}
    assert work.count_councils(session, Territory(chamber.province + 99), 2026).dossiers == 0


def test_ideas_of_a_year(app: Flask) -> None:
    chamber = a_chamber()
    with unit_of_work() as session:
        for number, (state, year) in enumerate(
            (
                (IdeaState.ACCEPTED, 2026),
                (IdeaState.ACCEPTED, 2026),
                (IdeaState.DECLINED, 2026),
                (IdeaState.ACCEPTED, 2025),
            )
        ):
            session.add(
                ProductIdea(
                    producer_id=chamber.producer,
                    commune_id=chamber.commune,
                    province_id=chamber.province,
                    year=year,
                    name=f"Ý {number}",
                    slip_number=number + 1,
                    state=state,
                    submitted_by=chamber.owner.id,
                    submitted_at=clock.now(),
                    **dict.fromkeys(("origin", "material", "market"), "Có"),
                )
            )
    found = work.count_ideas(db.session(), Territory(chamber.province), 2026)
    assert found == {IdeaState.ACCEPTED: 2, IdeaState.DECLINED: 1}
    assert work.count_ideas(db.session(), Territory(chamber.province, chamber.commune + 99), 2026) == {}


def test_inspections_and_orders_of_a_year(app: Flask) -> None:
    chamber = a_chamber()
    with unit_of_work() as session:
        other = make_commune(session, "Khác", make_province(session, "Quảng Trị"))
        for kind, day in (
            (InspectionKind.PERIODIC, date(2026, 1, 1)),
            (InspectionKind.PERIODIC, date(2025, 12, 31)),
        ):
            inspection = Inspection(
                unit_id=chamber.province,
                producer_id=chamber.producer,
                kind=kind,
                inspected_on=day,
                inspectors="Đoàn 1",
                words="Đã xem",
                recorded_by=chamber.officer.id,
                recorded_at=clock.now(),
            )
            session.add(inspection)
            session.flush()
            for mended in (None, date(2026, 3, 1)):
                topic = FindingTopic.SAFETY
                session.add(
                    Finding(inspection_id=inspection.id, topic=topic, words="Thiếu", mended_on=mended)
                )
        for unit, late in ((chamber.province, False), (chamber.commune, True), (other.id, False)):
            due = clock.now() + timedelta(hours=24)
            session.add(
                AuthorityOrder(
                    unit_id=unit,
                    number="1/CV",
                    authority="Sở Công Thương",
                    received_at=clock.now(),
                    due_at=due,
                    words="Gỡ",
                    answered_at=due + timedelta(seconds=late),
                    answer="Đã gỡ",
                    recorded_by=chamber.officer.id,
                )
            )
    session, here = db.session(), Territory(chamber.province)
    assert work.count_inspections(session, here, 2026) == work.InspectionFigures(
        {InspectionKind.PERIODIC: 1}, 2, 1
    )
    assert work.count_inspections(session, Territory(chamber.province + 99), 2026).findings == 0
    assert work.count_orders(session, here, 2026) == work.OrderFigures(2, 1)
    commune = Territory(chamber.province, chamber.commune)
    assert work.count_orders(session, commune, 2026) == work.OrderFigures(1, 0)
    assert work.count_orders(session, Territory(), 2026) == work.OrderFigures(3, 2)
    assert work.count_orders(session, Territory(), 2025) == work.OrderFigures(0, 0)
