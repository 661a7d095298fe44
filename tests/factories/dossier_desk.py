"""A commune and its province with people at their desks, and a dossier that lies on one, for tests."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.certification.councils.models import (
    Conflict,
    Council,
    CouncilMember,
    CouncilSession,
    Position,
    SessionDossier,
    SessionState,
)
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.rubrics.stars import Outcome
from tests.factories.accounts import a_member, an_owner
from tests.factories.dossiers import a_dossier, a_dossier_product
from tests.factories.places import make_commune, make_province


@dataclass
class DossierDesk:
    """People by what they are, and the dossier by its id; `stranger` serves other units of both levels."""

    dossier: int
    product: int
    producer: int
    province: int
    commune: int
    elsewhere: int
    commune_officer: Person
    officer: Person
    administrator: Person
    stranger: Person
    owner: Person


def a_dossier_desk(
    session: Session, state: DossierState = DossierState.SUBMITTED, set_number: int = 1, **facts: Any
) -> DossierDesk:
    """Write a dossier in a state, and everybody who has to do with it or must not have."""
    product = a_dossier_product(session, "Cam Khe Mây", set_number=set_number)
    dossier = a_dossier(session, product, state, **facts)
    elsewhere = make_province(session, "Quảng Trị")
    other = make_commune(session, "Hải Lăng", elsewhere)
    stranger = _officer(session, elsewhere.id, Role.PROVINCE_OFFICER)
    _officer(session, other.id, Role.COMMUNE_OFFICER, stranger)
    return DossierDesk(
        dossier=dossier.id,
        product=product.id,
        producer=dossier.producer_id,
        province=dossier.province_id,
        commune=dossier.commune_id,
        elsewhere=elsewhere.id,
        commune_officer=_officer(session, dossier.commune_id, Role.COMMUNE_OFFICER),
        officer=_officer(session, dossier.province_id, Role.PROVINCE_OFFICER),
        administrator=a_member(session, SITE, Role.ADMINISTRATOR),
        stranger=stranger,
        owner=an_owner(session, dossier.producer_id),
    )


def join_producer(session: Session, person: Person, producer_id: int) -> None:
    """Let somebody work for a producer."""
    session.add(
        Membership(
            person_id=person.id,
            scope_kind=ScopeKind.PRODUCER,
            scope_id=producer_id,
            role=Role.STAFF,
            granted_at=person.created_at,
        )
    )


def in_conflict(session: Session, person_id: int, dossier_id: int) -> None:
    """Write a conflict over a dossier of somebody who has left a council since."""
    council = Council(
        unit_id=session.get_one(Dossier, dossier_id).province_id,
        name="Hội đồng",
        decision_number="9/QĐ-UBND",
        decided_on=date(2026, 1, 1),
        spread_limit=20,
    )
    session.add(council)
    session.flush()
    member = CouncilMember(
        council_id=council.id,
        person_id=person_id,
        position=Position.MEMBER,
        agency="Sở",
        left_on=date(2026, 11, 1),
    )
    session.add(member)
    session.flush()
    session.add(
        Conflict(
            member_id=member.id,
            dossier_id=dossier_id,
            words="Anh em ruột",
            declared_by=person_id,
            declared_at=clock.now(),
        )
    )
    session.flush()


def a_result(session: Session, dossier_id: int, state: SessionState = SessionState.CLOSED) -> None:
    """Write a session that a dossier came out of with five stars proposed, itself closed or under way."""
    at, dossier = clock.now(), session.get_one(Dossier, dossier_id)
    council = Council(
        unit_id=dossier.province_id,
        name="Hội đồng",
        decision_number="8/QĐ-UBND",
        decided_on=date(2026, 1, 1),
        spread_limit=20,
    )
    session.add(council)
    session.flush()
    held = CouncilSession(
        council_id=council.id,
        year=2026,
        number=1,
        meets_at=at,
        place="Hội trường",
        state=state,
        opened_at=at,
        closed_at=at if state is SessionState.CLOSED else None,
    )
    session.add(held)
    session.flush()
    session.add(
        SessionDossier(
            session_id=held.id,
            dossier_id=dossier_id,
            position=1,
            revealed_at=at,
            closed_at=at,
            points=dossier.points,
            stars=dossier.stars,
            outcome=Outcome.PROPOSED,
        )
    )
    session.flush()


def state_of(session: Session, dossier_id: int) -> DossierState:
    """Return where a dossier stands now."""
    session.rollback()
    return session.scalars(sa.select(Dossier.state).where(Dossier.id == dossier_id)).one()


def _officer(session: Session, unit: int, role: Role, person: Person | None = None) -> Person:
    return a_member(session, Scope(ScopeKind.ADMIN_UNIT, unit), role, person)
