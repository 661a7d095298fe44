"""What lies in an officer's units: the scope is part of the query, so that the rest is not there.

Writes ask again inside their unit of work, with the actor of that moment. What belongs to a producer that
the officer is a member of is nobody's own to judge, an administrator's included.
"""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.catalogue.report_models import Report
from marketplace.errors import NotFound
from marketplace.places.models import Located
from marketplace.producers.models import Producer

OFFICE = (Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.ADMINISTRATOR)
"""Who works in an office."""
PROVINCE = (Role.PROVINCE_OFFICER, Role.ADMINISTRATOR)
"""Who records decisions and invites people."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The units an actor serves, and the producers that are none of the actor's business there."""

    everywhere: bool
    provinces: frozenset[int]
    communes: frozenset[int]
    own_producers: frozenset[int]

    @classmethod
    def of(cls, actor: Actor) -> "Reach":
        """Return what an actor reaches with the roles that are live."""
        return cls(
            everywhere=actor.is_administrator,
            provinces=actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.PROVINCE_OFFICER),
            communes=actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.COMMUNE_OFFICER),
            own_producers=frozenset(
                held.scope.id for held in actor.memberships if held.scope.kind is ScopeKind.PRODUCER
            ),
        )

    def over(self, place: type[Located]) -> sa.ColumnElement[bool]:
        """Return whether a row that has an address lies in the units."""
        if self.everywhere:
            return sa.true()
        return sa.or_(place.province_id.in_(self.provinces), place.commune_id.in_(self.communes))

    def products(self) -> sa.ColumnElement[bool]:
        """Return whether a product is the actor's to judge."""
        strangers = sa.or_(Product.producer_id.is_(None), Product.producer_id.not_in(self.own_producers))
        return sa.and_(self.over(Product), strangers)

    def producers(self) -> sa.ColumnElement[bool]:
        """Return whether a producer is the actor's to judge."""
        return sa.and_(self.over(Producer), Producer.id.not_in(self.own_producers))

    def reports(self) -> sa.ColumnElement[bool]:
        """Return whether a report, joined to what it is about, is the actor's to answer."""
        return sa.or_(
            sa.and_(Report.product_id.is_not(None), self.products()),
            sa.and_(Report.producer_id.is_not(None), self.producers()),
        )


def product_in_reach(session: Session, actor: Actor, product_id: int) -> Product:
    """Return a product of the actor's units with its producer; raises NotFound."""
    wanted = (
        sa.select(Product)
        .where(Product.id == product_id, Reach.of(actor).products())
        .options(joinedload(Product.producer))
    )
    product = session.execute(wanted).scalar_one_or_none()
    if product is None:
        raise NotFound
    return product


def producer_in_reach(session: Session, actor: Actor, producer_id: int) -> Producer:
    """Return a producer of the actor's units with its place; raises NotFound."""
    wanted = (
        sa.select(Producer)
        .where(Producer.id == producer_id, Reach.of(actor).producers())
        .options(joinedload(Producer.province), joinedload(Producer.commune))
    )
    producer = session.execute(wanted).scalar_one_or_none()
    if producer is None:
        raise NotFound
    return producer


def report_in_reach(session: Session, actor: Actor, report_id: int) -> Report:
    """Return a report of the actor's units with what it is about; raises NotFound."""
    wanted = (
        sa.select(Report)
        .outerjoin(Report.product)
        .outerjoin(Producer, Report.producer_id == Producer.id)
        .where(Report.id == report_id, Reach.of(actor).reports())
        .options(
            joinedload(Report.product).options(joinedload(Product.producer), joinedload(Product.listing)),
            joinedload(Report.producer),
            joinedload(Report.picture),
        )
    )
    report = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if report is None:
        raise NotFound
    return report
