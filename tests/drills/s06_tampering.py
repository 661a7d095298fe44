"""S6: whatever a form says of prices, quantities and sums, people pay what the shop asked."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace.database import db, unit_of_work
from marketplace.ordering import checkout
from marketplace.ordering.models import OrderGroup, PaymentMethod
from marketplace.ordering.queries import find_cart, get_group, quote_cart
from marketplace.ordering.shipping_rules import ShippingRule
from marketplace.places.models import AdminUnit
from marketplace.storefront.views import checkout as views
from tests.drills import Outcome, Run, drill
from tests.factories.ordering import a_commune, fill_cart, seller_of, stocked, terms
from tests.storefront.pages import OWN_PAGE, get

NUMBERS = (
    "-1", "0", "1", "1.5", "1e3", "1e9", "NaN", "Infinity", "٣", "１", "0x10", "1,000", " 1 ", "", "null",
    "1;2", "9" * 40, "-0", "+2", "1\u00a0", "true", "[]", "999", "1000", "\x00",
)  # fmt: skip
EXTRA = (
    "price", "gia", "unit_price", "total", "tong", "shipping_fee", "phi", "goods_total", "discount",
    "seen_price", "vat_percent", "currency", "stars", "status", "confirmed_at", "producer_id", "quantity",
    "variant_id", "allowance_held", "buyer_phone", "number", "token_hash", "id", "payment_method", "pickup",
    "person_id", "buyer_email", "commission_rate", "reserved", "expires_at", "placed_at", "tra", "email",
)  # fmt: skip
WAYS = ("cod", "vietqr", "stripe", "", "COD", "free", "cod\x00", "paid", "0", "none")
ADDRESSES = ("an@example.vn", "", "x" * 300, "a@b@c", "an@example.vn\r\nBcc: x@example.vn", "<script>", "@")


@drill("S6", bar="0 mispriced orders, 0 orders other than shown, 0 failures")
def nobody_sets_their_own_price(run: Run) -> Outcome:
    """Send carts and checkout pages with changed memos, numbers, fields of the tables and doubled names."""
    tries = run.count(short=60, full=2_000)
    placed = mispriced = failures = unlike = 0
    with run.application() as app:
        with unit_of_work() as session:
            goods = [stocked(session, f"Cam {n}", on_hand=100_000, price=10_000 * n) for n in (1, 2, 3)]
            items = [variant.id for variant in goods]
            sellers = [seller_of(session, variant).id for variant in goods]
            session.add(ShippingRule(producer_id=sellers[0], pickup=True, sends_live=False))
            commune = a_commune(session)
        goal = {"tinh": str(commune.parent_id), "xa": str(commune.id)}
        with _guard(run):
            for number in range(tries):
                failures += _tamper_with_cart(run, app, items)
                token = fill_cart(
                    {run.random.choice(items): run.random.randint(1, 9)}, province_id=commune.parent_id
                )
                true = {False: _true_memo(token, commune, ()), True: _true_memo(token, commune, sellers)}
                client = app.test_client()
                client.set_cookie("cart", token)
                form = _tampered(run, client, {**goal, "sdt": f"09{number:08d}"}, sellers)
                answer = client.post("/dat-hang", data=form, headers=OWN_PAGE)
                failures += answer.status_code >= 500
                if answer.status_code == 303 and "/don-hang/" in answer.location:
                    placed += 1
                    group = _group_at(answer.location)
                    unlike += form["da_xem"] != [true[group.orders[0].pickup]]
                    unlike += group.payment_method != (form["tra"][0] or PaymentMethod.CASH_ON_DELIVERY)
                    unlike += (group.buyer_email or "") != form["email"][0]
        mispriced = _count_mispriced()
    got = {
        "tries": tries,
        "placed": placed,
        "mispriced": mispriced,
        "unlike_shown": unlike,
        "failures": failures,
    }
    return Outcome(got, ok=placed > 0 and mispriced == unlike == failures == 0)


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, place orders without comparing them to what was shown."""
    if run.guarded:
        yield
        return
    with (
        patch.object(checkout, "_check", lambda *_: None),
        patch.object(views, "find_change", lambda *_: None),
    ):
        yield


