"""The public profile, edited in the workspace."""

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.producers.pictures import MOST_PICTURES, list_producer_pictures
from tests.factories.media import photo
from tests.pages import visit
from tests.workspace.conftest import Shop

FORM: dict[str, Any] = {
    "cau_chuyen": "Vườn trên đồi.\nBa đời làm cam.",
    "sdt": "0239 3855 123",
    "email": "HTX@khemay.vn",
    "web": "htxkhemay.vn",
    "gio_don": "Thứ 2 đến thứ 7",
    "mst": "0100 109 106",
}


def kept(shop: Shop) -> Producer:
    db.session.rollback()
    return db.session.get_one(Producer, shop.producer.id)


def files(*pictures: bytes) -> list[FileStorage]:
    return [FileStorage(io.BytesIO(picture), f"anh-{n}.jpg") for n, picture in enumerate(pictures)]


def shown(shop: Shop) -> list[tuple[str, str]]:
    db.session.rollback()
    own = list_producer_pictures(db.session(), shop.producer.id)
    return [(one.picture.key, one.alt) for one in own]


def test_what_is_saved_is_on_the_public_page_at_once(shop: Shop) -> None:
    shop.staff_browser.send(f"{shop.base}/ho-so", **FORM)
    page = shop.staff_browser.open(f"{shop.base}/ho-so")
    assert "Đã lưu hồ sơ." in page.words
    assert page.one("#cau_chuyen").get_text() == FORM["cau_chuyen"]
    assert page.one("#web")["value"] == "https://htxkhemay.vn"
    public = visit(shop.browser.client, f"/chu-the/{shop.producer.slug}")
    assert "Ba đời làm cam." in public.words
    assert "Gọi 02393855123" in public.words
    assert kept(shop).tax_code == "0100109106"


def test_empty_fields_say_nothing(shop: Shop) -> None:
    empty: dict[str, Any] = dict.fromkeys(FORM, "")
    shop.browser.send(f"{shop.base}/ho-so", **empty)
    producer = kept(shop)
    assert (producer.story, producer.phone, producer.email, producer.website) == (None, None, None, None)


def test_what_a_producer_may_not_change_stays(shop: Shop) -> None:
    wanted: dict[str, Any] = {
        "name": "Khác",
        "ten": "Khác",
        "slug": "khac",
        "printed_address": "",
        "sample_contact": "1",
    }
    shop.browser.send(f"{shop.base}/ho-so", **FORM, **wanted)
    producer = kept(shop)
    assert (producer.name, producer.slug, producer.sample_contact) == (
        "HTX Cam Khe Mây",
        "htx-cam-khe-may",
        False,
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"sdt": "123"}, "sdt"),
        ({"email": "htx"}, "email"),
        ({"web": "javascript:alert(1)"}, "web"),
        ({"gio_don": "a" * 201}, "gio_don"),
        ({"cau_chuyen": "a" * 4001}, "cau_chuyen"),
        ({"mst": "0100109107"}, "mst"),
    ],
)
def test_what_is_wrong_is_named_and_kept_as_typed(shop: Shop, changes: dict[str, Any], field: str) -> None:
    answer = shop.browser.send(f"{shop.base}/ho-so", 422, **{**FORM, **changes})
    assert f'href="#{field}"' in answer.text
    assert changes[field] in answer.text
    assert kept(shop).story is None


def test_all_that_is_wrong_is_told_at_once(shop: Shop) -> None:
    answer = shop.browser.send(f"{shop.base}/ho-so", 422, **{**FORM, "sdt": "1", "email": "x"})
    assert "Có 2 chỗ cần sửa" in answer.text


def test_pictures_are_added_ordered_and_removed(shop: Shop) -> None:
    at = f"{shop.base}/ho-so"
    both: Any = files(photo(), photo(500, 300))
    shop.staff_browser.send(f"{at}/anh", anh=both, mo_ta="Vườn cam")
    (first, alt), (second, _) = shown(shop)
    assert alt == "Vườn cam"
    page = shop.staff_browser.open(at)
    assert len(page.soup.select(".shot img")) == 2
    shop.staff_browser.send(f"{at}/anh/dau", khoa=second)
    assert [key for key, _ in shown(shop)] == [second, first]
    shop.staff_browser.send(f"{at}/anh/bo", khoa=first)
    assert [key for key, _ in shown(shop)] == [second]


def test_what_is_no_picture_is_named(shop: Shop) -> None:
    at = f"{shop.base}/ho-so/anh"
    wrong: Any = files(b"<html>")
    for sent in ({}, {"anh": wrong}):
        answer = shop.browser.send(at, 422, **sent)
        assert 'href="#anh"' in answer.text
    assert shown(shop) == []


def test_a_full_page_takes_no_more_and_says_so(shop: Shop) -> None:
    many: Any = files(*(photo(200, 200, (shade * 25, 0, 0)) for shade in range(MOST_PICTURES)))
    shop.browser.send(f"{shop.base}/ho-so/anh", anh=many)
    one: Any = files(photo())
    answer = shop.browser.send(f"{shop.base}/ho-so/anh", 409, anh=one)
    assert f"Trang chỉ hiện được {MOST_PICTURES} ảnh" in answer.text
    assert 'id="anh"' in answer.text
    assert len(shown(shop)) == MOST_PICTURES


def test_a_rival_changes_nothing(shop: Shop, rival: Shop) -> None:
    at = f"{shop.base}/ho-so"
    sent: Any = files(photo())
    shop.browser.send(f"{at}/anh", anh=sent)
    [(key, _)] = shown(shop)
    rival.browser.open(at, 404)
    rival.browser.send(at, 404, **FORM)
    again: Any = files(photo())
    rival.browser.send(f"{at}/anh", 404, anh=again)
    for deed in ("dau", "bo"):
        for base in (shop.base, rival.base):
            rival.browser.send(f"{base}/ho-so/anh/{deed}", 404, khoa=key)
    assert [key for key, _ in shown(shop)] == [key]
    assert kept(shop).story is None
