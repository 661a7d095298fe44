"""Reviews as buyers write them and everybody reads them; apart from the stars in shape and words."""

import io

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from marketplace import clock
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from marketplace.places.models import AdminUnit
from marketplace.reviews.models import BrokenRule, Question, Review, Shown
from marketplace.reviews.writing import CHANGED_WITHIN
from tests.conftest import NOON
from tests.factories.media import encoded, photo
from tests.factories.ordering import a_commune, stocked
from tests.factories.reviews import a_question, a_review, deliver, lines_of
from tests.pages import visit
from tests.storefront.pages import OWN_PAGE, Page, add, get, place_order, post

RUDE = "<script>alert(1)</script> xem https://hang-khac.example\ndòng hai"


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    with unit_of_work() as session:
        return a_commune(session)


@pytest.fixture
def variant(app: Flask) -> Variant:
    with unit_of_work() as session:
        return stocked(session, on_hand=50)


@pytest.fixture
def ordered_path(client: FlaskClient, variant: Variant, commune: AdminUnit) -> str:
    """The form of an order that is not delivered yet."""
    add(client, variant.id, "1")
    path = place_order(client, commune)
    db.session.rollback()
    [line] = lines_of(db.session(), 1)
    return f"{path}/danh-gia/{line.id}"


@pytest.fixture
def path(ordered_path: str) -> str:
    """The form of a delivered order."""
    with unit_of_work() as session:
        deliver(session, 1)
    return ordered_path


def send(client: FlaskClient, path: str, **changes: str) -> Page:
    form = {**get(client, path).form(path), "diem": "4", "loi": "Cam ngọt, gói kỹ.", **changes}
    return post(client, path, form)


def send_photos(client: FlaskClient, path: str, number: int, **changes: object) -> Page:
    form: dict[str, object] = {**get(client, path).form(path), "diem": "4", **changes}
    form["anh"] = [(io.BytesIO(photo()), f"anh{place}.jpg") for place in range(number)]
    return Page(client.post(path, data=form, headers=OWN_PAGE))


def review() -> Review:
    db.session.rollback()
    return db.session.scalars(sa.select(Review).execution_options(populate_existing=True)).one()


def count(model: type[Review] | type[Picture]) -> int:
    db.session.rollback()
    return db.session.execute(sa.select(sa.func.count()).select_from(model)).scalar_one()


def test_a_buyer_reviews_what_was_delivered(client: FlaskClient, path: str) -> None:
    page = visit(client, path)
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert page.one("#ten")["value"] == "An T."
    assert [one["value"] for one in page.soup.select("[name=diem]")] == ["5", "4", "3", "2", "1"]
    answer = send(client, path)
    assert (answer.status, answer.response.location) == (303, path)
    saved = get(client, path)
    assert "Đã đăng lời của bạn" in saved.words
    assert "4 / 5 · Hài lòng" in saved.words
    shown = visit(client, "/san-pham/cam-khe-may")
    for words in (
        "Người mua: 4,0 / 5 · 1 lượt",
        "Cam ngọt, gói kỹ.",
        "An T.",
        "đã mua ở đây",
        "không phải sao OCOP",
    ):
        assert words in shown.words, words
    assert "Trần Văn" not in shown.response.text
    assert "0912345678" not in shown.response.text


def test_what_has_not_arrived_is_not_reviewed(client: FlaskClient, ordered_path: str) -> None:
    page = get(client, ordered_path)
    assert page.status == 409
    assert "chưa giao đến bạn" in page.words
    token = {"csrf_token": get(client, "/tra-cuu").form("/tra-cuu")["csrf_token"]}
    assert post(client, ordered_path, {**token, "diem": "5", "ten": "An"}).status == 409
    assert count(Review) == 0


