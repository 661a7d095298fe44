"""What lies in an officer's units: the scope is part of the query, so that the rest is not there.

Writes ask again inside their unit of work, with the actor of that moment. What belongs to a producer that
the officer is a member of is nobody's own to judge, an administrator's included.
"""

from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role, ScopeKind
from marketplace.catalogue.change_requests import ChangeRequest
from marketplace.catalogue.listing_models import Listing
from marketplace.catalogue.models import Product
from marketplace.catalogue.pictures import ProductPicture
from marketplace.catalogue.report_models import Report
from marketplace.certification.councils.models import CouncilSession
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision
from marketplace.certification.dossiers.models import Dossier, EvaluationRound
from marketplace.certification.dossiers.permits import conflicts_of
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit, Located
from marketplace.producers.models import Producer

OFFICE = (Role.COMMUNE_OFFICER, Role.PROVINCE_OFFICER, Role.ADMINISTRATOR)
"""Who works in an office."""
PROVINCE = (Role.PROVINCE_OFFICER, Role.ADMINISTRATOR)
"""Who records decisions and invites people."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The units a person serves, and the producers that are none of that person's business there."""

    person: int
    everywhere: bool
    provinces: frozenset[int]
    communes: frozenset[int]
    own_producers: frozenset[int]

    @classmethod
    def of(cls, actor: Actor) -> "Reach":
        """Return what an actor reaches with the roles that are live."""
        return cls(
            person=actor.person_id,
            everywhere=actor.is_administrator,
            provinces=actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.PROVINCE_OFFICER),
            communes=actor.scope_ids(ScopeKind.ADMIN_UNIT, Role.COMMUNE_OFFICER),
            own_producers=frozenset(
                held.scope.id for held in actor.memberships if held.scope.kind is ScopeKind.PRODUCER
            ),
        )

    def over(self, place: type[Located] | type[Dossier]) -> sa.ColumnElement[bool]:
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

    def producers_of_provinces(self) -> sa.ColumnElement[bool]:
        """Return whether a producer is the actor's to judge as its province does."""
        mine = sa.true() if self.everywhere else Producer.province_id.in_(self.provinces)
        return sa.and_(mine, Producer.id.not_in(self.own_producers))

    def reports(self) -> sa.ColumnElement[bool]:
        """Return whether a report, joined to what it is about, is the actor's to answer.

        What is about a code that belongs to nothing known lies nowhere: any province answers it.
        """
        about_nothing = sa.and_(Report.product_id.is_(None), Report.producer_id.is_(None))
        return sa.or_(
            sa.and_(about_nothing, sa.true() if self.everywhere or self.provinces else sa.false()),
            sa.and_(Report.product_id.is_not(None), self.products()),
            sa.and_(Report.producer_id.is_not(None), self.producers()),
        )

    def dossiers(self) -> sa.ColumnElement[bool]:
        """Return whether a dossier that was handed in is the actor's to see: drafts are their producer's."""
        return sa.and_(Dossier.submitted_at.is_not(None), self.over(Dossier), self._of_strangers())

    def dossiers_to_judge(self) -> sa.ColumnElement[bool]:
        """Return whether a dossier is the actor's to take in and judge, as its province does."""
        mine = sa.true() if self.everywhere else Dossier.province_id.in_(self.provinces)
        return sa.and_(Dossier.submitted_at.is_not(None), mine, self._of_strangers())

    def _of_strangers(self) -> sa.ColumnElement[bool]:
        return sa.and_(Dossier.producer_id.not_in(self.own_producers), self.without_conflict())

    def without_conflict(self) -> sa.ColumnElement[bool]:
        """Return whether no conflict of interest of the actor's over a dossier is written in a council."""
        return Dossier.id.not_in(conflicts_of(self.person))

    def rounds(self) -> sa.ColumnElement[bool]:
        """Return whether a round of evaluation is of the actor's provinces, or of those of its communes."""
        if self.everywhere:
            return sa.true()
        of_communes = sa.select(AdminUnit.parent_id).where(AdminUnit.id.in_(self.communes))
        return sa.or_(EvaluationRound.unit_id.in_(self.provinces), EvaluationRound.unit_id.in_(of_communes))

    def papers(self) -> sa.ColumnElement[bool]:
        """Return whether a decision on paper is of the actor's provinces."""
        return sa.true() if self.everywhere else PaperDecision.unit_id.in_(self.provinces)


Row = TypeVar("Row")


def _only(session: Session, wanted: sa.Select[Row]) -> Row:
    row = session.execute(wanted).unique().scalar_one_or_none()
    if row is None:
        raise NotFound
    return row


