from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.jobs import Job
from marketplace.ordering.after_sale_models import CommissionLine, InvoiceRequest
from marketplace.ordering.allowance import MOST_UNCONFIRMED
from marketplace.ordering.cart import CartChange, add_to_cart, change_cart, lock_cart, open_cart
from marketplace.ordering.checkout import Checkout, InvoiceWish, place_order
from marketplace.ordering.errors import (
    AgeNotConfirmed,
    DoubledSubmission,
    InvalidCommune,
    NothingToOrder,
    OutOfStock,
    QuoteChanged,
    TooManyUnconfirmed,
)
from marketplace.ordering.models import (
    CartLine,
    MovementKind,
    OrderGroup,
    OrderStatus,
    PaymentMethod,
    PhoneAllowance,
    StockItem,
    StockMovement,
    StockReservation,
)
from marketplace.ordering.queries import find_cart, get_group, quote_cart
from marketplace.ordering.sale import SaleTerms
from marketplace.ordering.secret import configure, draw_secret, find_order_secret, hash_secret, order_secret
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.ordering.stock import adjust
from marketplace.places.models import AdminUnit
from tests.environment.application import SECRET
from tests.factories.accounts import a_person
from tests.factories.certification import a_certificate
from tests.factories.ordering import (
    PHONE,
    a_checkout,
    a_commune,
    fill_cart,
    ordered,
    product_of,
    seller_of,
    stocked,
    terms,
)


@pytest.fixture
def cam(app: Flask) -> Variant:
    with unit_of_work() as session:
        return stocked(session, "Cam Khe Mây", on_hand=10, price=90_000, weight_g=900)


def shown(token: str, commune: AdminUnit, **changes: Any) -> Checkout:
    db.session.rollback()
    return a_checkout(db.session(), token, commune, **changes)


def place(token: str, checkout: Checkout, **said: Any) -> OrderGroup:
    with unit_of_work() as session:
        return place_order(session, token, checkout, terms(**said), clock.now())


def count(model: type[Any]) -> int:
    db.session.rollback()
    return int(db.session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one())


def test_an_order_is_what_was_shown(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 2})
    checkout = shown(token, commune, note="Gọi trước khi giao")
    group = place(token, checkout)
    assert (group.goods_total, group.shipping_total, group.total) == (180_000, 42_000, 222_000)
    assert (group.buyer_phone, group.buyer_name, group.note) == (PHONE, "Trần Văn An", "Gọi trước khi giao")
    assert group.ship_place == "phường Cầu Giấy, thành phố Hà Nội"
    order = group.orders[0]
    assert (order.seller_name, order.seller_phone) == ("HTX Cam Khe Mây", "0912000000")
    assert order.seller_address == "Thôn 5, xã Hương Đô, tỉnh Hà Tĩnh"
    line = order.lines[0]
    assert (line.product_name, line.variant_name, line.sku) == ("Cam Khe Mây", "Túi 1 kg", cam.sku)
    assert (line.quantity, line.unit_price, line.vat_percent, line.total) == (2, 90_000, 8, 180_000)
    assert (line.stars, line.certified_until) == (4, date(2028, 8, 5))
    assert line.certificate_code
    assert count(CartLine) == 0


def test_stock_and_ledger_say_what_was_promised(cam: Variant, commune: AdminUnit) -> None:
    order_id = ordered({cam.id: 3}, commune).orders[0].id
    item = db.session.execute(sa.select(StockItem)).scalar_one()
    assert (item.on_hand, item.allocated, item.available) == (10, 3, 7)
    moved = sa.select(StockMovement).where(StockMovement.kind == MovementKind.ALLOCATED)
    movement = db.session.execute(moved).scalar_one()
    assert (movement.order_id, movement.variant_id, movement.quantity) == (order_id, cam.id, 3)


