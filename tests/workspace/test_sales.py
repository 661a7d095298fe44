"""What was sold, by month, product and province: as figures, in a drawing with its table, and as CSV."""

from datetime import date, datetime, timedelta, timezone

import pytest

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.ordering.fulfillment import cancel_rest
from marketplace.ordering.models import CancelReason, Order
from marketplace.ordering.returns import approve_return, receive_return
from marketplace.ordering.sales_figures import by_month, by_product, by_province, list_sold
from marketplace.payments import settlement
from marketplace.workspace.charts import write_short
from tests.factories.after_sale import returned, sent, step
from tests.workspace.conftest import Shop
from tests.workspace.parcels import confirmed, delivered, goods, somewhere, waiting

NOVEMBER, OCTOBER = date(2026, 11, 1), date(2026, 10, 1)


def placed_on(order: Order, at: datetime) -> None:
    """Have an order been placed at another instant."""
    with unit_of_work() as session:
        session.get_one(Order, order.id).placed_at = at


def test_sales_are_counted_by_month_product_and_province(shop: Shop, rival: Shop) -> None:
    orange, jam = goods(shop), goods(shop, "Mứt cam", price=50_000)
    hanoi, hatinh = somewhere(), somewhere("Hương Đô", "Hà Tĩnh")
    waiting(orange, hanoi, 3)
    waiting(orange, hatinh, 1)
    waiting(jam, hanoi, 4)
    before = waiting(orange, hanoi, 2, phone="0912345679")
    midnight = datetime(2026, 11, 1, tzinfo=timezone(timedelta(hours=7)))
    placed_on(before, midnight - timedelta(seconds=1))
    waiting(goods(rival, "Bưởi"), hanoi, 9, phone="0912345671")
    db.session.rollback()
    rows = list_sold(db.session(), shop.producer.id, [OCTOBER, NOVEMBER])
    assert by_month(rows, [OCTOBER, NOVEMBER]) == [(OCTOBER, 2, 180_000), (NOVEMBER, 8, 560_000)]
    assert by_product(rows) == [("Cam Khe Mây", 6, 540_000), ("Mứt cam", 4, 200_000)]
    assert by_province(rows) == [("Hà Nội", 9, 650_000), ("Hà Tĩnh", 1, 90_000)]
    placed_on(before, midnight)
    db.session.rollback()
    assert by_month(list_sold(db.session(), shop.producer.id, [NOVEMBER]), [NOVEMBER])[0][1] == 10


def test_what_was_canceled_or_came_back_is_not_sold(shop: Shop) -> None:
    variant, place = goods(shop), somewhere()
    step(settlement.cancel, waiting(variant, place, 1).id, CancelReason.CUSTOMER)
    part = confirmed(variant, place, 5)
    sent(part.id, {part.lines[0].id: 2})
    step(cancel_rest, part.id)
    given_back, asked = delivered(variant, place, 4), delivered(variant, place, 3)
    gone = returned(given_back, 3)
    step(approve_return, gone.id)
    step(receive_return, gone.id, True)
    step(approve_return, returned(asked, 1).id)
    whole = returned(delivered(variant, place, 1))
    step(approve_return, whole.id)
    step(receive_return, whole.id, False)
    db.session.rollback()
    [row] = list_sold(db.session(), shop.producer.id, [NOVEMBER])
    assert (row.units, row.amount) == (2 + 1 + 3, 6 * 90_000)


def test_the_page_draws_months_beside_their_table(shop: Shop) -> None:
    page = shop.browser.open(f"{shop.base}/doanh-thu")
    assert "Chưa bán được gì" in page.words
    assert not page.soup.select("svg.bars")
    waiting(goods(shop), somewhere(), 3)
    page = shop.browser.open(f"{shop.base}/doanh-thu")
    assert "270.000 ₫ tiền hàng trong 12 tháng" in page.words
    assert len(page.soup.select("svg.bars rect")) == 12
    assert page.texts("svg.bars .top") == ["270 ng"]
    assert {"11/2026 3 270.000 ₫", "Cam Khe Mây 3 270.000 ₫", "Hà Nội 3 270.000 ₫"} <= set(
        page.texts("tbody tr")
    )
    assert len(shop.browser.open(f"{shop.base}/doanh-thu?thang=3").soup.select("svg.bars rect")) == 3
    assert len(shop.browser.open(f"{shop.base}/doanh-thu?thang=7").soup.select("svg.bars rect")) == 12


def test_sales_are_handed_out_safe_from_formulas_and_to_nobody_else(shop: Shop, rival: Shop) -> None:
    waiting(goods(shop, "=1+1 Cam"), somewhere(), 3)
    waiting(goods(rival, "Bưởi"), somewhere("Hương Đô", "Hà Tĩnh"), 1, phone="0912345679")
    answer = shop.staff_browser.client.get(f"{shop.base}/doanh-thu.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=htx-cam-khe-may-doanh-thu.csv"
    assert answer.text.splitlines()[1:] == ["11/2026,'=1+1 Cam,Hà Nội,3,270000"]
    for path in ("/doanh-thu", "/doanh-thu.csv"):
        assert rival.browser.client.get(f"{shop.base}{path}").status_code == 404


@pytest.mark.parametrize(
    ("amount", "words"),
    [(0, "0"), (999, "999"), (1_000, "1 ng"), (45_500, "45,5 ng"), (270_000, "270 ng"), (1_250_000, "1,2 tr"),
     (250_000_000, "250 tr"), (3_000_000_000, "3 tỷ")],
)  # fmt: skip
def test_amounts_are_short_above_their_bars(amount: int, words: str) -> None:
    assert write_short(amount) == words
    assert clock.today() == date(2026, 11, 21)
