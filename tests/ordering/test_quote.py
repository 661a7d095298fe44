import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.cart import add_to_cart, lock_cart
from marketplace.ordering.checkout import place_order
from marketplace.ordering.queries import (
    find_cart,
    find_sold_out,
    find_variant,
    name_changed,
    quote_cart,
)
from marketplace.ordering.quote import (
    LONGEST_MEMO,
    LineChange,
    Quote,
    Shelf,
    Shown,
    Wanted,
    list_changes,
    make_quote,
    read_memo,
)
from marketplace.ordering.sale import MOST_LINES, Obstacle
from marketplace.ordering.stock import adjust
from tests.factories.ordering import a_checkout, a_commune, fill_cart, product_of, stocked, terms
from tests.factories.producers import a_producer


def quote_of(token: str, province_id: int | None = None) -> Quote:
    db.session.rollback()
    return quote_cart(find_cart(token), terms(), province_id)


def test_each_producer_sends_one_parcel_with_one_fee(app: Flask) -> None:
    with unit_of_work() as session:
        seller = a_producer(session)
        apples = stocked(session, "Cam", producer=seller, price=50_000, weight_g=400)
        pears = stocked(session, "Bưởi", producer=seller, price=30_000, weight_g=500)
        tea = stocked(session, "Chè", price=120_000, weight_g=200)
    quote = quote_of(fill_cart({tea.id: 1, pears.id: 2, apples.id: 1}))
    assert [[line.variant.id for line in parcel.lines] for parcel in quote.parcels] == [
        [apples.id, pears.id],
        [tea.id],
    ]
    assert [parcel.goods_total for parcel in quote.parcels] == [110_000, 120_000]
    assert [parcel.shipping.fee for parcel in quote.parcels] == [42_000, 32_000]
    assert [parcel.total for parcel in quote.parcels] == [152_000, 152_000]
    assert (quote.goods_total, quote.shipping_total, quote.total) == (230_000, 74_000, 304_000)
    assert quote.blocked == ()
    assert not quote.needs_age


def test_the_same_province_is_cheaper(app: Flask) -> None:
    with unit_of_work() as session:
        commune = a_commune(session)
        seller = a_producer(session, province_id=commune.parent_id)
        variant = stocked(session, producer=seller, weight_g=900)
        province_id = commune.parent_id
    token = fill_cart({variant.id: 1})
    assert quote_of(token, province_id).shipping_total == 20_000
    assert quote_of(token).shipping_total == 32_000


def test_lines_that_cannot_be_ordered_cost_nothing(app: Flask) -> None:
    with unit_of_work() as session:
        good, gone, few = (
            stocked(session, "Cam"),
            stocked(session, "Bưởi", on_hand=0),
            stocked(session, "Na", on_hand=2),
        )
    quote = quote_of(fill_cart({good.id: 1, gone.id: 1, few.id: 3}))
    assert [line.variant.id for line in quote.lines] == [good.id]
    assert [(line.obstacle, line.available) for line in quote.blocked] == [
        (Obstacle.SOLD_OUT, 0),
        (Obstacle.TOO_FEW, 2),
    ]


def test_a_memo_says_what_was_shown_and_nothing_else(app: Flask) -> None:
    with unit_of_work() as session:
        one, other = stocked(session, "Cam", price=10_000), stocked(session, "Bưởi", price=20_000)
    quote = quote_of(fill_cart({one.id: 2, other.id: 1}))
    shown = read_memo(quote.memo)
    assert shown.lines == {one.id: (2, 10_000), other.id: (1, 20_000)}
    assert (shown.goods_total, shown.shipping_total, shown.total) == (
        40_000,
        quote.shipping_total,
        quote.total,
    )
    assert list_changes(shown, quote) == []


def test_changes_are_told_line_by_line(app: Flask) -> None:
    with unit_of_work() as session:
        dearer, sold_out, fresh = (stocked(session, name, price=10_000) for name in ("Cam", "Bưởi", "Na"))
    token = fill_cart({dearer.id: 2, sold_out.id: 1})
    shown = read_memo(quote_of(token).memo)
    with unit_of_work() as session:
        session.merge(dearer).price = 12_000
        adjust(session, sold_out.id, -100, "hết", clock.now())
        cart = lock_cart(session, token)
        assert cart
        add_to_cart(session, cart, fresh.id, 1, terms(), clock.now())
    changes = list_changes(shown, quote_of(token))
    told = [
        (change.variant_id, change.quantity_before, change.price_before, change.now and change.now.obstacle)
        for change in changes
    ]
    assert told == [
        (dearer.id, 2, 10_000, None),
        (sold_out.id, 1, 10_000, Obstacle.SOLD_OUT),
        (fresh.id, 0, None, None),
    ]
    gone = LineChange(dearer.id, 2, 10_000, None)
    names = name_changed([gone, *(change for change in changes if change.variant_id == fresh.id)])
    assert names == {dearer.id: ("Cam", "Túi 1 kg"), fresh.id: ("Na", "Túi 1 kg")}


