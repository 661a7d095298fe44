"""What members still have to do is told on the list of sessions, in one, and among an officer's tasks."""

import pytest
from flask import Flask

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.councils.conflicts import declare_conflict
from marketplace.certification.councils.models import Position
from marketplace.certification.dossiers.evidence_models import EvidenceFile, OwnPage
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.database import unit_of_work
from tests.factories import accounts
from tests.factories.councils import USUAL, Chamber, a_chamber, an_evidence
from tests.office.test_councils import LIST, at, case_at, entered


@pytest.fixture
def chamber(app: Flask) -> Chamber:
    """A council that scores three dossiers, with a secretary."""
    return a_chamber((*USUAL, Position.SECRETARY), dossiers=3)


def test_a_member_reads_how_many_sheets_are_left(app: Flask, chamber: Chamber) -> None:
    chamber.score(1)
    chamber.sheet(1, chamber.dossiers[1])
    with unit_of_work() as session:
        own = chamber.member_now(2), chamber.session, chamber.dossier, chamber.members[2]
        declare_conflict(session, *own, "Em ruột.", clock.now())
    for number, left in ((0, 3), (1, 2), (2, 2)):
        browser = entered(app, chamber, number)
        assert f"bạn còn {left} phiếu" in browser.open(LIST).words
        page = browser.open(at(chamber))
        assert f"bạn còn {left} phiếu" in page.words
        assert page.words.count("chờ phiếu của bạn") == left
    assert "bạn còn" not in entered(app, chamber, 5).open(LIST).words


def test_nothing_is_left_once_all_is_signed_or_the_session_has_not_begun(
    app: Flask, chamber: Chamber
) -> None:
    for dossier in chamber.dossiers:
        chamber.score(0, dossier=dossier)
    browser = entered(app, chamber, 0)
    assert "bạn còn" not in browser.open(LIST).words
    assert "bạn còn" not in browser.open(at(chamber)).words
    planned = a_chamber(opened=False)
    assert "bạn còn" not in entered(app, planned, 0).open(LIST).words


def test_an_officer_who_sits_in_a_council_has_its_sheets_among_their_tasks(
    app: Flask, chamber: Chamber
) -> None:
    with unit_of_work() as session:
        office = Scope(ScopeKind.ADMIN_UNIT, chamber.province)
        accounts.a_member(session, office, Role.PROVINCE_OFFICER, chamber.people[0])
    page = entered(app, chamber, 0).open("/van-phong")
    assert "bạn còn 3 phiếu" in page.words
    assert "3 Phiếu chấm của bạn" in page.words


def test_a_sheet_leads_to_no_draft_page_of_a_dossier_that_has_ended(app: Flask, chamber: Chamber) -> None:
    with unit_of_work() as session:
        piece = an_evidence(session, chamber)
        kept = session.get_one(EvidenceFile, piece)
        dossier = session.get_one(Dossier, chamber.dossier)
        kept.document_id = kept.digest = None
        kept.own_page, kept.product_id = OwnPage.TRACE, dossier.product_id
        session.flush()
        session.get_one(Product, dossier.product_id).publication = Publication.DRAFT
    link = f'a[href="/van-phong/ho-so/{chamber.dossier}/minh-chung/{piece}"]'
    sheet = case_at(chamber, "/phieu")
    assert entered(app, chamber, 0).open(sheet).soup.select(link)
    with unit_of_work() as session:
        session.get_one(Dossier, chamber.dossier).state = DossierState.WITHDRAWN
    page = entered(app, chamber, 0).open(sheet)
    assert not page.soup.select(link)
    assert "trang không còn mở" in page.words
