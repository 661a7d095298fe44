"""A listing in five steps, by a browser without JavaScript."""

import io
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.catalogue.actions import suspend_product
from marketplace.catalogue.listing_content import set_listing_pictures
from marketplace.catalogue.listing_models import Listing, ListingState
from marketplace.catalogue.listings import approve_listing
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.media.models import Picture
from tests.factories.catalogue import a_product, a_set, a_variant
from tests.factories.certification import a_certificate
from tests.factories.listings import a_picture, an_officer, the_owner
from tests.factories.media import photo
from tests.signin.browsing import SAME_ORIGIN, Browser, write
from tests.workspace.conftest import Shop
from tests.workspace.states import a_listing

STORY = "Cam chín cây, hái buổi sớm ở vườn đồi Khe Mây."
PACK: dict[str, Any] = {
    "ma-0": "",
    "ten-0": "Túi 1 kg",
    "luong-0": "1.000",
    "don_vi-0": "g",
    "gia-0": "45.000 đ",
    "thue-0": "5",
    "nang-0": "1100",
}


@pytest.fixture
def product(shop: Shop) -> Product:
    """A product of the register with living stars and no listing."""

    def make(session: Any) -> Product:
        product = a_product(session, "Cam Khe Mây", producer=shop.producer)
        a_certificate(session, product, 4)
        return product

    made: Product = write(make)
    return made


@pytest.fixture
def at(shop: Shop, product: Product) -> str:
    """The address of its listing."""
    return f"{shop.base}/san-pham/{product.slug}"


def files(*colours: tuple[int, int, int]) -> list[tuple[io.BytesIO, str]]:
    """Return files to send, one of each colour."""
    return [(io.BytesIO(photo(colour=colour)), f"{n}.jpg") for n, colour in enumerate(colours)]


def kept(product: Product) -> Listing:
    """Return the listing as it is kept now."""
    db.session.rollback()
    found = db.session.get(Listing, product.id)
    assert found is not None
    return found


def version(browser: Browser, path: str) -> str:
    """Return the version in the form of a page."""
    return str(browser.open(path).one("input[name=version]")["value"])


def test_a_listing_is_written_in_five_steps_and_sent(shop: Shop, product: Product, at: str) -> None:
    browser = shop.staff_browser
    page = browser.open(f"{shop.base}/san-pham/moi")
    assert "Cam Khe Mây" in page.words
    answer = browser.send(f"{shop.base}/san-pham/moi", san_pham=product.slug)
    assert answer.location == f"{at}/buoc-2"
    assert "Giấy chứng nhận ghi" in browser.open(f"{at}/buoc-1").words

    browser.open(f"{at}/buoc-2")
    answer = browser.send(f"{at}/buoc-2", version="1", anh=files((9, 9, 9), (99, 9, 9)))
    assert answer.location == f"{at}/buoc-3"
    answer = browser.send(f"{at}/buoc-3", version=version(browser, f"{at}/buoc-3"), **PACK)
    assert answer.location == f"{at}/buoc-4"
    fields: dict[str, Any] = {"mo_ta": STORY, "cach_dung": "", "bao_quan": "Để nơi mát.", "han_dung": "30"}
    answer = browser.send(f"{at}/buoc-4", version=version(browser, f"{at}/buoc-4"), **fields)
    assert answer.location == f"{at}/buoc-5"

    page = browser.open(f"{at}/buoc-5")
    assert "còn thiếu" not in page.words
    assert "Túi 1 kg: 45.000 ₫" in page.words
    browser.send(f"{at}/gui")
    page = browser.open(f"{at}/buoc-5")
    assert "Đang chờ duyệt" in page.words
    assert kept(product).state is ListingState.SUBMITTED

    with unit_of_work() as session:
        listing = session.get_one(Listing, product.id)
        approve_listing(session, listing, version=listing.version, actor=an_officer(), at=clock.now())
    public = browser.client.get(f"/san-pham/{product.slug}").text
    assert STORY in public
    assert "45.000" in public


def test_what_is_missing_is_named_with_its_step(shop: Shop, product: Product, at: str) -> None:
    shop.browser.send(f"{shop.base}/san-pham/moi", san_pham=product.slug)
    page = shop.browser.open(f"{at}/buoc-5")
    assert page.words.count("còn thiếu") == 3
    assert "Gửi để được duyệt" not in page.words
    answer = shop.browser.send(f"{at}/gui", 409)
    assert 'href="#phan-2"' in answer.text


