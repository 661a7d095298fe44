"""People of the demo: samples, several for each role, whom nobody reaches and who have no password."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.identity import Identity
from marketplace.accounts.memberships import write_membership
from marketplace.accounts.models import Membership, Person
from marketplace.accounts.roles import SITE, Grant, Role, Scope, ScopeKind
from marketplace.accounts.sign_up import create_person
from marketplace.catalogue.models import Product, certified
from marketplace.producers.models import Producer
from marketplace.sales_points.models import SalesPoint

PEOPLE_PER_ROLE = 3
BUYERS = "Người mua mẫu"
NAMES: dict[Role, str] = {
    Role.OWNER: "Chủ cơ sở mẫu",
    Role.STAFF: "Nhân viên mẫu",
    Role.KEEPER: "Người giữ điểm bán mẫu",
    Role.COMMUNE_OFFICER: "Cán bộ xã mẫu",
    Role.PROVINCE_OFFICER: "Cán bộ tỉnh mẫu",
    Role.COUNCIL_MEMBER: "Thành viên hội đồng mẫu",
    Role.ADMINISTRATOR: "Quản trị mẫu",
}


def load_demo_people(session: Session, at: datetime) -> int:
    """Write the people of the demo, unless they are there, and return how many are new."""
    if session.execute(sa.select(sa.exists().where(Person.sample))).scalar():
        return 0
    made = 0
    for role, scopes in _scopes(session, at).items():
        for number, scope in enumerate(scopes, start=1):
            person = _write(session, NAMES[role], role.value, number, at)
            write_membership(session, None, person.id, Grant(scope, role), at)
            made += 1
    for number in range(1, PEOPLE_PER_ROLE + 1):
        _write(session, BUYERS, "buyer", number, at)
    return made + PEOPLE_PER_ROLE


def draw_demo_person(session: Session, role: Role | None) -> int | None:
    """Return a random sample person who holds a role, or none at all; None when there is nobody."""
    held = sa.exists().where(Membership.person_id == Person.id)
    if role is not None:
        fitting: sa.ColumnElement[bool] = held.where(Membership.role == role)
    else:
        fitting = ~held
    living = sa.and_(Person.sample, Person.disabled_at.is_(None), fitting)
    found = session.execute(sa.select(Person.id).where(living).order_by(Person.id)).scalars().all()
    return secrets.choice(found) if found else None


def _write(session: Session, name: str, kind: str, number: int, at: datetime) -> Person:
    identity = Identity(email=f"{kind.replace('_', '-')}-{number}@mau.example")
    return create_person(session, f"{name} {number}", identity, None, at, sample=True)


def _scopes(session: Session, at: datetime) -> dict[Role, list[Scope]]:
    """Return where the people of each role belong: the producers of most living products, their units."""
    living = sa.func.sum(sa.case((sa.and_(certified(clock.local_date(at)), Product.offered), 1), else_=0))
    producers = _first(
        session,
        sa.select(Product.producer_id)
        .where(Product.producer_id.is_not(None))
        .group_by(Product.producer_id)
        .order_by(living.desc(), sa.func.count().desc(), Product.producer_id),
    )
    trade = [Scope(ScopeKind.PRODUCER, number) for number in producers]
    communes = _units(session, Producer.commune_id, producers)
    provinces = _units(session, Producer.province_id, producers)
    points = _first(session, sa.select(SalesPoint.id).order_by(SalesPoint.id))
    return {
        Role.OWNER: trade,
        Role.STAFF: trade,
        Role.KEEPER: [Scope(ScopeKind.SALES_POINT, number) for number in points],
        Role.COMMUNE_OFFICER: [Scope(ScopeKind.ADMIN_UNIT, number) for number in communes],
        Role.PROVINCE_OFFICER: [Scope(ScopeKind.ADMIN_UNIT, number) for number in provinces],
        Role.COUNCIL_MEMBER: [Scope(ScopeKind.COUNCIL, 1)] * PEOPLE_PER_ROLE,
        Role.ADMINISTRATOR: [SITE] * 2,
    }


def _units(
    session: Session, column: sa.orm.InstrumentedAttribute[int | None], producers: Iterable[int]
) -> list[int]:
    """Return the units that these producers lie in."""
    known = sa.and_(Producer.id.in_(producers), column.is_not(None))
    return _first(session, sa.select(column).where(known).distinct().order_by(column))


def _first(session: Session, statement: sa.Select[Any]) -> list[int]:
    return list(session.execute(statement.limit(PEOPLE_PER_ROLE)).scalars())
