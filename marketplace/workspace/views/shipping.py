"""Shipping: what a producer asks for sending its parcels, in place of the marketplace's table."""

from dataclasses import asdict
from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.ordering.errors import InvalidShippingRule
from marketplace.ordering.shipping import RATES, Zone, quote_shipping
from marketplace.ordering.shipping_rules import (
    ShippingPrices,
    drop_shipping_rule,
    find_shipping_rule,
    set_shipping_rule,
)
from marketplace.producers.models import Producer
from marketplace.web.filters import write_number
from marketplace.web.guards import requires
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.typed import Typed

FIELDS = {
    "near_fee": "phi_gan",
    "near_further": "them_gan",
    "far_fee": "phi_xa",
    "far_further": "them_xa",
    "free_from": "mien_tu",
}
EXAMPLE_WEIGHTS = (1_000, 3_000, 5_000)


@door.get("/<slug>/giao-hang")
@requires(Role.OWNER, Role.STAFF)
def show_shipping(slug: str) -> Response:
    """Show what sending costs the buyers of a producer."""
    return _shipping_page(own_producer(slug))


@door.post("/<slug>/giao-hang")
@requires(Role.OWNER, Role.STAFF)
def save_shipping(slug: str) -> Response:
    """Price the parcels of a producer from now on."""
    producer, typed = own_producer(slug), Typed(request.form)
    prices = _read(typed)
    if typed.faults:
        return _shipping_page(producer, typed.faults)
    try:
        with acting() as (session, actor):
            set_shipping_rule(session, actor, own_producer_in(session, actor, slug), prices, clock.now())
    except InvalidShippingRule as refusal:
        most = write_number(refusal.parameters["most"])
        return _shipping_page(
            producer, [(FIELDS[refusal.parameters["field"]], _("Nhiều nhất %(most)s đồng.", most=most))]
        )
    return go(f"/gian-hang/{slug}/giao-hang", _("Đã lưu phí giao hàng."))


@door.post("/<slug>/giao-hang/bo")
@requires(Role.OWNER, Role.STAFF)
def drop_shipping(slug: str) -> Response:
    """Go back to the marketplace's table."""
    with acting() as (session, actor):
        drop_shipping_rule(session, actor, own_producer_in(session, actor, slug), clock.now())
    return go(f"/gian-hang/{slug}/giao-hang", _("Đã dùng lại biểu phí của chợ."))


def _read(typed: Typed) -> ShippingPrices:
    words = _("Mời gõ số tiền bằng đồng, 0 là không lấy phí.")
    free = typed.text("mien_tu").strip()
    amounts = {column: typed.whole(field, words) for column, field in FIELDS.items() if column != "free_from"}
    free_from = typed.whole("mien_tu", _("Mời gõ số tiền, hoặc bỏ trống.")) if free else None
    if free_from == 0 and not typed.faults:
        typed.fault("mien_tu", _("Muốn luôn miễn phí thì để các phí trên bằng 0 và bỏ trống ô này."))
    return ShippingPrices(free_from=free_from, pickup="den_lay" in typed.fields, **amounts)


def _shipping_page(producer: Producer, faults: Faults = ()) -> Response:
    rule = find_shipping_rule(db.session(), producer.id)
    rates = rule.rates if rule else RATES
    examples = [
        (weight // 1_000, *(quote_shipping(zone, weight, 0, rates).fee for zone in Zone))
        for weight in EXAMPLE_WEIGHTS
    ]
    return page(
        "shipping",
        producer,
        faults=faults,
        rule=rule,
        examples=examples,
        typed=request.form if faults else _as_typed(rule),
    )


def _as_typed(rule: Any) -> dict[str, str]:
    """Return a rule as its form holds it; without one, the fees of the marketplace's table."""
    if rule is None:
        near, far = RATES[Zone.SAME_PROVINCE], RATES[Zone.ELSEWHERE]
        prices = ShippingPrices(
            near_fee=near.steps[0][1],
            near_further=near.further_kilogram,
            far_fee=far.steps[0][1],
            far_further=far.further_kilogram,
        )
        amounts = asdict(prices)
    else:
        amounts = {column: getattr(rule, column) for column in FIELDS}
    typed = {
        field: write_number(amounts[column]) if amounts[column] is not None else ""
        for column, field in FIELDS.items()
    }
    return {**typed, "den_lay": "1"} if rule is not None and rule.pickup else typed
