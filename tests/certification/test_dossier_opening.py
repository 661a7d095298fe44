"""Opening a dossier: which kind is open to a product, where it lies, and what it is filled with."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.actions import open_dossier, withdraw_dossier
from marketplace.certification.dossiers.editing import save_choices
from marketplace.certification.dossiers.errors import (
    KindNotOpen,
    NoRubric,
    OpenDossierExists,
    PlaceUnknown,
)
from marketplace.certification.dossiers.kinds import find_renewal_of, kinds_open, opens_on
from marketplace.certification.dossiers.laying import lay_to
from marketplace.certification.dossiers.models import Dossier, DossierKind, DossierState, SelfReport
from marketplace.certification.dossiers.queries import find_open_dossier, list_dossiers_of, list_uses
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import find_sheet, rubric_of
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.deeds import deeds
from tests.factories.dossiers import (
    REPORT,
    a_dossier,
    a_dossier_product,
    an_evidence,
    evidence_file,
    the_owner,
)
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)
FIRST, UPGRADE, REASSESS = DossierKind.FIRST, DossierKind.UPGRADE, DossierKind.REASSESS


@pytest.mark.parametrize(
    ("stars", "issued_on", "kinds"),
    [
        (None, None, (FIRST,)),
        (3, date(2024, 4, 20), (REASSESS, UPGRADE)),
        (5, date(2024, 4, 20), (REASSESS,)),
        (4, date(2020, 4, 20), (REASSESS,)),
    ],
)
def test_the_kind_follows_from_what_the_product_has(
    app: Flask, stars: int | None, issued_on: date | None, kinds: tuple[DossierKind, ...]
) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        if stars is not None:
            a_certificate(session, product, stars, issued_on=issued_on)
        assert kinds_open(product, TODAY) == kinds
        owner, producer = the_owner(session, product), session.get_one(Producer, product.producer_id)
        for kind in set(DossierKind) - set(kinds):
            with pytest.raises(KindNotOpen):
                open_dossier(session, owner, producer, product, kind, clock.now())
        for kind in kinds:
            dossier = open_dossier(session, owner, producer, product, kind, clock.now())
            assert (dossier.kind, dossier.state) == (kind, DossierState.DRAFT)
            withdraw_dossier(session, owner, dossier, clock.now())


@pytest.mark.parametrize(
    ("day", "opens"),
    [
        (date(2026, 10, 21), date(2026, 10, 22)),
        (date(2026, 10, 22), None),
        (date(2026, 12, 21), None),
        (date(2026, 12, 22), None),
        (date(2027, 4, 21), None),
    ],
)
def test_the_window_opens_180_days_before_the_end(app: Flask, day: date, opens: date | None) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session, stars=3)
        assert opens_on(find_renewal_of(session, product.id, day)) == opens


def test_a_product_without_certificate_has_no_window(app: Flask) -> None:
    with unit_of_work() as session:
        assert opens_on(find_renewal_of(session, a_dossier_product(session).id, TODAY)) is None


def test_a_dossier_says_where_it_lies_and_what_it_is_judged_by(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session, set_number=14)
        dossier = a_dossier(session, product)
        assert dossier.code == f"HS-2026-{dossier.id:05}"
        assert (dossier.commune_id, dossier.province_id) == (product.commune_id, product.province_id)
        assert (dossier.regulation, dossier.set_number, dossier.rubric_edition) == ("26/2026", 14, 1)
        assert (dossier.rubric_digest, dossier.submitted_at, dossier.due_on) == (None, None, None)
        assert dossier.report is not None
        assert dossier.report.phone == "0912000000"
        assert [step.state for step in dossier.steps] == ["draft"]
        number = dossier.id
    assert [deed.subject_id for deed in deeds("dossier:open")] == [str(number)]


def test_a_product_without_a_place_lies_where_its_producer_does(app: Flask) -> None:
    with unit_of_work() as session:
        placed = a_dossier_product(session)
        producer = session.get_one(Producer, placed.producer_id)
        product = a_product(session, "Bưởi", producer=producer)
        assert product.commune_id is None
        dossier = a_dossier(session, product)
        assert (dossier.commune_id, dossier.province_id) == (producer.commune_id, producer.province_id)


def test_without_a_commune_no_office_would_be_its_own(app: Flask) -> None:
    with unit_of_work() as session, pytest.raises(PlaceUnknown):
        a_dossier(session, a_product(session, producer=a_producer(session)))


def test_without_a_set_there_is_no_rubric(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        product.set_id = None
        session.flush()
        with pytest.raises(NoRubric):
            a_dossier(session, product)


def test_before_the_decision_of_2026_there_is_no_rubric_either(app: Flask) -> None:
    with unit_of_work() as session, pytest.raises(NoRubric) as refusal:
        a_dossier(session, at=datetime(2026, 5, 21, 12, tzinfo=UTC))
    assert refusal.value.parameters == {"regulation": "1489/2025"}
    with unit_of_work() as session, pytest.raises(NoRubric):
        a_dossier(session, at=datetime(2017, 5, 21, 12, tzinfo=UTC))


def test_nobody_opens_a_dossier_of_another_producer(app: Flask) -> None:
    with unit_of_work() as session:
        product, other = a_dossier_product(session), a_producer(session)
        with pytest.raises(NotFound):
            open_dossier(session, the_owner(session, product), other, product, FIRST, clock.now())


def test_a_product_has_one_dossier_under_way(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        first = a_dossier(session, product, DossierState.SUBMITTED)
        with pytest.raises(OpenDossierExists) as refusal:
            a_dossier(session, product)
        assert refusal.value.parameters == {"number": first.code}
        assert find_open_dossier(session, product.id) is first
        withdraw_dossier(session, the_owner(session, product), first, clock.now())
        assert find_open_dossier(session, product.id) is None
        second = a_dossier(session, product)
        assert [one.code for one in list_dossiers_of(first.producer_id)] == [second.code, first.code]


def test_the_database_itself_keeps_a_second_one_away(app: Flask) -> None:
    with unit_of_work() as session:
        dossier = a_dossier(session)
    again = {column.key: getattr(dossier, column.key) for column in sa.inspect(Dossier).column_attrs}
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(Dossier(**{**again, "id": None, "code": "HS-2026-99999"}))


def recognised(product: Product) -> Dossier:
    """Return a dossier by which a product was recognised, with evidence that runs out in a month."""
    with unit_of_work() as session:
        owner = the_owner(session, product)
        dossier = a_dossier(session, product, DossierState.RETURNED, actor=owner)
        producer = session.get_one(Producer, product.producer_id)
        short = an_evidence(
            session, producer, owner, file=evidence_file("Ngắn"), valid_until=date(2026, 12, 20)
        )
        lay_to(session, owner, dossier, "1.1", short, clock.now())
        save_choices(session, owner, dossier, {"1.1": 1}, {"1.1": "Cam trồng tại xã."}, clock.now())
        withdraw_dossier(session, owner, dossier, clock.now())
    return dossier


@pytest.mark.parametrize(("when", "pieces"), [(TODAY, 2), (date(2026, 12, 21), 1)])
def test_a_new_dossier_is_filled_from_the_last(app: Flask, when: date, pieces: int) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
    last = recognised(product)
    with unit_of_work() as session:
        product = session.get_one(Product, product.id)
        dossier = a_dossier(session, product, at=clock.start_of(when))
    assert dossier.previous_id == last.id
    before = find_sheet(db.session(), last.id, SheetLevel.SELF)
    after = find_sheet(db.session(), dossier.id, SheetLevel.SELF)
    assert before is not None
    assert after is not None
    assert after.signed_at is None
    assert {(one.criterion, one.option, one.words) for one in after.choices} == {
        (one.criterion, one.option, one.words) for one in before.choices
    }
    assert ("1.1", "Cam trồng tại xã.") in {(one.criterion, one.words) for one in after.choices}
    report = db.session.get_one(SelfReport, dossier.id)
    assert (report.representative, report.workers) == (REPORT.representative, REPORT.workers)
    assert (report.changes, report.revenue, report.profit) == ("", None, None)
    assert len({use.evidence_id for use in list_uses(dossier.id)}) == pieces


def test_choices_are_left_behind_when_the_product_is_of_another_set(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
    recognised(product)
    with unit_of_work() as session:
        product = session.get_one(Product, product.id)
        product.set_id = a_dossier_product(session, set_number=26).set_id
        session.flush()
        dossier = a_dossier(session, product)
    assert find_sheet(db.session(), dossier.id, SheetLevel.SELF) is None
    codes = {leaf.code for leaf in rubric_of(dossier).leaves()}
    assert {use.criterion for use in list_uses(dossier.id)} <= codes


def test_where_the_last_has_no_report_the_new_one_begins_with_the_profile(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
    last = recognised(product)
    with unit_of_work() as session:
        session.execute(sa.delete(SelfReport).where(SelfReport.dossier_id == last.id))
        session.get_one(Producer, product.producer_id).phone = "0912000111"
        dossier = a_dossier(session, session.get_one(Product, product.id))
    report = db.session.get_one(SelfReport, dossier.id)
    assert (report.phone, report.representative, report.workers) == ("0912000111", "", None)


def test_a_draft_taken_back_fills_nothing(app: Flask) -> None:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        owner = the_owner(session, product)
        first = a_dossier(session, product, actor=owner)
        save_choices(session, owner, first, {"1.1": 1}, {}, clock.now())
        withdraw_dossier(session, owner, first, clock.now())
        assert a_dossier(session, product).previous_id is None
