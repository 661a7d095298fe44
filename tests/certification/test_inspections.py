"""Inspections: who records them, what they need, what is mended, and when one is closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.errors import ConflictOfDuty, NotPermitted
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.models import RevocationReason
from marketplace.certification.oversight.errors import (
    FindingMended,
    FindingsOpen,
    ImpossibleDay,
    InspectionClosed,
    InspectionRepeated,
    InvalidInspection,
    TooManyFindings,
)
from marketplace.certification.oversight.grounds import Grounds
from marketplace.certification.oversight.inspection_facts import MOST_FINDINGS, FindingFacts
from marketplace.certification.oversight.inspections import (
    add_finding,
    close_inspection,
    mend_finding,
    record_inspection,
)
from marketplace.certification.oversight.models import FindingTopic, Inspection, InspectionKind, Revocation
from marketplace.certification.oversight.revocations import (
    decide_revocation,
    draft_revocation,
    withdraw_revocation,
)
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from tests.factories.accounts import a_member
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.deeds import deeds
from tests.factories.oversight import (
    ANSWER_BY,
    INSPECTED,
    LABEL,
    MARK,
    an_inspection,
    an_officer,
    inspection_facts,
)
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)
MENDED = "In lại nhãn, đã xem tại kho ngày 20."


@dataclass
class Case:
    """A producer with two products, and officers of its province, its commune and elsewhere."""

    producer: int
    product: int
    certificate: int
    other: int
    province: Actor
    commune: Actor
    neighbour: Actor
    stranger: Actor


@pytest.fixture
def case(app: Flask) -> Case:
    with unit_of_work() as session:
        province, elsewhere = make_province(session), make_province(session, "Quảng Trị")
        commune = make_commune(session, "Hương Đô", province)
        neighbour = make_commune(session, "Phúc Trạch", province)
        place: dict[str, Any] = {"province_id": province.id, "commune_id": commune.id}
        producer = a_producer(session, **place)
        product = a_product(session, "Cam Khe Mây", producer=producer, location=place)
        return Case(
            producer=producer.id,
            product=product.id,
            certificate=a_certificate(session, product, 4).id,
            other=a_product(session, "Mật ong rừng", producer=producer, location=place).id,
            province=an_officer(session, province.id),
            commune=an_officer(session, commune.id, Role.COMMUNE_OFFICER),
            neighbour=an_officer(session, neighbour.id, Role.COMMUNE_OFFICER),
            stranger=an_officer(session, elsewhere.id),
        )


def inspect(case: Case, actor: Actor | None = None, *findings: FindingFacts, **changes: Any) -> int:
    with unit_of_work() as session:
        producer = session.get_one(Producer, case.producer)
        return an_inspection(session, actor or case.province, producer, *findings, **changes).id


def kept(number: int) -> Inspection:
    db.session.rollback()
    loaded = sa.select(Inspection).options(sa.orm.selectinload(Inspection.findings))
    wanted = loaded.where(Inspection.id == number).execution_options(populate_existing=True)
    return db.session.execute(wanted).scalar_one()


def mend(case: Case, number: int, place: int = 0, actor: Actor | None = None, **changes: Any) -> None:
    facts = {"words": MENDED, "on": date(2026, 11, 20), **changes}
    finding = kept(number).findings[place].id
    with unit_of_work() as session:
        mend_finding(session, actor or case.province, number, finding, at=clock.now(), **facts)


def close(case: Case, number: int, actor: Actor | None = None) -> None:
    with unit_of_work() as session:
        close_inspection(session, actor or case.province, number, clock.now())


def draft(case: Case, number: int | None) -> int:
    with unit_of_work() as session:
        words = "Bảng hiệu in 5 sao, biên bản 08 ngày 18/11."
        grounds = Grounds(RevocationReason.MARK_MISUSED, words, INSPECTED, number)
        return draft_revocation(session, case.province, case.certificate, grounds, clock.now()).id


def decide(case: Case, revocation: int) -> None:
    with unit_of_work() as session:
        province = session.get_one(Producer, case.producer).province_id
        assert province is not None
        second = an_officer(session, province)
        decide_revocation(session, second, revocation, "3100/QĐ-UBND", TODAY, clock.now())


@pytest.mark.parametrize("kind", InspectionKind)
def test_what_was_found_is_kept_and_waits(kind: InspectionKind, case: Case) -> None:
    made = kept(inspect(case, None, LABEL, MARK, kind=kind))
    assert (made.kind, made.closed_on, made.answer_by) == (kind, None, ANSWER_BY)
    assert [(one.topic, one.words) for one in made.findings] == [
        (LABEL.topic, LABEL.words),
        (MARK.topic, MARK.words),
    ]
    [deed] = deeds("inspection:record")
    assert deed.org == f"producer:{case.producer}"


def test_one_that_found_nothing_is_closed_at_once(case: Case) -> None:
    made = kept(inspect(case, answer_by=ANSWER_BY))
    assert (made.closed_on, made.answer_by, made.findings) == (TODAY, None, [])


def test_the_unit_is_that_of_who_inspects(case: Case) -> None:
    by_province, by_commune = kept(inspect(case)), kept(inspect(case, case.commune))
    assert {by_province.unit_id} == case.province.scope_ids(ScopeKind.ADMIN_UNIT)
    by_commune = kept(by_commune.id)
    assert {by_commune.unit_id} == case.commune.scope_ids(ScopeKind.ADMIN_UNIT)


def test_officers_of_elsewhere_do_nothing(case: Case) -> None:
    number = inspect(case, None, LABEL)
    for actor in (case.stranger, case.neighbour):
        with pytest.raises(NotPermitted):
            inspect(case, actor, kind=InspectionKind.UNANNOUNCED)
        with pytest.raises(NotPermitted):
            mend(case, number, actor=actor)
        with pytest.raises(NotPermitted):
            close(case, number, actor)
        with pytest.raises(NotPermitted), unit_of_work() as session:
            add_finding(session, actor, number, MARK, ANSWER_BY, clock.now())
    with pytest.raises(NotPermitted):
        close(case, number + 999)
    assert kept(number).findings[0].mended_on is None


def test_a_commune_goes_on_with_its_own_and_the_province_with_all(case: Case) -> None:
    above, below = inspect(case, None, LABEL), inspect(case, case.commune, LABEL)
    with pytest.raises(NotPermitted):
        mend(case, above, actor=case.commune)
    mend(case, below, actor=case.commune)
    close(case, below, case.province)
    assert kept(below).closed_on == TODAY


def test_a_member_of_the_producer_inspects_nothing(case: Case) -> None:
    number = inspect(case, None, LABEL)
    with unit_of_work() as session:
        person = session.get_one(Person, case.province.person_id)
        a_member(session, Scope(ScopeKind.PRODUCER, case.producer), Role.STAFF, person)
    with pytest.raises(ConflictOfDuty):
        inspect(case, kind=InspectionKind.UNANNOUNCED)
    with pytest.raises(ConflictOfDuty):
        mend(case, number)
    with pytest.raises(ConflictOfDuty):
        close(case, number)


@pytest.mark.parametrize(
    ("changes", "refusal", "field"),
    [
        ({"inspected_on": TODAY + timedelta(days=1)}, ImpossibleDay, "inspected_on"),
        ({"inspected_on": date(2010, 1, 1)}, ImpossibleDay, "inspected_on"),
        ({"answer_by": None}, ImpossibleDay, "answer_by"),
        ({"answer_by": INSPECTED - timedelta(days=1)}, ImpossibleDay, "answer_by"),
        ({"answer_by": INSPECTED + timedelta(days=366)}, ImpossibleDay, "answer_by"),
        ({"inspectors": "x"}, InvalidInspection, "inspectors"),
        ({"inspectors": "x" * 301}, InvalidInspection, "inspectors"),
        ({"words": "ngắn"}, InvalidInspection, "words"),
        ({"words": "x" * 2001}, InvalidInspection, "words"),
    ],
)
def test_what_an_inspection_needs(
    changes: dict[str, Any], refusal: type[Exception], field: str, case: Case
) -> None:
    with pytest.raises(refusal) as refused:
        inspect(case, None, LABEL, **changes)
    assert getattr(refused.value, "parameters")["field"] == field  # noqa: B009 - of either class
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Inspection)) == 0


def test_findings_are_said_in_words_and_not_without_end(case: Case) -> None:
    for words in ("", "x", "x" * 1001):
        with pytest.raises(InvalidInspection) as refused:
            inspect(case, None, FindingFacts(FindingTopic.SAFETY, words))
        assert refused.value.parameters["field"] == "safety"
    many = [FindingFacts(FindingTopic.SAFETY, f"Chỗ thứ {place}") for place in range(MOST_FINDINGS + 1)]
    with pytest.raises(TooManyFindings):
        inspect(case, None, *many)
    number = inspect(case, None, *many[1:])
    with pytest.raises(TooManyFindings), unit_of_work() as session:
        add_finding(session, case.province, number, LABEL, ANSWER_BY, clock.now())


def test_a_product_is_one_of_the_producer(case: Case) -> None:
    with unit_of_work() as session:
        foreign = a_product(session, "Cu đơ").id
    with pytest.raises(NotFound), unit_of_work() as session:
        producer = session.get_one(Producer, case.producer)
        product = session.get_one(Product, foreign)
        record_inspection(session, case.province, producer, product, inspection_facts(), clock.now())


def test_the_same_again_leads_to_the_first(case: Case) -> None:
    number = inspect(case, None, LABEL)
    with pytest.raises(InspectionRepeated) as refused:
        inspect(case, None, MARK)
    assert refused.value.parameters["inspection"] == number
    with unit_of_work() as session:
        product = session.get_one(Product, case.product)
        producer = session.get_one(Producer, case.producer)
        an_inspection(session, case.province, producer, MARK, product=product)
    with pytest.raises(InspectionRepeated), unit_of_work() as session:
        product = session.get_one(Product, case.product)
        producer = session.get_one(Producer, case.producer)
        an_inspection(session, case.province, producer, MARK, product=product)
    inspect(case, case.commune, LABEL)
    inspect(case, None, LABEL, inspected_on=INSPECTED - timedelta(days=1))


def test_a_finding_is_mended_once_with_words_and_a_day(case: Case) -> None:
    number = inspect(case, None, LABEL, MARK)
    for changes, refusal in (
        ({"words": "ok"}, InvalidInspection),
        ({"words": "x" * 501}, InvalidInspection),
        ({"on": TODAY + timedelta(days=1)}, ImpossibleDay),
        ({"on": INSPECTED - timedelta(days=1)}, ImpossibleDay),
    ):
        with pytest.raises(refusal):
            mend(case, number, **changes)
    assert kept(number).findings[0].mended_on is None
    mend(case, number)
    first = kept(number).findings[0]
    assert (first.mended_on, first.mended_words) == (date(2026, 11, 20), MENDED)
    with pytest.raises(FindingMended):
        mend(case, number, words="Lần nữa, khác đi.")
    other = inspect(case, None, MARK, kind=InspectionKind.UNANNOUNCED)
    foreign = kept(other).findings[0].id
    with pytest.raises(NotFound), unit_of_work() as session:
        mend_finding(session, case.province, number, foreign, MENDED, TODAY, clock.now())


def test_it_closes_when_all_is_mended_and_then_stays_closed(case: Case) -> None:
    number = inspect(case, None, LABEL, MARK)
    mend(case, number)
    with pytest.raises(FindingsOpen) as refused:
        close(case, number)
    assert refused.value.parameters["left"] == 1
    mend(case, number, 1)
    close(case, number)
    with pytest.raises(InspectionClosed):
        close(case, number)
    assert [len(deeds(f"inspection:{verb}")) for verb in ("mend", "close")] == [2, 1]


def test_what_showed_later_opens_it_again(case: Case) -> None:
    number = inspect(case)
    later = ANSWER_BY + timedelta(days=30)
    with pytest.raises(ImpossibleDay), unit_of_work() as session:
        add_finding(session, case.province, number, MARK, TODAY - timedelta(days=1), clock.now())
    with unit_of_work() as session:
        sample = FindingFacts(FindingTopic.SAFETY, "Mẫu 3 vượt mức nấm men.")
        add_finding(session, case.province, number, sample, later, clock.now())
    again = kept(number)
    assert (again.closed_on, again.answer_by, len(again.findings)) == (None, later, 1)
    mend(case, number)


def test_a_closed_one_is_not_mended(case: Case) -> None:
    number = inspect(case, None, LABEL)
    decide(case, draft(case, number))
    close(case, number)
    with pytest.raises(InspectionClosed):
        mend(case, number)


def test_a_revocation_may_rest_on_it_and_once_decided_lets_it_close(case: Case) -> None:
    number = inspect(case, None, MARK)
    revocation = draft(case, number)
    db.session.rollback()
    assert db.session.get_one(Revocation, revocation).inspection_id == number
    with unit_of_work() as session:
        withdraw_revocation(session, case.province, revocation, clock.now())
    with pytest.raises(FindingsOpen):
        close(case, number)
    again = draft(case, number)
    with pytest.raises(FindingsOpen):
        close(case, number)
    decide(case, again)
    close(case, number)


def test_a_revocation_rests_on_an_inspection_of_its_own_product(case: Case) -> None:
    with unit_of_work() as session:
        producer, other = session.get_one(Producer, case.producer), session.get_one(Product, case.other)
        of_other = an_inspection(session, case.province, producer, MARK, product=other).id
        stranger = a_producer(
            session, "HTX khác", province_id=producer.province_id, commune_id=producer.commune_id
        )
        of_stranger = an_inspection(session, case.province, stranger, MARK).id
    for number in (of_other, of_stranger, of_stranger + 999):
        with pytest.raises(NotFound):
            draft(case, number)
