"""Dossiers of the stage in the states in which different people have them, and a council that scores one."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.certification.councils.agenda import put_dossier
from marketplace.certification.councils.founding import Founding, found_council, scope_of, seat_member
from marketplace.certification.councils.models import Position
from marketplace.certification.councils.scoring import save_sheet
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
    SelfReport,
)
from marketplace.certification.dossiers.sheet_models import SheetChoice, SheetRow
from marketplace.certification.dossiers.sheets import Marks
from marketplace.media.documents import examine
from marketplace.producers.models import Producer
from tests.factories import accounts
from tests.factories.dossiers import a_dossier, a_round
from tests.factories.lots import a_pdf

if TYPE_CHECKING:
    from tests.drills.stage import Tenant

STATES = (DossierState.DRAFT, DossierState.SUBMITTED, DossierState.FORWARDED, DossierState.ADVISED)
"""Whose turn it is: the producer's, the commune's, the province's, the council's."""
LEAST = 1
"""Stars of the sheets: at so few no evidence is asked for, which would only take time."""


def write_dossiers(session: Session, tenant: "Tenant", producer: Producer) -> None:
    """Write a dossier in each state, evidence laid to the first, and have a council score the last."""
    owner, officer = _owner(tenant), _officer(tenant, producer)
    products = [session.get_one(Product, key[0]) for key in tenant.rows["product"][1:]]
    facts: dict[str, Any] = {"kind": DossierKind.UPGRADE, "stars": LEAST, "actor": owner, "officer": officer}
    dossiers = [
        a_dossier(session, product, state, **facts) for product, state in zip(products, STATES, strict=False)
    ]
    _lay_evidence(session, tenant, producer, dossiers[0], owner)
    _hold_session(session, tenant, dossiers[-1], officer)
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


def _hold_session(session: Session, tenant: "Tenant", dossier: Dossier, officer: Actor) -> None:
    """Found a council of one, plan a session, and have another one under way with a sheet begun."""
    at = clock.now()
    day = clock.local_date(at)
    told = Founding(name=f"Hội đồng {tenant.secret}", decision_number="88/QĐ-UBND", decided_on=day)
    council = found_council(session, officer, dossier.province_id, told, at)
    person = tenant.people["council member"]
    seat_member(session, officer, council.id, person, Position.CHAIR, f"Sở {tenant.secret}", at)
    plan = Planning(meets_at=at + timedelta(days=1), place=f"Phòng {tenant.secret}")
    under_way = plan_session(session, officer, council.id, plan, at)
    plan_session(session, officer, council.id, plan, at)
    put_dossier(session, officer, under_way.id, dossier.id, at)
    open_session(session, officer, under_way.id, at)
    member = accounts.an_actor(person, (scope_of(council.id), Role.COUNCIL_MEMBER))
    marks = Marks(choices={"1.1": 1}, words={"1.1": f"Điểm {tenant.secret}"})
    save_sheet(session, member, under_way.id, dossier.id, marks, at)
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
