"""Whom an office has let in, and whom it may let in next."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.models import Membership
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.office.tenancy import Reach
from marketplace.places.models import AdminUnit, Level
from marketplace.places.names import alphabetical
from marketplace.producers.matching import name_key
from marketplace.producers.models import Producer

MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer of a unit that the actor gives roles in."""

    membership: Membership
    unit: AdminUnit


@dataclass(frozen=True, slots=True)
class FoundProducer:
    """A producer of the units, and whether somebody owns it here yet."""

    producer: Producer
    owned: bool


def list_officers(session: Session, reach: Reach) -> list[Officer]:
    """Return the officers of the own provinces and of their communes, an administrator's being all."""
    wanted = (
        sa.select(Membership, AdminUnit)
        .join(AdminUnit, AdminUnit.id == Membership.scope_id)
        .where(Membership.scope_kind == ScopeKind.ADMIN_UNIT, _own_units(reach))
        .options(joinedload(Membership.person))
        .order_by(AdminUnit.level.desc(), AdminUnit.name, Membership.id)
        .limit(200)
    )
    return [Officer(membership, unit) for membership, unit in session.execute(wanted)]


def list_own_communes(session: Session, reach: Reach) -> list[AdminUnit]:
    """Return the communes of the own provinces by name; none for administrators, who invite to provinces."""
    wanted = sa.select(AdminUnit).where(
        AdminUnit.level == Level.COMMUNE,
        AdminUnit.ended.is_(False),
        AdminUnit.parent_id.in_(reach.provinces),
    )
    return sorted(session.execute(wanted).scalars(), key=lambda unit: alphabetical(unit.name))


def search_producers(session: Session, reach: Reach, words: str) -> list[FoundProducer]:
    """Return producers of the units whose names hold the words, those without an owner first."""
    owned = sa.exists().where(
        Membership.scope_kind == ScopeKind.PRODUCER,
        Membership.scope_id == Producer.id,
        Membership.role == Role.OWNER,
    )
    fitting = [Producer.name_key.contains(word, autoescape=True) for word in name_key(words).split()[:8]]
    wanted = (
        sa.select(Producer, owned.label("owned"))
        .where(reach.producers(), *fitting)
        .options(joinedload(Producer.commune), joinedload(Producer.province))
        .order_by(owned, Producer.name_key, Producer.id)
        .limit(MOST_FOUND)
    )
    return [FoundProducer(producer, bool(known)) for producer, known in session.execute(wanted)]


def _own_units(reach: Reach) -> sa.ColumnElement[bool]:
    if reach.everywhere:
        return sa.true()
    return sa.or_(AdminUnit.id.in_(reach.provinces), AdminUnit.parent_id.in_(reach.provinces))
