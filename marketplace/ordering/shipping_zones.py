"""The zones of a producer's shipping rule: begun from the marketplace's table, changed one by one."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.errors import NotFound
from marketplace.ordering.errors import InvalidShippingRule, ProvinceInTwoZones
from marketplace.ordering.shipping import Rate, common_tariff
from marketplace.ordering.shipping_rules import (
    LONGEST_NAME,
    REST,
    ShippingRule,
    ShippingZone,
    lock_shipping_rule,
)
from marketplace.producers.models import Producer
from marketplace.producers.profile import scope_of

MOST_ZONES = 10
MOST_STEPS = 6
HEAVIEST = 100_000
MOST_FEE = 500_000
MOST_FURTHER = 50_000
MOST_FREE_FROM = 100_000_000
MOST_DAYS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class ZoneTerms:
    """What a producer asks for in a zone, as the columns of it; the rest of the country names none."""

    name: str
    provinces: Sequence[int] = ()
    steps: Sequence[tuple[int, int]]
    further: int
    free_from: int | None = None
    days_from: int
    days_to: int


def begin_zones(
    session: Session, actor: Actor, producer: Producer, names: tuple[str, str], at: datetime
) -> ShippingRule:
    """Give a producer zones of its own, which begin as a copy of the marketplace's table.

    `names` are those of the rest of the country and of the own province. Where there are zones already
    nothing happens.
    """
    rule = lock_shipping_rule(session, producer.id)
    if rule.zones:
        return rule
    tariff = common_tariff(producer.province_id)
    copied: list[tuple[str, list[int], Rate]] = [(names[0], [], tariff.rest)]
    copied += [(names[1], sorted(provinces), rate) for provinces, rate in tariff.zones]
    for position, (name, provinces, rate) in enumerate(copied):
        terms = _terms_of(name, provinces, rate)
        rule.zones.append(_filled(ShippingZone(producer_id=producer.id, position=position), terms))
    session.flush()
    _record(session, actor, "shipping_zones:begin", producer, at)
    return rule


def set_zone(
    session: Session, actor: Actor, producer: Producer, position: int | None, terms: ZoneTerms, at: datetime
) -> ShippingZone:
    """Price a zone from now on, a new one where `position` is None; placed orders keep their fee.

    Raises InvalidShippingRule naming the field, ProvinceInTwoZones, and NotFound for no such zone.
    """
    rule = lock_shipping_rule(session, producer.id)
    if not rule.zones:
        raise NotFound
    zone = _new_zone(rule) if position is None else _zone_at(rule, position)
    _check(terms, zone.position == REST)
    _refuse_shared(rule, zone, terms)
    _filled(zone, terms)
    if zone not in rule.zones:
        rule.zones.append(zone)
    session.flush()
    _record(session, actor, "shipping_zone:set", producer, at, position=zone.position)
    return zone


def drop_zone(session: Session, actor: Actor, producer: Producer, position: int, at: datetime) -> None:
    """Let a zone go: its provinces lie in the rest of the country then. Raises NotFound."""
    rule = lock_shipping_rule(session, producer.id)
    zone = _zone_at(rule, position)
    if zone.position == REST:
        raise NotFound
    rule.zones.remove(zone)
    session.flush()
    _record(session, actor, "shipping_zone:drop", producer, at, position=position)


def drop_zones(session: Session, actor: Actor, producer: Producer, at: datetime) -> None:
    """Go back to the marketplace's table; without zones nothing happens."""
    rule = lock_shipping_rule(session, producer.id)
    if not rule.zones:
        return
    rule.zones.clear()
    session.flush()
    _record(session, actor, "shipping_zones:drop", producer, at)


def _terms_of(name: str, provinces: list[int], rate: Rate) -> ZoneTerms:
    return ZoneTerms(
        name=name,
        provinces=provinces,
        steps=rate.steps,
        further=rate.further_kilogram,
        free_from=rate.free_over,
        days_from=rate.days[0],
        days_to=rate.days[1],
    )


def _filled(zone: ShippingZone, terms: ZoneTerms) -> ShippingZone:
    for column, value in asdict(terms).items():
        setattr(zone, column, value)
    zone.provinces = sorted(set(terms.provinces))
    zone.steps = [list(step) for step in terms.steps]
    return zone


def _new_zone(rule: ShippingRule) -> ShippingZone:
    if len(rule.zones) >= MOST_ZONES:
        raise InvalidShippingRule(field="zones", most=MOST_ZONES)
    return ShippingZone(producer_id=rule.producer_id, position=rule.zones[-1].position + 1)


def _zone_at(rule: ShippingRule, position: int) -> ShippingZone:
    found = next((zone for zone in rule.zones if zone.position == position), None)
    if found is None:
        raise NotFound
    return found


def _check(terms: ZoneTerms, is_rest: bool) -> None:
    if not 0 < len(terms.name) <= LONGEST_NAME:
        raise InvalidShippingRule(field="name", most=LONGEST_NAME)
    if bool(terms.provinces) is is_rest:
        raise InvalidShippingRule(field="provinces", most=0)
    _check_steps(terms.steps)
    bounds = {
        "further": (0, MOST_FURTHER),
        "free_from": (1, MOST_FREE_FROM),
        "days_from": (1, MOST_DAYS),
        "days_to": (terms.days_from, MOST_DAYS),
    }
    for field, (least, most) in bounds.items():
        number = getattr(terms, field)
        if number is not None and not least <= number <= most:
            raise InvalidShippingRule(field=field, most=most)


def _check_steps(steps: Sequence[tuple[int, int]]) -> None:
    """Refuse steps that are none, do not rise in weight, fall in price, or leave their bounds."""
    if not 0 < len(steps) <= MOST_STEPS:
        raise InvalidShippingRule(field="steps", most=MOST_STEPS)
    lightest, cheapest = 0, 0
    for up_to, fee in steps:
        if not lightest < up_to <= HEAVIEST:
            raise InvalidShippingRule(field="steps", most=HEAVIEST)
        if not cheapest <= fee <= MOST_FEE:
            raise InvalidShippingRule(field="steps", most=MOST_FEE)
        lightest, cheapest = up_to, fee


def _refuse_shared(rule: ShippingRule, zone: ShippingZone, terms: ZoneTerms) -> None:
    for other in rule.zones:
        shared = set(other.provinces) & set(terms.provinces)
        if other.position != zone.position and shared:
            raise ProvinceInTwoZones(field="provinces", zone=other.name)


def _record(session: Session, actor: Actor, deed: str, producer: Producer, at: datetime, **data: int) -> None:
    journal.record(session, actor, deed, "producer", producer.id, scope_of(producer), at=at, data=data)
