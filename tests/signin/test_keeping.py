"""What buyers with an account keep: products, addresses, and which letters they want."""

from typing import Any

import pytest
from flask import Flask

from marketplace.accounts.letter_choices import LetterKind, letters_wanted
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue import saved
from marketplace.catalogue.models import Product, Publication, Variant
from marketplace.catalogue.saved import list_saved
from marketplace.database import db, unit_of_work
from marketplace.ordering import addresses
from marketplace.ordering.addresses import Receiver, SavedAddress, keep_address, list_addresses
from marketplace.places.models import AdminUnit
from tests.conftest import NOON
from tests.factories import accounts
from tests.factories.ordering import a_commune, stocked
from tests.factories.producers import a_producer
from tests.pages import squeeze, visit
from tests.signin.browsing import SAME_ORIGIN, Browser, write
from tests.storefront.pages import add, filled_checkout, post

SAVED, ADDRESSES, LETTERS = "/tai-khoan/da-luu", "/tai-khoan/dia-chi-nhan", "/tai-khoan/thu"
PAGE = "/san-pham/cam-khe-may"


@pytest.fixture
def mai(app: Flask) -> Person:
    return write(accounts.a_person, "Nguyễn Thị Mai")  # type: ignore[no-any-return]


@pytest.fixture
def cam(app: Flask) -> Variant:
    return write(stocked, "Cam Khe Mây")  # type: ignore[no-any-return]


@pytest.fixture
def commune(app: Flask) -> AdminUnit:
    return write(a_commune)  # type: ignore[no-any-return]


@pytest.fixture
def inside(mai: Person, browser: Browser) -> Browser:
    browser.enter_as(mai)
    return browser


def press_save(browser: Browser, slug: str = "cam-khe-may", status: int = 303, **headers: str) -> str:
    answer = browser.client.post(SAVED, data={"sp": slug}, headers=headers or SAME_ORIGIN)
    db.session.rollback()
    assert answer.status_code == status
    return answer.location or ""


def kept(person: Person) -> list[str]:
    db.session.rollback()
    return [one.product.name for one in list_saved(person.id)]


@pytest.mark.usefixtures("cam")
def test_the_page_of_a_product_stays_public_and_saves_by_a_plain_form(inside: Browser, mai: Person) -> None:
    page = visit(inside.client, PAGE)
    form = page.one(f'form[action="{SAVED}"]')
    assert squeeze(form.get_text()) == "Lưu để xem sau"
    assert "Set-Cookie" not in page.response.headers
    assert press_save(inside) == SAVED
    assert press_save(inside) == SAVED
    assert kept(mai) == ["Cam Khe Mây"]
    listed = inside.open(SAVED)
    assert "Đã lưu Cam Khe Mây" in listed.words
    assert PAGE in listed.links()
    assert visit(inside.client, PAGE).response.text == page.response.text


@pytest.mark.usefixtures("cam")
def test_a_form_of_another_site_saves_nothing(inside: Browser, mai: Person) -> None:
    press_save(inside, status=403, **{"Sec-Fetch-Site": "cross-site"})
    press_save(inside, status=403, Origin="https://elsewhere.vn")
    assert kept(mai) == []


@pytest.mark.usefixtures("cam")
def test_who_is_not_signed_in_is_led_there_and_back_with_the_product(browser: Browser, mai: Person) -> None:
    assert press_save(browser) == "/dang-nhap"
    back = browser.sign_in(mai).location
    assert back == f"{SAVED}?sp=cam-khe-may"
    page = browser.open(back)
    assert "Lưu sản phẩm này" in page.words
    assert kept(mai) == []
    press_save(browser)
    assert kept(mai) == ["Cam Khe Mây"]
    assert "Lưu sản phẩm này" not in browser.open(back).words


