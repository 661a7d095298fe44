"""Whether a variant can be ordered on a day, and if not, why."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from marketplace.catalogue.models import Publication, SalePolicy, Variant
from marketplace.ordering.shipping_rules import ShippingRule

MOST_LINES = 50
"""As many lines as a cart holds, and so an order."""


class Obstacle(StrEnum):
    """Why a line cannot be ordered as it stands."""

    NOT_OFFERED = "not_offered"
    RECALLED = "recalled"
    NO_SELLER = "no_seller"
    POLICY = "policy"
    LIVE = "live"
    LAPSED = "lapsed"
    HOLIDAY = "holiday"
    SOLD_OUT = "sold_out"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class SaleTerms:
    """What the calendar says and the operator decides.

    The day in Vietnam, whether products whose certificate has lapsed may be sold, and the commission
    on what is sold, in hundredths of a percent.
    """

    day: date
    sell_lapsed: bool
    commission_rate: int = 0


def find_obstacle(variant: Variant, terms: SaleTerms, rule: ShippingRule | None = None) -> Obstacle | None:
    """Return what keeps a variant from being sold at all, or None; stock is not looked at.

    The variant's product, producer, set and group must be loaded. `rule` is how its seller hands over
    goods: live ones are sold only where they can be fetched, or where the seller brings them itself.
    """
    product = variant.product
    offered = product.publication is Publication.PUBLISHED and variant.active
    if variant.halted or not offered:
        return Obstacle.RECALLED if offered else Obstacle.NOT_OFFERED
    if product.producer is None or not product.producer.can_sell:
        return Obstacle.NO_SELLER
    if not product.sale_policy.orderable:
        return Obstacle.POLICY
    if is_live(variant) and not (rule is not None and (rule.pickup or rule.sends_live)):
        return Obstacle.LIVE
    certified = product.certified_until is not None and product.certified_until >= terms.day
    if not certified and not terms.sell_lapsed:
        return Obstacle.LAPSED
    return Obstacle.HOLIDAY if product.producer.on_holiday(terms.day) else None


def find_shortage(quantity: int, available: int) -> Obstacle | None:
    """Return what stock says about a quantity, or None when there is enough."""
    if available >= quantity:
        return None
    return Obstacle.TOO_FEW if available > 0 else Obstacle.SOLD_OUT


def is_live(variant: Variant) -> bool:
    """Return whether it is a plant, a flower or an animal: carriers' parcels are not for those."""
    return variant.product.sale_policy is SalePolicy.LIVE


def needs_age(variant: Variant) -> bool:
    """Return whether only people of 18 and over may buy it."""
    return variant.product.sale_policy is SalePolicy.AGE_18