def test_a_product_that_is_not_in_the_register_is_drafted_and_never_sent(shop: Shop) -> None:
    product_set = write(a_set)
    fields: dict[str, Any] = {"san_pham": "*", "ten": "Mứt vỏ cam", "bo": product_set.slug}
    answer = shop.browser.send(f"{shop.base}/san-pham/moi", **fields)
    at = f"{shop.base}/san-pham/mut-vo-cam"
    assert answer.location == f"{at}/buoc-2"
    page = shop.browser.open(f"{at}/buoc-1")
    fields = {"ten": "Mứt vỏ cam dẻo", "bo": product_set.slug, "thanh_phan": "Vỏ cam, đường", "nhan": ""}
    answer = shop.browser.send(
        f"{at}/buoc-1", version=str(page.one("input[name=version]")["value"]), **fields
    )
    assert answer.location == f"{at}/buoc-2"
    assert "Mứt vỏ cam dẻo" in shop.browser.open(f"{at}/buoc-5").words
    assert "chưa từng được công nhận" in shop.browser.open(f"{at}/xem-truoc").words
    assert "Gửi để được duyệt" not in shop.browser.open(f"{at}/buoc-5").words
    shop.browser.send(f"{at}/gui", 409)
    assert shop.browser.client.get("/san-pham/mut-vo-cam").status_code == 404


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({}, "san_pham"),
        ({"san_pham": "*", "ten": " ", "bo": "x"}, "ten"),
        ({"san_pham": "*", "ten": "Mứt", "bo": "khong-co"}, "bo"),
    ],
)
def test_a_beginning_without_a_product_is_asked_again(shop: Shop, fields: dict[str, str], field: str) -> None:
    answer = shop.browser.send(f"{shop.base}/san-pham/moi", 422, **fields)
    assert f'href="#{field}"' in answer.text
    assert "<title>Lỗi: " in answer.text


def test_a_listing_is_begun_once(shop: Shop, product: Product, at: str) -> None:
    shop.browser.send(f"{shop.base}/san-pham/moi", san_pham=product.slug)
    answer = shop.browser.send(f"{shop.base}/san-pham/moi", san_pham=product.slug)
    assert answer.location == f"{at}/buoc-5"


def test_faulty_packs_are_shown_again_as_typed(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    wrong = {
        **PACK,
        "ten-0": "",
        "luong-0": "không",
        "gia-0": "0",
        "thue-0": "99",
        "nang-0": "1,5",
        "don_vi-0": "x",
    }
    answer = shop.browser.send(f"{at}/buoc-3", 422, version="1", **wrong)
    for field in ("ten-0", "luong-0", "don_vi-0", "gia-0", "thue-0", "nang-0"):
        assert f'href="#{field}"' in answer.text
    assert 'value="không"' in answer.text
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Variant)) == 0


