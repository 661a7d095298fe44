"""What dossiers know of a person: handed out, erased where nobody examines, kept where somebody does."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from flask import Flask

from marketplace.accounts import privacy
from marketplace.accounts.models import Person
from marketplace.accounts.privacy import Subject
from marketplace.certification.dossiers.actions import withdraw_dossier
from marketplace.certification.dossiers.models import DossierState, SelfReport
from marketplace.certification.dossiers.own_data import KEPT_BECAUSE, PERSONAL
from marketplace.database import db, unit_of_work
from tests.factories import accounts
from tests.factories.dossiers import REPORT, a_dossier, a_dossier_product, the_owner

NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
FACTS = replace(REPORT, home="Thôn 5, xã Hương Đô", phone="0987000111", email="man@example.vn")
STRANGER = Subject(None, "man@example.vn", "0987000111")


def a_report(state: DossierState = DossierState.DRAFT) -> int:
    """Return a dossier whose report names somebody by telephone and address."""
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, actor=owner, state=state)
        report = session.get_one(SelfReport, dossier.id)
        report.phone, report.email, report.home = FACTS.phone, FACTS.email, FACTS.home
        report.representative = FACTS.representative
    return dossier.id


def the_representative(name: str = FACTS.representative) -> Subject:
    """Return somebody with an account who is reached as the report says."""
    with unit_of_work() as session:
        return replace(STRANGER, person_id=accounts.a_person(session, name).id)


@pytest.mark.parametrize("without", [{}, {"phone": None}, {"email": None}])
def test_a_person_is_found_by_telephone_or_address(app: Flask, without: dict[str, None]) -> None:
    a_report()
    subject = replace(the_representative("nguyễn  thị mận "), **without)
    with unit_of_work() as session:
        [told] = privacy.export(session, subject, NOON)["dossiers"]["reports"]
    assert (told["representative"], told["home"], told["dossier"][:8]) == (
        FACTS.representative,
        FACTS.home,
        "HS-2026-",
    )


def test_of_another_s_report_only_the_own_telephone_or_address_is_told_and_erased(app: Flask) -> None:
    number = a_report()
    daughter = replace(the_representative("Nguyễn Thị Mai"), email=None)
    for subject in (daughter, replace(STRANGER, email="khac@example.vn")):
        with unit_of_work() as session:
            [told] = privacy.export(session, subject, NOON)["dossiers"]["reports"]
        assert {name: value for name, value in told.items() if name != "dossier"} == {"phone": FACTS.phone}
    with unit_of_work() as session:
        assert "dossiers" not in privacy.erase(session, daughter, NOON)
    report = db.session.get_one(SelfReport, number, populate_existing=True)
    assert (report.phone, report.email) == ("", FACTS.email)
    assert (report.representative, report.home) == (FACTS.representative, FACTS.home)


def test_nobody_else_is_found(app: Flask) -> None:
    a_report()
    with unit_of_work() as session:
        for subject in (Subject(None, "khac@example.vn", "0987000112"), Subject(None, None, None)):
            assert privacy.export(session, subject, NOON)["dossiers"] == {}


@pytest.mark.parametrize(
    "state",
    [DossierState.DRAFT, DossierState.WITHDRAWN, DossierState.RECOGNISED, DossierState.NOT_RECOGNISED],
)
def test_who_stood_for_a_producer_is_erased_when_nobody_examines(app: Flask, state: DossierState) -> None:
    number = a_report(state)
    subject = the_representative()
    with unit_of_work() as session:
        assert "dossiers" not in privacy.erase(session, subject, NOON)
    report = db.session.get_one(SelfReport, number)
    assert {name: getattr(report, name) for name in PERSONAL if getattr(report, name)} == {}
    assert report.workers == (None if state is DossierState.DRAFT else REPORT.workers)


def test_what_an_office_examines_stays_until_it_is_done(app: Flask) -> None:
    number = a_report(DossierState.FORWARDED)
    subject = the_representative()
    with unit_of_work() as session:
        assert privacy.erase(session, subject, NOON)["dossiers"] == KEPT_BECAUSE
        assert session.get_one(SelfReport, number).representative == FACTS.representative


def test_steps_and_evidence_are_told_and_stay(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, DossierState.SUBMITTED, actor=owner)
        withdraw_dossier(session, owner, dossier, NOON, "Chưa đủ mẫu.")
        person = session.get_one(Person, owner.person_id)
        subject = Subject(person.id, person.email, person.phone)
    with unit_of_work() as session:
        told = privacy.export(session, subject, NOON)["dossiers"]
        assert [step["state"] for step in told["steps"]] == ["draft", "submitted", "withdrawn"]
        assert told["steps"][-1]["words"] == "Chưa đủ mẫu."
        assert [one["title"] for one in told["evidence"]] == ["Phiếu kiểm nghiệm"]
