"""What waits for an officer's answer: how much of each kind, and what is due first."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace import clock
from marketplace.catalogue.change_requests import ChangeRequest, RequestState
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.models import Product, ProductGroup, Publication, certified, live_stars
from marketplace.catalogue.report_models import Report, ReportState
from marketplace.certification.decisions.paper_models import PaperDecision, PaperState
from marketplace.certification.lapsing.queries import unanswered
from marketplace.office.authority_desk import open_orders
from marketplace.office.complaints import open_complaints
from marketplace.office.dossier_list import dossiers_without_session, overdue_dossiers, waiting_dossiers
from marketplace.office.ideas import Shelf, waiting_ideas
from marketplace.office.inspection_desk import late_inspections
from marketplace.office.result_desk import waiting_results
from marketplace.office.revocation_desk import waiting_revocations
from marketplace.office.tenancy import Reach
from marketplace.office.voices import reported_voices
from marketplace.producers.models import Producer
from marketplace.reviews.models import Question, Review

AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Counts:
    """How much waits, by kind."""

    listings: int
    changes: int
    reports: int
    papers: int
    reviews: int
    questions: int
    complaints: int
    ideas: int
    plans: int
    dossiers: int
    overdue: int
    revocations: int
    inspections: int
    authority_orders: int
    results: int
    for_council: int
    lapsing: int

    @property
    def voices(self) -> int:
        """Return how many reviews and questions were reported."""
        return self.reviews + self.questions

    @property
    def all(self) -> int:
        """Return how much waits in all; overdue ones among it; what lapses is the producers' to do."""
        of_buyers = self.reports + self.voices + self.complaints
        of_producers = self.listings + self.changes + self.ideas + self.plans + self.dossiers
        of_oversight = self.revocations + self.inspections + self.authority_orders
        of_province = self.papers + self.results + self.for_council
        return of_producers + of_province + of_oversight + of_buyers


def count_waiting(session: Session, reach: Reach) -> Counts:
    """Return how much waits, in one statement."""
    wanted = (
        *(_listings(reach), _changes(reach), _reports(reach), _papers(reach)),
        *(reported_voices(reach, Review), reported_voices(reach, Question)),
        open_complaints(reach),
        *(waiting_ideas(reach, Shelf.WAITING), waiting_ideas(reach, Shelf.PLANS)),
        *(waiting_dossiers(reach), overdue_dossiers(reach, clock.today())),
        waiting_revocations(reach),
        late_inspections(reach, clock.today()),
        open_orders(reach),
        waiting_results(reach),
        dossiers_without_session(reach),
        unanswered(reach.products(), clock.today()),
    )
    counts = (
        sa.select(sa.func.count()).select_from(one.order_by(None).subquery()).scalar_subquery()
        for one in wanted
    )
    return Counts(*session.execute(sa.select(*counts)).one())


def list_waiting_products(session: Session, reach: Reach, most: int = AT_ONCE) -> list[Product]:
    """Return the products whose listings wait, with producer and listing, that due first on top."""
    wanted = _listings(reach).options(joinedload(Product.producer), joinedload(Product.listing))
    return list(session.execute(wanted.limit(most)).scalars())


def list_waiting_changes(session: Session, reach: Reach, most: int = AT_ONCE) -> list[ChangeRequest]:
    """Return the change requests that wait, with product and producer, that due first on top."""
    wanted = _changes(reach).options(joinedload(ChangeRequest.product).joinedload(Product.producer))
    return list(session.execute(wanted.limit(most)).scalars())


def list_waiting_reports(session: Session, reach: Reach, most: int = AT_ONCE) -> list[Report]:
    """Return the reports that wait, with what they are about; fakes are due first."""
    wanted = _reports(reach).options(joinedload(Report.product), joinedload(Report.producer))
    return list(session.execute(wanted.limit(most)).scalars())


def list_suspended(session: Session, reach: Reach) -> list[Product]:
    """Return the products that were taken off public view, by name."""
    hidden = sa.and_(Product.publication == Publication.SUSPENDED, reach.products())
    wanted = sa.select(Product).where(hidden).options(joinedload(Product.producer))
    return list(session.execute(wanted.order_by(Product.name_folded, Product.id).limit(AT_ONCE)).scalars())


def list_papers(
    session: Session, reach: Reach, *states: PaperState, most: int = AT_ONCE
) -> list[PaperDecision]:
    """Return decisions on paper of the own provinces in these states, the newest first, with awards."""
    wanted = (
        sa.select(PaperDecision)
        .where(PaperDecision.state.in_(states), reach.papers())
        .options(
            joinedload(PaperDecision.unit),
            joinedload(PaperDecision.author),
            joinedload(PaperDecision.decision),
            selectinload(PaperDecision.awards),
        )
        .order_by(PaperDecision.drafted_at.desc(), PaperDecision.id.desc())
        .limit(most)
    )
    return list(session.execute(wanted).scalars())


def count_certified(session: Session, reach: Reach, day: date) -> list[tuple[str, dict[int, int]]]:
    """Return by group how many products of the units have how many living stars."""
    stars = live_stars(day)
    rows = session.execute(
        sa.select(ProductGroup.name, stars, sa.func.count())
        .select_from(Product)
        .join(ProductGroup, ProductGroup.id == Product.group_id)
        .where(Product.publication == Publication.PUBLISHED, certified(day), reach.over(Product))
        .group_by(ProductGroup.id, ProductGroup.name, stars)
        .order_by(ProductGroup.id)
    )
    groups: dict[str, dict[int, int]] = {}
    for name, rank, number in rows:
        groups.setdefault(name, {})[rank or 0] = number
    return list(groups.items())


def _listings(reach: Reach) -> sa.Select[Any]:
    return (
        sa.select(Product)
        .join(Listing, Listing.product_id == Product.id)
        .where(Listing.state == ListingState.SUBMITTED, reach.products())
        .order_by(Listing.answer_due_at, Product.id)
    )


def _changes(reach: Reach) -> sa.Select[Any]:
    return (
        sa.select(ChangeRequest)
        .join(Product, ChangeRequest.product_id == Product.id)
        .where(ChangeRequest.state == RequestState.OPEN, reach.products())
        .order_by(ChangeRequest.answer_due_at, ChangeRequest.id)
    )


def _reports(reach: Reach) -> sa.Select[Any]:
    return (
        sa.select(Report)
        .outerjoin(Product, Report.product_id == Product.id)
        .outerjoin(Producer, Report.producer_id == Producer.id)
        .where(Report.state == ReportState.OPEN, reach.reports())
        .order_by(Report.answer_due_at, Report.id)
    )


def _papers(reach: Reach) -> sa.Select[Any]:
    return sa.select(PaperDecision).where(PaperDecision.state == PaperState.DRAFTED, reach.papers())
