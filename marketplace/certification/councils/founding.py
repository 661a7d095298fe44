"""Councils as a chairman's decision sets them up, and who sits in them."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.memberships import find_membership, grant_membership, withdraw_membership
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.certification.councils.errors import (
    CouncilEnded,
    CouncilMeets,
    InvalidCouncil,
    SeatedAlready,
)
from marketplace.certification.councils.models import (
    Council,
    CouncilMember,
    CouncilSession,
    Position,
    SessionState,
)
from marketplace.certification.councils.queries import councils_of, list_sitting
from marketplace.certification.councils.seats import leave_planned, require_same_place
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit, Level
from marketplace.text import one_line

USUAL_SPREAD = Decimal(10)
"""From how many points between two sheets a dossier is talked over again, unless a council says otherwise."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Founding:
    """What the decision that sets a council up says."""

    name: str
    decision_number: str
    decided_on: date
    spread_limit: Decimal = USUAL_SPREAD


def found_council(session: Session, actor: Actor, unit_id: int, told: Founding, at: datetime) -> Council:
    """Record a council of a province of today; districts that once had some are none any more.

    Raises NotPermitted, InvalidCouncil and ReauthenticationNeeded.
    """
    office = Scope(ScopeKind.ADMIN_UNIT, unit_id)
    unit = session.get(AdminUnit, unit_id)
    if unit is None or unit.level is not Level.PROVINCE or unit.ended:
        raise NotPermitted
    if not (actor.is_administrator or actor.holds(office, Role.PROVINCE_OFFICER)):
        raise NotPermitted
    require_strong(actor, at)
    if told.decided_on > clock.local_date(at):
        raise InvalidCouncil(field="decided_on")
    if not 1 <= told.spread_limit <= 100:
        raise InvalidCouncil(field="spread_limit")
    council = Council(
        unit_id=unit_id,
        name=words_of(told.name, "name", 200),
        decision_number=words_of(told.decision_number, "decision_number", 60),
        decided_on=told.decided_on,
        spread_limit=told.spread_limit,
    )
    session.add(council)
    session.flush()
    note(session, actor, council.id, "found", at)
    return council


def seat_member(
    session: Session,
    actor: Actor,
    council_id: int,
    person_id: int,
    position: Position,
    agency: str,
    at: datetime,
) -> CouncilMember:
    """Give a person with an account a seat, and with it the role that lets them in.

    Who left earlier, or only lost the role, comes back to the old seat. Raises NotFound, CouncilEnded,
    InvalidCouncil, SeatedAlready, PlaceFixed, OwnGrant, NotPermitted and ReauthenticationNeeded.
    """
    council = lock_council(session, actor, council_id)
    agency = words_of(agency, "agency", 160)
    own = sa.select(CouncilMember).where(
        CouncilMember.council_id == council.id, CouncilMember.person_id == person_id
    )
    member = session.execute(own).scalar_one_or_none()
    if member is not None:
        if member.left_on is None and find_membership(session, person_id, scope_of(council.id)):
            raise SeatedAlready
        require_same_place(session, member, position, agency)
    else:
        member = CouncilMember(council_id=council.id, person_id=person_id)
        session.add(member)
    member.position, member.agency, member.left_on = position, agency, None
    session.flush()
    grant_membership(session, actor, person_id, scope_of(council.id), Role.COUNCIL_MEMBER, at)
    note(session, actor, council.id, "seat", at, member_id=member.id, position_kind=position)
    return member


def release_member(session: Session, actor: Actor, council_id: int, member_id: int, at: datetime) -> None:
    """Take a seat back, and the role with it; not while the member sits in a session under way.

    Raises NotFound, MemberInSession, NotPermitted and ReauthenticationNeeded.
    """
    council = lock_council(session, actor, council_id)
    member = session.get(CouncilMember, member_id)
    if member is None or member.council_id != council.id or member.left_on is not None:
        raise NotFound
    leave_planned(session, member)
    member.left_on = clock.local_date(at)
    held = find_membership(session, member.person_id, scope_of(council.id))
    if held is not None:
        withdraw_membership(session, actor, held.id, at)
    note(session, actor, council.id, "release", at, member_id=member.id)


def end_council(session: Session, actor: Actor, council_id: int, at: datetime) -> None:
    """End a council that has nothing before it: everybody gives the seat back, and the role with it.

    Raises NotFound, CouncilEnded, CouncilMeets and what `release_member` does.
    """
    council = lock_council(session, actor, council_id)
    meeting = sa.select(CouncilSession.id).where(
        CouncilSession.council_id == council.id, CouncilSession.state != SessionState.CLOSED
    )
    open_sessions = session.execute(meeting).all()
    if open_sessions:
        raise CouncilMeets(sessions=len(open_sessions))
    for member_id in [one.id for one in list_sitting(session, council.id)]:
        release_member(session, actor, council.id, member_id, at)
    council.ended_on = clock.local_date(at)
    note(session, actor, council.id, "end", at)


def find_person_to_seat(session: Session, identity_columns: dict[str, str | None]) -> Person | None:
    """Return the person with an account of this e-mail address or phone number, or None."""
    return session.execute(
        sa.select(Person).filter_by(disabled_at=None, erased_at=None, **identity_columns)
    ).scalar_one_or_none()


def lock_council(session: Session, actor: Actor, council_id: int) -> Council:
    """Lock a working council of the actor's provinces; raises NotFound and CouncilEnded."""
    wanted = sa.select(Council).where(Council.id == council_id, councils_of(actor)).with_for_update()
    council = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if council is None:
        raise NotFound
    if council.ended_on is not None:
        raise CouncilEnded
    return council


def scope_of(council_id: int) -> Scope:
    """Return the scope in which the members of a council hold their role."""
    return Scope(ScopeKind.COUNCIL, council_id)


def words_of(text: str, field: str, most: int) -> str:
    """Return typed text in one line; raises InvalidCouncil where it is missing or too long."""
    words = one_line(text)
    if not words or len(words) > most:
        raise InvalidCouncil(field=field)
    return words


def note(session: Session, actor: Actor, council_id: int, verb: str, at: datetime, **data: object) -> None:
    """Write a deed in a council into the journal."""
    org = scope_of(council_id)
    journal.record(session, actor, f"council:{verb}", "council", council_id, org, at=at, data=data)
