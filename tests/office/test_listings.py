"""A listing at the desk: let through it is on view at once, given back its producer knows why."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.catalogue.listing_models import DeclineReason, Listing, ListingState
from marketplace.catalogue.listings import withdraw_listing
from marketplace.catalogue.models import Product, ProductSet, SalePolicy
from marketplace.database import db, unit_of_work
from marketplace.office.listing_checks import check_listing
from tests.factories.listings import DESCRIPTION, producer_of, the_owner
from tests.factories.office import Desk
from tests.signin.browsing import Browser, letters


def listing_of(desk: Desk) -> Listing:
    db.session.rollback()
    return db.session.get_one(Listing, desk.waiting, populate_existing=True)


def test_the_page_shows_what_buyers_would_see(desk: Desk, office: Browser) -> None:
    page = office.open(f"/van-phong/gian-hang/{desk.waiting}")
    assert page.heading == "Cam Khe Mây"
    assert DESCRIPTION in page.words
    assert "90.000" in page.words
    assert len(page.soup.select(".seen .shots img")) == 2
    assert "Máy đã kiểm" in page.words
    assert "còn" in page.texts(".head .tag")[0]


def test_letting_it_through_puts_it_on_view_and_tells_the_members(
    desk: Desk, office: Browser, app: Flask
) -> None:
    path = f"/van-phong/gian-hang/{desk.waiting}"
    version = office.open(path).one('form[action$="/duyet"] [name=phien_ban]')["value"]
    assert office.send(f"{path}/duyet", phien_ban=version).location == "/van-phong/gian-hang"
    listing = listing_of(desk)
    assert (listing.state, listing.decided_by) == (ListingState.LIVE, desk.officer.id)
    assert DESCRIPTION in office.client.get("/san-pham/cam-khe-may").text
    [letter] = letters(app)
    assert letter.to == desk.owner.email
    assert "Cam Khe Mây đã được duyệt" in letter.subject
    assert "/san-pham/cam-khe-may" in letter.body
    done = db.session.scalars(sa.select(Deed).where(Deed.action == "listing:approve")).one()
    assert done.actor_id == desk.officer.id


def test_giving_it_back_says_why(desk: Desk, office: Browser, app: Flask) -> None:
    path = f"/van-phong/gian-hang/{desk.waiting}"
    version = listing_of(desk).version
    words = "Chụp lại mặt sau cho rõ hạn dùng."
    office.send(f"{path}/tra-lai", phien_ban=version, ly_do="pictures_unclear", loi=words)
    listing = listing_of(desk)
    assert (listing.state, listing.decline_words) == (ListingState.DECLINED, words)
    assert listing.decline_reason is DeclineReason.PICTURES_UNCLEAR
    [letter] = letters(app)
    assert words in letter.body
    assert "Ảnh chưa rõ" in letter.body
    assert "/gian-hang/htx-cam-khe-may" in letter.body
    assert words in office.open(path).words
    assert DESCRIPTION not in office.client.get("/san-pham/cam-khe-may").text


@pytest.mark.parametrize(
    ("fields", "at"),
    [
        ({"ly_do": "", "loi": "x"}, "ly_do"),
        ({"ly_do": "x"}, "ly_do"),
        ({"ly_do": "other", "loi": " "}, "loi"),
    ],
)
def test_a_reason_and_words_are_needed(fields: dict[str, str], at: str, desk: Desk, office: Browser) -> None:
    version = listing_of(desk).version
    answer = office.send(f"/van-phong/gian-hang/{desk.waiting}/tra-lai", 422, phien_ban=version, **fields)
    assert f'href="#{at}"' in answer.text
    assert listing_of(desk).state is ListingState.SUBMITTED


@pytest.mark.parametrize("version", ["", "0", "x", "99", "1" * 30])
def test_what_was_not_read_is_not_let_through(version: str, desk: Desk, office: Browser) -> None:
    office.send(f"/van-phong/gian-hang/{desk.waiting}/duyet", 409, phien_ban=version)
    assert listing_of(desk).state is ListingState.SUBMITTED


def test_what_was_taken_back_is_its_producers_own(desk: Desk, office: Browser) -> None:
    with unit_of_work() as session:
        listing = session.get_one(Listing, desk.waiting)
        producer = producer_of(session, session.get_one(Product, desk.waiting))
        withdraw_listing(session, listing, actor=the_owner(producer), at=clock.now())
    version = listing_of(desk).version
    office.send(f"/van-phong/gian-hang/{desk.waiting}/duyet", 404, phien_ban=version)
    office.open(f"/van-phong/gian-hang/{desk.waiting}", 404)


def test_of_two_answers_the_first_counts(desk: Desk, office: Browser) -> None:
    path = f"/van-phong/gian-hang/{desk.waiting}"
    version = listing_of(desk).version
    office.send(f"{path}/duyet", phien_ban=version)
    office.send(f"{path}/duyet", 409, phien_ban=listing_of(desk).version)
    office.send(f"{path}/tra-lai", 409, ly_do="other", loi="Muộn rồi", phien_ban=version)
    assert listing_of(desk).state is ListingState.LIVE


def test_a_live_listing_is_taken_down_with_a_reason(desk: Desk, office: Browser) -> None:
    path = f"/van-phong/gian-hang/{desk.waiting}"
    office.send(f"{path}/duyet", phien_ban=listing_of(desk).version)
    page = office.open(path)
    assert "Gỡ xuống, trả lại để sửa" in page.texts("h2")
    assert not page.soup.select('form[action$="/duyet"]')
    version = page.one('form[action$="/tra-lai"] [name=phien_ban]')["value"]
    office.send(f"{path}/tra-lai", ly_do="misleading", loi="Ghi như thuốc.", phien_ban=version)
    assert listing_of(desk).state is ListingState.DECLINED
    assert DESCRIPTION not in office.client.get("/san-pham/cam-khe-may").text


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ({"description": "Chữa khỏi đau lưng sau ba ngày"}, "bad", "như thuốc"),
        ({"description": "Gọi 0912 345 678 để mua rẻ"}, "warn", "số điện thoại"),
        ({"description": "Xem thêm ở www.example.vn"}, "warn", "đường dẫn"),
        ({"shelf_life_days": None}, "warn", "hạn dùng"),
        ({"shelf_life_days": 30}, "ok", "30 ngày"),
    ],
)
def test_a_machine_finds(changes: dict[str, object], kind: str, words: str) -> None:
    listing = Listing(product_id=1, producer_id=1, state=ListingState.SUBMITTED, **changes)
    product = Product(name="Cam", producer=None, pictures=[], variants=[], set=None, group=None)
    found = check_listing(product, listing, clock.today())
    assert [check.kind for check in found if words in check.words] == [kind]
    assert [check.kind for check in found[:5]] == ["warn", "bad", "bad", "warn", "warn"]


@pytest.mark.parametrize(
    ("facts", "policy", "words"),
    [
        ({"decision_checked": False}, SalePolicy.AGE_18, ["chưa đối chiếu quyết định", "đủ 18 tuổi"]),
        ({"decision_checked": True}, SalePolicy.NORMAL, ["có số quyết định", "được đặt mua"]),
    ],
)
def test_a_machine_looks_at_certificate_and_policy(
    facts: dict[str, bool], policy: SalePolicy, words: list[str]
) -> None:
    listing = Listing(product_id=1, producer_id=1, state=ListingState.SUBMITTED)
    sold = ProductSet(sale_policy=policy)
    until = {"granted_stars": 4, "certified_until": clock.today()}
    product = Product(
        name="Rượu", producer=None, pictures=[], variants=[], set=sold, group=None, **until, **facts
    )
    said = " | ".join(check.words for check in check_listing(product, listing, clock.today()))
    assert [one for one in words if one not in said] == []