def test_pictures_are_ordered_told_and_taken_away(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    path = f"{at}/buoc-2"
    answer = shop.browser.send(path, version="1", gui="1", anh=files((1, 2, 3), (90, 2, 3)))
    assert answer.location == path
    first, second = keys(shop, path)
    words: dict[str, Any] = {f"ta-{first}": "Mặt trước", f"ta-{second}": "Nhãn"}
    shop.browser.send(path, version=version(shop.browser, path), bia=second, **words)
    assert keys(shop, path) == [second, first]
    assert shop.browser.open(path).one(f"#ta-{first}")["value"] == "Mặt trước"
    shop.browser.send(path, version=version(shop.browser, path), xoa=first)
    assert keys(shop, path) == [second]
    assert list(db.session.scalars(sa.select(Picture.key))) == [second]
    answer = shop.browser.send(path, 409, version="1", **{f"ta-{second}": "Nhãn khác"})
    assert "Nhãn khác" in answer.text


def keys(shop: Shop, path: str) -> list[str]:
    """Return the pictures of a page by their keys, in their order."""
    found = shop.browser.open(path).soup.select(".shot input[name^=ta-]")
    return [str(one["name"]).removeprefix("ta-") for one in found]


def test_a_picture_sent_twice_is_kept_once(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    for _ in range(2):
        shop.browser.send(f"{at}/buoc-2", version="1", gui="1", anh=files((1, 2, 3)))
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 1
    assert kept(product).version == 2


def test_what_is_no_picture_is_told_and_the_others_are_kept(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    sent = [*files((1, 2, 3)), (io.BytesIO(b"no picture at all"), "bang-gia.jpg")]
    answer = shop.browser.send(f"{at}/buoc-2", 422, version="1", anh=sent)
    assert "bang-gia.jpg" in answer.text
    assert len(keys(shop, f"{at}/buoc-2")) == 1


def test_a_script_that_sends_pictures_is_told_in_json(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    token, headers = shop.browser.token(), {**SAME_ORIGIN, "Accept": "application/json"}
    for colour, status in (((1, 2, 3), 204), (None, 422)):
        sent = files(colour) if colour else [(io.BytesIO(b"x"), "x.jpg")]
        data = {"csrf_token": token, "anh": sent}
        answer = shop.browser.client.post(f"{at}/buoc-2", data=data, headers=headers)
        assert answer.status_code == status
    assert "x.jpg" in answer.get_json()["messages"][0]


def test_more_pictures_than_there_is_room_for_are_refused(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))

    def fill(session: Any) -> None:
        listing = session.get_one(Listing, product.id)
        numbers = [(a_picture(session, shop.producer).id, "") for _ in range(8)]
        actor, at = the_owner(shop.producer), clock.now()
        set_listing_pictures(session, listing, numbers, version=1, actor=actor, at=at)

    write(fill)
    answer = shop.browser.send(f"{at}/buoc-2", 422, version="2", anh=files((1, 2, 3)))
    assert 'href="#anh"' in answer.text


def test_another_pack_is_asked_for_without_saving(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    answer = shop.browser.send(f"{at}/buoc-3", 200, version="1", them="1", **PACK)
    assert 'name="ten-1"' in answer.text
    assert 'value="Túi 1 kg"' in answer.text
    assert kept(product).version == 1


def test_packs_of_the_register_are_proposed(shop: Shop, product: Product, at: str) -> None:
    def offer(session: Any) -> None:
        a_variant(session, session.get_one(Product, product.id), name="Hộp 3 kg", price=120_000)
        a_listing(session, session.get_one(Product, product.id))

    write(offer)
    page = shop.browser.open(f"{at}/buoc-3")
    assert page.one("#ten-0")["value"] == "Hộp 3 kg"
    assert page.one("input[name=ma-0]")["value"] == ""


def test_a_price_that_jumps_on_a_live_listing_is_refused_beside_its_field(
    shop: Shop, product: Product, at: str
) -> None:
    def offer(session: Any) -> str:
        variant = a_variant(session, session.get_one(Product, product.id))
        a_listing(session, session.get_one(Product, product.id), ListingState.LIVE)
        return variant.sku

    fields = {**PACK, "ma-0": write(offer), "gia-0": "190000"}
    answer = shop.staff_browser.send(f"{at}/buoc-3", 409, version="1", **fields)
    assert 'href="#gia-0"' in answer.text
    assert 'value="190000"' in answer.text


def test_words_too_long_and_days_that_are_none_are_told(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    answer = shop.browser.send(f"{at}/buoc-4", 422, version="1", mo_ta="x" * 4001)
    assert 'href="#mo_ta"' in answer.text
    answer = shop.browser.send(f"{at}/buoc-4", 422, version="1", mo_ta=STORY, han_dung="mười")
    assert 'href="#han_dung"' in answer.text
    assert STORY in answer.text


def test_of_two_tabs_the_second_sees_both_and_loses_nothing(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    theirs, mine = "Bản của người kia, viết trước.", "Bản của tôi, viết sau."
    shop.staff_browser.send(f"{at}/buoc-4", version="1", mo_ta=theirs)
    answer = shop.browser.send(f"{at}/buoc-4", 409, version="1", mo_ta=mine)
    assert theirs in answer.text
    assert answer.text.count(mine) == 2
    assert kept(product).description == theirs
    assert 'name="version" value="2"' in answer.text
    shop.browser.send(f"{at}/buoc-4", version="2", mo_ta=mine)
    assert kept(product).description == mine


def test_who_edits_another_step_is_in_nobodys_way(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    stamp = str(shop.browser.open(f"{at}/buoc-4").one("input[name=stamp]")["value"])
    shop.staff_browser.send(f"{at}/buoc-3", version="1", **PACK)
    shop.browser.send(f"{at}/buoc-4", version="1", stamp=stamp, mo_ta=STORY)
    assert kept(product).description == STORY
    shop.browser.send(f"{at}/buoc-4", 409, version="1", stamp=stamp, mo_ta="Bản cũ gửi lại.")


def test_the_facts_of_a_draft_conflict_too(shop: Shop) -> None:
    product_set = write(a_set)
    draft = write(lambda session: a_product(session, "Mứt vỏ cam", producer=shop.producer))
    write(lambda session: a_listing(session, session.get_one(Product, draft.id), version=4))
    path = f"{shop.base}/san-pham/{draft.slug}/buoc-1"
    fields: dict[str, Any] = {"ten": "Mứt vỏ cam", "bo": product_set.slug, "thanh_phan": "Vỏ cam", "nhan": ""}
    answer = shop.browser.send(path, 409, version="1", **fields)
    assert "Bạn vừa gõ" in answer.text
    assert "Vỏ cam</div>" in answer.text
    answer = shop.browser.send(path, 422, version="4", **{**fields, "thanh_phan": "x" * 4001})
    assert 'href="#thanh_phan"' in answer.text
    answer = shop.browser.send(path, 422, version="4", **{**fields, "ten": ""})
    assert 'href="#ten"' in answer.text
    shop.browser.send(path, version="4", **fields)
    db.session.rollback()
    assert db.session.get_one(Product, draft.id).ingredients == "Vỏ cam"


def test_what_the_certificate_fixes_leads_to_a_change_request(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    fields: dict[str, Any] = {"ten": "Cam khác", "bo": product_set_slug()}
    answer = shop.browser.send(f"{at}/buoc-1", version="1", **fields)
    assert answer.location == f"{at}/de-nghi"
    assert kept(product).version == 1


def test_a_preview_shows_the_packs_that_wait(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    shop.browser.send(f"{at}/buoc-3", version="1", **PACK)
    page = shop.browser.open(f"{at}/xem-truoc")
    assert "45.000 ₫" in page.words
    assert "Hết hàng" in page.words or "hết hàng" in page.words
    assert not shop.browser.open(f"/san-pham/{product.slug}").soup.select(".buy .price")


def test_a_change_of_a_live_listing_is_seen_at_once(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id), ListingState.LIVE))
    answer = shop.browser.send(f"{at}/buoc-4", version="1", mo_ta="Mùa này cam ngọt hơn.")
    assert answer.location == f"{at}/buoc-5"
    assert "Người mua thấy ngay." in shop.browser.open(f"{at}/buoc-5").words
    assert "Mùa này cam ngọt hơn." in shop.browser.client.get(f"/san-pham/{product.slug}").text
    write(lambda session: setattr(session.get_one(Listing, product.id), "state", ListingState.PAUSED))
    shop.browser.send(f"{at}/buoc-4", version="2", mo_ta="Cuối mùa.")
    assert "Đã lưu." in shop.browser.open(f"{at}/buoc-5").words


def test_a_suspended_product_says_so_and_unbegun_ones_take_no_deed(
    shop: Shop, product: Product, at: str
) -> None:
    write(lambda session: suspend_product(session, session.get_one(Product, product.id)))
    assert "Văn phòng OCOP tạm ẩn" in shop.browser.open(f"{shop.base}/san-pham").words
    shop.browser.send(f"{at}/gui", 404)


def test_packs_and_names_conflict_in_the_same_way(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id), version=5))
    answer = shop.browser.send(f"{at}/buoc-3", 409, version="1", **PACK)
    assert "Túi 1 kg" in answer.text
    assert 'name="version" value="5"' in answer.text


def test_what_lies_before_the_office_is_not_edited(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id), ListingState.SUBMITTED))
    for step in (1, 2, 3, 4):
        assert shop.browser.client.get(f"{at}/buoc-{step}").location == f"{at}/buoc-5"
    assert "Cán bộ đang xem bài này" in shop.browser.open(f"{at}/buoc-5").words
    answer = shop.browser.send(f"{at}/buoc-4", 409, version="1", mo_ta="Bản sửa lén.")
    assert "Bản sửa lén." in answer.text
    assert "Rút lại để sửa" in answer.text
    shop.browser.send(f"{at}/buoc-2", 409, version="1", anh=files((1, 2, 3)))
    assert kept(product).description != "Bản sửa lén."
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Picture)) == 0
    shop.browser.send(f"{at}/rut")
    shop.browser.send(f"{at}/buoc-4", version="2", mo_ta="Bản sửa đường hoàng.")


def test_a_live_listing_is_paused_and_resumed(shop: Shop, product: Product, at: str) -> None:
    def offer(session: Any) -> None:
        a_variant(session, session.get_one(Product, product.id))
        a_listing(session, session.get_one(Product, product.id), ListingState.LIVE)

    write(offer)
    assert "Mở trang công khai" in shop.browser.open(f"{at}/buoc-5").words
    shop.browser.send(f"{at}/tam-an")
    assert "Đang tạm ẩn" in shop.browser.open(f"{at}/buoc-5").words
    shop.browser.send(f"{at}/tam-an", 409)
    shop.browser.send(f"{at}/hien-lai")
    assert kept(product).state is ListingState.LIVE


def test_the_officers_words_stand_on_a_declined_listing(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id), ListingState.DECLINED))
    page = shop.browser.open(f"{at}/buoc-5")
    assert "Cán bộ nhắn" in page.words
    assert "Ảnh nhãn bị mờ." in page.words
    assert "Ảnh chưa rõ" in page.words


