"""What producers do with an idea: hand it in, mend and withdraw it, make a product of it."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.listings import start_listing
from marketplace.catalogue.models import Product, ProductSet
from marketplace.certification.ideas.errors import IdeaRepeated, PlaceUnknown, TooManyIdeas
from marketplace.certification.ideas.facts import IdeaFacts, tidy_idea
from marketplace.certification.ideas.models import IdeaState, ProductIdea
from marketplace.certification.ideas.states import claim_idea, move_idea, note
from marketplace.errors import NotFound
from marketplace.producers.models import Producer
from marketplace.text import fold

MOST_A_YEAR = 20
"""Slips of one producer for one cycle; more is no registration but a flood."""
GIVEN_UP = (IdeaState.DECLINED, IdeaState.WITHDRAWN)


def submit_idea(
    session: Session, actor: Actor, producer: Producer, facts: IdeaFacts, at: datetime
) -> ProductIdea:
    """Hand the registration slip of an idea (phiếu đăng ký ý tưởng sản phẩm) to the producer's commune.

    Raises PlaceUnknown, InvalidIdea, IdeaRepeated and TooManyIdeas.
    """
    if producer.commune_id is None or producer.province_id is None:
        raise PlaceUnknown
    told = tidy_idea(facts, clock.local_date(at).year)
    _lock_producer(session, producer)
    _refuse_repeated(session, producer.id, told)
    idea = ProductIdea(
        producer_id=producer.id,
        commune_id=producer.commune_id,
        province_id=producer.province_id,
        state=IdeaState.SUBMITTED,
        submitted_by=actor.person_id,
        submitted_at=at,
    )
    _write(idea, told)
    session.add(idea)
    session.flush()
    note(session, actor, idea, "submitted", at)
    return idea


def resubmit_idea(session: Session, actor: Actor, idea: ProductIdea, facts: IdeaFacts, at: datetime) -> None:
    """Hand in again what the commune returned, as mended; raises as `submit_idea`, and IdeaMovedOn.

    What the commune ticked off stays beside it until it looks again.
    """
    told = tidy_idea(facts, clock.local_date(at).year)
    _lock_producer(session, session.get_one(Producer, idea.producer_id))
    _refuse_repeated(session, idea.producer_id, told, but=idea.id)
    move_idea(session, actor, idea, IdeaState.SUBMITTED, at)
    _write(idea, told)
    idea.submitted_by, idea.submitted_at = actor.person_id, at
    session.flush()


def withdraw_idea(session: Session, actor: Actor, idea: ProductIdea, at: datetime) -> None:
    """Give an idea up; raises IdeaMovedOn."""
    move_idea(session, actor, idea, IdeaState.WITHDRAWN, at)
    session.flush()


def name_product(session: Session, actor: Actor, idea: ProductIdea, product: Product, at: datetime) -> None:
    """Say which product of the producer an accepted idea has become; raises IdeaMovedOn and NotFound."""
    if product.producer_id != idea.producer_id:
        raise NotFound(product_id=product.id)
    claim_idea(session, idea, IdeaState.ACCEPTED)
    idea.product_id = product.id
    session.flush()
    note(session, actor, idea, "named", at)


def begin_product(
    session: Session, actor: Actor, idea: ProductIdea, producer: Producer, at: datetime
) -> Product:
    """Begin the draft listing of a product by the idea's name and set, and return the product.

    Asked twice it returns the product of the first time. Raises IdeaMovedOn.
    """
    claim_idea(session, idea, IdeaState.ACCEPTED)
    if idea.product_id is not None:
        return session.get_one(Product, idea.product_id)
    wanted = sa.select(ProductSet).where(ProductSet.number == idea.set_number)
    listing = start_listing(
        session, producer, actor=actor, at=at, name=idea.name, product_set=session.scalar(wanted)
    )
    idea.product_id = listing.product_id
    session.flush()
    note(session, actor, idea, "named", at)
    return session.get_one(Product, listing.product_id)


def _lock_producer(session: Session, producer: Producer) -> None:
    """Have slips of one producer come one after another, so that two at once are not both new."""
    locked = sa.select(Producer.id).where(Producer.id == producer.id)
    session.execute(locked.with_for_update(key_share=True))


def _refuse_repeated(session: Session, producer_id: int, facts: IdeaFacts, but: int | None = None) -> None:
    of_year = sa.select(ProductIdea.id, ProductIdea.name).where(
        ProductIdea.producer_id == producer_id,
        ProductIdea.year == facts.year,
        ProductIdea.state.not_in(GIVEN_UP),
    )
    others = [name for number, name in session.execute(of_year) if number != but]
    if fold(facts.name) in {fold(name) for name in others}:
        raise IdeaRepeated(name=facts.name)
    if len(others) >= MOST_A_YEAR:
        raise TooManyIdeas(most=MOST_A_YEAR)


def _write(idea: ProductIdea, facts: IdeaFacts) -> None:
    for name in ("name", "set_number", "year", "origin", "material", "market"):
        setattr(idea, name, getattr(facts, name))
