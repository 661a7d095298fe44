"""Shipping zones: provinces that a producer sends to at one price, and what that is."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.ordering.errors import InvalidShippingRule, ProvinceInTwoZones
from marketplace.ordering.shipping_rules import REST, ShippingRule, ShippingZone, find_shipping_rule
from marketplace.ordering.shipping_zones import MOST_ZONES, drop_zone, set_zone
from marketplace.places.queries import list_provinces
from marketplace.producers.models import Producer
from marketplace.web.filters import write_number
from marketplace.web.guards import requires
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in
from marketplace.workspace.zone_form import FIELDS, STEPS, read_zone, zone_as_typed


@door.get("/<slug>/giao-hang/vung/moi")
@requires(Role.OWNER, Role.STAFF)
def new_zone(slug: str) -> Response:
    """Offer a new zone."""
    return _zone_page(own_producer(slug), None)


@door.post("/<slug>/giao-hang/vung/moi")
@requires(Role.OWNER, Role.STAFF)
def add_zone(slug: str) -> Response:
    """Add a zone."""
    return _save(slug, None)


@door.get("/<slug>/giao-hang/vung/<int:position>")
@requires(Role.OWNER, Role.STAFF)
def show_zone(slug: str, position: int) -> Response:
    """Show a zone to change it."""
    return _zone_page(own_producer(slug), position)


@door.post("/<slug>/giao-hang/vung/<int:position>")
@requires(Role.OWNER, Role.STAFF)
def save_zone(slug: str, position: int) -> Response:
    """Price a zone from now on."""
    return _save(slug, position)


@door.post("/<slug>/giao-hang/vung/<int:position>/bo")
@requires(Role.OWNER, Role.STAFF)
def remove_zone(slug: str, position: int) -> Response:
    """Let a zone go: its provinces cost what the rest of the country does."""
    with acting() as (session, actor):
        drop_zone(session, actor, own_producer_in(session, actor, slug), position, clock.now())
    return go(f"/gian-hang/{slug}/giao-hang", _("Đã bỏ vùng."))


def _save(slug: str, position: int | None) -> Response:
    producer = own_producer(slug)
    _find_zone(producer, position)
    terms, typed = read_zone(request.form, [unit.id for unit in list_provinces()])
    if typed.faults:
        return _zone_page(producer, position, typed.faults)
    try:
        with acting() as (session, actor):
            set_zone(session, actor, own_producer_in(session, actor, slug), position, terms, clock.now())
    except ProvinceInTwoZones as refusal:
        words = _("Có tỉnh đã thuộc vùng %(zone)s.", zone=refusal.parameters["zone"])
        return _zone_page(producer, position, [("tinh", words)])
    except InvalidShippingRule as refusal:
        return _zone_page(producer, position, [_fault(refusal)])
    return go(f"/gian-hang/{slug}/giao-hang", _("Đã lưu phí giao hàng."))


def _fault(refusal: InvalidShippingRule) -> tuple[str, str]:
    field, most = refusal.parameters["field"], write_number(refusal.parameters["most"])
    words = {
        "name": _("Mời đặt tên vùng, dài nhất %(most)s chữ.", most=most),
        "provinces": _("Mời chọn ít nhất một tỉnh."),
        "steps": _("Mời ghi ít nhất một mức cân, mức sau nặng hơn và không rẻ hơn mức trước."),
        "zones": _("Nhiều nhất %(most)s vùng.", most=most),
        "days_from": _("Từ 1 đến %(most)s ngày.", most=most),
        "days_to": _("Không ít hơn số ngày nhanh nhất, nhiều nhất %(most)s.", most=most),
    }
    return FIELDS[field], words.get(field) or _("Nhiều nhất %(most)s đồng.", most=most)


def _find_rule(producer: Producer) -> ShippingRule:
    """Return the rule of a producer with zones of its own; raises NotFound without."""
    rule = find_shipping_rule(db.session(), producer.id)
    if rule is None or not rule.zones:
        raise NotFound
    return rule


def _find_zone(producer: Producer, position: int | None) -> ShippingZone | None:
    zones = {zone.position: zone for zone in _find_rule(producer).zones}
    if position is not None and position not in zones:
        raise NotFound
    return None if position is None else zones[position]


def _zone_page(producer: Producer, position: int | None, faults: Faults = ()) -> Response:
    zone = _find_zone(producer, position)
    typed: Any = request.form if faults else zone_as_typed(zone or _find_rule(producer).zones[REST])
    if zone is None and not faults:
        typed.setlist("tinh", [])
        typed["ten"] = ""
    return page(
        "shipping_zone",
        producer,
        faults=faults,
        zone=zone,
        is_rest=position == REST,
        provinces=_offered(producer, position),
        full=zone is None and len(_find_rule(producer).zones) >= MOST_ZONES,
        rows=STEPS,
        typed=typed,
        chosen=set(typed.getlist("tinh")),
    )


def _offered(producer: Producer, position: int | None) -> list[tuple[str, str, str]]:
    """Return the provinces as (id, name, name of the zone that holds it already)."""
    taken = {
        province: zone.name
        for zone in _find_rule(producer).zones
        if zone.position != position
        for province in zone.provinces
    }
    return [(str(unit.id), unit.name, taken.get(unit.id, "")) for unit in list_provinces()]
