import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.filters import Filters
from marketplace.catalogue.models import Product
from marketplace.catalogue.product_list import Sort, list_products
from marketplace.database import unit_of_work
from marketplace.ordering.shipping import RATES
from marketplace.search.weights import Weight
from marketplace.settings import UNDECLARED, LapsedProducts, Settings
from marketplace.storefront import promises
from marketplace.storefront.promises import PAGES
from tests.factories.ordering import product_of, stocked
from tests.pages import visit
from tests.storefront.pages import Page, add, get


@pytest.fixture
def settings(app: Flask) -> Iterator[Settings]:
    """The settings of the application and of its templates, which a test may replace for a while."""
    kept = app.extensions["settings"]
    processors = app.template_context_processors[None]
    processors.append(lambda: {"settings": app.extensions["settings"]})
    yield kept
    processors.pop()
    app.extensions["settings"] = kept


def offer_cards(app: Flask, settings: Settings) -> None:
    app.extensions["settings"] = replace(settings, card=replace(settings.card, secret_key="sk_test_x"))


def said(page: Page) -> str:
    return page.words.replace("\u00a0", " ")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_is_public_and_reachable_from_every_other(client: FlaskClient, prefix: str) -> None:
    for path in PAGES:
        page = get(client, f"{prefix}/{path}")
        assert page.status == 200
        assert page.response.headers["Cache-Control"].startswith("public")
        assert "Set-Cookie" not in page.response.headers
        visit(client, f"{prefix}/{path}")
        links = {str(link["href"]) for link in page.soup.select("aside a")}
        assert links == {f"{prefix}/{one}" for one in PAGES}


def test_the_owner_is_who_the_settings_say(client: FlaskClient, app: Flask) -> None:
    owner = app.extensions["settings"].owner
    words = said(get(client, "/gioi-thieu"))
    for fact in (
        owner.name,
        owner.address,
        owner.representative,
        owner.enterprise_code,
        owner.phone,
        owner.email,
    ):
        assert fact in words


@pytest.mark.parametrize("path", ["", "/gioi-thieu", "/bao-ve-du-lieu", "/quy-che", "/dat-hang"])
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_an_operator_not_declared_yet_is_said_so_in_the_language_of_the_page(
    client: FlaskClient, app: Flask, prefix: str, path: str
) -> None:
    assert app.extensions["settings"].owner.name == UNDECLARED
    if path == "/dat-hang":
        with unit_of_work() as session:
            tea = stocked(session, "Chè")
        add(client, tea.id)
    text = get(client, f"{prefix}{path}" or "/").response.text
    assert (UNDECLARED in text) is not bool(prefix)
    assert ("(sample, not declared yet)" in text) is bool(prefix)


@pytest.mark.parametrize("path", ["/", "/en"])
def test_machines_are_told_the_name_of_the_site_for_an_operator_not_declared(
    client: FlaskClient, path: str
) -> None:
    graph = visit(client, path, statements=None).soup.select('script[type="application/ld+json"]')
    assert '"Phiên chợ OCOP"' in str(graph)
    assert "mẫu" not in str(graph)


def test_the_footer_leads_to_the_pages_there_are(client: FlaskClient) -> None:
    addresses = [str(link["href"]) for link in get(client, "/gioi-thieu").soup.select("footer a")]
    for address in addresses:
        if address.lstrip("/") in PAGES or address in {"/tra-cuu", "/gio-hang"}:
            assert get(client, address).status == 200
    assert {"/giao-hang", "/doi-tra", "/khieu-nai", "/gioi-thieu", "/xep-hang", "/rieng-tu"} <= set(addresses)


def test_the_privacy_page_has_its_eight_points(client: FlaskClient) -> None:
    headings = [h.get_text() for h in get(client, "/rieng-tu").soup.select("main section h2")]
    assert [heading.split(".")[0] for heading in headings] == [str(number) for number in range(1, 9)]


def test_the_privacy_page_says_how_long_orders_stay_and_who_signs_in_gets_which_cookies(
    client: FlaskClient,
) -> None:
    words = said(get(client, "/rieng-tu"))
    for told in (
        "bị xoá 24 tháng sau khi giao",
        "Thông tin hoá đơn: 10 năm",
        "chậm nhất 90 ngày",
        "bị xoá sau 30 ngày",
        "Đăng nhập thì thêm hai cookie",
    ):
        assert told in words
    for wrong in ("chưa tự xoá", "không chuyển ra nước ngoài", "Stripe"):
        assert wrong not in words


def test_where_cards_are_taken_the_company_abroad_is_named(
    client: FlaskClient, app: Flask, settings: Settings
) -> None:
    offer_cards(app, settings)
    assert "Stripe (công ty nước ngoài" in said(get(client, "/rieng-tu"))
    assert "ít nhất 40 phút, nhiều nhất 2 giờ" in said(get(client, "/thanh-toan"))