def test_only_the_buyers_own_link_opens(client: FlaskClient, path: str) -> None:
    head, line = path.rsplit("/", 1)
    token = {"csrf_token": get(client, path).form(path)["csrf_token"]}
    assert get(client, f"{head}/{int(line) + 1}").status == 404
    secret = head.split("/")[3]
    wrong = path.replace(secret, secret[::-1])
    assert get(client, wrong).status == 404
    for address in (wrong, f"{wrong}/xoa", f"{head}/{int(line) + 1}", f"{head}/{int(line) + 1}/xoa"):
        assert post(client, address, {**token, "diem": "5", "ten": "An"}).status == 404
    assert post(client, path, {"diem": "5", "ten": "An"}).status == 403
    assert post(client, f"{path}/xoa", {}).status == 403
    assert count(Review) == 0


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"diem": ""}, "#diem"),
        ({"diem": "6"}, "#diem"),
        ({"ten": "  "}, "#ten"),
        ({"ten": "An 0912 345 678"}, "#ten"),
        ({"loi": "x" * 2001}, "#loi"),
    ],
)
def test_what_is_typed_wrong_is_said_beside_it_and_stays(
    changes: dict[str, str], at: str, client: FlaskClient, path: str
) -> None:
    answer = send(client, path, **changes)
    assert answer.status == 422
    assert [link["href"] for link in answer.soup.select(".errs a")] == [at]
    assert answer.title.startswith("Lỗi: ")
    assert answer.form(path)["loi"] == changes.get("loi", "Cam ngọt, gói kỹ.")
    assert count(Review) == 0


def test_words_are_shown_as_they_were_written(client: FlaskClient, path: str) -> None:
    send(client, path, loi=RUDE, ten="<b>An</b>")
    for address in ("/san-pham/cam-khe-may", "/san-pham/cam-khe-may/danh-gia", path):
        page = visit(client, address)
        [words] = page.soup.select(".voice > p:not([class])")
        assert words.get_text() == RUDE
        assert "<script>alert" not in page.response.text
        assert "https://hang-khac.example" not in page.links()


def test_photographs_come_along_and_go_again(client: FlaskClient, path: str) -> None:
    assert send_photos(client, path, 2).status == 303
    assert count(Picture) == 2
    page = visit(client, path)
    keys = [str(box["value"]) for box in page.soup.select("[name=bo]")]
    assert len(keys) == 2
    assert len(visit(client, "/san-pham/cam-khe-may").soup.select(".voice picture")) == 2
    refused = send_photos(client, path, 4, bo=[])
    assert refused.status == 422
    assert "Chỉ hiện được 5 ảnh" in refused.words
    assert send_photos(client, path, 4, bo=keys[:1]).status == 303
    assert count(Picture) == 5
    assert keys[0] not in {one.key for one in db.session.scalars(sa.select(Picture))}


def test_what_is_no_picture_is_refused(client: FlaskClient, path: str) -> None:
    form: dict[str, object] = {**get(client, path).form(path), "diem": "4"}
    form["anh"] = (io.BytesIO(b"<svg onload=alert(1)>" * 20), "anh.jpg")
    answer = Page(client.post(path, data=form, headers=OWN_PAGE))
    assert answer.status == 422
    assert [link["href"] for link in answer.soup.select(".errs a")] == ["#anh"]
    assert count(Review) == 0


def test_who_sends_without_end_waits(client: FlaskClient, path: str) -> None:
    form = {**get(client, path).form(path), "diem": "4"}
    for _ in range(20):
        assert post(client, path, form).status == 303
    answer = post(client, path, form)
    assert answer.status == 429
    assert int(answer.response.headers["Retry-After"]) > 0


def test_it_is_changed_for_thirty_days_and_deleted_at_any_time(client: FlaskClient, path: str) -> None:
    send(client, path)
    send(client, path, diem="2", loi="Ăn rồi mới thấy nhạt.")
    assert (review().rating, review().words) == (2, "Ăn rồi mới thấy nhạt.")
    token = {"csrf_token": get(client, path).form(path)["csrf_token"]}
    with clock.stopped(NOON + CHANGED_WITHIN):
        late = get(client, path)
        assert late.soup.find("form", action=path) is None
        assert "Đã quá 30 ngày" in late.words
    db.session.rollback()
    with unit_of_work() as session:
        session.scalars(sa.select(Review)).one().written_at = NOON - CHANGED_WITHIN
    assert post(client, path, {**token, "diem": "5", "ten": "An"}).status == 409
    assert post(client, f"{path}/xoa", token).status == 303
    assert "Đã xoá lời của bạn" in get(client, path).words
    assert count(Review) == 0
    assert "Chưa có ai mua ở đây" in visit(client, "/san-pham/cam-khe-may").words


def test_its_writer_reads_why_it_is_hidden(client: FlaskClient, path: str) -> None:
    send(client, path)
    with unit_of_work() as session:
        hidden = session.scalars(sa.select(Review)).one()
        hidden.shown, hidden.hidden_because = Shown.HIDDEN, BrokenRule.PERSONAL
    page = visit(client, path)
    assert "Đã ẩn vì lộ thông tin riêng của ai đó" in page.words
    assert page.soup.find("form", action=path) is None
    assert page.soup.find("form", action=f"{path}/xoa")
    assert "Cam ngọt" not in visit(client, "/san-pham/cam-khe-may").words