def product_in_reach(session: Session, actor: Actor, product_id: int) -> Product:
    """Return a product of the actor's units with its producer; raises NotFound."""
    wanted = (
        sa.select(Product)
        .where(Product.id == product_id, Reach.of(actor).products())
        .options(joinedload(Product.producer))
    )
    return _only(session, wanted)


def producer_in_reach(session: Session, actor: Actor, producer_id: int) -> Producer:
    """Return a producer of the actor's units with its place; raises NotFound."""
    wanted = (
        sa.select(Producer)
        .where(Producer.id == producer_id, Reach.of(actor).producers())
        .options(joinedload(Producer.province), joinedload(Producer.commune))
    )
    return _only(session, wanted)


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
    return _only(session, wanted.execution_options(populate_existing=True))


def change_in_reach(session: Session, actor: Actor, request_id: int, *shown: ORMOption) -> ChangeRequest:
    """Return a change request of the actor's units; raises NotFound.

    Without anything `shown` beside it, its row can be locked on every database.
    """
    wanted = (
        sa.select(ChangeRequest)
        .join(Product, ChangeRequest.product_id == Product.id)
        .where(ChangeRequest.id == request_id, Reach.of(actor).products())
        .options(*shown)
    )
    return _only(session, wanted)


def dossier_in_reach(session: Session, actor: Actor, dossier_id: int, *shown: ORMOption) -> Dossier:
    """Return a dossier that was handed in within the actor's units; raises NotFound."""
    wanted = sa.select(Dossier).where(Dossier.id == dossier_id, Reach.of(actor).dossiers())
    return _only(session, wanted.options(*shown))


def dossier_to_judge(session: Session, actor: Actor, dossier_id: int, *shown: ORMOption) -> Dossier:
    """Return a dossier of the actor's provinces, for what a province alone does; raises NotFound."""
    wanted = sa.select(Dossier).where(Dossier.id == dossier_id, Reach.of(actor).dossiers_to_judge())
    return _only(session, wanted.options(*shown))


def round_to_change(session: Session, actor: Actor, round_id: int) -> EvaluationRound:
    """Return a round of evaluation of the actor's own provinces; raises NotFound."""
    reach = Reach.of(actor)
    own = sa.true() if reach.everywhere else EvaluationRound.unit_id.in_(reach.provinces)
    return _only(session, sa.select(EvaluationRound).where(EvaluationRound.id == round_id, own))


def listing_in_reach(session: Session, actor: Actor, product_id: int) -> Listing:
    """Return a listing of the actor's units that was ever handed in; raises NotFound."""
    wanted = (
        sa.select(Listing)
        .join(Product, Product.id == Listing.product_id)
        .where(Listing.product_id == product_id, _handed_in(), Reach.of(actor).products())
    )
    return _only(session, wanted)


def listed_in_reach(session: Session, actor: Actor, product_id: int) -> Product:
    """Return a product of the actor's units with all that is shown of its listing; raises NotFound."""
    shown = (
        joinedload(Product.listing),
        joinedload(Product.producer).options(joinedload(Producer.province), joinedload(Producer.commune)),
        joinedload(Product.set),
        joinedload(Product.group),
        joinedload(Product.province),
        joinedload(Product.commune),
        joinedload(Product.variants),
        joinedload(Product.pictures).joinedload(ProductPicture.picture),
    )
    wanted = (
        sa.select(Product)
        .join(Listing, Listing.product_id == Product.id)
        .where(Product.id == product_id, _handed_in(), Reach.of(actor).products())
        .options(*shown)
    )
    return _only(session, wanted)


def _handed_in() -> sa.ColumnElement[bool]:
    """Return whether a listing was ever handed to the office: drafts are their producer's own."""
    return Listing.submitted_at.is_not(None)


def paper_in_reach(session: Session, actor: Actor, paper_id: int) -> PaperDecision:
    """Return a decision on paper of the actor's provinces with all that its page shows; raises NotFound."""
    wanted = (
        sa.select(PaperDecision)
        .where(PaperDecision.id == paper_id, Reach.of(actor).papers())
        .options(
            joinedload(PaperDecision.unit),
            joinedload(PaperDecision.session).joinedload(CouncilSession.council),
            joinedload(PaperDecision.author),
            joinedload(PaperDecision.confirmer),
            joinedload(PaperDecision.decision),
            selectinload(PaperDecision.awards).options(
                joinedload(PaperAward.product).joinedload(Product.producer),
                joinedload(PaperAward.dossier).options(
                    joinedload(Dossier.commune), joinedload(Dossier.product).joinedload(Product.producer)
                ),
            ),
        )
    )
    return _only(session, wanted)
