"""Evidence of dossiers: shown beside its criterion, its files handed out to whom they are to judge alone."""

from dataclasses import dataclass
from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask, g
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.councils.models import (
    Conflict,
    Council,
    CouncilMember,
    CouncilSession,
    Position,
    Seat,
    SessionDossier,
    SessionState,
)
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceUse, OwnPage
from marketplace.certification.dossiers.laying import lay_to
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.sheets import rubric_of
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.accounts import a_member
from tests.factories.dossier_desk import DossierDesk, a_dossier_desk, in_conflict, join_producer
from tests.factories.dossiers import an_evidence, evidence_file, the_owner
from tests.factories.media import encoded
from tests.signin.browsing import Browser, write

S = DossierState


@dataclass
class Laid:
    """A dossier with a PDF, a picture that has run out and a page of ours laid to its first criteria."""

    desk: DossierDesk
    pdf: int
    photo: int
    codes: list[str]


@pytest.fixture
def laid(app: Flask) -> Laid:
    """A dossier in the province's hands with evidence of each form."""
    desk = write(a_dossier_desk, S.ACCEPTED)
    found: Laid = write(_lay, desk)
    return found


def _lay(session: Session, desk: DossierDesk) -> Laid:
    dossier = session.get_one(Dossier, desk.dossier)
    owner = the_owner(session, session.get_one(Product, desk.product))
    producer = session.get_one(Producer, desk.producer)
    codes = [leaf.code for leaf in rubric_of(dossier).leaves()][:3]
    dossier.state, at = S.NEEDS_COMPLETION, clock.now()
    session.flush()
    pdf = session.scalars(sa.select(EvidenceFile)).one()
    photo = an_evidence(
        session, producer, owner, file=encoded(), title="Ảnh xưởng", valid_until=date(2026, 11, 20)
    )
    page = EvidenceFile(
        producer_id=producer.id,
        kind=pdf.kind,
        title="Gian hàng",
        own_page=OwnPage.STALL,
        product_id=desk.product,
        added_by=owner.person_id,
        added_at=at,
    )
    session.add(page)
    session.flush()
    for code, piece in zip(codes, (pdf, photo, page), strict=True):
        lay_to(session, owner, dossier, code, piece, at)
    dossier.state = S.ACCEPTED
    return Laid(desk, pdf.id, photo.id, codes)


def path_of(laid: Laid, evidence: int) -> str:
    return f"/van-phong/ho-so/{laid.desk.dossier}/minh-chung/{evidence}"


def fetch(browser: Browser, path: str) -> TestResponse:
    """Ask for a file, nothing left in the application context that tests share."""
    db.session.rollback()
    for name in list(g):
        g.pop(name)
    return browser.client.get(path)


def status(browser: Browser, path: str) -> int:
    return fetch(browser, path).status_code


def test_evidence_stands_beside_its_criterion(laid: Laid, browser: Browser) -> None:
    browser.enter_as(laid.desk.officer)
    page = browser.open(f"/van-phong/ho-so/{laid.desk.dossier}/tieu-chi")
    first, second, third = (page.one(f'[id="c{code}"]') for code in laid.codes)
    assert first.select_one(f'a[href="{path_of(laid, laid.pdf)}"]')
    assert "đã hết hạn" in second.get_text()
    assert "trang không còn mở" not in first.get_text()
    page_of_ours = path_of(laid, piece_of_ours())
    assert third.select_one(f'a[href="{page_of_ours}"]')
    sheet = browser.open(f"/van-phong/ho-so/{laid.desk.dossier}/cham")
    assert sheet.soup.select(f'[id="c{laid.codes[0]}"] a[href="{path_of(laid, laid.pdf)}"]')
    assert sheet.soup.select(f'[id="c{laid.codes[2]}"] a[href="{page_of_ours}"]')


def test_a_criterion_without_evidence_says_so(laid: Laid, browser: Browser) -> None:
    with unit_of_work() as session:
        session.execute(sa.delete(EvidenceUse))
    browser.enter_as(laid.desk.officer)
    page = browser.open(f"/van-phong/ho-so/{laid.desk.dossier}/tieu-chi")
    assert "Chưa có minh chứng nào." in page.words
    assert "tiêu chí thiếu minh chứng" in browser.open(f"/van-phong/ho-so/{laid.desk.dossier}").words


def test_a_page_that_is_gone_counts_no_more(laid: Laid, browser: Browser) -> None:
    with unit_of_work() as session:
        session.get_one(Product, laid.desk.product).publication = Publication.SUSPENDED
    browser.enter_as(laid.desk.officer)
    page = browser.open(f"/van-phong/ho-so/{laid.desk.dossier}/tieu-chi")
    assert "trang không còn mở" in page.one(f'[id="c{laid.codes[2]}"]').get_text()