def test_the_sum_stands_apart_from_the_stars(
    client: FlaskClient, variant: Variant, commune: AdminUnit
) -> None:
    for rating in (5, 4, 4):
        a_review(variant, commune, rating=rating)
    page = visit(client, "/san-pham/cam-khe-may")
    section = page.one("#nguoi-mua")
    assert not section.select(".plate, .st")
    assert "★" not in section.get_text()
    assert [one["value"] for one in section.select("progress")] == ["1", "2", "0", "0", "0"]
    told = page.thing("Product")["aggregateRating"]
    assert told == {
        "@type": "AggregateRating",
        "ratingValue": 4.3,
        "ratingCount": 3,
        "worstRating": 1,
        "bestRating": 5,
    }
    profile = visit(client, "/chu-the/htx-cam-khe-may")
    assert "Người mua: 4,3 / 5 · 3 lượt" in profile.words


def test_nothing_said_is_not_told_to_machines(client: FlaskClient, variant: Variant) -> None:
    assert "aggregateRating" not in visit(client, "/san-pham/cam-khe-may").thing("Product")
    assert "Người mua nói gì" not in visit(client, "/chu-the/htx-cam-khe-may").words
    assert "Chưa có ai mua ở đây" in visit(client, "/san-pham/cam-khe-may/danh-gia").words


def test_all_of_it_is_a_public_page_in_parts(
    client: FlaskClient, variant: Variant, commune: AdminUnit
) -> None:
    for number in range(11):
        a_review(variant, commune, words=f"lời {number}", photographs=[encoded()])
    page = visit(client, "/san-pham/cam-khe-may/danh-gia")
    assert page.response.headers["Cache-Control"].startswith("public")
    assert len(page.soup.select(".voice")) == 10
    assert "/san-pham/cam-khe-may/danh-gia?trang=2" in page.links()
    assert len(visit(client, "/san-pham/cam-khe-may/danh-gia?trang=2").soup.select(".voice")) == 1
    assert "/san-pham/cam-khe-may/danh-gia" in visit(client, "/san-pham/cam-khe-may").links()
    visit(client, "/en/san-pham/cam-khe-may/danh-gia")
    visit(client, "/san-pham/khong-co/danh-gia", 404)


@pytest.mark.parametrize("kind", ["danh-gia", "hoi-dap"])
def test_anybody_reports_what_breaks_a_rule(
    kind: str, client: FlaskClient, variant: Variant, commune: AdminUnit
) -> None:
    a_review(variant, commune)
    with unit_of_work() as session:
        question = a_question(session, session.get_one(Product, variant.product_id))
        question.answer, question.answered_at = "Mười ngày.", NOON
    path = f"/bao-cao/{kind}/1"
    assert path in visit(client, "/san-pham/cam-khe-may").links()
    page = visit(client, path)
    assert "Set-Cookie" not in page.response.headers
    assert post(client, path, {"loi": "ngắn"}).status == 422
    assert post(client, path, {"loi": "Lời này chửi người bán."}, Origin="https://evil.example").status == 403
    answer = post(client, path, {"loi": "Lời này chửi người bán."})
    assert "vẫn hiện" in answer.words
    assert answer.soup.find("a", href=f"/san-pham/cam-khe-may/{kind}")
    assert "đang xem hoặc đã xem" in post(client, path, {"loi": "Lời này chửi người bán."}).words
    model: type[Review] | type[Question] = Review if kind == "danh-gia" else Question
    db.session.rollback()
    assert set(db.session.scalars(sa.select(model.shown))) == {Shown.REPORTED}
    for _ in range(8):
        post(client, path, {"loi": "Lời này chửi người bán."})
    assert post(client, path, {"loi": "Lời này chửi người bán."}).status == 429
    visit(client, f"/bao-cao/{kind}/99", 404)


def test_sellers_reply_beneath(client: FlaskClient, variant: Variant, commune: AdminUnit) -> None:
    a_review(variant, commune)
    with unit_of_work() as session:
        said = session.scalars(sa.select(Review)).one()
        said.reply, said.replied_at = "Cảm ơn bạn.", NOON
    assert "Người bán trả lời · 21/11/2026 Cảm ơn bạn." in visit(client, "/san-pham/cam-khe-may").words
