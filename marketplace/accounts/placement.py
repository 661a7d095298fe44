"""Where a scope lies: what officers reach, and what they may not also trade in.

Producers, sales points and councils stand above this package, so each tells here in which units it lies.
What has not told, or lies nowhere known, counts as everywhere for conflicts of duty and as out of every
officer's reach.
"""

from collections.abc import Callable, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.models import Membership
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import OFFICERS, PUBLIC_DUTY, TRADERS, Grant, Role, Scope, ScopeKind
from marketplace.places.models import AdminUnit, Located

UnitsOf = Callable[[Session, int], Iterable[int]]
_units_of: dict[ScopeKind, UnitsOf] = {}


def place_scopes(kind: ScopeKind, units_of: UnitsOf) -> None:
    """Tell in which administrative units the scopes of a kind lie, by their identities."""
    _units_of[kind] = units_of


def located(model: type[Located]) -> UnitsOf:
    """Return how to find the units of rows that have an address, by their id."""
    table = sa.inspect(model).local_table.columns

    def units_of(session: Session, number: int) -> set[int]:
        places = sa.select(table.origin_id, table.commune_id, table.province_id).where(table.id == number)
        return {unit for row in session.execute(places) for unit in row if unit is not None}

    return units_of


def units_around(session: Session, scope: Scope) -> frozenset[int] | None:
    """Return the units that a scope lies in, those above them included; None when nobody can tell."""
    if scope.kind is ScopeKind.ADMIN_UNIT:
        return _with_parents(session, {scope.id})
    if scope.kind not in _units_of:
        return None
    return _with_parents(session, set(_units_of[scope.kind](session, scope.id)))


def is_in_reach(session: Session, actor: Actor, scope: Scope, *roles: Role) -> bool:
    """Return whether a scope lies in a unit in which the actor holds one of the roles."""
    offices = actor.scope_ids(ScopeKind.ADMIN_UNIT, *roles)
    return bool(offices) and bool(offices & (units_around(session, scope) or frozenset()))


def people_in_reach(session: Session, actor: Actor, person_id: int) -> bool:
    """Return whether an officer may help a person in: a trader of the unit, and no more than that.

    Administrators may help everyone.
    """
    if actor.is_administrator:
        return True
    held = grants_of(session, person_id)
    if any(grant.role in PUBLIC_DUTY for grant in held):
        return False
    return any(is_in_reach(session, actor, grant.scope, *OFFICERS) for grant in held)


def is_conflict(session: Session, held: Iterable[Grant], asked: Grant) -> bool:
    """Return whether a role would make an officer a trader of the own unit, or the other way round."""
    if asked.role in OFFICERS:
        return any(_meet(session, asked.scope, one.scope) for one in held if one.role in TRADERS)
    if asked.role in TRADERS:
        return any(_meet(session, one.scope, asked.scope) for one in held if one.role in OFFICERS)
    return False


def grants_of(session: Session, person_id: int) -> list[Grant]:
    """Return what a person holds, by the database and not by the session."""
    own = sa.select(Membership).where(Membership.person_id == person_id).order_by(Membership.id)
    return [one.grant for one in session.execute(own).scalars()]


def _meet(session: Session, office: Scope, trade: Scope) -> bool:
    units = units_around(session, trade)
    return not units or office.id in units


def _with_parents(session: Session, ids: set[int]) -> frozenset[int]:
    """Return units with the units above them; there are two levels today and were three."""
    found, fresh = set(ids), ids
    while fresh:
        above = sa.select(AdminUnit.parent_id).where(
            AdminUnit.id.in_(fresh), AdminUnit.parent_id.is_not(None)
        )
        fresh = {parent for parent in session.execute(above).scalars() if parent is not None} - found
        found |= fresh
    return frozenset(found)
