"""Lists: filters, orders, pages."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.errors import PageBeyondEnd
from marketplace.catalogue.filters import Filters, State
from marketplace.catalogue.memory import Memory
from marketplace.catalogue.models import Product
from marketplace.catalogue.product_list import PAGE_SIZE, Page, Sort, list_products
from marketplace.database import db, unit_of_work
from marketplace.producers.models import LegalForm
from marketplace.settings import LapsedProducts
from tests.catalogue.statements import counted_statements
from tests.factories.catalogue import WHITE_SPIRIT, a_product, a_variant
from tests.factories.certification import a_certificate
from tests.factories.producers import a_producer

TODAY = date(2026, 11, 21)


@pytest.fixture
def shelf(app: Flask) -> Flask:
    """Five products: living 4 and 3 stars, a lapsed 5, a spirit without stars, one undated."""
    with unit_of_work() as session:
        seller = a_producer(session)
        firm = a_producer(session, "Công ty Tây Sơn", legal_form=LegalForm.ENTERPRISE, printed_address=None)
        orange = a_product(session, "Cam", producer=seller)
        a_certificate(session, orange, 3, issued_on=date(2025, 3, 1))
        a_variant(session, orange, price=40_000)
        plum = a_product(session, "Mận", producer=seller)
        a_certificate(session, plum, 4, issued_on=date(2024, 3, 1))
        a_variant(session, plum, price=120_000)
        tea = a_product(session, "Chè", producer=firm, set_number=11)
        a_certificate(session, tea, 5, issued_on=date(2023, 11, 20))
        a_variant(session, tea, price=300_000)
        spirit = a_product(session, "Rượu", producer=seller, set_number=WHITE_SPIRIT)
        a_certificate(session, spirit, None, issued_on=date(2026, 1, 1))
        a_variant(session, spirit, price=90_000)
        a_product(session, "Bún", set_number=None)
        suspend_product(session, a_product(session, "Đào"))
    return app


def names(filters: Filters | None = None, sort: Sort = Sort.NAME, **more: Any) -> list[str]:
    day = more.pop("day", TODAY)
    return [p.name for p in list_products(filters or Filters(), sort, day=day, **more).products]


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({}, ["Bún", "Cam", "Chè", "Mận", "Rượu"]),
        ({"stars": (3,)}, ["Cam"]),
        ({"stars": (3, 4, 5)}, ["Cam", "Mận"]),
        ({"groups": ("thuc-pham",)}, ["Cam", "Chè", "Mận"]),
        ({"groups": ("thuc-pham", "do-uong")}, ["Cam", "Chè", "Mận", "Rượu"]),
        ({"sets": ("ruou-trang",)}, ["Rượu"]),
        ({"groups": ("thuc-pham",), "sets": ("ruou-trang",)}, []),
        ({"price_from": 40_000, "price_to": 120_000}, ["Cam", "Mận", "Rượu"]),
        ({"price_from": 120_001}, ["Chè"]),
        ({"price_to": 39_999}, []),
        ({"legal_forms": (LegalForm.ENTERPRISE,)}, ["Chè"]),
        ({"offered": True}, ["Cam", "Mận", "Rượu"]),
        ({"state": State.ALIVE}, ["Cam", "Mận", "Rượu"]),
        ({"state": State.LAPSED}, ["Bún", "Chè"]),
    ],
)
def test_each_filter_narrows(shelf: Flask, asked: dict[str, Any], shown: list[str]) -> None:
    assert names(Filters(**asked)) == shown


def test_hits_of_a_search_keep_their_order_and_are_filtered(shelf: Flask) -> None:
    by_name = {product.name: product.id for product in db.session.scalars(sa.select(Product))}
    hits = (*(by_name[name] for name in ("Rượu", "Đào", "Cam", "Bún")), 999_999)
    assert names(Filters(product_ids=hits), Sort.RELEVANCE) == ["Rượu", "Cam", "Bún"]
    assert names(Filters(product_ids=hits, stars=(3,)), Sort.RELEVANCE) == ["Cam"]
    assert names(Filters(product_ids=hits), Sort.NAME) == ["Bún", "Cam", "Rượu"]
    assert names(Filters(product_ids=()), Sort.RELEVANCE) == []
    assert names(Filters(), Sort.RELEVANCE) == names(Filters(), Sort.DEFAULT)


def test_thousands_of_hits_are_one_parameter(shelf: Flask) -> None:
    assert len(names(Filters(product_ids=tuple(range(1, 70_000))), Sort.RELEVANCE)) == 5


@pytest.mark.parametrize(
    ("sort", "shown"),
    [
        (Sort.DEFAULT, ["Mận", "Cam", "Rượu", "Bún", "Chè"]),
        (Sort.STARS, ["Mận", "Cam", "Bún", "Chè", "Rượu"]),
        (Sort.PRICE_UP, ["Cam", "Rượu", "Mận", "Chè", "Bún"]),
        (Sort.PRICE_DOWN, ["Chè", "Mận", "Rượu", "Cam", "Bún"]),
        (Sort.NAME, ["Bún", "Cam", "Chè", "Mận", "Rượu"]),
        (Sort.NEWEST, ["Bún", "Rượu", "Chè", "Mận", "Cam"]),
    ],
)
def test_orders(shelf: Flask, sort: Sort, shown: list[str]) -> None:
    assert names(sort=sort) == shown


def test_what_the_shop_does_with_lapsed_products(shelf: Flask) -> None:
    with unit_of_work() as session:
        tea = session.scalars(sa.select(Product).where(Product.name == "Cam")).one()
        a_certificate(session, tea, 3, issued_on=date(2025, 4, 1))
    late = date(2028, 4, 2)
    offered = Filters(offered=True)
    assert names(offered, day=late, lapsed=LapsedProducts.SHOW) == ["Rượu"]
    assert names(offered, day=late, lapsed=LapsedProducts.SELL) == ["Cam", "Mận", "Rượu"]
    assert names(day=late, lapsed=LapsedProducts.HIDE) == ["Rượu"]


def test_a_list_follows_midnight_in_vietnam(shelf: Flask) -> None:
    with unit_of_work() as session:
        product = a_product(session, "Xoài")
        a_certificate(session, product, 4, issued_on=date(2023, 11, 21))
    before = datetime(2026, 11, 21, 16, 59, 59, 900_000, tzinfo=UTC)
    after = datetime(2026, 11, 21, 17, 0, 0, 100_000, tzinfo=UTC)
    with clock.stopped(before):
        assert "Xoài" in names(Filters(stars=(4,)), day=clock.today())
    with clock.stopped(after):
        assert "Xoài" not in names(Filters(stars=(4,)), day=clock.today())


def test_a_change_is_in_the_next_list(shelf: Flask) -> None:
    assert names(Filters(stars=(4,))) == ["Mận"]
    with unit_of_work() as session:
        product = session.scalars(sa.select(Product).where(Product.name == "Mận")).one()
        a_certificate(session, product, 3, issued_on=date(2026, 5, 1))
    assert names(Filters(stars=(4,))) == []


def test_pages_are_flat_and_end(app: Flask) -> None:
    with unit_of_work() as session:
        for number in range(PAGE_SIZE + 1):
            a_product(session, f"Cam {number:02}")
    first = list_products(Filters(), Sort.NAME, day=TODAY)
    assert (len(first.products), first.total, first.last, first.first_position) == (24, 25, 2, 1)
    with counted_statements() as statements:
        second = list_products(Filters(), Sort.NAME, 2, day=TODAY)
    assert [product.name for product in second.products] == ["Cam 24"]
    assert len(statements) == 1
    for beyond in (0, 3):
        with pytest.raises(PageBeyondEnd) as refusal:
            list_products(Filters(), Sort.NAME, beyond, day=TODAY)
        assert refusal.value.parameters["last"] == 2


def test_an_empty_list_has_one_page(app: Flask) -> None:
    page = list_products(Filters(), day=TODAY)
    assert (page.products, page.total, page.last) == ((), 0, 1)


@pytest.mark.parametrize(
    ("number", "total", "offered"),
    [
        (1, 0, [1]),
        (1, 240, [1, 2, 3, None, 10]),
        (5, 240, [1, None, 3, 4, 5, 6, 7, None, 10]),
        (10, 240, [1, None, 8, 9, 10]),
    ],
)
def test_page_numbers_to_offer(number: int, total: int, offered: list[int | None]) -> None:
    assert list(Page((), number, total).numbers()) == offered


def test_cards_need_no_further_statement(shelf: Flask) -> None:
    products = list_products(Filters(), day=TODAY).products
    with counted_statements() as statements:
        for product in products:
            assert product.sale_policy
            assert product.producer is None or product.producer.name
            assert product.province is None
            assert product.commune is None
    assert not statements


def test_answers_to_other_hits_are_kept_apart_without_keeping_the_hits() -> None:
    one, other = Filters(product_ids=(1, 2)), Filters(product_ids=(2, 1))
    assert len({one.question, other.question, Filters(product_ids=()).question, Filters().question}) == 4
    assert one.question[0].product_ids is None


def test_a_memory_forgets_what_was_longest_unused(app: Flask) -> None:
    memory: Memory[str] = Memory(2)
    asked: list[str] = []

    def ask(question: str) -> str:
        def find_out() -> str:
            asked.append(question)
            return question

        return memory.recall(question, find_out)

    for question in ("a", "b", "a", "c", "a", "b"):
        assert ask(question) == question
    assert asked == ["a", "b", "c", "b"]


def test_what_was_rolled_back_is_never_kept(app: Flask) -> None:
    with pytest.raises(ZeroDivisionError), unit_of_work() as session:
        a_product(session, "Cam")
        assert names() == ["Cam"]
        raise ZeroDivisionError
    with unit_of_work() as session:
        a_product(session, "Bưởi")
    assert names() == ["Bưởi"]
