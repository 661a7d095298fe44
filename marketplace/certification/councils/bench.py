"""Who sits over a dossier: everybody in the session, less those who have to do with its producer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.certification.councils.errors import ConflictedMember
from marketplace.certification.councils.models import Conflict, CouncilMember, Position, Seat
from marketplace.certification.councils.queries import open_case
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.dossiers.sheet_models import SheetLevel, SheetRow

LEADERS = (Position.CHAIR, Position.DEPUTY)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bench:
    """The members in a session with their people, and those of them in conflict over one dossier."""

    members: tuple[CouncilMember, ...]
    conflicted: frozenset[int]

    @property
    def voting(self) -> tuple[CouncilMember, ...]:
        """Return whose seats score."""
        return tuple(one for one in self.members if one.position is not Position.SECRETARY)

    @property
    def scorers(self) -> tuple[CouncilMember, ...]:
        """Return who has to hand in a sheet."""
        return tuple(one for one in self.voting if one.id not in self.conflicted)

    @property
    def quorate(self) -> bool:
        """Return whether more than half of the seats that score are left."""
        return 2 * len(self.scorers) > len(self.voting)

    @property
    def leader(self) -> CouncilMember | None:
        """Return who leads: the chair, else a deputy, else the first of those left to score."""
        ranks = {Position.CHAIR: 0, Position.DEPUTY: 1}
        return min(self.scorers, key=lambda one: (ranks.get(one.position, 2), one.id), default=None)


def bench_of(session: Session, session_id: int, dossier_id: int) -> Bench:
    """Return who sits over a dossier in a session, by the database and not by what was loaded before."""
    seated = (
        sa.select(CouncilMember)
        .join(Seat, Seat.member_id == CouncilMember.id)
        .where(Seat.session_id == session_id)
        .options(joinedload(CouncilMember.person))
        .order_by(CouncilMember.id)
    )
    members = tuple(session.execute(seated.execution_options(populate_existing=True)).scalars())
    named = sa.select(Conflict.member_id).where(
        Conflict.dossier_id == dossier_id, Conflict.member_id.in_([one.id for one in members])
    )
    return Bench(members=members, conflicted=frozenset(session.execute(named).scalars()))


def find_involved(session: Session, dossier: Dossier, people: Collection[int]) -> frozenset[int]:
    """Return which of these people have to do with a dossier, as far as the accounts tell.

    Members of its producer, officers of the commune that proposed it, and who wrote it.
    """
    held = sa.select(Membership.person_id).where(Membership.person_id.in_(people), _tied_to(dossier))
    return frozenset(session.execute(held).scalars()) | (frozenset({dossier.created_by}) & frozenset(people))


def _tied_to(dossier: Dossier) -> sa.ColumnElement[bool]:
    """Return whether a membership ties a person to a dossier."""
    of_producer = sa.and_(
        Membership.scope_kind == ScopeKind.PRODUCER, Membership.scope_id == dossier.producer_id
    )
    of_commune = sa.and_(
        Membership.scope_kind == ScopeKind.ADMIN_UNIT,
        Membership.scope_id == dossier.commune_id,
        Membership.role == Role.COMMUNE_OFFICER,
    )
    return sa.or_(of_producer, of_commune)


def record_involved(session: Session, actor: Actor, session_id: int, dossier: Dossier, at: datetime) -> Bench:
    """Write down the conflicts that the accounts tell of, without words, and return who is left."""
    bench = bench_of(session, session_id, dossier.id)
    involved = find_involved(session, dossier, [one.person_id for one in bench.members])
    fresh = [one.id for one in bench.members if one.person_id in involved and one.id not in bench.conflicted]
    for member_id in fresh:
        write_conflict(session, actor, member_id, dossier.id, "", at)
    return Bench(members=bench.members, conflicted=bench.conflicted.union(fresh)) if fresh else bench


def write_conflict(
    session: Session, actor: Actor, member_id: int, dossier_id: int, words: str, at: datetime
) -> None:
    """Write a conflict down; what the member scored of the dossier without a result goes."""
    session.add(
        Conflict(
            member_id=member_id,
            dossier_id=dossier_id,
            words=words,
            declared_by=actor.person_id,
            declared_at=at,
        )
    )
    scored = sa.select(SheetRow).where(
        SheetRow.level == SheetLevel.COUNCIL,
        SheetRow.member_id == member_id,
        SheetRow.dossier_id == dossier_id,
        SheetRow.session_id.in_(open_case(dossier_id)),
    )
    drop_sheets(session, scored)


def drop_sheets(session: Session, wanted: sa.Select[SheetRow]) -> None:
    """Delete sheets with what stands on them."""
    whole = wanted.options(selectinload(SheetRow.choices), selectinload(SheetRow.stops))
    for row in session.execute(whole.execution_options(populate_existing=True)).scalars().all():
        session.delete(row)
    session.flush()


def refuse_conflicted(session: Session, actor: Actor, dossier: Dossier) -> None:
    """Go on only when the actor, in whatever role, has nothing to do with the dossier.

    Raises ConflictedMember.
    """
    named = (
        sa.select(Conflict.member_id)
        .join(CouncilMember, CouncilMember.id == Conflict.member_id)
        .where(Conflict.dossier_id == dossier.id, CouncilMember.person_id == actor.person_id)
    )
    held = sa.select(Membership.id).where(Membership.person_id == actor.person_id, _tied_to(dossier))
    found = session.execute(sa.select(sa.or_(named.exists(), held.exists()))).scalar()
    if found or dossier.created_by == actor.person_id:
        raise ConflictedMember
