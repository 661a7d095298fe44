"""Extensions: only while a file that came in time is open, at most 180 days, ended by its answer."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.errors import NotPermitted, ReauthenticationNeeded
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.actions import end_extension
from marketplace.certification.decisions.confirming import confirm_results
from marketplace.certification.decisions.from_results import draft_from_session
from marketplace.certification.decisions.paper_models import PaperKind
from marketplace.certification.dossiers.actions import withdraw_dossier
from marketplace.certification.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.certification.errors import CannotExtend, MemberCannotAward
from marketplace.certification.models import Certificate, CertificateState
from marketplace.certification.oversight.errors import NoOpenReassessment
from marketplace.certification.oversight.extensions import extend_for_file, list_late, longest_until
from marketplace.certification.validity import state_on
from marketplace.database import db, unit_of_work
from tests.factories import accounts
from tests.factories.decisions import a_held_session, officer_of
from tests.factories.deeds import deeds
from tests.factories.dossiers import a_dossier, a_dossier_product, the_owner
from tests.factories.places import make_province

TODAY = date(2026, 11, 21)
ENDED = date(2027, 4, 20)
LONGEST = ENDED + timedelta(days=180)


@dataclass
class Late:
    """A certificate that ends on 20 April 2027, with its file open."""

    certificate: int
    product: int
    dossier: int
    producer: int
    province: int
    officer: Actor


@pytest.fixture
def late(app: Flask) -> Late:
    return a_late(DossierState.FORWARDED)


def a_late(state: DossierState, kind: DossierKind = DossierKind.REASSESS) -> Late:
    with unit_of_work() as session:
        product = a_dossier_product(session, stars=3)
        dossier = a_dossier(session, product, state, kind=kind)
        found = session.scalars(sa.select(Certificate).where(Certificate.product_id == product.id)).one()
        return Late(
            certificate=found.id,
            product=product.id,
            dossier=dossier.id,
            producer=dossier.producer_id,
            province=dossier.province_id,
            officer=officer_of(session, dossier.province_id),
        )


def extend(late: Late, until: date = LONGEST, actor: Actor | None = None) -> None:
    with unit_of_work() as session:
        extend_for_file(session, actor or late.officer, late.certificate, until, clock.now())


def certificate(late: Late) -> Certificate:
    db.session.rollback()
    return db.session.get_one(Certificate, late.certificate, populate_existing=True)


def test_stars_last_until_the_file_is_decided(late: Late) -> None:
    extend(late)
    assert certificate(late).extended_until == LONGEST
    assert state_on(certificate(late), ENDED + timedelta(days=1)) is CertificateState.EXTENDED
    assert state_on(certificate(late), LONGEST + timedelta(days=1)) is CertificateState.EXPIRED
    assert db.session.get_one(Product, late.product).live_stars(LONGEST) == 3
    assert len(deeds("certificate:extend")) == 1


def test_never_longer_than_180_days(late: Late) -> None:
    assert longest_until(certificate(late)) == LONGEST
    for until in (LONGEST + timedelta(days=1), ENDED):
        with pytest.raises(CannotExtend):
            extend(late, until)


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        (DossierState.DRAFT, DossierKind.REASSESS),
        (DossierState.WITHDRAWN, DossierKind.REASSESS),
        (DossierState.FORWARDED, DossierKind.UPGRADE),
    ],
)
def test_only_while_a_file_to_be_evaluated_again_is_open(
    state: DossierState, kind: DossierKind, app: Flask
) -> None:
    found = a_late(state, kind)
    with pytest.raises(NoOpenReassessment):
        extend(found)
    assert list_late(db.session(), sa.true(), ENDED) == []


def test_a_file_that_came_after_the_end_extends_nothing(late: Late) -> None:
    with unit_of_work() as session:
        session.get_one(Dossier, late.dossier).submitted_at = datetime(2027, 4, 21, 5, tzinfo=UTC)
    with pytest.raises(NoOpenReassessment):
        extend(late)
    assert list_late(db.session(), sa.true(), ENDED) == []


def test_nothing_is_extended_whose_end_nobody_knows(late: Late) -> None:
    with unit_of_work() as session:
        found = session.get_one(Certificate, late.certificate)
        found.issued_on = found.year = found.valid_until = None
    with pytest.raises(NoOpenReassessment):
        extend(late)
    assert longest_until(certificate(late)) is None
    assert list_late(db.session(), sa.true(), ENDED) == []


def test_the_late_ones_are_listed_when_it_is_time(late: Late) -> None:
    far, near = ENDED - timedelta(days=121), ENDED - timedelta(days=119)
    for day, number in ((far, 0), (near, 1), (LONGEST, 1), (LONGEST + timedelta(days=1), 0)):
        db.session.rollback()
        assert len(list_late(db.session(), sa.true(), day)) == number


def test_taking_the_file_back_ends_it(late: Late) -> None:
    extend(late)
    with unit_of_work() as session:
        dossier = session.get_one(Dossier, late.dossier)
        product = session.get_one(Product, late.product)
        withdraw_dossier(session, the_owner(session, product), dossier, clock.now(), "Thôi làm.")
    assert certificate(late).extended_until is None
    assert db.session.get_one(Product, late.product).certified_until == ENDED


def test_an_answer_without_stars_ends_it_on_its_day(app: Flask) -> None:
    found = a_late(DossierState.ADVISED)
    extend(found)
    with unit_of_work() as session:
        held = a_held_session(session, 2, dossiers=[session.get_one(Dossier, found.dossier)])
        kind, chosen = PaperKind.NOTICE, frozenset(held.dossiers)
        paper = draft_from_session(session, held.officer, held.session, kind, chosen, clock.now()).id
    after = datetime(2027, 5, 10, 5, tzinfo=UTC)
    with clock.stopped(after), unit_of_work() as session:
        confirming = officer_of(session, found.province)
        confirm_results(session, confirming, paper, "125/TB-UBND", date(2027, 5, 10), clock.now())
    assert certificate(found).extended_until == date(2027, 5, 10)
    assert db.session.get_one(Product, found.product).live_stars(date(2027, 5, 11)) is None


def test_nothing_extended_ends_nothing(late: Late) -> None:
    with unit_of_work() as session:
        assert end_extension(session, late.product, TODAY) is None


def test_who_may_extend(late: Late) -> None:
    office = Scope(ScopeKind.ADMIN_UNIT, late.province)
    with unit_of_work() as session:
        stranger = officer_of(session, make_province(session, "Quảng Trị").id)
        person = session.get_one(Person, late.officer.person_id)
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, late.producer), Role.STAFF, person)
    with pytest.raises(NotPermitted):
        extend(late, actor=stranger)
    with pytest.raises(MemberCannotAward):
        extend(late)
    weak = accounts.an_actor(stranger.person_id, (office, Role.PROVINCE_OFFICER), strong=False)
    with pytest.raises(ReauthenticationNeeded):
        extend(late, actor=weak)
    late.certificate += 999
    with pytest.raises(NotPermitted):
        extend(late)