def test_what_sellers_pay_is_published_with_the_rates_in_use(
    client: FlaskClient, app: Flask, settings: Settings
) -> None:
    app.extensions["settings"] = replace(settings, commission_rate=275)
    words = said(get(client, "/quy-che"))
    assert "Phí chợ thu của người bán: 2,75% tiền hàng" in words
    assert "chi cho người bán 7 ngày một lần, từ 200.000 ₫" in words
    assert "khấu trừ thuế 1,5%" in words


def test_no_tax_is_spoken_of_where_none_is_withheld(
    client: FlaskClient, app: Flask, settings: Settings
) -> None:
    app.extensions["settings"] = replace(settings, payout=replace(settings.payout, withheld_tax_rate=0))
    assert "khấu trừ" not in said(get(client, "/quy-che"))


def test_every_kind_of_complaint_has_both_times(client: FlaskClient) -> None:
    words = said(get(client, "/khieu-nai"))
    for time in promises.COMPLAINT_TIMES:
        assert f"{time.issue} trong {time.first_answer_hours} giờ trong {time.settled_days} ngày" in words


def test_the_rate_table_is_the_one_in_use(client: FlaskClient) -> None:
    rows = get(client, "/giao-hang").soup.select("tbody tr")
    assert len(rows) == len(RATES)
    for row, rate in zip(rows, RATES.values(), strict=True):
        told = [cell.get_text().replace("\u00a0₫", "").replace(".", "") for cell in row.find_all("td")]
        assert told == [
            *(str(fee) for _, fee in rate.steps),
            str(rate.further_kilogram),
            str(rate.free_over),
            f"{rate.days[0]}–{rate.days[1]}",
        ]


def test_what_the_law_wants_said_is_said(client: FlaskClient) -> None:
    assert "không có livestream" in said(get(client, "/quy-che"))
    assert "đã gồm thuế giá trị gia tăng" in said(get(client, "/thanh-toan"))
    assert "7 ngày" in said(get(client, "/doi-tra"))
    assert "trả lời trong 2 ngày làm việc" in said(get(client, "/doi-tra"))
    assert "chờ 3 ngày làm việc sau ngày đặt" in said(get(client, "/thanh-toan"))


@pytest.mark.parametrize(("language", "prefix"), [("vi", ""), ("en", "/en")])
def test_the_published_points_are_the_weights_of_search(
    client: FlaskClient, language: str, prefix: str
) -> None:
    rows = get(client, f"{prefix}/xep-hang").soup.select("tbody tr")
    told = {row.find("th").get_text(): float(row.find("td").get_text()) for row in rows}  # type: ignore[union-attr]
    words = {weight: weight.vietnamese if language == "vi" else weight.english for weight in Weight}
    assert told == {words[weight]: weight.points for weight in Weight}


def test_every_order_of_lists_is_published(client: FlaskClient) -> None:
    assert set(promises.ORDERS) == set(promises.ORDER_NAMES) == set(Sort) - {Sort.RELEVANCE}
    words = said(get(client, "/xep-hang"))
    for sort, criteria in promises.ORDERS.items():
        listed = " ".join(f"{number}. {words_}" for number, words_ in enumerate(criteria, start=1))
        assert f"{promises.ORDER_NAMES[sort]} {listed}" in words


def _plain(day: date) -> dict[str, Callable[[Product], object]]:
    """What each published criterion means, said again in Python."""
    return {
        str(promises.CERTIFIED): lambda p: not (p.certified_until and p.certified_until >= day),
        str(promises.STARS): lambda p: -(p.live_stars(day) or 0),
        str(promises.NAME): lambda p: p.name_folded,
        str(promises.NEWEST): lambda p: -p.published_at.timestamp(),
        str(promises.PRICED): lambda p: p.from_price is None,
        str(promises.CHEAPEST): lambda p: p.from_price or 0,
        str(promises.DEAREST): lambda p: -(p.from_price or 0),
    }


def test_lists_go_by_what_is_published(app: Flask) -> None:
    chance = random.Random(7)
    day = clock.today()
    with unit_of_work() as session:
        for number in range(20):
            name = f"{chance.choice(['Cam', 'Bưởi', 'Ổi', 'Đào'])} {number:02d}"
            variant = stocked(
                session,
                name,
                on_hand=0,
                stars=chance.choice([3, 4, 5, None]),
                price=chance.choice([5, 7, 9]) * 1_000,
            )
            product = product_of(session, variant)
            product.published_at = clock.now() - timedelta(days=chance.randint(1, 9), seconds=number)
            if chance.random() < 0.3:
                product.certified_until = day - timedelta(days=1)
    for sort, criteria in promises.ORDERS.items():
        page = list_products(Filters(), sort, day=day, lapsed=LapsedProducts.SHOW)
        keys = [_plain(day)[str(words)] for words in criteria]
        assert len(page.products) == 20
        expected = sorted(page.products, key=lambda p, keys=keys: [key(p) for key in keys])  # type: ignore[misc]
        assert [p.name for p in page.products] == [p.name for p in expected], sort
