"""Recording a decision from its paper: drafted by one officer, confirmed by a second of the same province.

Neither is a member of a producer whose product it names. Until councils decide in this office, this is how
certificates come into the register.
"""

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, selectinload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.errors import NotPermitted
from marketplace.accounts.permissions import Actor, require_strong
from marketplace.accounts.roles import SITE, Role, Scope, ScopeKind
from marketplace.catalogue.actions import publish_product
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.actions import record_certificate, record_decision
from marketplace.certification.authorities import Circumstances
from marketplace.certification.decisions.paper_checks import (
    check_stars,
    read_number,
    refuse_repeated,
    require_no_member,
)
from marketplace.certification.decisions.paper_models import PaperAward, PaperDecision, PaperState
from marketplace.certification.errors import (
    AuthorCannotConfirm,
    IssuedInFuture,
    OtherDayOnRecord,
    PaperClosed,
)
from marketplace.certification.models import Decision
from marketplace.places.models import AdminUnit, Level


def draft_decision(
    session: Session,
    actor: Actor,
    unit_id: int,
    number: str,
    decided_on: date,
    awards: Mapping[int, int],
    at: datetime,
) -> PaperDecision:
    """Draft a decision of a province; `awards` are stars by product id, of products that lie there.

    Raises NotPermitted, InvalidDecisionNumber, IssuedInFuture, NothingAwarded, NoCertificateForStars,
    SeveralAuthorities, MemberCannotAward and AlreadyAwarded.
    """
    unit = _province(session, actor, unit_id)
    number = read_number(number)
    if decided_on > clock.local_date(at):
        raise IssuedInFuture(field="decided_on", issued_on=decided_on)
    check_stars(number, decided_on, awards.values())
    products = _products_of(session, unit_id, awards)
    require_no_member(session, actor, products)
    refuse_repeated(session, number, decided_on, products)
    rows = [PaperAward(product_id=product.id, stars=awards[product.id]) for product in products]
    paper = PaperDecision(
        unit_id=unit.id,
        number=number,
        decided_on=decided_on,
        drafted_by=actor.person_id,
        drafted_at=at,
        awards=rows,
    )
    session.add(paper)
    session.flush()
    _note(session, actor, paper, "draft", at, products=len(rows))
    return paper


def withdraw_paper(session: Session, actor: Actor, paper_id: int, at: datetime) -> None:
    """Give a draft up, or send it back; any officer of its province may. Raises NotPermitted, PaperClosed."""
    paper = _open_paper(session, actor, paper_id)
    paper.state, paper.closed_at = PaperState.WITHDRAWN, at
    _note(session, actor, paper, "withdraw", at)


def confirm_paper(session: Session, actor: Actor, paper_id: int, at: datetime) -> Decision:
    """Write the decision and its certificates: what is public follows in the same transaction.

    A product that was drafted and never shown comes on public view. Raises NotPermitted,
    ReauthenticationNeeded, PaperClosed, AuthorCannotConfirm, MemberCannotAward,
    AlreadyAwarded and OtherDayOnRecord.
    """
    require_strong(actor, at)
    paper = _open_paper(session, actor, paper_id)
    if paper.drafted_by == actor.person_id:
        raise AuthorCannotConfirm
    unit = _province(session, actor, paper.unit_id)
    _one_at_a_time(session, unit)
    products = _products_of(session, unit.id, {award.product_id: award.stars for award in paper.awards})
    require_no_member(session, actor, products)
    refuse_repeated(session, paper.number, paper.decided_on, products)
    stars = max(award.stars for award in paper.awards)
    facts = Circumstances(stars=stars, decided_on=paper.decided_on, province=unit.name)
    decision = record_decision(session, paper.number, facts)
    if decision.decided_on != paper.decided_on:
        raise OtherDayOnRecord(day=decision.decided_on)
    paper.state, paper.closed_at = PaperState.CONFIRMED, at
    paper.confirmed_by, paper.decision_id = actor.person_id, decision.id
    _note(session, actor, paper, "confirm", at, decision_code=decision.code)
    for product, award in zip(products, paper.awards, strict=True):
        _award(session, actor, decision, product, award.stars, at)
    return decision


def _award(
    session: Session, actor: Actor, decision: Decision, product: Product, stars: int, at: datetime
) -> None:
    holder = product.producer.name if product.producer else None
    certificate = record_certificate(
        session, product, stars=stars, day=clock.local_date(at), decision=decision, holder_name=holder
    )
    session.flush()
    if product.publication is Publication.DRAFT:
        publish_product(session, product)
    org = Scope(ScopeKind.PRODUCER, product.producer_id) if product.producer_id else None
    data = {"stars": stars, "product_id": product.id, "decision_id": decision.id}
    journal.record(session, actor, "certificate:award", "certificate", certificate.id, org, at=at, data=data)


def may_record(actor: Actor, unit_id: int) -> bool:
    """Return whether an actor records decisions of a province: its officers do, and administrators."""
    office = Scope(ScopeKind.ADMIN_UNIT, unit_id)
    return actor.holds(office, Role.PROVINCE_OFFICER) or actor.holds(SITE, Role.ADMINISTRATOR)


def _province(session: Session, actor: Actor, unit_id: int) -> AdminUnit:
    unit = session.get(AdminUnit, unit_id)
    if unit is None or unit.level is not Level.PROVINCE or unit.ended or not may_record(actor, unit_id):
        raise NotPermitted
    return unit


def _open_paper(session: Session, actor: Actor, paper_id: int) -> PaperDecision:
    """Return a draft with its row locked, so that of two who decide at once the second is refused."""
    wanted = sa.select(PaperDecision).where(PaperDecision.id == paper_id).options(_AWARDS)
    locked = wanted.with_for_update().execution_options(populate_existing=True)
    paper = session.execute(locked).scalar_one_or_none()
    if paper is None or not may_record(actor, paper.unit_id):
        raise NotPermitted
    if paper.state is not PaperState.DRAFTED:
        raise PaperClosed(state=paper.state.value)
    return paper


def _one_at_a_time(session: Session, unit: AdminUnit) -> None:
    """Let confirmations of a province come one after the other: each sees what the one before awarded."""
    session.execute(sa.select(AdminUnit.id).where(AdminUnit.id == unit.id).with_for_update(key_share=True))


_AWARDS = selectinload(PaperDecision.awards)


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


def _note(
    session: Session, actor: Actor, paper: PaperDecision, verb: str, at: datetime, **data: int | str
) -> None:
    office = Scope(ScopeKind.ADMIN_UNIT, paper.unit_id)
    journal.record(
        session, actor, f"paper_decision:{verb}", "paper_decision", paper.id, office, at=at, data=data
    )
