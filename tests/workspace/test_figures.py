"""The page of figures: charts with their tables, of a period and of one product, and as CSV."""

from datetime import date

import pytest

from marketplace.catalogue.models import Product
from marketplace.catalogue.tallies import LeadingWords, ProductView
from marketplace.database import unit_of_work
from marketplace.workspace.charts import BARS_HEIGHT, BARS_WIDTH, draw_bars
from tests.factories.catalogue import a_product
from tests.storefront.shelves import a_province
from tests.workspace.conftest import Shop

NOVEMBER, MARCH_BEFORE = date(2026, 11, 3), date(2025, 3, 5)


def a_viewed(shop: Shop, name: str, views: dict[date, int], province_id: int = 0) -> Product:
    with unit_of_work() as session:
        product = a_product(session, name, producer=shop.producer)
        for day, number in views.items():
            session.add(ProductView(product_id=product.id, day=day, province_id=province_id, views=number))
        return product


def test_without_views_the_page_says_so(shop: Shop) -> None:
    page = shop.browser.open(f"{shop.base}/so-lieu")
    assert "0 lượt xem trong 12 tháng" in page.words
    assert "Chưa có lượt xem nào" in page.words
    assert not page.soup.select("svg.bars")


def test_views_show_by_month_product_and_province(shop: Shop) -> None:
    with unit_of_work() as session:
        province = a_province(session, "Hà Tĩnh", "ha-tinh", "42").id
    orange = a_viewed(shop, "Cam", {NOVEMBER: 1200, MARCH_BEFORE: 50})
    a_viewed(shop, "Bưởi", {NOVEMBER: 30}, province)
    page = shop.browser.open(f"{shop.base}/so-lieu")
    assert "1.230 lượt xem trong 12 tháng" in page.words
    assert len(page.soup.select("svg.bars rect")) == 12
    tables = page.texts("table tr")
    assert {"11/2026 1.230", "Cam 1.200", "Bưởi 30", "Hà Tĩnh 30", "Không chọn tỉnh 1.200"} <= set(tables)
    assert tables.index("Cam 1.200") < tables.index("Bưởi 30")
    longer = shop.browser.open(f"{shop.base}/so-lieu?thang=24&sp={orange.id}")
    assert "Cam · 1.250 lượt xem trong 24 tháng" in longer.words
    assert "Hà Tĩnh" not in longer.words
    shop.browser.open(f"{shop.base}/so-lieu?sp=999999", 404)


def test_words_show_from_three_times_on(shop: Shop) -> None:
    orange = a_viewed(shop, "Cam", {NOVEMBER: 3})
    honey = a_viewed(shop, "Mật ong", {NOVEMBER: 3})
    with unit_of_work() as session:
        for product, words, times in ((orange, "cam khe may", 4), (orange, "rieng", 2), (honey, "mat", 3)):
            row = {"month": NOVEMBER.replace(day=1), "words": words, "times": times}
            session.add(LeadingWords(product_id=product.id, **row))
    page = shop.browser.open(f"{shop.base}/so-lieu")
    assert "cam khe may Cam 4" in page.texts("table tr")
    assert "rieng" not in page.words
    alone = shop.browser.open(f"{shop.base}/so-lieu?sp={honey.id}")
    assert "mat Mật ong 3" in alone.texts("table tr")
    assert "cam khe may" not in alone.words


def test_tables_are_handed_out_safe_from_formulas(shop: Shop) -> None:
    orange = a_viewed(shop, "=1+1 Cam", {NOVEMBER: 3, MARCH_BEFORE: 9})
    with unit_of_work() as session:
        row = {"month": NOVEMBER.replace(day=1), "words": "=cmd cam", "times": 4}
        session.add(LeadingWords(product_id=orange.id, **row))
    client = shop.staff_browser.client
    answer = client.get(f"{shop.base}/so-lieu/luot-xem.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.text == '\ufeffTháng,Sản phẩm,"Tỉnh, thành phố",Lượt xem\r\n11/2026,\'=1+1 Cam,,3\r\n'
    assert "03/2025,'=1+1 Cam,,9" in client.get(f"{shop.base}/so-lieu/luot-xem.csv?thang=24").text
    assert client.get(f"{shop.base}/so-lieu/tu-tim.csv").text.endswith("'=1+1 Cam,'=cmd cam,4\r\n")


def test_figures_are_not_there_for_others(shop: Shop, rival: Shop) -> None:
    a_viewed(shop, "Cam", {NOVEMBER: 3})
    for path in ("/so-lieu", "/so-lieu/luot-xem.csv", "/so-lieu/tu-tim.csv"):
        assert rival.browser.client.get(f"{shop.base}{path}").status_code == 404
    assert "Cam" not in rival.browser.client.get(f"{rival.base}/so-lieu/luot-xem.csv").text


@pytest.mark.parametrize("values", [[], [0, 0], [1], [3, 0, 9], list(range(24))])
def test_bars_stand_within_the_drawing(values: list[int]) -> None:
    bars = draw_bars(values)
    assert [bar.value for bar in bars] == values
    for bar in bars:
        assert 0 <= bar.x < bar.x + bar.width <= BARS_WIDTH
        assert bar.y + bar.height == pytest.approx(BARS_HEIGHT, abs=0.11)
    if any(values):
        assert max(bar.height for bar in bars) == BARS_HEIGHT
