"""What a merger of two producers would move, and what stands against it."""

import hashlib
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership
from marketplace.accounts.placement import grants_of, is_conflict
from marketplace.accounts.roles import OFFICERS, Grant, Role, ScopeKind
from marketplace.database import Base
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.traceability.recalls.models import Recall, RecallScope
from marketplace.upkeep.merging.clashes import list_clashes
from marketplace.upkeep.merging.errors import Hindrance, Obstacle
from marketplace.upkeep.merging.fates import FATES, SCOPED, Fate, tables_of_producers
from marketplace.upkeep.merging.filling import is_address_taken, lacks_address

SHOWN = (
    "id",
    "slug",
    "name",
    "legal_form",
    "tax_code",
    "phone",
    "printed_address",
    "province_id",
    "commune_id",
)
"""What is shown of a producer before it is merged, places by their units."""


@dataclass(frozen=True)
class Weighed:
    """Two producers with what each has, by table, and what stands against making them one.

    `members` are those who work for either: the producer, the person and the role. `stamp` is what a page
    that was confirmed must still agree with.
    """

    stays: Producer
    goes: Producer
    counts: dict[str, tuple[int, int]]
    obstacles: tuple[Obstacle, ...]
    members: tuple[tuple[int, int, Role], ...]

    @property
    def stamp(self) -> str:
        """Return a digest of all that is shown before anybody confirms."""
        sides = [[getattr(one, column) for column in SHOWN] for one in (self.stays, self.goes)]
        told = (sides, sorted(self.counts.items()), self.members)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:32]


def weigh(session: Session, stays: Producer, goes: Producer) -> Weighed:
    """Count what two producers have, and look for what stands against merging the second into the first."""
    counts = count_rows(session, stays.id, goes.id)
    members = _members(session, stays.id, goes.id)
    obstacles = (
        *_of_money(counts),
        *_of_tax_codes(stays, goes),
        *_of_addresses(stays, goes),
        *_of_recalls(session, stays, goes),
        *_of_duty(session, stays, [(who, role) for side, who, role in members if side == goes.id]),
        *list_clashes(session, stays.id, goes.id),
    )
    return Weighed(stays, goes, counts, obstacles, members)


def _members(session: Session, *sides: int) -> tuple[tuple[int, int, Role], ...]:
    wanted = sa.select(Membership.scope_id, Membership.person_id, Membership.role)
    held = wanted.where(Membership.scope_kind == ScopeKind.PRODUCER, Membership.scope_id.in_(sides))
    return tuple(sorted((side, person, role) for side, person, role in session.execute(held)))


def count_rows(session: Session, stays: int, goes: int) -> dict[str, tuple[int, int]]:
    """Return how many rows of each table belong to the one and to the other, tables with none left out."""
    sides = (stays, goes)
    of_producers = (_counted(name, column, sides) for name, column in tables_of_producers().items())
    of_scopes = (_counted(name, *_scope(name), sides) for name in sorted(SCOPED))
    counts: dict[str, tuple[int, int]] = {}
    for name, number, rows in session.execute(sa.union_all(*of_producers, *of_scopes)):
        one, other = counts.get(name, (0, 0))
        counts[name] = (one + rows, other) if number == stays else (one, other + rows)
    return counts


def _counted(name: str, owner: sa.Column[int], *rest: Any) -> sa.Select[str, int, int]:
    *which, sides = rest
    counted = sa.select(sa.literal(name), owner, sa.func.count())
    return counted.where(owner.in_(sides), *which).group_by(owner)


def _scope(name: str) -> tuple[sa.Column[int], sa.ColumnElement[bool]]:
    table = Base.metadata.tables[name]
    return table.c.scope_id, table.c.scope_kind == ScopeKind.PRODUCER


def _of_money(counts: dict[str, tuple[int, int]]) -> list[Obstacle]:
    """Two producers with money on record stay two: books that were closed are not written anew."""
    held = [counts[name] for name, fate in FATES.items() if fate is Fate.MONEY and name in counts]
    both = any(one for one, _ in held) and any(other for _, other in held)
    return [Obstacle(Hindrance.MONEY)] if both else []


def _of_tax_codes(stays: Producer, goes: Producer) -> list[Obstacle]:
    """Two tax codes are two taxpayers."""
    codes = {one.tax_code for one in (stays, goes) if one.tax_code}
    return [Obstacle(Hindrance.TAX_CODE, about=" · ".join(sorted(codes)))] if len(codes) > 1 else []


def _of_addresses(stays: Producer, goes: Producer) -> list[Obstacle]:
    """A shop whose street address were lost would sell nothing any more."""
    is_lost = lacks_address(stays, goes) and not is_address_taken(stays, goes)
    return [Obstacle(Hindrance.ADDRESS)] if is_lost else []


def _of_recalls(session: Session, stays: Producer, goes: Producer) -> list[Obstacle]:
    """A recall of all that a producer makes would spread to what the other one makes."""
    wanted = sa.select(Recall.code).where(
        Recall.scope == RecallScope.PRODUCER,
        Recall.producer_id.in_((stays.id, goes.id)),
        Recall.lifted_at.is_(None),
    )
    return [Obstacle(Hindrance.RECALL, about=code) for code in session.scalars(wanted.order_by(Recall.code))]


def _of_duty(session: Session, stays: Producer, joining: list[tuple[int, Role]]) -> list[Obstacle]:
    """Who serves where the one lies may work for the other, which lies elsewhere, but not for both."""
    scope = scope_of(stays)
    serving = sa.select(Membership.person_id).where(
        Membership.person_id.in_([person for person, _ in joining]), Membership.role.in_(OFFICERS)
    )
    officers = set(session.scalars(serving))
    barred = any(
        is_conflict(session, grants_of(session, person), Grant(scope, role))
        for person, role in joining
        if person in officers
    )
    return [Obstacle(Hindrance.DUTY)] if barred else []
