"""A decision from its paper: two people of one province, and what is public follows at once."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace import clock
from marketplace.accounts.errors import NotPermitted, ReauthenticationNeeded
from marketplace.accounts.journal import Deed
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.decisions.drafts import withdraw_paper
from marketplace.certification.decisions.paper_decisions import confirm_paper, draft_decision
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision, PaperState
from marketplace.certification.errors import (
    AlreadyAwarded,
    AuthorCannotConfirm,
    InvalidDecisionNumber,
    IssuedInFuture,
    MemberCannotAward,
    NoCertificateForStars,
    NothingAwarded,
    OtherDayOnRecord,
    PaperClosed,
    SeveralAuthorities,
)
from marketplace.certification.models import Certificate, Decision
from marketplace.database import db, unit_of_work
from marketplace.register import current_version
from tests.factories import accounts
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer

DAY = date(2026, 11, 20)
NUMBER = "2919/QĐ-UBND"


@dataclass
class Office:
    """A province with two officers, a producer of it with two products, and one abroad."""

    unit: int
    commune: int
    author: Actor
    second: Actor
    stranger: Actor
    commune_officer: Actor
    administrator: Actor
    producer: int
    first: int
    other: int
    abroad: int


@pytest.fixture
def office(app: Flask) -> Office:
    with unit_of_work() as session:
        province, elsewhere = make_province(session), make_province(session, "Quảng Trị")
        commune = make_commune(session, "Hương Đô", province)
        place: dict[str, Any] = {"province_id": province.id, "commune_id": commune.id}
        producer = a_producer(session, **place)
        first = a_product(session, producer=producer, location=place)
        other = a_product(session, "Bưởi Phúc Trạch", producer=producer, location=place)
        abroad = a_product(session, "Tiêu Cùa", location={"province_id": elsewhere.id})
        unit = Scope(ScopeKind.ADMIN_UNIT, province.id)

        def officer(scope: Scope, role: Role) -> Actor:
            person = accounts.a_member(session, scope, role)
            return accounts.an_actor(person, (scope, role))

        return Office(
            unit=province.id,
            commune=commune.id,
            author=officer(unit, Role.PROVINCE_OFFICER),
            second=officer(unit, Role.PROVINCE_OFFICER),
            stranger=officer(Scope(ScopeKind.ADMIN_UNIT, elsewhere.id), Role.PROVINCE_OFFICER),
            commune_officer=officer(Scope(ScopeKind.ADMIN_UNIT, commune.id), Role.COMMUNE_OFFICER),
            administrator=officer(SITE, Role.ADMINISTRATOR),
            producer=producer.id,
            first=first.id,
            other=other.id,
            abroad=abroad.id,
        )


def draft(office: Office, actor: Actor | None = None, **changes: Any) -> int:
    facts: dict[str, Any] = {
        "unit_id": office.unit,
        "number": NUMBER,
        "decided_on": DAY,
        "awards": {office.first: 4, office.other: 3},
        "at": clock.now(),
        **changes,
    }
    with unit_of_work() as session:
        return draft_decision(session, actor or office.author, **facts).id


def confirm(paper: int, actor: Actor) -> str:
    with unit_of_work() as session:
        return confirm_paper(session, actor, paper, clock.now()).code


def deeds() -> list[str]:
    return list(db.session.execute(sa.select(Deed.action).order_by(Deed.seq)).scalars())


def test_a_draft_says_nothing_in_public(office: Office) -> None:
    before = current_version()
    draft(office)
    db.session.rollback()
    assert current_version() == before
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 0
    assert deeds() == ["paper_decision:draft"]


def test_a_second_officer_confirms_and_what_is_public_follows(office: Office) -> None:
    paper = draft(office)
    db.session.rollback()
    before = current_version()
    code = confirm(paper, office.second)
    db.session.rollback()
    assert current_version() == before + 1
    decision = db.session.scalars(sa.select(Decision)).one()
    assert (decision.code, decision.number, decision.decided_on) == (code, NUMBER, DAY)
    assert decision.authority_name == "Uỷ ban nhân dân tỉnh Hà Tĩnh"
    product = db.session.get_one(Product, office.first)
    assert (product.live_stars(DAY), product.certified_until) == (4, date(2029, 11, 20))
    assert product.decision_checked
    certificates = db.session.scalars(sa.select(Certificate).order_by(Certificate.stars)).all()
    assert [(one.stars, one.decision_id, one.holder_name) for one in certificates] == [
        (3, decision.id, "HTX Cam Khe Mây"),
        (4, decision.id, "HTX Cam Khe Mây"),
    ]
    kept = db.session.get_one(PaperDecision, paper)
    assert (kept.state, kept.confirmed_by) == (PaperState.CONFIRMED, office.second.person_id)
    assert deeds()[1:] == ["paper_decision:confirm", "certificate:award", "certificate:award"]


def test_an_administrator_may_be_the_second_person(office: Office) -> None:
    assert confirm(draft(office), office.administrator)


def test_who_drafted_does_not_confirm(office: Office) -> None:
    paper = draft(office)
    with pytest.raises(AuthorCannotConfirm):
        confirm(paper, office.author)


def test_the_database_says_so_again(office: Office) -> None:
    paper = draft(office)
    decision = None
    with unit_of_work() as session:
        decision = a_decision(session).id
    with pytest.raises(IntegrityError, match="two_people"), unit_of_work() as session:
        session.execute(
            sa.update(PaperDecision)
            .where(PaperDecision.id == paper)
            .values(
                state=PaperState.CONFIRMED,
                confirmed_by=office.author.person_id,
                decision_id=decision,
                closed_at=clock.now(),
            )
        )


def test_a_member_of_the_producer_neither_drafts_nor_confirms(office: Office) -> None:
    paper = draft(office)
    with unit_of_work() as session:
        scope = Scope(ScopeKind.PRODUCER, office.producer)
        for actor in (office.administrator, office.author):
            person = session.get_one(Person, actor.person_id)
            accounts.a_member(session, scope, Role.OWNER, person)
    with pytest.raises(MemberCannotAward):
        confirm(paper, office.administrator)
    with pytest.raises(MemberCannotAward):
        draft(office)


def test_confirming_asks_who_it_is(office: Office) -> None:
    paper = draft(office)
    scope = Scope(ScopeKind.ADMIN_UNIT, office.unit)
    weak = accounts.an_actor(office.second.person_id, (scope, Role.PROVINCE_OFFICER), strong=False)
    with pytest.raises(ReauthenticationNeeded):
        confirm(paper, weak)


def test_what_lies_elsewhere_is_not_there(office: Office) -> None:
    for actor in (office.stranger, office.commune_officer):
        with pytest.raises(NotPermitted):
            draft(office, actor)
    with pytest.raises(NotPermitted):
        draft(office, office.commune_officer, unit_id=office.commune)
    with pytest.raises(NotPermitted):
        draft(office, office.administrator, unit_id=office.commune)
    with pytest.raises(NotPermitted):
        draft(office, awards={office.abroad: 3})
    paper = draft(office)
    with pytest.raises(NotPermitted):
        confirm(paper, office.stranger)
    with pytest.raises(NotPermitted):
        confirm(paper + 1, office.second)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"number": "số 2919"}, InvalidDecisionNumber),
        ({"number": "2919/QĐ-"}, InvalidDecisionNumber),
        ({"decided_on": date(2026, 11, 22)}, IssuedInFuture),
        ({"awards": {}}, NothingAwarded),
    ],
)
def test_what_a_draft_needs(changes: dict[str, Any], refusal: type[Exception], office: Office) -> None:
    with pytest.raises(refusal):
        draft(office, **changes)


def test_a_number_is_read_in_the_spellings_of_papers(office: Office) -> None:
    paper = draft(office, number=" 2919 / QĐ-UBND ")
    assert db.session.get_one(PaperDecision, paper).number == NUMBER


@pytest.mark.parametrize("stars", [1, 2, 6])
def test_stars_without_a_certificate_are_refused(stars: int, office: Office) -> None:
    with pytest.raises(NoCertificateForStars):
        draft(office, awards={office.first: stars})


def test_one_decision_comes_from_one_authority(office: Office) -> None:
    with pytest.raises(SeveralAuthorities):
        draft(office, awards={office.first: 5, office.other: 4})
    with pytest.raises(SeveralAuthorities):
        draft(office, number="4000/QĐ-BNNMT", awards={office.first: 4})
    assert draft(office, number="4000/QĐ-BNNMT", awards={office.first: 5})


def test_nothing_is_awarded_twice_by_one_decision(office: Office) -> None:
    first, again = draft(office), draft(office)
    confirm(first, office.second)
    with pytest.raises(AlreadyAwarded) as refused:
        confirm(again, office.second)
    assert refused.value.parameters["name"] == "Cam Khe Mây"
    with pytest.raises(AlreadyAwarded):
        draft(office)


def test_a_number_that_is_on_record_from_another_day_is_refused(office: Office) -> None:
    with unit_of_work() as session:
        a_decision(session, NUMBER, decided_on=date(2026, 3, 1))
    with pytest.raises(OtherDayOnRecord):
        confirm(draft(office), office.second)


def test_a_closed_draft_stays_closed(office: Office) -> None:
    withdrawn, confirmed = draft(office), draft(office)
    confirm(confirmed, office.second)
    with unit_of_work() as session:
        withdraw_paper(session, office.second, withdrawn, clock.now())
    for paper in (withdrawn, confirmed):
        with pytest.raises(PaperClosed):
            confirm(paper, office.second)
        with pytest.raises(PaperClosed), unit_of_work() as session:
            withdraw_paper(session, office.author, paper, clock.now())
    with pytest.raises(NotPermitted), unit_of_work() as session:
        withdraw_paper(session, office.stranger, withdrawn, clock.now())


def test_a_drafted_product_comes_on_view_and_a_suspended_one_does_not(office: Office) -> None:
    with unit_of_work() as session:
        session.get_one(Product, office.first).publication = Publication.DRAFT
        suspend_product(session, session.get_one(Product, office.other))
    confirm(draft(office), office.second)
    db.session.rollback()
    assert db.session.get_one(Product, office.first).publication is Publication.PUBLISHED
    assert db.session.get_one(Product, office.other).publication is Publication.SUSPENDED


def test_an_older_paper_does_not_replace_a_newer_certificate(office: Office) -> None:
    with unit_of_work() as session:
        a_certificate(session, session.get_one(Product, office.first), 4, issued_on=date(2026, 11, 1))
    confirm(draft(office, decided_on=date(2026, 7, 1), awards={office.first: 3}), office.second)
    db.session.rollback()
    assert db.session.get_one(Product, office.first).granted_stars == 4


def test_awards_name_a_product_once(office: Office) -> None:
    paper = draft(office)
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(PaperAward(paper_decision_id=paper, product_id=office.first, stars=3))
