"""What a decision read off its paper has to do with dossiers that are under way here."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.models import Product
from marketplace.certification.decisions.errors import EvaluatedHere
from marketplace.certification.decisions.results import DECIDED_FROM_RESULTS
from marketplace.certification.dossiers.flow import move
from marketplace.certification.dossiers.models import Dossier, DossierState, MinistryFile
from marketplace.certification.models import Decision

FIVE = 5


def refuse_evaluated_here(session: Session, products: Sequence[Product], decided_on: date) -> None:
    """Raise EvaluatedHere when a product's result waits here for its decision.

    A decision from before the dossier was handed in is of an evaluation gone by.
    """
    names = {product.id: product.name for product in products}
    waiting = sa.select(Dossier).where(Dossier.product_id.in_(names), Dossier.state.in_(DECIDED_FROM_RESULTS))
    for dossier in session.execute(waiting.order_by(Dossier.id)).scalars():
        if dossier.submitted_at is not None and clock.local_date(dossier.submitted_at) <= decided_on:
            raise EvaluatedHere(name=names[dossier.product_id], number=dossier.code)


def close_at_ministry(
    session: Session, actor: Actor, product_id: int, stars: int, decision: Decision, at: datetime
) -> None:
    """Close the dossier of a product that lies at the ministry, by the five stars that the ministry gave."""
    lies_there = sa.select(Dossier).join(MinistryFile, MinistryFile.dossier_id == Dossier.id)
    wanted = lies_there.where(
        Dossier.product_id == product_id,
        Dossier.state == DossierState.AT_MINISTRY,
        MinistryFile.sent_on <= decision.decided_on,
    )
    dossier = session.execute(wanted).scalar_one_or_none()
    if dossier is not None and stars == FIVE:
        move(session, actor, dossier, DossierState.RECOGNISED, at, decision.number, granted=stars)


def ministry_points(
    session: Session, products: Sequence[Product], decided_on: date
) -> dict[int, Decimal | None]:
    """Return the points that the ministry told of products that lay there on a day, by product."""
    lying = sa.select(Dossier.product_id, MinistryFile.points).join(
        MinistryFile, MinistryFile.dossier_id == Dossier.id
    )
    wanted = lying.where(
        Dossier.product_id.in_([product.id for product in products]),
        Dossier.state == DossierState.AT_MINISTRY,
        MinistryFile.sent_on <= decided_on,
    )
    return {row.product_id: row.points for row in session.execute(wanted)}


def list_closed_at(session: Session, product_ids: Sequence[int], at: datetime) -> Sequence[Dossier]:
    """Return the dossiers of products that were recognised at this very time, by id."""
    wanted = sa.select(Dossier).where(
        Dossier.product_id.in_(product_ids), Dossier.state == DossierState.RECOGNISED, Dossier.since == at
    )
    return session.execute(wanted.order_by(Dossier.id)).scalars().all()
