"""What people ask and say, in the workspace: answered, replied to, reported; of one's own goods alone."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.journal import Deed
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.reviews.models import Question, Review, Shown
from tests.conftest import NOON
from tests.factories import reviews
from tests.factories.deeds import deeds
from tests.factories.media import encoded
from tests.factories.ordering import a_commune, stocked
from tests.factories.reviews import a_question, a_review
from tests.signin.browsing import letters, write
from tests.workspace.conftest import Shop

REPORT = "Lời này ghi số điện thoại của tôi."


@pytest.fixture
def variant(shop: Shop) -> Variant:
    """What the shop sells."""
    found: Variant = write(stocked, producer=shop.producer)
    return found


@pytest.fixture
def review(variant: Variant) -> Review:
    """What a buyer said of it."""
    commune: AdminUnit = write(a_commune)
    return a_review(variant, commune, rating=2, words="Cam nhạt.", photographs=[encoded()])


@pytest.fixture
def question(variant: Variant) -> Question:
    """What somebody asked about it."""
    with unit_of_work() as session:
        product = session.get_one(Product, variant.product_id)
        return a_question(session, product, contact="0987654321")


def fresh(voice: Review | Question) -> Review | Question:
    db.session.rollback()
    return reviews.fresh(db.session(), voice)


def hide(voice: Review | Question) -> None:
    with unit_of_work() as session:
        reviews.hide(session, voice)


def test_questions_wait_on_top(shop: Shop, question: Question, review: Review) -> None:
    page = shop.browser.open(f"{shop.base}/khach-noi")
    assert "Câu hỏi chờ trả lời 1" in page.words
    assert "chờ trả lời" in page.texts("main .tag")
    assert f"{shop.base}/khach-noi/hoi-dap/{question.id}" in page.links()
    assert "0987654321" not in page.response.text
    said = shop.browser.open(f"{shop.base}/khach-noi?xem=danh-gia")
    assert "Người mua: 2,0 / 5 · 1 lượt" in said.words
    assert f"{shop.base}/khach-noi/danh-gia/{review.id}" in said.links()
    assert "1 ảnh" in said.words
    assert f"{shop.base}/khach-noi" in shop.browser.open(shop.base).links("body")


def test_an_empty_page_says_so(shop: Shop) -> None:
    assert "Chưa có câu hỏi nào." in shop.browser.open(f"{shop.base}/khach-noi?trang=x").words
    assert "Chưa có đánh giá nào." in shop.browser.open(f"{shop.base}/khach-noi?xem=danh-gia&trang=-2").words


def test_staff_answer_a_question(shop: Shop, question: Question) -> None:
    path = f"{shop.base}/khach-noi/hoi-dap/{question.id}"
    page = shop.staff_browser.open(path)
    assert "0987654321" not in page.response.text
    shop.staff_browser.send(path, loi="Mười ngày.\nĐể chỗ mát.")
    answered = fresh(question)
    assert isinstance(answered, Question)
    assert (answered.answer, answered.answered_at) == ("Mười ngày.\nĐể chỗ mát.", NOON)
    shop.browser.send(path, loi="Chín ngày.")
    assert "Chín ngày." in shop.browser.open(path).one("textarea#loi").get_text()
    assert "Chín ngày." in shop.browser.client.get("/san-pham/cam-khe-may/hoi-dap").text
    assert [deed.actor_id for deed in deeds("question:answer")] == [shop.staff.id, shop.owner.id]


def test_who_asked_is_told_once_and_forgotten(app: Flask, shop: Shop, question: Question) -> None:
    path = f"{shop.base}/khach-noi/hoi-dap/{question.id}"
    for words in ("Mười ngày.", "Chín ngày."):
        shop.browser.send(path, loi=words)
    [letter] = [one for one in letters(app) if one.to == "0987654321"]
    assert "Chín ngày." in letter.body
    asked = fresh(question)
    assert isinstance(asked, Question)
    assert asked.contact is None


def test_a_review_is_replied_to(shop: Shop, review: Review) -> None:
    path = f"{shop.base}/khach-noi/danh-gia/{review.id}"
    shop.browser.send(path, loi="Mẻ đầu mùa hơi nhạt, xin lỗi bạn.")
    assert "Mẻ đầu mùa" in shop.browser.open(path).words
    assert "Sửa lời trả lời" in shop.browser.open(f"{shop.base}/khach-noi?xem=danh-gia").words
    assert "Mẻ đầu mùa" in shop.browser.client.get("/san-pham/cam-khe-may").text


@pytest.mark.parametrize("words", ["", "   ", "x" * 1001])
@pytest.mark.parametrize("kind", ["danh-gia", "hoi-dap"])
def test_an_answer_needs_words(kind: str, words: str, shop: Shop, review: Review, question: Question) -> None:
    path = f"{shop.base}/khach-noi/{kind}/1"
    answer = shop.browser.send(path, 422, loi=words)
    assert 'href="#loi"' in answer.text
    assert shop.browser.send(f"{path}/bao", 422, bao="ngắn").text.count('href="#bao"') == 1
    voice = fresh(review if kind == "danh-gia" else question)
    assert (voice.reply if isinstance(voice, Review) else voice.answer) is None
    assert voice.shown is Shown.PUBLISHED


@pytest.mark.parametrize("kind", ["danh-gia", "hoi-dap"])
def test_what_breaks_a_rule_is_reported_to_the_desk(
    kind: str, shop: Shop, review: Review, question: Question
) -> None:
    path = f"{shop.base}/khach-noi/{kind}/1"
    voice = review if kind == "danh-gia" else question
    shop.browser.send(f"{path}/bao", bao=REPORT)
    assert (fresh(voice).shown, fresh(voice).report_words) == (Shown.REPORTED, REPORT)
    page = shop.browser.open(path)
    assert "văn phòng đang xem" in page.words
    assert page.soup.find("form", action=f"{path}/bao") is None
    shop.browser.send(f"{path}/bao", bao=REPORT)
    assert "đang xem hoặc đã xem" in shop.browser.open(f"{shop.base}/khach-noi").words
    listed = f"{shop.base}/khach-noi" + ("?xem=danh-gia" if kind == "danh-gia" else "")
    assert "văn phòng đang xem" in shop.browser.open(listed).words
    db.session.rollback()
    reports = db.session.scalars(sa.select(Deed.actor_id).where(Deed.action.like("%:report"))).all()
    assert reports == [shop.owner.id]


@pytest.mark.parametrize("kind", ["danh-gia", "hoi-dap"])
def test_what_is_hidden_is_not_answered(kind: str, shop: Shop, review: Review, question: Question) -> None:
    path = f"{shop.base}/khach-noi/{kind}/1"
    hide(review if kind == "danh-gia" else question)
    page = shop.browser.open(path)
    assert "Văn phòng OCOP đã ẩn vì có lời xúc phạm" in page.words
    assert page.soup.find("form", action=path) is None
    assert "bị ẩn vì phạm quy định" in shop.browser.send(path, 409, loi="Cảm ơn.").text
    assert (
        "Cam nhạt." not in shop.browser.open(f"{shop.base}/khach-noi?xem=danh-gia").words or kind == "hoi-dap"
    )


@pytest.mark.parametrize("kind", ["danh-gia", "hoi-dap"])
def test_voices_of_others_are_not_there(
    kind: str, shop: Shop, rival: Shop, review: Review, question: Question
) -> None:
    for base in (shop.base, rival.base):
        path = f"{base}/khach-noi/{kind}/1"
        rival.browser.open(path, 404)
        rival.browser.send(path, 404, loi="Cảm ơn.")
        rival.browser.send(f"{path}/bao", 404, bao=REPORT)
    assert rival.browser.open(f"{rival.base}/khach-noi").soup.select(".voice") == []
    assert fresh(review).shown is fresh(question).shown is Shown.PUBLISHED