def test_a_line_taken_out_elsewhere_is_a_change() -> None:
    changes = list_changes(Shown({7: (1, 5_000)}, {}), Quote((), ()))
    assert [(change.variant_id, change.now) for change in changes] == [(7, None)]


@pytest.mark.parametrize(
    "memo",
    [
        "",
        "|",
        "1:2:3",
        "1:2|",
        "a|b",
        "1:2:-3|1:1",
        "1:2:3,|1:1",
        "1:2:3|1:1,",
        "1:2:3|1:1|",
        "3000000000:1:1|1:1",
        "2147483648:1:1|1:1",
        "1:1:1|2147483648:1",
        ",".join(f"{i}:1:1" for i in range(1, 52)) + "|1:1",
        "1:1:1|" + ",".join(f"{i}:1" for i in range(1, 52)),
    ],
)
def test_what_is_no_memo_shows_nothing(memo: str) -> None:
    assert read_memo(memo) == Shown({}, {})


def test_a_full_cart_of_the_dearest_things_is_still_read() -> None:
    lines = {2**31 - 1 - i: (999, 10**13 - 1) for i in range(MOST_LINES)}
    fees = {2**31 - 1 - i: 10**9 - 1 for i in range(MOST_LINES)}
    memo = ",".join(f"{i}:{n}:{price}" for i, (n, price) in lines.items())
    memo += "|" + ",".join(f"{i}:{fee}" for i, fee in fees.items())
    assert read_memo(memo) == Shown(lines, fees)
    assert read_memo("0" * LONGEST_MEMO + memo) == Shown({}, {})


@given(st.text(max_size=60))
def test_any_text_is_read_without_harm(memo: str) -> None:
    assert read_memo(memo).total >= 0


def test_a_line_without_a_producer_is_never_quoted(app: Flask) -> None:
    with unit_of_work() as session:
        variant = stocked(session)
        product_of(session, variant).producer_id = None
    db.session.rollback()
    found = find_variant(db.session(), variant.id)
    assert found
    quote = make_quote([Wanted(found, 1, 1)], Shelf({variant.id: 9}, {}), terms(), None)
    assert [line.obstacle for line in quote.blocked] == [Obstacle.NO_SELLER]


def late(token: str, memo: str, key: str = "0" * 32) -> list[tuple[int, Obstacle | None]] | None:
    """Which lines a buyer is told to be sold out, or None where there is something to order."""
    db.session.rollback()
    quote = find_sold_out(token, key, memo)
    assert quote is None or not quote.parcels
    return [(line.variant.id, line.obstacle) for line in quote.blocked] if quote else None


def test_who_comes_too_late_is_told_from_one_look(app: Flask) -> None:
    with unit_of_work() as session:
        one, other = (stocked(session, name, on_hand=5) for name in ("Cam", "Bưởi"))
    token = fill_cart({one.id: 2, other.id: 3})
    memo = quote_of(token).memo
    assert late(token, memo) is None
    with unit_of_work() as session:
        adjust(session, one.id, -5, "hết", clock.now())
    assert late(token, memo) is None, "the other one can still be ordered"
    with unit_of_work() as session:
        adjust(session, other.id, -3, "hết", clock.now())
    assert late(token, memo) == [(one.id, Obstacle.SOLD_OUT), (other.id, Obstacle.TOO_FEW)]


def test_what_lies_in_the_cart_beside_it_can_still_be_ordered(app: Flask) -> None:
    with unit_of_work() as session:
        gone, fresh = (stocked(session, name, on_hand=5) for name in ("Cam", "Bưởi"))
    token = fill_cart({gone.id: 1})
    memo = quote_of(token).memo
    with unit_of_work() as session:
        adjust(session, gone.id, -5, "hết", clock.now())
    assert late(token, memo)
    with unit_of_work() as session:
        cart = lock_cart(session, token)
        assert cart
        add_to_cart(session, cart, fresh.id, 1, terms(), clock.now())
    assert late(token, memo) is None


def test_a_page_that_led_to_an_order_is_never_too_late(app: Flask) -> None:
    with unit_of_work() as session:
        last, commune = stocked(session, on_hand=1), a_commune(session)
    token = fill_cart({last.id: 1})
    db.session.rollback()
    checkout = a_checkout(db.session(), token, commune)
    with unit_of_work() as session:
        place_order(session, token, checkout, terms(), clock.now())
    assert late(token, checkout.shown, checkout.submit_key) is None
    assert late(token, checkout.shown)


@pytest.mark.parametrize("memo", ["", "|", "9:1:1|9:1", "abc"])
def test_nonsense_is_not_called_late(app: Flask, memo: str) -> None:
    assert late("0" * 32, memo) is None
