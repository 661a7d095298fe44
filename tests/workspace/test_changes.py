"""Changes of what a certificate fixes: asked for, shown old beside new, and taken back."""

from typing import Any

import pytest

from marketplace import clock
from marketplace.catalogue.change_requests import (
    ChangeRequest,
    RequestState,
    confirm_change_request,
    decline_change_request,
    find_open_request,
)
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.listings import an_officer
from tests.factories.producers import a_producer
from tests.signin.browsing import write
from tests.workspace.conftest import Shop


@pytest.fixture
def product(shop: Shop) -> Product:
    """A product whose certificate fixes what it is."""

    def make(session: Any) -> Product:
        product = a_product(
            session, "Mứt vỏ bưởi", producer=shop.producer, ingredients="Vỏ bưởi, đường", labels="Hũ 250 g"
        )
        a_certificate(session, product, 3)
        return product

    made: Product = write(make)
    return made


@pytest.fixture
def at(shop: Shop, product: Product) -> str:
    """The address of its change request."""
    return f"{shop.base}/san-pham/{product.slug}/de-nghi"


def answered(deed: Any, *words: str) -> None:
    """Have an officer answer the only request there is."""
    with unit_of_work() as session:
        request = session.query(ChangeRequest).filter_by(state=RequestState.OPEN).one()
        deed(session, request, *words, actor=an_officer(), at=clock.now())


def test_old_and_new_stand_side_by_side_until_an_officer_answers(
    shop: Shop, product: Product, at: str
) -> None:
    page = shop.browser.open(at)
    assert page.one("#thanh_phan").get_text(strip=True) == "Vỏ bưởi, đường"
    fields: dict[str, Any] = {"thanh_phan": "Vỏ bưởi, đường phèn", "nhan": "Hũ 300 g"}
    shop.staff_browser.send(at, ly_do="In lại nhãn.", **fields)
    page = shop.browser.open(at)
    assert page.heading == "Mứt vỏ bưởi: 2 thay đổi chờ duyệt"
    assert page.texts(".chg > div") == [
        "Đang hiện Vỏ bưởi, đường",
        "Muốn đổi thành Vỏ bưởi, đường phèn",
        "Đang hiện Hũ 250 g",
        "Muốn đổi thành Hũ 300 g",
    ]
    assert "Người mua vẫn thấy bản cũ" in page.words
    assert "trả lời trước 28/11/2026" in page.words
    assert "In lại nhãn." in page.words
    assert "đường phèn" not in shop.browser.client.get(f"/san-pham/{product.slug}").text
    answered(confirm_change_request)
    assert "Vỏ bưởi, đường phèn" in shop.browser.client.get(f"/san-pham/{product.slug}").text
    assert "Đã sửa theo đề nghị" in shop.browser.open(at).words


def test_the_officers_words_are_read_today_and_on_the_page(shop: Shop, at: str) -> None:
    shop.browser.send(at, ten="Mứt vỏ bưởi Phúc Trạch")
    answered(decline_change_request, "Giấy chứng nhận ghi tên khác.")
    page = shop.browser.open(shop.base)
    assert "Đề nghị sửa không được nhận: Mứt vỏ bưởi" in page.words
    assert at in page.links(".todo")
    page = shop.browser.open(at)
    assert "Giấy chứng nhận ghi tên khác." in page.words
    assert page.one("#ten")["value"] == "Mứt vỏ bưởi"
    shop.browser.send(at, ten="Mứt bưởi")
    assert "không được nhận" not in shop.browser.open(shop.base).words


def test_a_request_is_taken_back(shop: Shop, product: Product, at: str) -> None:
    shop.browser.send(at, ten="Mứt bưởi")
    number = str(shop.browser.open(at).one("input[name=de_nghi]")["value"])
    answer = shop.browser.send(f"{at}/rut", de_nghi=number)
    assert answer.location == at
    assert find_open_request(product.id) is None
    assert "Bạn đã rút lại" in shop.browser.open(at).words
    shop.browser.send(f"{at}/rut", 409, de_nghi=number)
    for unknown in ("999", "9" * 30, "x"):
        shop.browser.send(f"{at}/rut", 404, de_nghi=unknown)


def test_a_set_and_a_producer_are_told_by_their_names(shop: Shop, rival: Shop, at: str) -> None:
    page = shop.browser.open(at)
    other = next(
        str(one["value"])
        for one in page.soup.select("#bo option[value]")
        if one["value"] and "selected" not in one.attrs
    )
    address = f"https://cho.example.vn/chu-the/{rival.producer.slug}"
    shop.browser.send(at, bo=other, chu_the=address)
    words = shop.browser.open(at).words
    assert f"Muốn đổi thành {rival.producer.name}" in words
    assert other not in words


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "ten"),
        ({"ten": " "}, "ten"),
        ({"chu_the": "khong-co"}, "chu_the"),
        ({"bo": "khong-co"}, "bo"),
        ({"nhan": "x" * 4001}, "nhan"),
        ({"ten": "Mứt", "ly_do": "x" * 1001}, "ly_do"),
    ],
)
def test_what_cannot_be_asked_for_is_said_beside_its_field(
    shop: Shop, product: Product, at: str, fields: dict[str, str], field: str
) -> None:
    answer = shop.browser.send(at, 422, **fields)
    assert f'href="#{field}"' in answer.text
    assert find_open_request(product.id) is None


def test_one_request_is_open_at_a_time(shop: Shop, at: str) -> None:
    shop.browser.send(at, ten="Mứt bưởi")
    answer = shop.staff_browser.send(at, 409, ten="Mứt khác")
    assert "Mứt bưởi" in answer.text


def test_what_no_certificate_fixes_is_edited_in_the_draft(shop: Shop) -> None:
    write(lambda session: a_product(session, "Mứt cam", producer=shop.producer))
    page = shop.browser.open(f"{shop.base}/san-pham/mut-cam/de-nghi")
    assert "sửa ngay trong bài nháp" in page.words
    assert not page.soup.select("#ten")
    shop.browser.send(f"{shop.base}/san-pham/mut-cam/de-nghi", 409, ten="Mứt khác")


def test_a_product_that_moved_away_takes_its_request_along(shop: Shop, at: str) -> None:
    other = write(a_producer, "HTX Khác")
    shop.browser.send(at, chu_the=other.slug)
    answered(confirm_change_request)
    db.session.rollback()
    shop.browser.open(at, 404)