def _tamper_with_cart(run: Run, app: Flask, items: list[int]) -> int:
    """Put nonsense into a cart; return 1 when the shop failed over it."""
    form: dict[str, Any] = {
        "variant_id": run.random.choice([str(run.random.choice(items)), run.random.choice(NUMBERS)]),
        "quantity": run.random.choice(NUMBERS),
        run.random.choice(EXTRA): run.random.choice(NUMBERS),
    }
    answer = app.test_client().post("/gio-hang", data=form, headers=OWN_PAGE)
    return int(answer.status_code >= 500)


def _true_memo(token: str, commune: AdminUnit, pickups: Collection[int]) -> str:
    db.session.rollback()
    return quote_cart(find_cart(token), terms(), commune.parent_id, None, pickups).memo


def _group_at(location: str) -> OrderGroup:
    """Return the order that an answer led to."""
    db.session.rollback()
    number, secret = location.split("/don-hang/")[1].split("/")[:2]
    return get_group(number, secret)


def _tampered(
    run: Run, client: FlaskClient, typed: dict[str, str], sellers: Sequence[int]
) -> dict[str, list[str]]:
    """Fill the checkout page in, and change some of what it sends."""
    page = get(client, "/dat-hang").form("/dat-hang")
    person = {"ten": "Trần Văn An", "nha": "Số 12", "buoc": "dat"}
    paid = {"tra": run.random.choice(("cod", "vietqr")), "email": run.random.choice(("", "an@example.vn"))}
    form = {name: [value] for name, value in {**page, **typed, **person, **paid}.items()}
    memo = form["da_xem"][0]
    for _ in range(run.random.randint(0, 2)):
        form[run.random.choice(EXTRA)] = [run.random.choice(NUMBERS)]
    match run.random.randint(0, 10):
        case 0:
            form["da_xem"] = [memo.replace("0000", run.random.choice(NUMBERS), 1)]
        case 1:
            form["da_xem"] = [run.random.choice([memo.split("|")[0], memo + "0", "", "|", memo[::-1]])]
        case 2:
            form["da_xem"] = ["1:1:1|1:1", memo]
        case 3:
            form["xa"] = [run.random.choice(NUMBERS)]
        case 4:
            form["tra"] = [run.random.choice(WAYS)]
        case 5:
            form["email"] = [run.random.choice(ADDRESSES)]
        case kind if kind in {6, 7, 8}:
            _tamper_with_fees(run, form, sellers, fetch=kind != 7, told=kind != 6)
    return form


def _tamper_with_fees(
    run: Run, form: dict[str, list[str]], sellers: Sequence[int], *, fetch: bool, told: bool
) -> None:
    """Say that goods are fetched, or that no fee was shown, or both."""
    if fetch:
        form[f"nhan-{run.random.choice(sellers)}"] = ["lay"]
    if told:
        form["da_xem"] = [form["da_xem"][0].rsplit(":", 1)[0] + run.random.choice((":0", ":x"))]


def _count_mispriced() -> int:
    """Count the orders of which a sum or a price is not what the shop's own tables say."""
    db.session.rollback()
    wrong = sa.text(
        """
        SELECT count(DISTINCT g.id) FROM order_group g
        JOIN "order" o ON o.group_id = g.id JOIN order_line l ON l.order_id = o.id
        JOIN variant v ON v.id = l.variant_id
        WHERE l.unit_price <> v.price OR l.total <> v.price * l.quantity OR l.quantity NOT BETWEEN 1 AND 999
        OR o.goods_total <> (SELECT sum(x.total) FROM order_line x WHERE x.order_id = o.id)
        OR (o.shipping_fee <= 0) <> o.pickup OR g.payment_method NOT IN ('cod', 'vietqr')
        OR (o.pickup AND NOT EXISTS (SELECT 1 FROM shipping_rule r WHERE r.producer_id = o.producer_id))
        OR g.total <> (SELECT sum(y.total) FROM "order" y WHERE y.group_id = g.id)
        """
    )
    return int(db.session.execute(wrong).scalar_one())
