"""What a year's report tells of the register: recognitions, ends, revocations and decisions."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from marketplace.catalogue.models import Product
from marketplace.certification.boards.living import ByStars, certificates_of, number_of, was_living
from marketplace.certification.boards.territory import Territory
from marketplace.certification.boards.years import last_day_of
from marketplace.certification.history import Turn
from marketplace.certification.models import Certificate, Decision, RevocationReason


class DecisionCount(NamedTuple):
    """A decision and how many of its certificates lie in the territory."""

    decision: Decision
    certificates: int


def count_by_group(
    session: Session, territory: Territory, year: int, day: date
) -> dict[int | None, dict[int | None, int]]:
    """Return by group and stars how many products had a living certificate at the end of a year."""
    alive = number_of(was_living(last_day_of(year, day)))
    rows = session.execute(
        sa.select(Product.group_id, Certificate.stars, alive)
        .join(Product, Product.id == Certificate.product_id)
        .where(territory.over(Product))
        .group_by(Product.group_id, Certificate.stars)
    )
    groups: dict[int | None, dict[int | None, int]] = {}
    for group_id, stars, number in rows:
        if number:
            groups.setdefault(group_id, {})[stars] = int(number)
    return groups


def count_recognitions(session: Session, territory: Territory, year: int) -> dict[Turn, ByStars]:
    """Return the certificates given in a year by what they were to their products, and by stars."""
    before = aliased(Certificate)
    turn = sa.case(
        (before.id.is_(None), Turn.RECOGNISED.value),
        (Certificate.stars > before.stars, Turn.RAISED.value),
        (Certificate.stars < before.stars, Turn.LOWERED.value),
        else_=Turn.AGAIN.value,
    )
    rows = session.execute(
        certificates_of(sa.select(turn, Certificate.stars, sa.func.count()), territory)
        .outerjoin(before, before.superseded_by_id == Certificate.id)
        .where(Certificate.year == year)
        .group_by(turn, Certificate.stars)
    )
    turns: dict[Turn, dict[int | None, int]] = {}
    for name, stars, number in rows:
        turns.setdefault(Turn(name), {})[stars] = number
    return dict(turns)


def count_lapsed(session: Session, territory: Territory, year: int, day: date) -> int:
    """Return how many certificates ran out in a year by the day, and were not replaced before."""
    end = sa.func.coalesce(Certificate.extended_until, Certificate.valid_until)
    lapsed = certificates_of(sa.select(sa.func.count()), territory).where(
        sa.and_(end >= date(year, 1, 1), end <= date(year, 12, 31)),
        sa.and_(end < day),
        sa.or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > end),
        sa.or_(Certificate.superseded_on.is_(None), Certificate.superseded_on > end),
    )
    return session.scalars(lapsed).one()


def count_revoked(session: Session, territory: Territory, year: int) -> Mapping[RevocationReason, int]:
    """Return how many certificates were revoked in a year, by reason."""
    rows = session.execute(
        certificates_of(sa.select(Certificate.revocation_reason, sa.func.count()), territory)
        .where(Certificate.revoked_on.between(date(year, 1, 1), date(year, 12, 31)))
        .group_by(Certificate.revocation_reason)
    )
    return {reason: number for reason, number in rows if reason is not None}


def list_decision_counts(session: Session, territory: Territory, year: int) -> Sequence[DecisionCount]:
    """Return the decisions of a year that gave certificates in the territory, by day."""
    rows = session.execute(
        certificates_of(sa.select(Decision, sa.func.count(Certificate.id)), territory)
        .join(Decision, Decision.id == Certificate.decision_id)
        .where(Decision.year == year)
        .group_by(Decision.id)
        .order_by(Decision.decided_on.nulls_last(), Decision.id)
    )
    return [DecisionCount(decision, number) for decision, number in rows]