def test_products_leave_the_list_by_hand_or_with_the_market(
    inside: Browser, mai: Person, cam: Variant
) -> None:
    press_save(inside)
    with unit_of_work() as session:
        session.get_one(Product, cam.product_id).publication = Publication.WITHDRAWN
    page = inside.open(SAVED)
    assert "Không còn trên chợ" in page.words
    assert PAGE not in page.links()
    inside.send(f"{SAVED}/{cam.product_id}/bo")
    assert kept(mai) == []
    assert "Chưa lưu sản phẩm nào" in inside.open(SAVED).words
    press_save(inside, status=404)


@pytest.mark.usefixtures("cam")
def test_a_full_list_says_so(inside: Browser, mai: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST_SAVED", 0)
    press_save(inside)
    assert "Bạn đã lưu 0 sản phẩm. Mời bỏ bớt" in inside.open(SAVED).words
    assert kept(mai) == []


def own_addresses(person: Person) -> list[SavedAddress]:
    db.session.rollback()
    return list(list_addresses(db.session(), person.id))


def typed(commune: AdminUnit, **changes: str) -> dict[str, Any]:
    place = {"tinh": str(commune.parent_id), "xa": str(commune.id), "nha": "Số 12  đường Xuân Thủy"}
    return {"sdt": "+84 912 345 678", "ten": "Nguyễn Thị Mai", **place, "buoc": "luu", **changes}


def test_an_address_is_added_in_two_steps_without_scripts(
    inside: Browser, mai: Person, commune: AdminUnit
) -> None:
    page = inside.open(ADDRESSES)
    assert not page.soup.find("select", id="xa")
    answer = inside.send(ADDRESSES, 200, **typed(commune, buoc="xa", xa=""))
    assert "phường Cầu Giấy" in answer.text
    inside.send(ADDRESSES, **typed(commune))
    [one] = own_addresses(mai)
    assert (one.phone, one.address) == ("0912345678", "Số 12 đường Xuân Thủy")
    assert "phường Cầu Giấy, thành phố Hà Nội" in inside.open(ADDRESSES).words
    inside.send(f"{ADDRESSES}/{one.id}/xoa")
    assert own_addresses(mai) == []


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("sdt", "0912", "Số điện thoại gồm 10 chữ số"),
        ("ten", "", "họ và tên"),
        ("ten", "x" * 101, "tối đa 100 chữ"),
        ("xa", "", "Chưa chọn xã, phường"),
        ("xa", "999999", "Chưa chọn xã, phường"),
        ("nha", "", "số nhà"),
        ("nha", "x" * 201, "tối đa 200 chữ"),
    ],
)
def test_an_address_that_is_not_whole_is_refused(
    inside: Browser, mai: Person, commune: AdminUnit, field: str, value: str, words: str
) -> None:
    answer = inside.send(ADDRESSES, 422, **typed(commune, **{field: value}))
    assert words in answer.text
    assert f'href="#{field}"' in answer.text
    assert own_addresses(mai) == []


def test_a_full_book_says_so(
    inside: Browser, mai: Person, commune: AdminUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "MOST_ADDRESSES", 0)
    assert "địa chỉ. Mời xoá bớt" in inside.send(ADDRESSES, 409, **typed(commune)).text


def test_somebody_elses_address_is_not_there(inside: Browser, mai: Person, commune: AdminUnit) -> None:
    lan = write(accounts.a_person, "Lan")
    other = write(keep_address, accounts.an_actor(lan), receiver(commune), NOON)
    inside.send(f"{ADDRESSES}/{other.id}/xoa", 404)
    assert "Chợ Mơ" not in inside.open(ADDRESSES).words
    assert len(own_addresses(lan)) == 1


def receiver(commune: AdminUnit, street: str = "Chợ Mơ") -> Receiver:
    return Receiver("Trần Văn An", "0987654321", commune.id, street)


