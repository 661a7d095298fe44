"""A session of a council held to its end by the deeds of its members, for tests."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.councils.agenda import put_dossier
from marketplace.certification.councils.closing import close_dossier
from marketplace.certification.councils.founding import Founding, found_council, scope_of, seat_member
from marketplace.certification.councils.minutes import close_session, sign_minutes, write_minutes
from marketplace.certification.councils.minutes_text import propose_minutes
from marketplace.certification.councils.models import Position
from marketplace.certification.councils.queries import get_session
from marketplace.certification.councils.scoring import save_sheet, sign_sheet
from marketplace.certification.councils.sessions import Planning, open_session, plan_session
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.sheets import Marks, rubric_of
from tests.factories import accounts
from tests.factories.dossiers import a_dossier, choices_for, the_officer

POSITIONS = (Position.CHAIR, Position.MEMBER, Position.MEMBER)


@dataclass
class Held:
    """A session, its dossiers in the order of the stars asked for, and who runs its province."""

    province: int
    session: int
    council: int
    dossiers: list[int]
    products: list[int]
    officer: Actor


def a_held_session(
    session: Session,
    *stars: int,
    dossiers: list[Dossier] | None = None,
    closed: bool = True,
    signers: int = 3,
    proposed: bool = False,
) -> Held:
    """Hold a session over dossiers that come to so many stars each, or over those given, and close it.

    The minutes are one sentence, or those that are `proposed` to who keeps them.
    """
    at = clock.now()
    waiting = dossiers or [a_dossier(session, state=DossierState.ADVISED, stars=one) for one in stars]
    officer = the_officer(session, waiting[0])
    told = Founding(
        name="Hội đồng đánh giá tỉnh", decision_number="88/QĐ-UBND", decided_on=clock.local_date(at)
    )
    council = found_council(session, officer, waiting[0].province_id, told, at)
    people = [accounts.a_person(session, f"Thành viên {number}") for number in range(len(POSITIONS))]
    for person, position in zip(people, POSITIONS, strict=True):
        seat_member(session, officer, council.id, person.id, position, "Sở NN&MT", at)
    plan = Planning(meets_at=at - timedelta(hours=3), place="Phòng họp A")
    planned = plan_session(session, officer, council.id, plan, at)
    for dossier in waiting:
        put_dossier(session, officer, planned.id, dossier.id, at)
    open_session(session, officer, planned.id, at)
    actors = [_member(person, council.id) for person in people]
    for dossier, reached in zip(waiting, stars, strict=True):
        _score(session, actors, planned.id, dossier, reached)
    if closed:
        words = "Phiên đã chấm đủ các hồ sơ."
        if proposed:
            words = propose_minutes(get_session(session, officer, planned.id), {})
        write_minutes(session, officer, planned.id, words, at)
        for actor in actors[:signers]:
            sign_minutes(session, actor, planned.id, 1, at)
        close_session(session, officer, planned.id, at)
    return Held(
        province=waiting[0].province_id,
        session=planned.id,
        council=council.id,
        dossiers=[dossier.id for dossier in waiting],
        products=[dossier.product_id for dossier in waiting],
        officer=officer,
    )


def officer_of(session: Session, province: int) -> Actor:
    """Write another officer of a province, fresh from proving who they are."""
    office = Scope(ScopeKind.ADMIN_UNIT, province)
    person = accounts.a_member(session, office, Role.PROVINCE_OFFICER)
    return accounts.an_actor(person, (office, Role.PROVINCE_OFFICER))


def _member(person: Person, council: int) -> Actor:
    return accounts.an_actor(person, (scope_of(council), Role.COUNCIL_MEMBER))


def _score(session: Session, actors: list[Actor], session_id: int, dossier: Dossier, stars: int) -> None:
    at, marks = clock.now(), Marks(choices=dict(choices_for(rubric_of(dossier), stars)))
    for actor in actors:
        save_sheet(session, actor, session_id, dossier.id, marks, at)
        sign_sheet(session, actor, session_id, dossier.id, at)
    close_dossier(session, actors[0], session_id, dossier.id, "", at)
