"""Whether and how a product can be bought: packs with price and stock, fees, and what stands in the way."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm.attributes import set_committed_value

from marketplace.catalogue.models import Product, SalePolicy, Variant
from marketplace.catalogue.unit_price import Measure, UnitPrice, unit_price
from marketplace.money import format_vnd
from marketplace.ordering.quote import Shelf
from marketplace.ordering.sale import Obstacle, SaleTerms, find_obstacle
from marketplace.ordering.shipping import RATES, Rate, Shipping, Zone, quote_shipping
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.ordering.stock import StockPhrase, StockState, stock_phrase
from marketplace.web.words import gettext as _


class Buying(StrEnum):
    """How a product page lets one buy: all but ORDER say why not, or how else."""

    ORDER = "order"
    SOLD_OUT = "sold_out"
    RECALLED = "recalled"
    LAPSED = "lapsed"
    HOLIDAY = "holiday"
    BOOKING = "booking"
    DISPLAY_ONLY = "display_only"
    LICENCE = "licence"
    LIVE = "live"
    NO_SELLER = "no_seller"
    NO_PRICE = "no_price"


@dataclass(frozen=True, slots=True)
class Pack:
    """A size that is sold: its price in đồng, what a measure of it costs, and what stock says."""

    variant: Variant
    unit: UnitPrice
    stock: StockPhrase

    @property
    def available(self) -> bool:
        """Whether there is any."""
        return self.stock.state is not StockState.SOLD_OUT

    @property
    def unit_words(self) -> str:
        """Return the price of a measure in words, nothing where it says no more than the price."""
        if self.unit.amount == self.variant.price:
            return ""
        measures = {Measure.KILOGRAM: "kg", Measure.LITRE: _("lít"), Measure.PIECE: _("chiếc")}
        return f"{format_vnd(self.unit.amount)}/{measures[self.unit.measure]}"

    @property
    def stock_words(self) -> str:
        """Return what stock says in words."""
        if self.stock.left is not None:
            return _("Còn %(left)s", left=self.stock.left)
        return str(_("Còn hàng") if self.available else _("Hết hàng"))


@dataclass(frozen=True, slots=True)
class Offer:
    """What the buying part of a product page says; `sent` are fees by where a parcel goes."""

    buying: Buying
    packs: tuple[Pack, ...]
    sent: tuple[tuple[str, Shipping], ...]
    own_rule: bool
    pickup: bool
    pickup_only: bool
    brought: bool
    pickup_address: str
    pickup_words: str
    for_adults: bool
    sample: bool

    @property
    def chosen(self) -> Pack | None:
        """Return the pack that is chosen at first: the first there is any of."""
        return next((pack for pack in self.packs if pack.available), next(iter(self.packs), None))


def make_offer(product: Product, shelf: Shelf, terms: SaleTerms) -> Offer:
    """Return the offer of a product whose packs, producer, set and group are loaded."""
    for variant in product.variants:
        set_committed_value(variant, "product", product)
    packs = tuple(
        Pack(
            variant,
            unit_price(variant.price, variant.content, variant.uom),
            stock_phrase(shelf.available.get(variant.id, 0)),
        )
        for variant in product.variants
        if not variant.halted or all(one.halted for one in product.variants)
    )
    rule = shelf.rules.get(product.producer_id or 0)
    buying = _buying(product, packs, terms, rule)
    first = next((pack.variant for pack in packs if pack.available), None)
    fetched = rule is not None and rule.pickup
    only = rule is not None and product.sale_policy is SalePolicy.LIVE and not rule.sends_live
    return Offer(
        buying=buying,
        packs=packs,
        sent=_sent(first, rule) if buying is Buying.ORDER and first and not only else (),
        own_rule=rule is not None and bool(rule.zones),
        pickup=fetched,
        pickup_only=only,
        brought=rule is not None and rule.sends_live and product.sale_policy is SalePolicy.LIVE,
        pickup_address=_pickup_address(product, rule) if fetched else "",
        pickup_words=(rule.pickup_words or "") if rule else "",
        for_adults=product.sale_policy is SalePolicy.AGE_18,
        sample=any(pack.variant.sample for pack in packs),
    )


def _sent(variant: Variant, rule: ShippingRule | None) -> tuple[tuple[str, Shipping], ...]:
    """Return what sending one pack costs: to the zones of its seller, or near and far."""
    if rule is not None and rule.zones:
        rest, *named = rule.zones
        return tuple((zone.name, _shipping(variant, zone.rate)) for zone in (*named, rest))
    near, far = RATES[Zone.SAME_PROVINCE], RATES[Zone.ELSEWHERE]
    return ((_("Cùng tỉnh"), _shipping(variant, near)), (_("Tỉnh khác"), _shipping(variant, far)))


def _shipping(variant: Variant, rate: Rate) -> Shipping:
    return quote_shipping(rate, variant.weight_g, variant.price)


def _pickup_address(product: Product, rule: ShippingRule | None) -> str:
    own = product.producer.full_address if product.producer else ""
    return (rule.pickup_address if rule else None) or own


def _buying(product: Product, packs: tuple[Pack, ...], terms: SaleTerms, rule: ShippingRule | None) -> Buying:
    policies = {
        SalePolicy.BOOKING: Buying.BOOKING,
        SalePolicy.DISPLAY_ONLY: Buying.DISPLAY_ONLY,
        SalePolicy.LICENCE_REQUIRED: Buying.LICENCE,
    }
    if product.sale_policy in policies:
        return policies[product.sale_policy]
    if not packs:
        return Buying.NO_PRICE
    obstacles = {find_obstacle(pack.variant, terms, rule) for pack in packs}
    if None not in obstacles:
        reasons = {
            Obstacle.RECALLED: Buying.RECALLED,
            Obstacle.NO_SELLER: Buying.NO_SELLER,
            Obstacle.LIVE: Buying.LIVE,
            Obstacle.LAPSED: Buying.LAPSED,
            Obstacle.HOLIDAY: Buying.HOLIDAY,
        }
        return next((reasons[one] for one in reasons if one in obstacles), Buying.NO_PRICE)
    return Buying.ORDER if any(pack.available for pack in packs) else Buying.SOLD_OUT
