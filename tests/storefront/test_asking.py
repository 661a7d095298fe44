"""Questions about a product: asked by anybody without a cookie, read by everybody once answered."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.reviews.models import BrokenRule, Question, Shown
from tests.conftest import NOON
from tests.environment.application import empty_application
from tests.factories.catalogue import a_product
from tests.factories.producers import a_producer
from tests.factories.reviews import a_question
from tests.pages import visit
from tests.storefront.pages import Page, post
from tests.storefront.shelves import LAPSED, on_shelf

PAGE = "/san-pham/cam-khe-may/hoi-dap"
ASKED = {"loi": "Cam này để được mấy ngày?"}


@pytest.fixture
def product(app: Flask) -> Product:
    with unit_of_work() as session:
        return on_shelf(session)


def ask(client: FlaskClient, **changes: str) -> Page:
    return post(client, PAGE, {**ASKED, **changes})


def questions() -> list[Question]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(Question).execution_options(populate_existing=True)))


def answer(number: int, words: str = "Mười ngày, để chỗ mát.") -> None:
    with unit_of_work() as session:
        question = session.get_one(Question, number)
        question.answer, question.answered_at = words, NOON


def test_a_question_needs_no_account_and_no_contact(client: FlaskClient, product: Product) -> None:
    assert f"{PAGE}#hoi" in visit(client, "/san-pham/cam-khe-may").links()
    page = visit(client, PAGE)
    assert page.response.headers["Cache-Control"].startswith("public")
    assert page.one(f'main form[action="{PAGE}"]')
    assert "/san-pham/cam-khe-may" in page.links(".crumb")
    taken = ask(client)
    assert (taken.status, taken.response.location) == (303, f"{PAGE}?gui=roi")
    assert "Set-Cookie" not in taken.response.headers
    assert "Đã gửi câu hỏi" in visit(client, f"{PAGE}?gui=roi").words
    [question] = questions()
    assert (question.words, question.contact, question.product_id) == (ASKED["loi"], None, product.id)
    assert "để được mấy ngày" not in visit(client, PAGE).words


def test_an_answered_one_is_public(client: FlaskClient, product: Product) -> None:
    ask(client, lien_he=" 0912 345 678 ")
    assert questions()[0].contact == "0912345678"
    answer(1)
    for address in (PAGE, "/san-pham/cam-khe-may", f"/en{PAGE}"):
        page = visit(client, address)
        assert "Cam này để được mấy ngày?" in page.words
        assert "Mười ngày, để chỗ mát." in page.words
        assert "0912345678" not in page.response.text


def test_the_product_shows_three_and_leads_to_all(client: FlaskClient, product: Product) -> None:
    with unit_of_work() as session:
        for number in range(21):
            a_question(session, session.get_one(Product, product.id), words=f"Hỏi câu thứ {number} đây")
    for question in questions():
        answer(question.id)
    shown = visit(client, "/san-pham/cam-khe-may")
    assert len(shown.soup.select("#hoi-dap .voice")) == 3
    assert "Xem cả 21 câu" in shown.words
    assert len(visit(client, PAGE).soup.select(".voice")) == 20
    assert len(visit(client, f"{PAGE}?trang=2").soup.select(".voice")) == 1


@pytest.mark.parametrize(
    ("changes", "at"),
    [({"loi": "ngắn"}, "#loi"), ({"loi": "x" * 501}, "#loi"), ({"lien_he": "nhà"}, "#lien_he")],
)
def test_what_is_typed_wrong_is_said_beside_it_and_stays(
    changes: dict[str, str], at: str, client: FlaskClient, product: Product
) -> None:
    page = ask(client, **changes)
    assert page.status == 422
    assert [link["href"] for link in page.soup.select(".errs a")] == [at]
    assert page.form(PAGE)["loi"] == changes.get("loi", ASKED["loi"])
    assert questions() == []


def test_other_sites_ask_nothing(client: FlaskClient, product: Product) -> None:
    assert post(client, PAGE, ASKED, Origin="https://evil.example").status == 403
    assert client.post(PAGE, data=ASKED).status_code == 403
    assert questions() == []


def test_who_asks_without_end_waits(client: FlaskClient, product: Product) -> None:
    for number in range(5):
        assert ask(client, loi=f"Hỏi câu thứ {number} đây").status == 303
    page = ask(client)
    assert (page.status, page.response.headers["Retry-After"]) == (429, "300")
    assert len(questions()) == 5


def test_words_are_shown_as_they_were_written(client: FlaskClient, product: Product) -> None:
    ask(client, loi="<img src=x onerror=alert(1)> https://hang-khac.example")
    answer(1, "Dòng một\n<b>dòng hai</b>")
    page = visit(client, PAGE)
    assert "<img src=x" not in page.response.text
    assert "Dòng một\n<b>dòng hai</b>" in [one.get_text() for one in page.soup.select(".reply p")]
    assert "https://hang-khac.example" not in page.links()


def test_a_hidden_one_is_gone(client: FlaskClient, product: Product) -> None:
    ask(client)
    answer(1)
    with unit_of_work() as session:
        question = session.get_one(Question, 1)
        question.shown, question.hidden_because = Shown.HIDDEN, BrokenRule.OFF_TOPIC
    assert "để được mấy ngày" not in visit(client, PAGE).words


def test_what_is_not_on_view_is_not_asked_about(client: FlaskClient, product: Product) -> None:
    with unit_of_work() as session:
        a_product(session, "Mật ong rừng")
        draft = a_product(session, "Chè Kỳ Sơn", producer=a_producer(session, "HTX Chè"))
        suspend_product(session, draft)
    for slug in ("mat-ong-rung", "che-ky-son", "khong-co"):
        visit(client, f"/san-pham/{slug}/hoi-dap", 404)
        assert post(client, f"/san-pham/{slug}/hoi-dap", ASKED).status == 404
    assert "Đặt câu hỏi" not in visit(client, "/san-pham/mat-ong-rung").words


@pytest.mark.parametrize(("policy", "status"), [("show", 200), ("hide", 404)])
def test_lapsed_products_hide_their_voices_as_well(
    database_url: str, tmp_path: Path, policy: str, status: int
) -> None:
    with empty_application(database_url, tmp_path, LAPSED_PRODUCTS=policy) as app:
        with unit_of_work() as session:
            on_shelf(session, issued_on=LAPSED)
        for path in (PAGE, "/san-pham/cam-khe-may/danh-gia"):
            visit(app.test_client(), path, status)