def test_a_product_without_a_listing_leads_to_its_beginning(shop: Shop, product: Product, at: str) -> None:
    answer = shop.browser.client.get(f"{at}/buoc-5")
    assert answer.location == f"{shop.base}/san-pham/moi"
    for step in (1, 2, 3, 4):
        shop.browser.open(f"{at}/buoc-{step}", 404)


def test_later_leads_back_to_the_list(shop: Shop, product: Product, at: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    answer = shop.browser.send(f"{at}/buoc-4", version="1", mo_ta=STORY, sau="1")
    assert answer.location == f"{shop.base}/san-pham"
    page = shop.browser.open(f"{shop.base}/san-pham?trang_thai=draft")
    assert "Đã lưu bài nháp." in page.words
    assert "Cam Khe Mây" in page.words


def test_the_list_shows_products_by_state(shop: Shop, product: Product) -> None:
    assert "Viết bài" in shop.browser.open(f"{shop.base}/san-pham").words
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    write(lambda session: a_product(session, "Mứt cam", producer=shop.producer))
    page = shop.browser.open(f"{shop.base}/san-pham")
    assert page.texts(".seg a") == ["Tất cả 2", "Bài nháp 1", "Chưa có bài đăng 1"]
    assert page.texts("main .lst h3") == ["Cam Khe Mây", "Mứt cam"]
    assert shop.browser.open(f"{shop.base}/san-pham?trang_thai=draft").texts("main .lst h3") == [
        "Cam Khe Mây"
    ]
    assert len(shop.browser.open(f"{shop.base}/san-pham?trang_thai=xyz").soup.select("main .lst h3")) == 2


PAGES = ["buoc-1", "buoc-2", "buoc-3", "buoc-4", "buoc-5", "xem-truoc", "de-nghi"]
DEEDS = ["buoc-1", "buoc-2", "buoc-3", "buoc-4", "gui", "rut", "tam-an", "hien-lai", "de-nghi", "de-nghi/rut"]


@pytest.mark.parametrize("end", PAGES)
def test_a_rivals_pages_are_not_there_in_the_same_words(
    shop: Shop, rival: Shop, product: Product, end: str
) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    theirs = rival.browser.open(f"{shop.base}/san-pham/{product.slug}/{end}", 404)
    smuggled = rival.browser.open(f"{rival.base}/san-pham/{product.slug}/{end}", 404)
    nobodys = rival.browser.open(f"{shop.base}/san-pham/khong-co/{end}", 404)
    assert theirs.words == smuggled.words == nobodys.words


@pytest.mark.parametrize("end", DEEDS)
def test_a_rival_changes_nothing(shop: Shop, rival: Shop, product: Product, end: str) -> None:
    write(lambda session: a_listing(session, session.get_one(Product, product.id)))
    fields: dict[str, Any] = {
        "version": "1",
        "mo_ta": "Của tôi.",
        "ten": "Của tôi",
        "bo": product_set_slug(),
        **PACK,
    }
    for base in (shop.base, rival.base):
        rival.browser.send(f"{base}/san-pham/{product.slug}/{end}", 404, **fields)
    assert kept(product).version == 1
    rival.browser.send(f"{rival.base}/san-pham/moi", 404, san_pham=product.slug)


def product_set_slug() -> str:
    """Return the slug of a set there is."""
    slug: str = write(a_set).slug
    return slug


def test_forms_need_their_token(app: Flask, shop: Shop, product: Product, at: str) -> None:
    shop.browser.send(f"{shop.base}/san-pham/moi", 403, token="khac", san_pham=product.slug)
    assert db.session.get(Listing, product.id) is None
