"""A council that sits over a dossier, for tests."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.councils.agenda import put_dossier
from marketplace.certification.councils.founding import Founding, found_council, scope_of, seat_member
from marketplace.certification.councils.models import Position
from marketplace.certification.councils.scoring import save_sheet, sign_sheet
from marketplace.certification.councils.sessions import Planning, open_session, plan_session
from marketplace.certification.dossiers.evidence_models import EvidenceFile, EvidenceKind, EvidenceUse
from marketplace.certification.dossiers.models import Dossier, DossierKind, DossierState
from marketplace.certification.dossiers.sheets import Marks
from marketplace.certification.rubrics.shipped import EDITION, REGULATION, list_rubrics
from marketplace.database import unit_of_work
from marketplace.media.models import Document
from tests.factories import accounts
from tests.factories.catalogue import FRESH_FRUIT, a_product
from tests.factories.places import make_commune, make_province
from tests.factories.producers import a_producer

_numbers = count(1)
USUAL = (Position.CHAIR, Position.DEPUTY, Position.MEMBER, Position.MEMBER, Position.MEMBER)


@dataclass
class Chamber:
    """A province with an officer and a council: people and seats in the order of their positions."""

    province: int
    commune: int
    officer: Person
    owner: Person
    producer: int
    council: int
    session: int
    people: list[Person]
    members: list[int]
    dossiers: list[int] = field(default_factory=list)

    @property
    def dossier(self) -> int:
        """The first dossier before the session."""
        return self.dossiers[0]

    def officer_now(self) -> Actor:
        """The officer of the province, fresh from proving who they are."""
        return accounts.an_actor(
            self.officer, (Scope(ScopeKind.ADMIN_UNIT, self.province), Role.PROVINCE_OFFICER)
        )

    def member_now(self, number: int) -> Actor:
        """One of the people of the council, fresh from proving who they are."""
        return accounts.an_actor(self.people[number], (scope_of(self.council), Role.COUNCIL_MEMBER))

    def sheet(self, number: int, dossier: int | None = None, **changes: int) -> None:
        """Have a member score everything as high as can be, less what is changed, in a transaction."""
        with unit_of_work() as session:
            marks = Marks(choices=all_marks(**changes))
            save_sheet(
                session, self.member_now(number), self.session, dossier or self.dossier, marks, clock.now()
            )

    def sign(self, number: int, dossier: int | None = None) -> bool:
        """Have a member sign their sheet, in a transaction."""
        with unit_of_work() as session:
            return sign_sheet(
                session, self.member_now(number), self.session, dossier or self.dossier, clock.now()
            )

    def score(self, *numbers: int, dossier: int | None = None, **changes: int) -> None:
        """Have members fill their sheets alike and sign them."""
        for number in numbers:
            self.sheet(number, dossier, **changes)
            self.sign(number, dossier)


def all_marks(set_number: int = FRESH_FRUIT, **changes: int) -> dict[str, int]:
    """Return the best option of every criterion; changes are named `c1_1=2` for criterion 1.1."""
    rubric = list_rubrics()[set_number - 1]
    best = {leaf.code: len(leaf.options) for leaf in rubric.leaves()}
    return {**best, **{name[1:].replace("_", "."): option for name, option in changes.items()}}


def an_advised_dossier(session: Session, chamber_facts: Mapping[str, Any], **changes: Any) -> Dossier:
    """Write a dossier that waits for a council, without its way there."""
    number = next(_numbers)
    product = a_product(session, f"Cam Khe Mây {number}", producer=chamber_facts["producer"])
    rubric = list_rubrics()[FRESH_FRUIT - 1]
    facts = {
        "code": f"HS-2026-{number:04}",
        "producer_id": chamber_facts["producer"].id,
        "product_id": product.id,
        "kind": DossierKind.FIRST,
        "state": DossierState.ADVISED,
        "since": clock.now(),
        "commune_id": chamber_facts["commune"].id,
        "province_id": chamber_facts["province"].id,
        "regulation": REGULATION,
        "set_number": FRESH_FRUIT,
        "rubric_edition": EDITION,
        "rubric_digest": rubric.digest,
        "created_by": chamber_facts["owner"].id,
        "created_at": clock.now(),
        "submitted_at": clock.now(),
        **changes,
    }
    dossier = Dossier(**facts)
    session.add(dossier)
    session.flush()
    return dossier


def a_chamber(positions: tuple[Position, ...] = USUAL, dossiers: int = 1, *, opened: bool = True) -> Chamber:
    """Found a council and put dossiers before its first session, which scores unless told otherwise."""
    at = clock.now()
    with unit_of_work() as session:
        province = make_province(session, f"Hà Tĩnh {next(_numbers)}")
        commune = make_commune(session, f"Hương Đô {next(_numbers)}", province)
        name = f"HTX Khe Mây {next(_numbers)}"
        producer = a_producer(session, name, province_id=province.id, commune_id=commune.id)
        office = Scope(ScopeKind.ADMIN_UNIT, province.id)
        officer = accounts.a_member(session, office, Role.PROVINCE_OFFICER)
        owner = accounts.an_owner(session, producer.id)
        people = [accounts.a_person(session, f"Thành viên {number}") for number, _ in enumerate(positions, 1)]
        facts = {"producer": producer, "commune": commune, "province": province, "owner": owner}
        waiting = [an_advised_dossier(session, facts).id for _ in range(dossiers)]
    actor = accounts.an_actor(officer, (office, Role.PROVINCE_OFFICER))
    with unit_of_work() as session:
        told = Founding(
            name="Hội đồng đánh giá tỉnh", decision_number="88/QĐ-UBND", decided_on=clock.local_date(at)
        )
        council = found_council(session, actor, province.id, told, at)
        members = [
            seat_member(session, actor, council.id, person.id, position, f"Sở {number}", at).id
            for number, (person, position) in enumerate(zip(people, positions, strict=True), 1)
        ]
        plan = Planning(meets_at=at + timedelta(hours=1), place="Phòng họp A")
        planned = plan_session(session, actor, council.id, plan, at)
        for dossier_id in waiting:
            put_dossier(session, actor, planned.id, dossier_id, at)
        if opened:
            open_session(session, actor, planned.id, at)
    return Chamber(
        province=province.id,
        commune=commune.id,
        officer=officer,
        owner=owner,
        producer=producer.id,
        council=council.id,
        session=planned.id,
        people=people,
        members=members,
        dossiers=waiting,
    )


def an_evidence(session: Session, chamber: Chamber, criterion: str = "1.1") -> int:
    """Lay the certificate of a producer to a criterion, and return the id of the piece."""
    facts = {"owner": f"producer:{chamber.producer}", "name": "giay.pdf", "created_at": clock.now()}
    document = Document(key=secrets.token_urlsafe(16), size=100, digest="0" * 64, **facts)
    session.add(document)
    session.flush()
    piece = EvidenceFile(
        producer_id=chamber.producer,
        kind=EvidenceKind.MATERIAL_ORIGIN,
        title="Hợp đồng vùng nguyên liệu",
        document_id=document.id,
        digest="0" * 64,
        added_by=chamber.owner.id,
        added_at=clock.now(),
    )
    session.add(piece)
    session.flush()
    session.add(EvidenceUse(dossier_id=chamber.dossier, criterion=criterion, evidence_id=piece.id))
    return piece.id


def row_of(session: Session, model: type[Any], **key: Any) -> Any:
    """Return a row by its columns as the database has it now."""
    wanted = sa.select(model).filter_by(**key).execution_options(populate_existing=True)
    return session.execute(wanted).unique().scalar_one_or_none()
