from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.models import Variant
from marketplace.database import db, unit_of_work
from marketplace.ordering.allowance import MOST_UNCONFIRMED
from marketplace.ordering.cart import CartChange, add_to_cart, change_cart, lock_cart, open_cart
from marketplace.ordering.checkout import Checkout, place_order
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
    PhoneAllowance,
    StockItem,
    StockMovement,
)
from marketplace.ordering.queries import find_cart, get_group, quote_cart
from marketplace.ordering.secret import draw_secret, hash_secret, order_secret
from marketplace.ordering.stock import adjust
from marketplace.places.models import AdminUnit
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
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


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
    secret = order_secret(checkout.submit_key)
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
        adjust(told[-1], cam.id, -5, "thất lạc", clock.now())
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
    before = _words(number, checkout)
    with unit_of_work() as session:
        variant = session.merge(cam)
        variant.price, variant.name, variant.sku, variant.vat_percent = 1, "Khác", "KHAC", 0
        product, seller = product_of(session, cam), seller_of(session, cam)
        product.name = "Tên khác"
        seller.name, seller.printed_address, seller.phone = "Khác", "Khác", None
        a_certificate(session, product, 3, issued_on=clock.today())
    assert _words(number, checkout) == before


def _words(number: str, checkout: Checkout) -> list[Any]:
    db.session.rollback()
    db.session.expire_all()
    group = get_group(number, order_secret(checkout.submit_key))
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
    assert group.token_hash == hash_secret(order_secret(checkout.submit_key))