@pytest.mark.parametrize("who", ["commune_officer", "officer", "administrator"])
def test_officers_in_reach_open_files_to_keep(who: str, laid: Laid, browser: Browser) -> None:
    browser.enter_as(getattr(laid.desk, who))
    answer = fetch(browser, path_of(laid, laid.pdf))
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    assert answer.data.startswith(b"%PDF-")
    assert answer.headers["Content-Disposition"] == "attachment; filename=minh-chung.pdf"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    answer = fetch(browser, path_of(laid, laid.photo))
    assert (answer.status_code, answer.content_type) == (200, "image/jpeg")
    assert answer.data.startswith(b"\xff\xd8")


def test_nobody_else_opens_them(laid: Laid, browser: Browser) -> None:
    for person in (laid.desk.stranger, laid.desk.owner):
        browser.enter_as(person)
        assert status(browser, path_of(laid, laid.pdf)) == 404
    write(join_producer, laid.desk.officer, laid.desk.producer)
    browser.enter_as(laid.desk.officer)
    assert status(browser, path_of(laid, laid.pdf)) == 404


def piece_of_ours() -> int:
    return db.session.scalars(sa.select(EvidenceFile.id).where(EvidenceFile.own_page.is_not(None))).one()


def test_a_page_of_ours_is_led_to(laid: Laid, browser: Browser) -> None:
    page = piece_of_ours()
    browser.enter_as(laid.desk.officer)
    answer = fetch(browser, path_of(laid, page))
    assert (answer.status_code, answer.location) == (303, "/san-pham/cam-khe-may")
    with unit_of_work() as session:
        session.get_one(EvidenceFile, page).own_page = OwnPage.TRACE
        token = session.get_one(Product, laid.desk.product).trace_token
    assert fetch(browser, path_of(laid, page)).location == f"/t/{token}"
    assert status(browser, path_of(laid, 999999)) == 404


def _draft(session: Session, laid: Laid) -> str:
    product = session.get_one(Product, laid.desk.product)
    product.publication, product.story = Publication.DRAFT, "Hái lúc sương chưa tan."
    return product.trace_token


def test_readers_of_a_first_dossier_see_its_pages_before_anybody_else(laid: Laid, browser: Browser) -> None:
    token, page = write(_draft, laid), piece_of_ours()
    assert status(browser, f"/t/{token}") == 404
    assert status(browser, "/san-pham/cam-khe-may") == 404
    person, _member, _meeting = write(_sit, laid)
    for reader in (laid.desk.officer, laid.desk.commune_officer, person):
        browser.enter_as(reader)
        shown = browser.open(path_of(laid, page))
        assert "Hái lúc sương chưa tan." in shown.words
        assert "trang chưa mở cho mọi người" in shown.words
        assert f"/t/{token}" in shown.words
        assert shown.soup.select(".spell-qr svg")
    assert db.session.get_one(Product, laid.desk.product).publication is Publication.DRAFT
    for stranger in (laid.desk.stranger, laid.desk.owner):
        browser.enter_as(stranger)
        assert status(browser, path_of(laid, page)) == 404
    browser.enter_as(person)
    write(in_conflict, person.id, laid.desk.dossier)
    browser.enter_as(person)
    assert status(browser, path_of(laid, page)) == 404


@pytest.mark.parametrize("end", [S.WITHDRAWN, S.NOT_RECOGNISED])
def test_what_is_written_after_the_end_of_a_dossier_is_the_producers_own(
    end: DossierState, laid: Laid, browser: Browser
) -> None:
    write(_draft, laid)
    page = piece_of_ours()
    browser.enter_as(laid.desk.officer)
    assert "nội dung hôm nay" in browser.open(path_of(laid, page)).words
    with unit_of_work() as session:
        session.get_one(Dossier, laid.desk.dossier).state = end
        session.get_one(Product, laid.desk.product).story = "Bí quyết viết sau."
    person, _member, _meeting = write(_sit, laid)
    for reader in (laid.desk.officer, laid.desk.commune_officer, laid.desk.administrator, person):
        browser.enter_as(reader)
        assert status(browser, path_of(laid, page)) == 404
        assert status(browser, path_of(laid, laid.pdf)) == 200, "what was handed in stays on record"
    browser.enter_as(laid.desk.officer)
    criteria = browser.open(f"/van-phong/ho-so/{laid.desk.dossier}/tieu-chi")
    assert not criteria.soup.select(f'a[href="{path_of(laid, page)}"]')
    assert "trang không còn mở" in criteria.one(f'[id="c{laid.codes[2]}"]').get_text()
    with unit_of_work() as session:
        session.get_one(Product, laid.desk.product).publication = Publication.PUBLISHED
    assert status(browser, path_of(laid, page)) == 303


