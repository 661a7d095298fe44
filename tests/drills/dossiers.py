"""Dossiers of the stage in the states in which different people have them, and a council that scores two."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.councils.agenda import put_dossier
from marketplace.certification.councils.closing import close_dossier
from marketplace.certification.councils.founding import Founding, found_council, scope_of, seat_member
from marketplace.certification.councils.minutes import close_session, sign_minutes, write_minutes
from marketplace.certification.councils.models import Position
from marketplace.certification.councils.scoring import save_sheet, sign_sheet
from marketplace.certification.councils.sessions import Planning, open_session, plan_session
from marketplace.certification.dossiers.evidence import EvidenceFacts, add_evidence
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceKind
from marketplace.certification.dossiers.laying import lay_to
from marketplace.certification.dossiers.models import (
    AdvisoryReport,
    CommuneFinding,
    CommuneLetter,
    Dossier,
    DossierKind,
    DossierState,
    DossierStep,
    PublicHoliday,
    SelfReport,
)
from marketplace.certification.dossiers.sheet_models import SheetChoice, SheetRow
from marketplace.certification.dossiers.sheets import Marks, rubric_of
from marketplace.media.documents import examine
from marketplace.producers.models import Producer
from tests.factories import accounts
from tests.factories.dossiers import a_dossier, a_round, choices_for
from tests.factories.lots import a_pdf

if TYPE_CHECKING:
    from tests.drills.stage import Tenant

_S = DossierState
STATES = (_S.ADVISED, _S.ADVISED, _S.DRAFT, _S.SUBMITTED, _S.FORWARDED)
"""Whose turn it is: the council's, the producer's, the commune's, the province's."""
HOLIDAY = date(2026, 4, 30)
LEAST = 1
"""Stars of the sheets: at so few no evidence is asked for, which would only take time."""


def write_dossiers(session: Session, tenant: "Tenant", producer: Producer) -> None:
    """Write a dossier in each state, evidence laid to the draft, and have a council score the first two."""
    session.merge(PublicHoliday(day=HOLIDAY, name="Ngày Chiến thắng", source="Bộ luật Lao động"))
    owner, officer = _owner(tenant), _officer(tenant, producer)
    products = [session.get_one(Product, key[0]) for key in tenant.rows["product"][1:]]
    facts: dict[str, Any] = {"kind": DossierKind.UPGRADE, "stars": LEAST, "actor": owner, "officer": officer}
    dossiers = [
        a_dossier(session, product, state, **facts) for product, state in zip(products, STATES, strict=False)
    ]
    _lay_evidence(session, tenant, producer, dossiers[STATES.index(_S.DRAFT)], owner)
    _hold_sessions(session, tenant, dossiers[0], dossiers[1], officer)
    _say_whose(session, tenant, [dossier.id for dossier in dossiers])
    tenant.rows["evaluation_round"] = [(a_round(session, dossiers[0].province_id).id,)]


def _owner(tenant: "Tenant") -> Actor:
    scope = Scope(ScopeKind.PRODUCER, tenant.first("producer"))
    return accounts.an_actor(tenant.people["owner"], (scope, Role.OWNER))


def _officer(tenant: "Tenant", producer: Producer) -> Actor:
    scope = Scope(ScopeKind.ADMIN_UNIT, producer.province_id or 0)
    return accounts.an_actor(tenant.people["province officer"], (scope, Role.PROVINCE_OFFICER))


def _lay_evidence(
    session: Session, tenant: "Tenant", producer: Producer, dossier: Dossier, owner: Actor
) -> None:
    word = EvidenceFacts(kind=EvidenceKind.LAB_TEST, title=f"Phiếu {tenant.secret}", number="KN-1")
    file = examine(a_pdf(f"Phiếu {tenant.letter}"), f"{tenant.secret}.pdf")
    piece = add_evidence(session, owner, producer, word, file, clock.now())
    lay_to(session, owner, dossier, "1.1", piece, clock.now())


def _hold_sessions(
    session: Session, tenant: "Tenant", over: Dossier, under_way: Dossier, officer: Actor
) -> None:
    """Found a council of one and hold a session to its end; have another under way, and a third planned."""
    at, word = clock.now(), tenant.secret
    day = clock.local_date(at)
    told = Founding(name=f"Hội đồng {word}", decision_number="88/QĐ-UBND", decided_on=day)
    council = found_council(session, officer, over.province_id, told, at)
    person = tenant.people["council member"]
    seat_member(session, officer, council.id, person, Position.CHAIR, f"Sở {word}", at)
    member = accounts.an_actor(person, (scope_of(council.id), Role.COUNCIL_MEMBER))
    plan = Planning(meets_at=at - timedelta(hours=3), place=f"Phòng {word}")
    sessions = [plan_session(session, officer, council.id, plan, at).id for _ in range(3)]
    for number, dossier in zip(sessions, (over, under_way), strict=False):
        put_dossier(session, officer, number, dossier.id, at)
        open_session(session, officer, number, at)
        choices = dict(choices_for(rubric_of(dossier), LEAST))
        save_sheet(session, member, number, dossier.id, Marks(choices=choices, words={"1.1": word}), at)
    sign_sheet(session, member, sessions[0], over.id, at)
    close_dossier(session, member, sessions[0], over.id, "", at)
    write_minutes(session, officer, sessions[0], f"Biên bản {word}", at)
    sign_minutes(session, member, sessions[0], 1, at)
    close_session(session, officer, sessions[0], at)
    tenant.rows["council"] = [(council.id,)]


def _say_whose(session: Session, tenant: "Tenant", dossiers: list[int]) -> None:
    """Put the word of the tenant into every text of its dossiers."""
    word = tenant.secret
    sheets = sa.select(SheetRow.id).where(SheetRow.dossier_id.in_(dossiers))
    texts: list[tuple[Any, Any, dict[str, str]]] = [
        (SelfReport, SelfReport.dossier_id, {"representative": f"Người {word}", "materials": f"Cam {word}"}),
        (SelfReport, SelfReport.dossier_id, {"email": f"{word}@example.vn", "home": f"Thôn {word}"}),
        (DossierStep, DossierStep.dossier_id, {"words": f"Lý do {word}"}),
        (CommuneFinding, CommuneFinding.dossier_id, {"words": f"Thấy {word}"}),
        (CommuneLetter, CommuneLetter.dossier_id, {"number": f"12/{word}"}),
        (AdvisoryReport, AdvisoryReport.dossier_id, {"words": f"Tư vấn {word}", "group": f"Tổ {word}"}),
    ]
    for model, column, said in texts:
        session.execute(sa.update(model).where(column.in_(dossiers)).values(**said))
    session.execute(
        sa.update(SheetChoice).where(SheetChoice.sheet_id.in_(sheets)).values(words=f"Chấm {word}")
    )
    own = EvidenceFile.producer_id == tenant.first("producer")
    session.execute(sa.update(EvidenceFile).where(own).values(title=f"Phiếu {word}"))
    session.expire_all()
