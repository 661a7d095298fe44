"""Recording a decision from its paper: drafted by one officer, confirmed by a second of the same province.

Neither is a member of a producer whose product it names. This is how decisions of councils that met
elsewhere, of years gone by, and of the ministry come into the register.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.decisions.awarding import award_stars, write_decision
from marketplace.certification.decisions.circumstances import circumstances_of
from marketplace.certification.decisions.dossiers_met import (
    FIVE,
    close_at_ministry,
    ministry_points,
    refuse_evaluated_here,
)
from marketplace.certification.decisions.drafts import note, open_as_second, require_province
from marketplace.certification.decisions.errors import NotFromPaper
from marketplace.certification.decisions.paper_checks import (
    check_stars,
    read_number,
    refuse_repeated,
    require_no_member,
)
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision, PaperKind, PaperState
from marketplace.certification.errors import IssuedInFuture
from marketplace.certification.models import Decision


def draft_decision(
    session: Session,
    actor: Actor,
    unit_id: int,
    number: str,
    decided_on: date,
    awards: Mapping[int, int],
    at: datetime,
    points: Mapping[int, Decimal | None] | None = None,
) -> PaperDecision:
    """Draft a decision of a province; `awards` are stars by product id, of products that lie there.

    `points` are those that the paper tells, by product id.

    Raises NotPermitted, InvalidDecisionNumber, IssuedInFuture, NothingAwarded, NoCertificateForStars,
    SeveralAuthorities, MinistryStars, MemberCannotAward, AlreadyAwarded and EvaluatedHere.
    """
    unit = require_province(session, actor, unit_id)
    number = read_number(number)
    if decided_on > clock.local_date(at):
        raise IssuedInFuture(field="decided_on", issued_on=decided_on)
    check_stars(number, decided_on, awards.values())
    products = _products_of(session, unit_id, awards)
    _refuse_what_is_decided(session, actor, number, decided_on, products)
    told = points or {}
    rows = [PaperAward(product_id=one.id, stars=awards[one.id], points=told.get(one.id)) for one in products]
    paper = PaperDecision(
        unit_id=unit.id,
        kind=PaperKind.PAPER,
        number=number,
        decided_on=decided_on,
        drafted_by=actor.person_id,
        drafted_at=at,
        awards=rows,
    )
    session.add(paper)
    session.flush()
    note(session, actor, paper, "draft", at, products=len(rows))
    return paper


def confirm_paper(session: Session, actor: Actor, paper_id: int, at: datetime) -> Decision:
    """Write the decision and its certificates: what is public follows in the same transaction.

    A product that was drafted and never shown comes on public view, and a dossier that lies at the ministry
    is closed by the ministry's five stars. Raises NotPermitted, ReauthenticationNeeded, PaperClosed,
    NotFromPaper, AuthorCannotConfirm, MemberCannotAward, AlreadyAwarded, EvaluatedHere and OtherDayOnRecord.
    """
    paper, unit = open_as_second(session, actor, paper_id, at)
    if paper.kind is not PaperKind.PAPER or paper.number is None or paper.decided_on is None:
        raise NotFromPaper
    awards = {award.product_id: award.stars for award in paper.awards if award.stars is not None}
    products = _products_of(session, unit.id, awards)
    _refuse_what_is_decided(session, actor, paper.number, paper.decided_on, products)
    facts = circumstances_of(max(awards.values()), paper.decided_on, unit, products)
    decision = write_decision(session, paper.number, facts)
    paper.state, paper.closed_at = PaperState.CONFIRMED, at
    paper.confirmed_by, paper.decision_id = actor.person_id, decision.id
    note(session, actor, paper, "confirm", at, decision_code=decision.code)
    points = _points_of(paper, ministry_points(session, products, paper.decided_on))
    for product in products:
        award_stars(session, actor, decision, product, awards[product.id], at, points[product.id])
        close_at_ministry(session, actor, product.id, awards[product.id], decision, at)
    return decision


def _refuse_what_is_decided(
    session: Session, actor: Actor, number: str, decided_on: date, products: list[Product]
) -> None:
    """Raise MemberCannotAward, AlreadyAwarded or EvaluatedHere for what a decision may not name."""
    require_no_member(session, actor, products)
    refuse_repeated(session, number, decided_on, products)
    refuse_evaluated_here(session, products, decided_on)


def _points_of(
    paper: PaperDecision, of_ministry: Mapping[int, Decimal | None]
) -> Mapping[int, Decimal | None]:
    """Return the points that the paper tells, for five stars else those that the ministry told."""
    points = {award.product_id: award.points for award in paper.awards}
    silent = [one.product_id for one in paper.awards if one.points is None and one.stars == FIVE]
    return {**points, **{product_id: of_ministry.get(product_id) for product_id in silent}}


def _products_of(session: Session, unit_id: int, awards: Mapping[int, int]) -> list[Product]:
    """Return the products in the order named; raises NotPermitted when one does not lie in the province."""
    wanted = (
        sa.select(Product)
        .where(Product.id.in_(awards), Product.province_id == unit_id)
        .options(joinedload(Product.producer))
    )
    found = {product.id: product for product in session.execute(wanted).scalars()}
    if set(found) != set(awards):
        raise NotPermitted
    return [found[number] for number in awards]