def test_what_lies_on_the_shelf_alone_or_in_drafts_is_the_producers_own(laid: Laid, browser: Browser) -> None:
    with unit_of_work() as session:
        producer = session.get_one(Producer, laid.desk.producer)
        owner = the_owner(session, session.get_one(Product, laid.desk.product))
        shelved = an_evidence(session, producer, owner, file=evidence_file("Chưa dùng")).id
    browser.enter_as(laid.desk.officer)
    assert status(browser, path_of(laid, shelved)) == 404
    drafting = write(_of_draft)
    browser.enter_as(drafting.desk.officer)
    assert status(browser, path_of(drafting, drafting.pdf)) == 404


def _of_draft(session: Session) -> Laid:
    session.execute(sa.text("UPDATE admin_unit SET key = key || '-cu'"))
    desk = a_dossier_desk(session, S.DRAFT)
    owner = the_owner(session, session.get_one(Product, desk.product))
    dossier = session.get_one(Dossier, desk.dossier)
    pdf = an_evidence(session, session.get_one(Producer, desk.producer), owner)
    code = next(rubric_of(dossier).leaves()).code
    lay_to(session, owner, dossier, code, pdf, clock.now())
    return Laid(desk, pdf.id, 0, [code])


def _sit(session: Session, laid: Laid) -> tuple[Person, int, int]:
    """Seat somebody in a session that the dossier is before; returns person, seat and session."""
    at = clock.now()
    council = Council(
        unit_id=laid.desk.province,
        name="Hội đồng",
        decision_number="1/QĐ-UBND",
        decided_on=date(2026, 1, 1),
        spread_limit=20,
    )
    session.add(council)
    session.flush()
    person = a_member(session, Scope(ScopeKind.COUNCIL, council.id), Role.COUNCIL_MEMBER)
    member = CouncilMember(council_id=council.id, person_id=person.id, position=Position.MEMBER, agency="Sở")
    meeting = CouncilSession(
        council_id=council.id,
        year=2026,
        number=1,
        meets_at=at,
        place="Hội trường",
        state=SessionState.PLANNED,
    )
    session.add_all([member, meeting])
    session.flush()
    session.add(Seat(session_id=meeting.id, member_id=member.id))
    session.add(SessionDossier(session_id=meeting.id, dossier_id=laid.desk.dossier, position=1))
    return person, member.id, meeting.id


def test_members_of_the_council_open_what_is_before_them(laid: Laid, browser: Browser) -> None:
    person, member, _meeting = write(_sit, laid)
    browser.enter_as(person)
    assert status(browser, path_of(laid, laid.pdf)) == 200
    assert status(browser, f"/van-phong/ho-so/{laid.desk.dossier}") == 404
    with unit_of_work() as session:
        session.get_one(CouncilMember, member).left_on = date(2026, 11, 1)
    assert status(browser, path_of(laid, laid.pdf)) == 404


def test_a_conflict_closes_the_file(laid: Laid, browser: Browser) -> None:
    person, member, _meeting = write(_sit, laid)
    with unit_of_work() as session:
        session.add(
            Conflict(
                member_id=member,
                dossier_id=laid.desk.dossier,
                words="Anh em ruột",
                declared_by=person.id,
                declared_at=clock.now(),
            )
        )
    browser.enter_as(person)
    assert status(browser, path_of(laid, laid.pdf)) == 404


def test_a_conflict_in_a_former_seat_closes_the_file_to_seats_and_offices(
    laid: Laid, browser: Browser
) -> None:
    person, _member, _meeting = write(_sit, laid)
    for one in (person, laid.desk.officer):
        browser.enter_as(one)
        assert status(browser, path_of(laid, laid.pdf)) == 200
        write(in_conflict, one.id, laid.desk.dossier)
        browser.enter_as(one)
        assert status(browser, path_of(laid, laid.pdf)) == 404


def test_a_member_of_the_producer_has_it_not_through_the_council(laid: Laid, browser: Browser) -> None:
    person, _member, _meeting = write(_sit, laid)
    write(join_producer, person, laid.desk.producer)
    browser.enter_as(person)
    assert status(browser, path_of(laid, laid.pdf)) == 404


def test_a_seat_elsewhere_opens_nothing(laid: Laid, browser: Browser) -> None:
    person, member, meeting = write(_sit, laid)
    with unit_of_work() as session:
        session.delete(session.get_one(Seat, (meeting, member)))
    browser.enter_as(person)
    assert status(browser, path_of(laid, laid.pdf)) == 404
