"""Zones of a producer's own, pick-up, and live goods: what a cart is quoted, and what is refused."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from marketplace import clock, register
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.ordering.cart import add_to_cart, open_cart
from marketplace.ordering.checkout import place_order
from marketplace.ordering.errors import (
    InvalidShippingRule,
    NotForSale,
    ProvinceInTwoZones,
    QuoteChanged,
)
from marketplace.ordering.queries import find_cart, find_shelf, quote_cart
from marketplace.ordering.quote import Quote, read_memo
from marketplace.ordering.sale import Obstacle
from marketplace.ordering.shipping import FETCHED, RATES, Zone
from marketplace.ordering.shipping_rules import (
    LONGEST_WORDS,
    REST,
    Pickup,
    ShippingRule,
    ShippingZone,
    find_shipping_rule,
    set_pickup,
)
from marketplace.ordering.shipping_zones import (
    MOST_FEE,
    MOST_ZONES,
    ZoneTerms,
    begin_zones,
    drop_zone,
    drop_zones,
    set_zone,
)
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from tests.accounts.conftest import Race
from tests.factories.accounts import an_actor
from tests.factories.deeds import deeds
from tests.factories.ordering import a_checkout, fill_cart, seller_of, stocked, terms

TERMS = ZoneTerms(
    name="Miền Bắc", steps=((1_000, 15_000), (5_000, 21_000)), further=2_000, days_from=1, days_to=3
)
NAMES = ("Các tỉnh còn lại", "Trong tỉnh")
LIVE_SET = 24


@pytest.fixture
def cam(commune: AdminUnit) -> Variant:
    with unit_of_work() as session:
        return stocked(session, "Cam Khe Mây", price=90_000, weight_g=900)


@pytest.fixture
def tree(commune: AdminUnit) -> Variant:
    """An ornamental tree, which no carrier takes."""
    with unit_of_work() as session:
        return stocked(session, "Cây mai", price=900_000, weight_g=9_000, set_number=LIVE_SET)


def seller(session: Session, variant: Variant) -> Producer:
    return seller_of(session, variant)


def begin(variant: Variant) -> None:
    with unit_of_work() as session:
        begin_zones(session, an_actor(1), seller(session, variant), NAMES, clock.now())


def zone(variant: Variant, position: int | None = REST, **changes: Any) -> int:
    with unit_of_work() as session:
        told = replace(TERMS, **changes)
        return set_zone(session, an_actor(1), seller(session, variant), position, told, clock.now()).position


def hand_over(variant: Variant, **told: Any) -> None:
    with unit_of_work() as session:
        set_pickup(session, an_actor(1), seller(session, variant), Pickup(**told), clock.now())


def quote_of(token: str, province_id: int | None = None, pickups: frozenset[int] = frozenset()) -> Quote:
    db.session.rollback()
    return quote_cart(find_cart(token), terms(), province_id, pickups=pickups)


def rule_of(variant: Variant) -> ShippingRule:
    db.session.rollback()
    found = find_shipping_rule(db.session(), seller(db.session(), variant).id)
    assert found
    return found


def test_zones_begin_as_the_table_of_the_marketplace(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        seller(session, cam).province_id = commune.parent_id
    begin(cam)
    rest, near = rule_of(cam).zones
    assert (rest.position, rest.name, rest.provinces, rest.rate) == (
        REST,
        NAMES[0],
        [],
        RATES[Zone.ELSEWHERE],
    )
    assert (near.name, near.provinces, near.rate) == (
        NAMES[1],
        [commune.parent_id],
        RATES[Zone.SAME_PROVINCE],
    )
    begin(cam)
    assert len(deeds("shipping_zones:begin")) == 1


def test_a_seller_of_no_known_province_begins_with_the_rest(cam: Variant) -> None:
    begin(cam)
    assert [one.position for one in rule_of(cam).zones] == [REST]


def test_a_parcel_is_priced_by_the_zone_of_its_own_seller(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        tea = stocked(session, "Chè", weight_g=900)
    begin(cam)
    zone(cam, REST, steps=((1_000, 30_000),), further=5_000)
    zone(cam, None, provinces=[commune.parent_id], free_from=270_000)
    token = fill_cart({cam.id: 2, tea.id: 1})
    here, elsewhere = quote_of(token, commune.parent_id), quote_of(token)
    assert [parcel.shipping.fee for parcel in elsewhere.parcels] == [35_000, 32_000]
    assert [parcel.shipping.fee for parcel in here.parcels] == [21_000, 32_000]
    assert (here.parcels[0].shipping.days_from, here.parcels[0].shipping.days_to) == (1, 3)
    more = fill_cart({cam.id: 3})
    assert quote_of(more, commune.parent_id).shipping_total == 0


def test_dropped_zones_fall_back(cam: Variant, commune: AdminUnit) -> None:
    begin(cam)
    zone(cam, REST, steps=((1_000, 30_000),))
    position = zone(cam, None, provinces=[commune.parent_id])
    token = fill_cart({cam.id: 1})
    assert quote_of(token, commune.parent_id).shipping_total == 15_000
    with unit_of_work() as session:
        drop_zone(session, an_actor(1), seller(session, cam), position, clock.now())
    assert quote_of(token, commune.parent_id).shipping_total == 30_000
    for _ in range(2):
        with unit_of_work() as session:
            drop_zones(session, an_actor(1), seller(session, cam), clock.now())
    assert quote_of(token).shipping_total == 32_000
    assert [len(deeds(f"shipping_{deed}")) for deed in ("zone:set", "zone:drop", "zones:drop")] == [2, 1, 1]


def test_every_change_shows_at_once(cam: Variant) -> None:
    db.session.rollback()
    before = register.current_version()
    begin(cam)
    zone(cam, REST, further=1)
    hand_over(cam, pickup=True)
    db.session.rollback()
    assert register.current_version() == before + 3


def test_what_was_shown_decides(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    db.session.rollback()
    checkout = a_checkout(db.session(), token, commune)
    begin(cam)
    zone(cam, REST, steps=((1_000, 30_000),))
    with pytest.raises(QuoteChanged), unit_of_work() as session:
        place_order(session, token, checkout, terms(), clock.now())
    db.session.rollback()
    fresh = a_checkout(db.session(), token, commune)
    assert list(read_memo(fresh.shown).fees.values()) == [30_000]
    with unit_of_work() as session:
        assert place_order(session, token, fresh, terms(), clock.now()).shipping_total == 30_000


def test_orders_keep_the_fee_that_was_shown(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    with unit_of_work() as session:
        checkout = a_checkout(session, token, commune)
        order = place_order(session, token, checkout, terms(), clock.now()).orders[0]
    begin(cam)
    zone(cam, REST, steps=((1_000, 99_000),))
    db.session.rollback()
    assert db.session.get_one(type(order), order.id).shipping_fee == 32_000


def test_a_province_lies_in_one_zone(cam: Variant, commune: AdminUnit) -> None:
    begin(cam)
    first = zone(cam, None, provinces=[commune.parent_id])
    with pytest.raises(ProvinceInTwoZones) as refusal:
        zone(cam, None, name="Khác", provinces=[commune.parent_id])
    assert refusal.value.parameters["zone"] == "Miền Bắc"
    assert zone(cam, first, provinces=[commune.parent_id], further=3) == first


def test_two_who_add_the_same_province_at_once_do_not_both(
    cam: Variant, commune: AdminUnit, race: Race
) -> None:
    begin(cam)

    def add(session: Session) -> None:
        told = replace(TERMS, provinces=[commune.parent_id or 0])
        set_zone(session, an_actor(1), seller(session, cam), None, told, clock.now())

    assert race(add, add) == ["ProvinceInTwoZones", "done"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"provinces": [1]}, "provinces"),
        ({"steps": ()}, "steps"),
        ({"steps": tuple((weight, 1) for weight in range(1, 8))}, "steps"),
        ({"steps": ((0, 1),)}, "steps"),
        ({"steps": ((100_001, 1),)}, "steps"),
        ({"steps": ((1_000, -1),)}, "steps"),
        ({"steps": ((1_000, MOST_FEE + 1),)}, "steps"),
        ({"steps": ((1_000, 5), (1_000, 6))}, "steps"),
        ({"steps": ((1_000, 5), (2_000, 4))}, "steps"),
        ({"further": -1}, "further"),
        ({"further": 50_001}, "further"),
        ({"free_from": 0}, "free_from"),
        ({"free_from": 100_000_001}, "free_from"),
        ({"days_from": 0}, "days_from"),
        ({"days_from": 4}, "days_to"),
        ({"days_to": 31}, "days_to"),
    ],
)
def test_impossible_zones_are_refused(cam: Variant, changes: dict[str, Any], field: str) -> None:
    begin(cam)
    with pytest.raises(InvalidShippingRule) as refusal:
        zone(cam, REST, **changes)
    assert refusal.value.parameters["field"] == field


def test_a_zone_needs_provinces_and_there_are_so_many(cam: Variant) -> None:
    begin(cam)
    with pytest.raises(InvalidShippingRule):
        zone(cam, None)
    for number in range(MOST_ZONES - 1):
        zone(cam, None, provinces=[1000 + number])
    with pytest.raises(InvalidShippingRule) as refusal:
        zone(cam, None, provinces=[2000])
    assert refusal.value.parameters["field"] == "zones"


def test_what_is_not_there_is_not_changed(cam: Variant) -> None:
    with pytest.raises(NotFound):
        zone(cam, REST)
    begin(cam)
    for position in (REST, 7):
        with pytest.raises(NotFound), unit_of_work() as session:
            drop_zone(session, an_actor(1), seller(session, cam), position, clock.now())
    with pytest.raises(NotFound):
        zone(cam, 7, provinces=[1])


def test_the_database_refuses_what_cannot_be(cam: Variant) -> None:
    begin(cam)
    good = {"name": "x", "provinces": [], "steps": [[1, 1]], "further": 0, "days_from": 1, "days_to": 1}
    for wrong in ({"further": -1}, {"free_from": 0}, {"days_from": 2}, {"days_from": 0}, {"position": -1}):
        with pytest.raises(IntegrityError), unit_of_work() as session:
            row = {"producer_id": seller(session, cam).id, "position": 5, **good, **wrong}
            session.add(ShippingZone(**row))


def test_who_fetches_pays_nothing_for_sending(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    db.session.rollback()
    seller_id = seller(db.session(), cam).id
    assert not quote_of(token, pickups=frozenset({seller_id})).parcels[0].picked_up
    hand_over(cam, pickup=True, pickup_words="Gọi trước một giờ")
    [sent], [fetched] = quote_of(token).parcels, quote_of(token, pickups=frozenset({seller_id})).parcels
    assert (sent.pickup, sent.picked_up, sent.pickup_only, sent.shipping.fee) == (True, False, False, 32_000)
    assert (fetched.picked_up, fetched.shipping) == (True, FETCHED)
    assert (fetched.pickup_address, fetched.pickup_words) == (
        fetched.producer.full_address,
        "Gọi trước một giờ",
    )
    hand_over(cam, pickup=True, pickup_address="Chợ Khe Mây")
    assert quote_of(token).parcels[0].pickup_address == "Chợ Khe Mây"


@pytest.mark.parametrize("field", ["pickup_address", "pickup_words"])
def test_words_have_an_end(cam: Variant, field: str) -> None:
    with pytest.raises(InvalidShippingRule) as refusal:
        hand_over(cam, **{field: "x" * (LONGEST_WORDS + 1)})
    assert refusal.value.parameters["field"] == field


def test_live_goods_are_not_sold_where_nobody_hands_them_over(tree: Variant) -> None:
    with pytest.raises(NotForSale) as refusal:
        fill_cart({tree.id: 1})
    assert refusal.value.parameters["obstacle"] == "live"
    hand_over(tree)
    with pytest.raises(NotForSale):
        fill_cart({tree.id: 1})


def test_live_goods_are_fetched_where_that_is_the_only_way(tree: Variant, commune: AdminUnit) -> None:
    hand_over(tree, pickup=True)
    token = fill_cart({tree.id: 1})
    [parcel] = quote_of(token).parcels
    assert (parcel.picked_up, parcel.pickup_only, parcel.shipping.fee) == (True, True, 0)
    with unit_of_work() as session:
        checkout = a_checkout(session, token, commune)
        order = place_order(session, token, checkout, terms(), clock.now()).orders[0]
        assert (order.pickup, order.shipping_fee) == (True, 0)


def test_a_seller_may_bring_live_goods_itself(tree: Variant) -> None:
    hand_over(tree, sends_live=True)
    token = fill_cart({tree.id: 1})
    [parcel] = quote_of(token).parcels
    assert (parcel.pickup, parcel.picked_up, parcel.pickup_only) == (False, False, False)
    assert parcel.shipping.fee == 42_000 + 6 * 6_000
    hand_over(tree, sends_live=True, pickup=True)
    [parcel] = quote_of(token).parcels
    assert (parcel.pickup, parcel.picked_up, parcel.pickup_only) == (True, False, False)


def test_other_goods_beside_live_ones_are_fetched_with_them(tree: Variant) -> None:
    with unit_of_work() as session:
        honey = stocked(session, "Mật ong", producer=seller(session, tree))
    hand_over(tree, pickup=True)
    [parcel] = quote_of(fill_cart({tree.id: 1, honey.id: 1})).parcels
    assert (len(parcel.lines), parcel.pickup_only) == (2, True)
    [parcel] = quote_of(fill_cart({honey.id: 1})).parcels
    assert (parcel.pickup_only, parcel.picked_up) == (False, False)


def test_live_goods_in_a_cart_stay_behind_when_nobody_hands_them_over_any_more(tree: Variant) -> None:
    hand_over(tree, pickup=True)
    token = fill_cart({tree.id: 1})
    hand_over(tree)
    quote = quote_of(token)
    assert quote.parcels == ()
    assert [line.obstacle for line in quote.blocked] == [Obstacle.LIVE]


def test_a_booking_is_asked_for_and_not_put_into_a_cart(commune: AdminUnit) -> None:
    with unit_of_work() as session:
        stay = stocked(session, "Một đêm ở bản", set_number=26)
    hand_over(stay, pickup=True, sends_live=True)
    with pytest.raises(NotForSale) as refusal, unit_of_work() as session:
        cart, _ = open_cart(session, None, clock.now())
        add_to_cart(session, cart, stay.id, 1, terms(), clock.now())
    assert refusal.value.parameters["obstacle"] == "policy"


def test_the_shelf_knows_variants_never_stocked(cam: Variant) -> None:
    with unit_of_work() as session:
        other = stocked(session, "Bưởi", on_hand=0)
    shelf = find_shelf(db.session(), [cam.id, other.id])
    assert shelf.available == {cam.id: 100, other.id: 0}
    assert shelf.rules == {}