def test_checkout_begins_with_the_address_used_last(
    inside: Browser, mai: Person, cam: Variant, commune: AdminUnit
) -> None:
    write(keep_address, accounts.an_actor(mai), receiver(commune), NOON)
    lan = write(accounts.a_person, "Lan")
    foreign = write(keep_address, accounts.an_actor(lan), receiver(commune, "Nhà Lan"), NOON)
    add(inside.client, cam.id)
    page = inside.open("/dat-hang")
    values = {name: page.one(f"#dat-hang #{name}")["value"] for name in ("sdt", "ten", "nha")}
    assert values == {"sdt": "0987654321", "ten": "Trần Văn An", "nha": "Chợ Mơ"}
    assert page.one("#xa option[selected]")["value"] == str(commune.id)
    assert "Nhà Lan" not in page.words
    [own] = own_addresses(mai)
    chosen = post(inside.client, "/dat-hang", {"dia_chi": str(own.id)})
    assert chosen.one("#nha")["value"] == "Chợ Mơ"
    assert "Nhà Lan" not in post(inside.client, "/dat-hang", {"dia_chi": str(foreign.id)}).words


def test_an_ended_commune_is_to_be_chosen_again(
    inside: Browser, mai: Person, cam: Variant, commune: AdminUnit
) -> None:
    write(keep_address, accounts.an_actor(mai), receiver(commune), NOON)
    with unit_of_work() as session:
        session.get_one(AdminUnit, commune.id).ended = True
    add(inside.client, cam.id)
    page = inside.open("/dat-hang")
    assert not page.soup.select("#xa option[selected]")
    assert page.one("#nha")["value"] == "Chợ Mơ"


@pytest.mark.parametrize(("ticked", "count"), [({"luu": "co"}, 1), ({}, 0)])
def test_an_address_typed_at_checkout_is_kept_when_ticked(
    inside: Browser, mai: Person, cam: Variant, commune: AdminUnit, ticked: dict[str, str], count: int
) -> None:
    add(inside.client, cam.id)
    answer = post(inside.client, "/dat-hang", filled_checkout(inside.client, commune, **ticked))
    assert answer.status == 303
    assert len(own_addresses(mai)) == count


def test_an_order_goes_through_when_the_book_is_full(
    inside: Browser, mai: Person, cam: Variant, commune: AdminUnit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(addresses, "MOST_ADDRESSES", 0)
    add(inside.client, cam.id)
    assert post(inside.client, "/dat-hang", filled_checkout(inside.client, commune, luu="co")).status == 303


def test_a_guest_is_offered_none_of_it(browser: Browser, cam: Variant, commune: AdminUnit) -> None:
    add(browser.client, cam.id)
    page = browser.open("/dat-hang")
    assert not page.soup.select('[name="luu"], [name="dia_chi"]')
    assert post(browser.client, "/dat-hang", filled_checkout(browser.client, commune, luu="co")).status == 303


def boxes(browser: Browser) -> dict[str, bool]:
    page = browser.open(LETTERS)
    return {str(box["value"]): box.has_attr("checked") for box in page.soup.select('input[name="thu"]')}


def test_a_buyer_chooses_news_of_saved_products_alone(inside: Browser, mai: Person) -> None:
    assert boxes(inside) == {"saved": False}
    inside.send(LETTERS, thu=["saved", "renewal", "nonsense"])
    assert boxes(inside) == {"saved": True}
    db.session.rollback()
    assert letters_wanted(db.session(), mai.id) == set(LetterKind)
    inside.send(LETTERS)
    assert boxes(inside) == {"saved": False}


def test_who_works_for_a_producer_may_decline_what_that_brings(inside: Browser, mai: Person) -> None:
    producer = write(a_producer)
    write(accounts.a_member, Scope(ScopeKind.PRODUCER, producer.id), Role.STAFF, mai)
    assert boxes(inside) == {"renewal": True, "listing": True, "saved": False}
    inside.send(LETTERS, thu=["listing"])
    assert boxes(inside) == {"renewal": False, "listing": True, "saved": False}
