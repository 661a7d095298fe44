"""Dossiers in any state, brought there as people bring them, and score sheets of so many stars, for tests."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import count

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.dossiers.actions import open_dossier, submit_dossier, withdraw_dossier
from marketplace.certification.dossiers.editing import ReportFacts, save_choices, save_report
from marketplace.certification.dossiers.evidence import EvidenceFacts, File, add_evidence
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceKind
from marketplace.certification.dossiers.flow import move
from marketplace.certification.dossiers.kinds import kinds_open
from marketplace.certification.dossiers.laying import lay_to
from marketplace.certification.dossiers.ministry_deeds import record_ministry_answer, send_to_ministry
from marketplace.certification.dossiers.models import (
    Dossier,
    DossierKind,
    DossierState,
    EvaluationRound,
    Topic,
)
from marketplace.certification.dossiers.office_deeds import (
    TOURISM,
    Advice,
    accept_dossier,
    ask_completion,
    forward_dossier,
    record_finding,
    report_advice,
    return_dossier,
)
from marketplace.certification.dossiers.queries import whole
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import find_sheet, read_sheet, rubric_of
from marketplace.certification.dossiers.standing import needing_evidence
from marketplace.certification.models import Authority
from marketplace.certification.rubrics.rubric import Criterion, Rubric
from marketplace.certification.rubrics.sheet import fill_sheet
from marketplace.certification.rubrics.stars import BANDS, judge
from marketplace.media.documents import examine
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from tests.factories.accounts import a_member, an_actor, an_owner
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.lots import a_pdf
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer

_S = DossierState
PATHS: dict[DossierState, tuple[DossierState, ...]] = {
    _S.DRAFT: (),
    _S.WITHDRAWN: (_S.SUBMITTED,),
    _S.SUBMITTED: (),
    _S.RETURNED: (_S.SUBMITTED,),
    _S.FORWARDED: (_S.SUBMITTED,),
    _S.NEEDS_COMPLETION: (_S.SUBMITTED, _S.FORWARDED),
    _S.ACCEPTED: (_S.SUBMITTED, _S.FORWARDED),
    _S.ADVISED: (_S.SUBMITTED, _S.FORWARDED, _S.ACCEPTED),
    _S.IN_COUNCIL: (_S.SUBMITTED, _S.FORWARDED, _S.ACCEPTED, _S.ADVISED),
}
"""Through which states the factory leads a dossier to one; the later ones go on from IN_COUNCIL."""
_IN_COUNCIL = (*PATHS[_S.IN_COUNCIL], _S.IN_COUNCIL)
PATHS |= {
    _S.EVALUATED: _IN_COUNCIL,
    _S.PROPOSED: _IN_COUNCIL,
    _S.AT_MINISTRY: (*_IN_COUNCIL, _S.PROPOSED),
    _S.SENT_BACK: (*_IN_COUNCIL, _S.PROPOSED, _S.AT_MINISTRY),
    _S.RECOGNISED: (*_IN_COUNCIL, _S.EVALUATED),
    _S.NOT_RECOGNISED: (*_IN_COUNCIL, _S.EVALUATED),
}
STARS_OF = {_S.PROPOSED: 5, _S.AT_MINISTRY: 5, _S.SENT_BACK: 5, _S.NOT_RECOGNISED: 2}
REPORT = ReportFacts(
    representative="Nguyễn Thị Mận",
    title="Giám đốc",
    female=True,
    ethnicity="Kinh",
    phone="0912000000",
    licence="2801234567, cấp ngày 12/3/2019",
    workers=18,
    local_workers=16,
    materials="Cam trồng tại xã, 12 hộ liên kết.",
    technology="Phân loại, rửa, đóng túi tại xưởng.",
    quality="Tự công bố số 01/2026; kiểm nghiệm mỗi năm một lần.",
    market="Bán tại tỉnh và trên mạng.",
    plan="Mở rộng vùng trồng thêm 5 ha.",
    changes="Thêm mã truy xuất trên nhãn.",
    revenue=1_200_000_000,
    profit=150_000_000,
)
_numbers = count(1)


def a_dossier_product(
    session: Session, name: str | None = None, *, set_number: int = 1, stars: int | None = None
) -> Product:
    """Register a product of a new producer in a commune, with a certificate that runs where stars are given.

    The certificate is in its renewal window on the day the tests stand at.
    """
    number = next(_numbers)
    province = session.scalar(sa.select(AdminUnit).where(AdminUnit.key == "province-tinh-ha-tinh"))
    commune = make_commune(session, f"Xã {number}", province or make_province(session))
    where = {"commune_id": commune.id, "province_id": commune.parent_id}
    producer = a_producer(session, f"HTX Hồ sơ {number}", **where)
    product = a_product(
        session, name or f"Cam số {number}", producer=producer, set_number=set_number, location=where
    )
    if stars is not None:
        a_certificate(session, product, stars, issued_on=date(2024, 4, 20))
    return product


def a_dossier(
    session: Session,
    product: Product | None = None,
    state: DossierState = DossierState.DRAFT,
    *,
    kind: DossierKind | None = None,
    stars: int | None = None,
    at: datetime | None = None,
    actor: Actor | None = None,
    officer: Actor | None = None,
) -> Dossier:
    """Bring a dossier into a state by the deeds that lead there, its own sheet worth so many stars.

    A draft is empty. Councils and decisions are not held: their results are those of the own sheet.
    Without actors an owner and an officer of the province are made up.
    """
    product = product or a_dossier_product(session)
    at = at or clock.now()
    actor = actor or the_owner(session, product)
    kind = kind or kinds_open(product, clock.local_date(at))[0]
    producer = session.get_one(Producer, product.producer_id)
    dossier = open_dossier(session, actor, producer, product, kind, at)
    if state is not DossierState.DRAFT:
        fill_dossier(session, actor, dossier, stars or STARS_OF.get(state, 4), at)
        officer = officer or the_officer(session, dossier)
        for step in (*PATHS[state], state):
            lead(session, dossier, step, actor, officer, at)
    return reload(session, dossier.id)


def the_owner(session: Session, product: Product) -> Actor:
    """Write an owner of the producer of a product, and return them acting."""
    assert product.producer_id is not None
    person = an_owner(session, product.producer_id)
    return an_actor(person, (Scope(ScopeKind.PRODUCER, product.producer_id), Role.OWNER))


def the_officer(session: Session, dossier: Dossier, role: Role = Role.PROVINCE_OFFICER) -> Actor:
    """Write an officer of the province of a dossier, or of its commune, and return them acting."""
    unit = dossier.province_id if role is Role.PROVINCE_OFFICER else dossier.commune_id
    scope = Scope(ScopeKind.ADMIN_UNIT, unit)
    person: Person = a_member(session, scope, role)
    return an_actor(person, (scope, role))


def fill_dossier(
    session: Session, actor: Actor, dossier: Dossier, stars: int = 4, at: datetime | None = None
) -> None:
    """Fill a draft with all that it needs to be handed in: a sheet of so many stars, facts, evidence."""
    at = at or clock.now()
    rubric = rubric_of(dossier)
    choices = choices_for(rubric, stars)
    save_choices(session, actor, dossier, dict(choices), {}, at)
    save_report(session, actor, dossier, REPORT, at)
    evidence = an_evidence(session, session.get_one(Producer, dossier.producer_id), actor, at)
    for leaf in needing_evidence(fill_sheet(rubric, choices)):
        lay_to(session, actor, dossier, leaf.code, evidence, at)


def an_evidence(
    session: Session,
    producer: Producer,
    actor: Actor,
    at: datetime | None = None,
    *,
    file: File | None = None,
    title: str = "Phiếu kiểm nghiệm",
    valid_until: date | None = None,
) -> EvidenceFile:
    """Put a PDF on the shelf of a producer, the same one unless another file is given."""
    facts = EvidenceFacts(kind=EvidenceKind.LAB_TEST, title=title, valid_until=valid_until)
    return add_evidence(session, actor, producer, facts, file or evidence_file(), at or clock.now())


@cache
def evidence_file(words: str = "Minh chứng") -> File:
    """Return a PDF that may be kept, made once for all tests."""
    return examine(a_pdf(words), "minh-chung.pdf")


def a_round(session: Session, province_id: int, **changes: object) -> EvaluationRound:
    """Write a round of a province that takes dossiers until 30 December 2026, once."""
    found = session.scalar(sa.select(EvaluationRound).where(EvaluationRound.unit_id == province_id))
    if found is not None and not changes:
        return found
    facts: dict[str, object] = {
        "year": 2026,
        "number": next(_numbers),
        "intake_until": date(2026, 12, 30),
        "decided_by": date(2027, 2, 28),
        **changes,
    }
    made = EvaluationRound(unit_id=province_id, **facts)
    session.add(made)
    session.flush()
    return made


def lead(
    session: Session, dossier: Dossier, to: DossierState, actor: Actor, officer: Actor, at: datetime
) -> None:
    """Do the deed that brings a dossier into the next state."""
    day = clock.local_date(at)
    if to is _S.SUBMITTED:
        submit_dossier(session, actor, dossier, at)
    elif to is _S.WITHDRAWN:
        withdraw_dossier(session, actor, dossier, at, "Chưa đủ mẫu.")
    elif to is _S.RETURNED:
        return_dossier(session, officer, dossier, "Thiếu giấy xác nhận nguyên liệu.", at)
    elif to is _S.FORWARDED:
        find_all(session, officer, dossier, at)
        samples = None if dossier.set_number == TOURISM else 5
        forward_dossier(session, officer, dossier, "12/TTr-UBND", day, samples, at)
    elif to is _S.ACCEPTED:
        accept_dossier(session, officer, dossier, a_round(session, dossier.province_id), at)
    elif to is _S.NEEDS_COMPLETION:
        ask_completion(session, officer, dossier, "Bổ sung phiếu kiểm nghiệm.", day + timedelta(days=10), at)
    elif to is _S.ADVISED:
        advice = Advice(
            group="Sở NN&MT, Sở Công Thương", words="Hồ sơ đủ, đề nghị đưa ra hội đồng.", reported_on=day
        )
        report_advice(session, officer, dossier, advice, at)
    else:
        _lead_on(session, dossier, to, officer, at)


def _lead_on(session: Session, dossier: Dossier, to: DossierState, officer: Actor, at: datetime) -> None:
    day = clock.local_date(at)
    if to is _S.AT_MINISTRY:
        send_to_ministry(session, officer, dossier, "45/TTr-UBND", day, at)
    elif to is _S.SENT_BACK:
        record_ministry_answer(session, officer, dossier, Decimal("85.5"), "Dưới 90 điểm.", day, at)
    elif to in {_S.EVALUATED, _S.PROPOSED}:
        rubric = rubric_of(dossier)
        sheet = read_sheet(find_sheet(session, dossier.id, SheetLevel.SELF), rubric)
        result = judge(sheet, Authority.PROVINCE)
        reached = {"points": result.points, "stars": result.stars, "outcome": result.outcome}
        move(session, officer, dossier, to, at, None, **reached)
    elif to is _S.RECOGNISED:
        product = session.get_one(Product, dossier.product_id)
        decision = a_decision(session, f"{next(_numbers)}/QĐ-UBND", decided_on=day)
        a_certificate(session, product, dossier.stars, decision=decision)
        move(session, officer, dossier, to, at, granted=dossier.stars)
    else:
        move(session, officer, dossier, to, at)


def find_all(session: Session, officer: Actor, dossier: Dossier, at: datetime) -> None:
    """Write that all four topics hold."""
    for topic in Topic:
        record_finding(session, officer, dossier, topic, True, "Đúng như hồ sơ.", at)


def choices_for(rubric: Rubric, stars: int) -> Mapping[str, int]:
    """Return choices that are worth exactly so many stars, by points and by star marks."""
    chosen = {leaf.code: _highest(leaf, stars) for leaf in rubric.leaves()}
    for leaf in rubric.leaves():
        if fill_sheet(rubric, chosen).points < BANDS.get(stars + 1, Decimal(101)):
            break
        chosen[leaf.code] = _lowest(leaf, stars)
    assert judge(fill_sheet(rubric, chosen), Authority.PROVINCE).stars == stars
    return chosen


def _highest(leaf: Criterion, stars: int) -> int:
    """Return the option below the first whose mark is for more stars."""
    beyond = (option.number - 1 for option in leaf.options if (option.gate or 0) > stars)
    most = next(beyond, len(leaf.options))
    return most or (0 if leaf.may_reach_nothing else 1)


def _lowest(leaf: Criterion, stars: int) -> int:
    """Return the last option whose mark is asked for the stars, or the least there is."""
    asked = [option.number for option in leaf.options if option.gate and option.gate <= stars]
    return asked[-1] if asked else (0 if leaf.may_reach_nothing else 1)


def reload(session: Session, dossier_id: int) -> Dossier:
    """Read a dossier anew, with all that belongs to it."""
    wanted = sa.select(Dossier).where(Dossier.id == dossier_id).options(*whole())
    return session.execute(wanted.execution_options(populate_existing=True)).unique().scalar_one()
