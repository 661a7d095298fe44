"""Shipping rules: what a producer asks for sending a parcel, in place of the marketplace's own table."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.database import Base
from marketplace.ordering.errors import InvalidShippingRule
from marketplace.ordering.shipping import RATES, Rate, Zone
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.register import PublicFact

FIRST_KILOGRAM = 1_000
MOST_FEE = 500_000
MOST_FURTHER = 50_000
MOST_FREE_FROM = 100_000_000


class ShippingRule(Base, PublicFact):
    """A producer's own prices in đồng: for the first kilogram, and for every further one begun.

    `near` is the producer's own province, `far` every other one. From `free_from` worth of goods a
    parcel travels free; None means never. `pickup` says that buyers may fetch their goods there.
    """

    __tablename__ = "shipping_rule"
    __table_args__ = (
        sa.CheckConstraint("near_fee >= 0 AND far_fee >= 0", name="fees"),
        sa.CheckConstraint("near_further >= 0 AND far_further >= 0", name="further"),
        sa.CheckConstraint("free_from > 0", name="free_from"),
    )

    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), primary_key=True)
    near_fee: Mapped[int]
    near_further: Mapped[int]
    far_fee: Mapped[int]
    far_further: Mapped[int]
    free_from: Mapped[int | None] = mapped_column(sa.BigInteger)
    pickup: Mapped[bool] = mapped_column(default=False)

    @property
    def rates(self) -> Mapping[Zone, Rate]:
        """Return it as a rate for each zone; the days stay those of the marketplace's table."""
        return {
            Zone.SAME_PROVINCE: self._rate(Zone.SAME_PROVINCE, self.near_fee, self.near_further),
            Zone.ELSEWHERE: self._rate(Zone.ELSEWHERE, self.far_fee, self.far_further),
        }

    def _rate(self, zone: Zone, fee: int, further: int) -> Rate:
        return Rate(((FIRST_KILOGRAM, fee),), further, self.free_from, RATES[zone].days)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShippingPrices:
    """What a producer asks for, as the columns of a rule."""

    near_fee: int
    near_further: int
    far_fee: int
    far_further: int
    free_from: int | None = None
    pickup: bool = False


def find_shipping_rule(session: Session, producer_id: int) -> ShippingRule | None:
    """Return the rule of a producer, or None where the marketplace's table holds."""
    return session.get(ShippingRule, producer_id)


def set_shipping_rule(
    session: Session, actor: Actor, producer: Producer, prices: ShippingPrices, at: datetime
) -> ShippingRule:
    """Price a producer's parcels from now on; orders keep the fee that their buyers were shown.

    Raises InvalidShippingRule.
    """
    _check(prices)
    rule = session.get(ShippingRule, producer.id) or ShippingRule(producer_id=producer.id)
    for column, value in asdict(prices).items():
        setattr(rule, column, value)
    session.add(rule)
    session.flush()
    data = asdict(prices)
    journal.record(
        session, actor, "shipping_rule:set", "producer", producer.id, scope_of(producer), at=at, data=data
    )
    return rule


def drop_shipping_rule(session: Session, actor: Actor, producer: Producer, at: datetime) -> None:
    """Go back to the marketplace's table; without a rule nothing happens."""
    rule = session.get(ShippingRule, producer.id)
    if rule is None:
        return
    session.delete(rule)
    session.flush()
    journal.record(session, actor, "shipping_rule:drop", "producer", producer.id, scope_of(producer), at=at)


def _check(prices: ShippingPrices) -> None:
    bounds = {
        "near_fee": (0, MOST_FEE),
        "near_further": (0, MOST_FURTHER),
        "far_fee": (0, MOST_FEE),
        "far_further": (0, MOST_FURTHER),
        "free_from": (1, MOST_FREE_FROM),
    }
    for field, (least, most) in bounds.items():
        amount = getattr(prices, field)
        if amount is not None and not least <= amount <= most:
            raise InvalidShippingRule(field=field, most=most)
