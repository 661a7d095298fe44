"""Revocations: six reasons, two people, the authority of the stars, and what goes from every page."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.errors import NotPermitted, ReauthenticationNeeded
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.actions import revoke_certificate
from marketplace.certification.decisions.errors import NumberTaken
from marketplace.certification.errors import (
    AuthorCannotConfirm,
    InvalidDecisionNumber,
    IssuedInFuture,
    MemberCannotAward,
    OtherDayOnRecord,
    RevokedBeforeIssue,
)
from marketplace.certification.models import Certificate, CertificateState, Decision, RevocationReason
from marketplace.certification.oversight.errors import (
    DecidedBeforeConclusion,
    InvalidRevocation,
    NotAlive,
    NotTheirCertificate,
    RevocationClosed,
    RevocationOpen,
)
from marketplace.certification.oversight.grounds import Grounds, decide_by
from marketplace.certification.oversight.models import Revocation, RevocationState
from marketplace.certification.oversight.revocations import (
    decide_revocation,
    draft_revocation,
    withdraw_revocation,
)
from marketplace.certification.validity import state_on
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.register import current_version
from tests.factories import accounts
from tests.factories.certification import a_certificate, a_decision
from tests.factories.decisions import officer_of
from tests.factories.deeds import deeds
from tests.factories.dossiers import a_dossier_product
from tests.factories.places import make_province

TODAY = date(2026, 11, 21)
CONCLUDED = date(2026, 11, 10)
NUMBER = "3100/QĐ-UBND"
WORDS = "Kết luận 12/KL-SNNMT: cơ sở đã thôi sản xuất từ tháng 8."


@dataclass
class Case:
    """A certificate of a province with two officers and one of elsewhere."""

    certificate: int
    product: int
    producer: int
    province: int
    author: Actor
    second: Actor
    stranger: Actor


@pytest.fixture
def case(app: Flask) -> Case:
    return a_case(4)


def elsewhere(session: Session) -> int:
    found = session.scalar(sa.select(AdminUnit.id).where(AdminUnit.key == "province-tinh-quang-tri"))
    return found or make_province(session, "Quảng Trị").id


def a_case(stars: int | None) -> Case:
    with unit_of_work() as session:
        product = a_dossier_product(session)
        assert product.province_id is not None
        assert product.producer_id is not None
        return Case(
            certificate=a_certificate(session, product, stars).id,
            product=product.id,
            producer=product.producer_id,
            province=product.province_id,
            author=officer_of(session, product.province_id),
            second=officer_of(session, product.province_id),
            stranger=officer_of(session, elsewhere(session)),
        )


def draft(case: Case, actor: Actor | None = None, **changes: Any) -> int:
    facts = {
        "reason": RevocationReason.PRODUCTION_STOPPED,
        "words": WORDS,
        "concluded_on": CONCLUDED,
        **changes,
    }
    with unit_of_work() as session:
        grounds = Grounds(**facts)
        return draft_revocation(session, actor or case.author, case.certificate, grounds, clock.now()).id


def decide(case: Case, revocation: int, actor: Actor | None = None, **changes: Any) -> None:
    facts = {"number": NUMBER, "decided_on": TODAY, **changes}
    with unit_of_work() as session:
        decide_revocation(session, actor or case.second, revocation, at=clock.now(), **facts)


def certificate(case: Case) -> Certificate:
    db.session.rollback()
    return db.session.get_one(Certificate, case.certificate, populate_existing=True)


@pytest.mark.parametrize("reason", RevocationReason)
def test_a_draft_changes_nothing_and_a_decision_everything(reason: RevocationReason, case: Case) -> None:
    db.session.rollback()
    before = current_version()
    number = draft(case, reason=reason)
    assert certificate(case).revoked_on is None
    assert current_version() == before
    decide(case, number)
    revoked = certificate(case)
    assert (revoked.revoked_on, revoked.revocation_reason) == (TODAY, reason)
    assert state_on(revoked, TODAY) is CertificateState.REVOKED
    assert current_version() == before + 1
    product = db.session.get_one(Product, case.product)
    assert product.live_stars(TODAY) is None
    kept = db.session.get_one(Revocation, number)
    assert (kept.state, kept.decided_by) == (RevocationState.DECIDED, case.second.person_id)
    assert db.session.get_one(Decision, kept.decision_id).number == NUMBER
    assert [len(deeds(f"revocation:{verb}")) for verb in ("draft", "decide", "withdraw")] == [1, 1, 0]


def test_stars_were_shown_until_the_day_before(case: Case) -> None:
    decide(case, draft(case), decided_on=CONCLUDED + timedelta(days=3))
    product = db.session.get_one(Product, case.product)
    assert product.live_stars(CONCLUDED + timedelta(days=2)) == 4
    assert product.live_stars(CONCLUDED + timedelta(days=3)) is None


@pytest.mark.parametrize(
    ("stars", "number", "allowed"),
    [
        (3, NUMBER, True),
        (4, NUMBER, True),
        (5, NUMBER, False),
        (3, "4100/QĐ-BNNMT", False),
        (4, "4100/QĐ-BNNMT", False),
        (5, "4100/QĐ-BNNMT", True),
        (None, NUMBER, True),
    ],
)
def test_who_recognises_such_stars_takes_them(
    stars: int | None, number: str, allowed: bool, app: Flask
) -> None:
    """R10: the province for 3 and 4 stars, the minister for 5."""
    case = a_case(stars)
    drafted = draft(case)
    if allowed:
        decide(case, drafted, number=number)
        assert certificate(case).revoked_on == TODAY
    else:
        with pytest.raises(NotTheirCertificate):
            decide(case, drafted, number=number)
        assert certificate(case).revoked_on is None


def test_it_is_due_within_fifteen_days_and_counts_when_late(case: Case) -> None:
    number = draft(case, concluded_on=date(2026, 10, 1))
    assert decide_by(db.session.get_one(Revocation, number)) == date(2026, 10, 16)
    decide(case, number)
    assert certificate(case).revoked_on == TODAY


def test_two_people_of_the_province_are_needed(case: Case) -> None:
    number = draft(case)
    with pytest.raises(AuthorCannotConfirm):
        decide(case, number, case.author)
    with pytest.raises(NotPermitted):
        decide(case, number, case.stranger)
    with pytest.raises(NotPermitted):
        draft(case, case.stranger)
    with pytest.raises(NotPermitted), unit_of_work() as session:
        withdraw_revocation(session, case.stranger, number, clock.now())
    with pytest.raises(NotPermitted):
        decide(case, number + 1)
    office = Scope(ScopeKind.ADMIN_UNIT, case.province)
    weak = accounts.an_actor(case.second.person_id, (office, Role.PROVINCE_OFFICER), strong=False)
    with pytest.raises(ReauthenticationNeeded):
        decide(case, number, weak)
    assert certificate(case).revoked_on is None


def test_the_database_asks_for_two_people_again(case: Case) -> None:
    number = draft(case)
    with unit_of_work() as session:
        decision = a_decision(session).id
    with pytest.raises(IntegrityError, match="two_people"), unit_of_work() as session:
        session.execute(
            sa.update(Revocation)
            .where(Revocation.id == number)
            .values(
                state=RevocationState.DECIDED,
                decided_by=case.author.person_id,
                decision_id=decision,
                closed_at=clock.now(),
            )
        )


def test_a_member_of_the_producer_neither_drafts_decides_nor_withdraws(case: Case) -> None:
    number = draft(case)
    with unit_of_work() as session:
        for actor in (case.author, case.second):
            person = session.get_one(Person, actor.person_id)
            accounts.a_member(session, Scope(ScopeKind.PRODUCER, case.producer), Role.STAFF, person)
    with pytest.raises(MemberCannotAward):
        decide(case, number)
    with pytest.raises(MemberCannotAward), unit_of_work() as session:
        withdraw_revocation(session, case.author, number, clock.now())
    with unit_of_work() as session:
        withdraw_revocation(session, officer_of(session, case.province), number, clock.now())
    with pytest.raises(MemberCannotAward):
        draft(case)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"words": "ngắn"}, InvalidRevocation),
        ({"words": "x" * 2001}, InvalidRevocation),
        ({"concluded_on": TODAY + timedelta(days=1)}, IssuedInFuture),
        ({"concluded_on": date(2025, 8, 4)}, RevokedBeforeIssue),
    ],
)
def test_what_grounds_need(changes: dict[str, Any], refusal: type[Exception], case: Case) -> None:
    with pytest.raises(refusal):
        draft(case, **changes)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"number": "3100"}, InvalidDecisionNumber),
        ({"decided_on": TODAY + timedelta(days=1)}, IssuedInFuture),
        ({"decided_on": CONCLUDED - timedelta(days=1)}, DecidedBeforeConclusion),
    ],
)
def test_what_a_decision_needs(changes: dict[str, Any], refusal: type[Exception], case: Case) -> None:
    with pytest.raises(refusal):
        decide(case, draft(case), **changes)


def test_the_number_is_not_that_of_an_award(case: Case) -> None:
    number = draft(case)
    with unit_of_work() as session:
        product = a_dossier_product(session)
        a_certificate(session, product, 3, decision=a_decision(session, NUMBER, decided_on=TODAY))
        a_decision(session, "3101/QĐ-UBND", decided_on=date(2026, 2, 1))
    with pytest.raises(NumberTaken):
        decide(case, number)
    with pytest.raises(OtherDayOnRecord):
        decide(case, number, number="3101/QĐ-UBND")


def test_one_decision_may_revoke_several(case: Case) -> None:
    other = a_case(3)
    decide(case, draft(case))
    decide(other, draft(other))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Decision)) == 1


def test_only_what_counts_today_is_revoked(case: Case) -> None:
    number = draft(case)
    with unit_of_work() as session:
        product = session.get_one(Product, case.product)
        a_certificate(session, product, 4, issued_on=date(2026, 11, 15))
    with pytest.raises(NotAlive):
        decide(case, number)
    with unit_of_work() as session:
        withdraw_revocation(session, case.second, number, clock.now())
    with pytest.raises(NotAlive):
        draft(case)
    gone = a_case(3)
    with unit_of_work() as session:
        found = session.get_one(Certificate, gone.certificate)
        revoke_certificate(session, found, RevocationReason.OTHER, TODAY)
    with pytest.raises(NotAlive):
        draft(gone)


def test_a_certificate_has_one_draft_and_a_closed_one_stays_closed(case: Case) -> None:
    number = draft(case)
    with pytest.raises(RevocationOpen) as refused:
        draft(case, case.second)
    assert refused.value.parameters["revocation"] == number
    with unit_of_work() as session:
        withdraw_revocation(session, case.author, number, clock.now())
    with pytest.raises(RevocationClosed):
        decide(case, number)
    again = draft(case)
    decide(case, again)
    with pytest.raises(RevocationClosed), unit_of_work() as session:
        withdraw_revocation(session, case.author, again, clock.now())


def test_what_lies_nowhere_is_not_theirs(case: Case) -> None:
    with unit_of_work() as session:
        session.get_one(Product, case.product).province_id = None
    with pytest.raises(NotPermitted):
        draft(case)
    with pytest.raises(NotPermitted), unit_of_work() as session:
        grounds = Grounds(RevocationReason.OTHER, WORDS, CONCLUDED)
        draft_revocation(session, case.author, case.certificate + 999, grounds, clock.now())
