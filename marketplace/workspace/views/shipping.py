"""Shipping: how buyers come by a producer's goods, and what sending its parcels costs them."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.ordering.errors import InvalidShippingRule
from marketplace.ordering.shipping import RATES, Zone, quote_shipping
from marketplace.ordering.shipping_rules import (
    LONGEST_WORDS,
    Pickup,
    ShippingRule,
    find_shipping_rule,
    set_pickup,
)
from marketplace.ordering.shipping_zones import begin_zones, drop_zones
from marketplace.producers.models import Producer
from marketplace.text import clean
from marketplace.web.guards import requires
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in

FIELDS = {"pickup_address": "noi_lay", "pickup_words": "loi_lay"}
EXAMPLE_WEIGHTS = (1_000, 3_000, 5_000)


@door.get("/<slug>/giao-hang")
@requires(Role.OWNER, Role.STAFF)
def show_shipping(slug: str) -> Response:
    """Show how the goods of a producer reach their buyers, and what that costs."""
    return _shipping_page(own_producer(slug))


@door.post("/<slug>/giao-hang")
@requires(Role.OWNER, Role.STAFF)
def save_shipping(slug: str) -> Response:
    """Say whether goods can be fetched, where and how, and whether live ones are brought."""
    producer, pickup = own_producer(slug), _read_pickup()
    try:
        with acting() as (session, actor):
            set_pickup(session, actor, own_producer_in(session, actor, slug), pickup, clock.now())
    except InvalidShippingRule as refusal:
        words = _("Dài nhất %(most)s chữ.", most=LONGEST_WORDS)
        return _shipping_page(producer, [(FIELDS[refusal.parameters["field"]], words)])
    return go(f"/gian-hang/{slug}/giao-hang", _("Đã lưu cách nhận hàng."))


@door.post("/<slug>/giao-hang/vung")
@requires(Role.OWNER, Role.STAFF)
def begin_own_zones(slug: str) -> Response:
    """Begin with fees of one's own: a copy of the marketplace's table, to be changed."""
    with acting() as (session, actor):
        producer = own_producer_in(session, actor, slug)
        begin_zones(session, actor, producer, (_("Các tỉnh còn lại"), _("Trong tỉnh")), clock.now())
    return go(f"/gian-hang/{slug}/giao-hang", _("Đã chép biểu phí của chợ. Mời sửa từng vùng."))


@door.post("/<slug>/giao-hang/bo")
@requires(Role.OWNER, Role.STAFF)
def drop_shipping(slug: str) -> Response:
    """Go back to the marketplace's table."""
    with acting() as (session, actor):
        drop_zones(session, actor, own_producer_in(session, actor, slug), clock.now())
    return go(f"/gian-hang/{slug}/giao-hang", _("Đã dùng lại biểu phí của chợ."))


def _read_pickup() -> Pickup:
    typed = request.form
    return Pickup(
        pickup="den_lay" in typed,
        pickup_address=clean(typed.get("noi_lay", "")) or None,
        pickup_words=clean(typed.get("loi_lay", "")) or None,
        sends_live="giao_song" in typed,
    )


def _shipping_page(producer: Producer, faults: Faults = ()) -> Response:
    rule = find_shipping_rule(db.session(), producer.id)
    return page(
        "shipping",
        producer,
        faults=faults,
        zones=rule.zones if rule else [],
        examples=_examples(rule),
        weights=[weight // 1_000 for weight in EXAMPLE_WEIGHTS],
        typed=request.form if faults else _as_typed(rule),
    )


def _examples(rule: ShippingRule | None) -> list[tuple[str, list[int]]]:
    """Return what parcels of some weights cost, by where they go."""
    if rule is not None and rule.zones:
        rates = [(zone.name, zone.rate) for zone in (*rule.zones[1:], rule.zones[0])]
    else:
        rates = [(_("Trong tỉnh"), RATES[Zone.SAME_PROVINCE]), (_("Tỉnh khác"), RATES[Zone.ELSEWHERE])]
    return [
        (name, [quote_shipping(rate, weight, 0).fee for weight in EXAMPLE_WEIGHTS]) for name, rate in rates
    ]


def _as_typed(rule: ShippingRule | None) -> dict[str, str]:
    """Return how goods are handed over as its form holds it."""
    if rule is None:
        return {}
    typed = {"noi_lay": rule.pickup_address or "", "loi_lay": rule.pickup_words or ""}
    ticked = {"den_lay": rule.pickup, "giao_song": rule.sends_live}
    return {**typed, **{field: "1" for field, chosen in ticked.items() if chosen}}