def test_each_producer_gets_an_order_of_its_own(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        tea = stocked(session, "Chè Kỳ Sơn", price=120_000, weight_g=200)
    group = ordered({tea.id: 1, cam.id: 1}, commune)
    assert [order.position for order in group.orders] == [1, 2]
    assert [order.lines[0].product_name for order in group.orders] == ["Cam Khe Mây", "Chè Kỳ Sơn"]
    assert sum(order.total for order in group.orders) == group.total


def test_the_link_opens_and_nothing_else_does(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    number = place(token, checkout).number
    secret = order_secret(number)
    assert get_group(number, secret).number == number
    kept = db.session.execute(sa.select(OrderGroup)).scalar_one()
    assert secret not in {kept.token_hash, kept.submit_hash}
    assert checkout.submit_key not in {kept.token_hash, kept.submit_hash}
    for wrong in (draw_secret(), checkout.submit_key, kept.token_hash, ""):
        with pytest.raises(Exception, match="not_found"):
            get_group(number, wrong)


def test_a_page_submitted_again_leads_to_the_first_order(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    first, second = place(token, checkout).number, place(token, checkout).number
    assert first == second
    assert count(OrderGroup) == 1


def test_one_page_submitted_from_two_carts_at_once_is_one_order(cam: Variant, commune: AdminUnit) -> None:
    token, other = fill_cart({cam.id: 1}), fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    again = shown(other, commune, submit_key=checkout.submit_key)
    place(token, checkout)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("marketplace.ordering.checkout.find_group_by_submission", lambda *_: None)
        with pytest.raises(DoubledSubmission) as refusal:
            place(other, again)
    assert "Trần Văn An" not in str(refusal.value.__cause__), "what is logged of a failure names nobody"
    assert PHONE not in str(refusal.value.__cause__)
    assert count(OrderGroup) == 1
    assert count(StockMovement) == 2


def test_a_price_that_rose_meanwhile_stops_the_order(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    with unit_of_work() as session:
        session.merge(cam).price = 95_000
    with pytest.raises(QuoteChanged):
        place(token, checkout)
    assert count(OrderGroup) == count(PhoneAllowance) == 0
    assert place(token, shown(token, commune)).goods_total == 95_000


def test_changes_that_cancel_out_still_stop_the_order(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        twin = stocked(session, "Bưởi", price=90_000, weight_g=900)
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    with unit_of_work() as session:
        cart = lock_cart(session, token)
        assert cart
        session.add(CartLine(cart_id=cart.id, variant_id=twin.id, quantity=1, seen_price=90_000))
        session.flush()
        change_cart(session, cart, CartChange(quantities={cam.id: 0}), clock.now())
    with pytest.raises(QuoteChanged):
        place(token, checkout)


def test_a_fee_of_another_province_stops_the_order(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        home = a_commune(session, "Hương Đô", "Hà Tĩnh")
        seller_of(session, cam).province_id = home.parent_id
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    with pytest.raises(QuoteChanged):
        place(token, Checkout(**{**_facts(checkout), "commune_id": home.id}))


def _facts(checkout: Checkout) -> dict[str, Any]:
    return {name: getattr(checkout, name) for name in checkout.__slots__}


def test_what_was_snatched_meanwhile_stops_the_order(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 8})
    checkout = shown(token, commune)
    ordered({cam.id: 3}, commune, phone="0987654321")
    with pytest.raises((QuoteChanged, NothingToOrder)):
        place(token, checkout)
    assert count(OrderGroup) == 1


def test_what_is_snatched_after_the_last_look_is_out_of_stock(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 8})
    checkout = shown(token, commune)
    real = quote_cart

    def snatch(*told: Any) -> Any:
        quote = real(*told)
        adjust(told[3], cam.id, -5, "thất lạc", clock.now())
        return quote

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("marketplace.ordering.checkout.quote_cart", snatch)
        with pytest.raises(OutOfStock) as refusal:
            place(token, checkout)
    assert refusal.value.parameters == {"variant_id": cam.id, "available": 5}
    assert count(OrderGroup) == count(PhoneAllowance) == 0


def test_the_rest_is_ordered_and_what_is_blocked_stays_in_the_cart(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        gone = stocked(session, "Bưởi", on_hand=0)
    token = fill_cart({cam.id: 1, gone.id: 1})
    group = place(token, shown(token, commune))
    assert [line.variant_id for order in group.orders for line in order.lines] == [cam.id]
    quote = quote_cart(find_cart(token), terms(), None)
    assert [line.variant.id for line in quote.blocked] == [gone.id]


def test_a_certificate_that_lapsed_in_the_cart_stops_the_order(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    with unit_of_work() as session:
        product_of(session, cam).certified_until = clock.today().replace(year=2025)
    with pytest.raises((QuoteChanged, NothingToOrder)):
        place(token, checkout)
    group = place(token, checkout, sell_lapsed=True)
    assert group.orders[0].lines[0].stars is None
    assert group.orders[0].lines[0].certificate_code is not None


def test_spirits_want_a_word_on_age(commune: AdminUnit) -> None:
    with unit_of_work() as session:
        spirit = stocked(session, "Rượu Kim Long", set_number=14)
    token = fill_cart({spirit.id: 1})
    with pytest.raises(AgeNotConfirmed):
        place(token, shown(token, commune))
    assert count(OrderGroup) == 0
    of_age = fill_cart({spirit.id: 1}, of_age=True)
    assert place(of_age, shown(of_age, commune)).total


def test_age_is_asked_once_an_order(commune: AdminUnit) -> None:
    with unit_of_work() as session:
        spirit = stocked(session, "Rượu Kim Long", set_number=14)
    token = fill_cart({spirit.id: 1}, of_age=True)
    place(token, shown(token, commune))
    with unit_of_work() as session:
        cart, _ = open_cart(session, token, clock.now())
        add_to_cart(session, cart, spirit.id, 1, terms(), clock.now())
    with pytest.raises(AgeNotConfirmed):
        place(token, shown(token, commune))


@pytest.mark.parametrize("token", [None, "0" * 32])
def test_no_cart_orders_nothing(cam: Variant, commune: AdminUnit, token: str | None) -> None:
    checkout = shown(fill_cart({cam.id: 1}), commune)
    with pytest.raises(NothingToOrder), unit_of_work() as session:
        place_order(session, token, checkout, terms(), clock.now())


def test_only_communes_of_today_are_delivered_to(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        former = a_commune(session, "Dịch Vọng Hậu", "Hà Nội cũ")
        former.ended = True
        ids = [former.id, former.parent_id, 10**6]
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    for commune_id in ids:
        with pytest.raises(InvalidCommune):
            place(token, Checkout(**{**_facts(checkout), "commune_id": commune_id}))


def test_what_is_sold_stays_as_it_was_sold(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    number = place(token, checkout).number
    before = _words(number)
    with unit_of_work() as session:
        variant = session.merge(cam)
        variant.price, variant.name, variant.sku, variant.vat_percent = 1, "Khác", "KHAC", 0
        product, seller = product_of(session, cam), seller_of(session, cam)
        product.name = "Tên khác"
        seller.name, seller.printed_address, seller.phone = "Khác", "Khác", None
        a_certificate(session, product, 3, issued_on=clock.today())
    assert _words(number) == before


def _words(number: str) -> list[Any]:
    db.session.rollback()
    db.session.expire_all()
    group = get_group(number, order_secret(number))
    rows = [group, *group.orders, *(line for order in group.orders for line in order.lines)]
    return [
        {column.key: getattr(row, column.key) for column in sa.inspect(row).mapper.column_attrs}
        for row in rows
    ]


def test_three_unconfirmed_orders_a_telephone(cam: Variant, commune: AdminUnit) -> None:
    for _ in range(MOST_UNCONFIRMED):
        ordered({cam.id: 1}, commune)
    with pytest.raises(TooManyUnconfirmed):
        ordered({cam.id: 1}, commune)
    assert count(OrderGroup) == MOST_UNCONFIRMED
    ordered({cam.id: 1}, commune, phone="0987654321")


def at_once(app: Flask, tasks: list[Callable[[], Any]]) -> Iterator[Any]:
    barrier = Barrier(len(tasks))

    def do(task: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait()
            try:
                return task()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(tasks)) as pool:
        yield from pool.map(do, tasks)


def test_three_at_most_even_when_they_come_at_once(app: Flask, cam: Variant, commune: AdminUnit) -> None:
    tokens = [fill_cart({cam.id: 1}) for _ in range(8)]
    checkouts = [shown(token, commune) for token in tokens]
    told, day = clock.now(), terms()

    def buy(token: str, checkout: Checkout) -> Callable[[], str]:
        def task() -> str:
            with unit_of_work() as session:
                return place_order(session, token, checkout, day, told).number

        return task

    db.session.rollback()
    results = list(at_once(app, [buy(*pair) for pair in zip(tokens, checkouts, strict=True)]))
    assert sorted(type(result).__name__ for result in results) == sorted(
        ["str"] * 3 + ["TooManyUnconfirmed"] * 5
    )
    assert count(OrderGroup) == 3
    allowance = db.session.execute(sa.select(PhoneAllowance)).scalar_one()
    assert (allowance.phone, allowance.unconfirmed) == (PHONE, 3)


def test_the_whole_address_of_a_seller_is_kept(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        seller = seller_of(session, cam)
        seller.printed_address, seller.printed_commune = "Số 9", "xã Hương Đô"
        seller.printed_district, seller.printed_province = "huyện Hương Khê", "Hà Tĩnh"
    order = ordered({cam.id: 1}, commune).orders[0]
    assert order.seller_address == "Số 9, xã Hương Đô, huyện Hương Khê, Hà Tĩnh"


def test_secrets_are_kept_as_hashes(cam: Variant, commune: AdminUnit) -> None:
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune)
    group = place(token, checkout)
    assert group.submit_hash == hash_secret(checkout.submit_key)
    assert group.token_hash == hash_secret(order_secret(group.number))
    assert find_order_secret(group) == order_secret(group.number)


def test_a_link_made_by_another_key_is_not_told(cam: Variant, commune: AdminUnit) -> None:
    group = ordered({cam.id: 1}, commune)
    mine = order_secret(group.number)
    configure("another key of the site, as long as any")
    try:
        assert order_secret(group.number) != mine
        assert find_order_secret(group) is None
    finally:
        configure(SECRET)
    assert find_order_secret(group) == mine


def test_a_checkout_says_who_and_how(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        person_id = a_person(session).id
    wish = InvoiceWish(
        company="Công ty Hoa Sen", tax_code="0100109106", address="Hà Nội", email="kt@example.vn"
    )
    group = ordered({cam.id: 1}, commune, email="an@example.vn", person_id=person_id, invoice=wish)
    assert (group.buyer_email, group.person_id) == ("an@example.vn", person_id)
    asked = db.session.scalars(sa.select(InvoiceRequest)).one()
    assert (asked.group_id, asked.company, asked.tax_code) == (group.id, "Công ty Hoa Sen", "0100109106")
    assert (asked.address, asked.email) == ("Hà Nội", "kt@example.vn")


def test_who_wants_no_invoice_asks_for_none(cam: Variant, commune: AdminUnit) -> None:
    ordered({cam.id: 1}, commune)
    assert count(InvoiceRequest) == 0


@pytest.mark.parametrize("method", [PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.VIETQR])
def test_cash_and_transfers_are_placed_at_once(
    cam: Variant, commune: AdminUnit, method: PaymentMethod
) -> None:
    with unit_of_work() as session:
        tea = stocked(session, "Chè Kỳ Sơn")
    group = ordered({cam.id: 2, tea.id: 1}, commune, method=method)
    assert group.payment_method is method
    assert group.allowance_held
    assert {order.status for order in group.orders} == {OrderStatus.PLACED}
    assert {order.placed_at for order in group.orders} == {clock.now()}
    friday_and_monday = datetime(2026, 11, 24, 17, tzinfo=UTC)
    assert {order.confirm_by for order in group.orders} == {friday_and_monday}
    news = [("order_placed", group.id), *(("order_arrived", order.id) for order in group.orders)]
    assert told() == news
    assert count(StockReservation) == 0


def told() -> list[tuple[str, int]]:
    """What news were left behind, in their order."""
    db.session.rollback()
    left = sa.select(Job.payload).where(Job.kind == "orders.news").order_by(Job.id)
    return [(payload["news"], payload["about"]) for payload in db.session.scalars(left)]


def test_cards_are_paid_before_anything_is_placed(cam: Variant, commune: AdminUnit) -> None:
    group = ordered({cam.id: 2}, commune, method=PaymentMethod.CARD)
    order = group.orders[0]
    assert (order.status, order.placed_at, order.confirm_by) == (OrderStatus.DRAFT, None, None)
    assert not group.allowance_held
    held = db.session.scalars(sa.select(StockReservation)).one()
    assert (held.order_id, held.variant_id, held.quantity) == (order.id, cam.id, 2)
    assert held.expires_at == clock.now() + timedelta(minutes=40)
    assert held.latest == clock.now() + timedelta(hours=2)
    item = db.session.scalars(sa.select(StockItem)).one()
    assert (item.on_hand, item.allocated, item.reserved) == (10, 0, 2)
    assert told() == []
    assert count(CartLine) == count(PhoneAllowance) == 0


def test_what_is_held_too_long_can_be_bought_by_others(cam: Variant, commune: AdminUnit) -> None:
    ordered({cam.id: 8}, commune, method=PaymentMethod.CARD)
    token = fill_cart({cam.id: 5})
    assert not quote_cart(find_cart(token), terms(), None).parcels
    with clock.stopped(clock.now() + timedelta(minutes=40)):
        group = place(token, shown(token, commune))
    assert group.orders[0].lines[0].quantity == 5
    db.session.rollback()
    item = db.session.scalars(sa.select(StockItem)).one()
    assert (item.allocated, item.reserved) == (5, 0)


def test_a_card_buyer_too_finds_what_is_held_too_long(cam: Variant, commune: AdminUnit) -> None:
    ordered({cam.id: 8}, commune, method=PaymentMethod.CARD)
    with clock.stopped(clock.now() + timedelta(minutes=40)):
        ordered({cam.id: 5}, commune, method=PaymentMethod.CARD)
    db.session.rollback()
    item = db.session.scalars(sa.select(StockItem)).one()
    assert (item.allocated, item.reserved) == (0, 5)


def test_transfers_count_for_the_telephone_and_cards_do_not(cam: Variant, commune: AdminUnit) -> None:
    ordered({cam.id: 1}, commune)
    ordered({cam.id: 1}, commune, method=PaymentMethod.VIETQR)
    ordered({cam.id: 1}, commune, method=PaymentMethod.VIETQR)
    with pytest.raises(TooManyUnconfirmed):
        ordered({cam.id: 1}, commune, method=PaymentMethod.VIETQR)
    assert ordered({cam.id: 1}, commune, method=PaymentMethod.CARD).id


def test_goods_that_are_fetched_cost_no_fee(cam: Variant, commune: AdminUnit) -> None:
    seller = offers_pickup(cam)
    group = ordered({cam.id: 1}, commune, pickups=frozenset({seller}))
    order = group.orders[0]
    assert (order.pickup, order.shipping_fee, group.total) == (True, 0, 90_000)


def offers_pickup(variant: Variant) -> int:
    """Let the seller of a variant hand it over; return the seller's id."""
    with unit_of_work() as session:
        seller = seller_of(session, variant)
        session.add(ShippingRule(producer_id=seller.id, pickup=True, sends_live=False))
        return seller.id


@pytest.mark.parametrize("shown_fetched", [True, False])
def test_fetching_is_what_was_shown_or_nothing(cam: Variant, commune: AdminUnit, shown_fetched: bool) -> None:
    seller = offers_pickup(cam)
    with unit_of_work() as session:
        session.merge(cam).price = 2_000_000
    said = {True: frozenset({seller}), False: frozenset[int]()}
    token = fill_cart({cam.id: 1})
    checkout = shown(token, commune, pickups=said[shown_fetched])
    with pytest.raises(QuoteChanged):
        place(token, Checkout(**{**_facts(checkout), "pickups": said[not shown_fetched]}))
    assert place(token, checkout).orders[0].pickup is shown_fetched


def test_only_who_offers_it_hands_goods_over(cam: Variant, commune: AdminUnit) -> None:
    with unit_of_work() as session:
        seller = seller_of(session, cam).id
    order = ordered({cam.id: 1}, commune, pickups=frozenset({seller})).orders[0]
    assert (order.pickup, order.shipping_fee) == (False, 32_000)


@pytest.mark.parametrize("method", [PaymentMethod.CASH_ON_DELIVERY, PaymentMethod.CARD])
def test_commission_is_frozen_at_the_sale(cam: Variant, commune: AdminUnit, method: PaymentMethod) -> None:
    token = fill_cart({cam.id: 3})
    checkout = shown(token, commune, method=method)
    with unit_of_work() as session:
        agreed = SaleTerms(day=clock.today(), sell_lapsed=False, commission_rate=275)
        group = place_order(session, token, checkout, agreed, clock.now())
    line = db.session.scalars(sa.select(CommissionLine)).one()
    assert line.order_line_id == group.orders[0].lines[0].id
    assert (line.base, line.rate, line.amount) == (270_000, 275, 7_425)
    assert group.total == 270_000 + group.shipping_total
