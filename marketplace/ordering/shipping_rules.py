"""Shipping rules: how a producer hands over its goods, and what it asks for sending them."""

from dataclasses import asdict, dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.database import Base
from marketplace.ordering.errors import InvalidShippingRule
from marketplace.ordering.shipping import Rate, Tariff, common_tariff
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of
from marketplace.register import PublicFact

LONGEST_WORDS = 300
LONGEST_NAME = 60
REST = 0
"""The position of the zone that holds every province which no other zone names."""


class ShippingRule(Base, PublicFact):
    """How a producer hands over its goods.

    `pickup` says that buyers may fetch them, at `pickup_address` (None: the producer's own) and as
    `pickup_words` say. `sends_live` says that it brings live goods (plants, flowers, animals) itself.
    Without zones its parcels cost what the marketplace's table says.
    """

    __tablename__ = "shipping_rule"

    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("producer.id"), primary_key=True)
    pickup: Mapped[bool] = mapped_column(default=False)
    pickup_address: Mapped[str | None] = mapped_column(sa.String(LONGEST_WORDS))
    pickup_words: Mapped[str | None] = mapped_column(sa.String(LONGEST_WORDS))
    sends_live: Mapped[bool] = mapped_column(default=False)

    zones: Mapped[list["ShippingZone"]] = relationship(
        order_by="ShippingZone.position", cascade="all, delete-orphan", lazy="raise"
    )

    def tariff(self, home_province_id: int | None) -> Tariff:
        """Return its rates; the zones must be loaded."""
        if not self.zones:
            return common_tariff(home_province_id)
        rest, *named = self.zones
        return Tariff(tuple((frozenset(zone.provinces), zone.rate) for zone in named), rest.rate)


class ShippingZone(Base, PublicFact):
    """A producer's prices for some provinces; position 0 (`REST`) is for all that no other zone names.

    `steps` are pairs of (grams up to, đồng), rising; every further kilogram begun costs `further`. From
    `free_from` worth of goods a parcel travels free, None means never. The days are working days.
    """

    __tablename__ = "shipping_zone"
    __table_args__ = (
        sa.CheckConstraint("position >= 0", name="position"),
        sa.CheckConstraint("further >= 0", name="further"),
        sa.CheckConstraint("free_from > 0", name="free_from"),
        sa.CheckConstraint("days_from >= 1 AND days_from <= days_to", name="days"),
    )

    producer_id: Mapped[int] = mapped_column(sa.ForeignKey("shipping_rule.producer_id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(sa.String(LONGEST_NAME))
    provinces: Mapped[list[int]] = mapped_column(sa.JSON)
    steps: Mapped[list[list[int]]] = mapped_column(sa.JSON)
    further: Mapped[int]
    free_from: Mapped[int | None] = mapped_column(sa.BigInteger)
    days_from: Mapped[int]
    days_to: Mapped[int]

    @property
    def rate(self) -> Rate:
        """Return it as a rate."""
        steps = tuple((up_to, fee) for up_to, fee in self.steps)
        return Rate(steps, self.further, self.free_from, (self.days_from, self.days_to))


@dataclass(frozen=True, slots=True, kw_only=True)
class Pickup:
    """How goods change hands where they are made, as the columns of a rule."""

    pickup: bool = False
    pickup_address: str | None = None
    pickup_words: str | None = None
    sends_live: bool = False


def tariff_of(producer: Producer, rule: ShippingRule | None) -> Tariff:
    """Return what a producer asks for sending a parcel: its own rates, else the marketplace's."""
    return rule.tariff(producer.province_id) if rule else common_tariff(producer.province_id)


def find_shipping_rule(session: Session, producer_id: int) -> ShippingRule | None:
    """Return the rule of a producer with its zones, or None where nothing was ever said."""
    return session.get(ShippingRule, producer_id, options=[selectinload(ShippingRule.zones)])


def lock_shipping_rule(session: Session, producer_id: int) -> ShippingRule:
    """Return the rule of a producer for changing, a new one where there is none yet."""
    rule = session.get(
        ShippingRule,
        producer_id,
        options=[selectinload(ShippingRule.zones)],
        with_for_update={"of": ShippingRule},
    )
    if rule is None:
        rule = ShippingRule(producer_id=producer_id, pickup=False, sends_live=False, zones=[])
        session.add(rule)
        session.flush()
    return rule


def set_pickup(
    session: Session, actor: Actor, producer: Producer, pickup: Pickup, at: datetime
) -> ShippingRule:
    """Say how a producer's goods are fetched, and whether it brings live goods itself.

    Raises InvalidShippingRule for words that are too long.
    """
    for field in ("pickup_address", "pickup_words"):
        if len(getattr(pickup, field) or "") > LONGEST_WORDS:
            raise InvalidShippingRule(field=field, most=LONGEST_WORDS)
    rule = lock_shipping_rule(session, producer.id)
    for column, value in asdict(pickup).items():
        setattr(rule, column, value)
    session.flush()
    data = {"pickup": pickup.pickup, "sends_live": pickup.sends_live}
    journal.record(
        session, actor, "shipping_rule:set", "producer", producer.id, scope_of(producer), at=at, data=data
    )
    return rule
