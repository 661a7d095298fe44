"""Quality certificates in the workspace."""

import io
from typing import Any

import pytest
from werkzeug.datastructures import FileStorage

from marketplace.database import db
from marketplace.producers.models import QualityCertificate, QualityKind
from marketplace.producers.quality_certificates import MOST_CERTIFICATES, list_certificates
from tests.factories.media import photo
from tests.workspace.conftest import Shop

FORM: dict[str, Any] = {
    "loai": "vietgap",
    "so": "VG-12/2025",
    "noi_cap": "Trung tâm X",
    "den_ngay": "2027-03-01",
}


def held(shop: Shop) -> list[QualityCertificate]:
    db.session.rollback()
    return list_certificates(db.session(), shop.producer.id)


def a_file(content: bytes = b"") -> Any:
    return FileStorage(io.BytesIO(content or photo()), "giay.jpg")


def test_a_certificate_is_added_corrected_and_removed(shop: Shop) -> None:
    at = f"{shop.base}/giay-to"
    assert "Chưa có giấy nào." in shop.staff_browser.open(at).words
    shop.staff_browser.open(f"{at}/moi")
    shop.staff_browser.send(f"{at}/moi", **FORM, tu_ngay="", ten="bị bỏ qua", anh=a_file())
    [one] = held(shop)
    assert (one.kind, one.number, one.title, one.valid_from) == (
        QualityKind.VIETGAP,
        "VG-12/2025",
        None,
        None,
    )
    assert one.picture
    page = shop.staff_browser.open(at)
    assert "VietGAP Số VG-12/2025, Trung tâm X cấp Còn hạn đến 01/03/2027" in page.words
    edit = shop.staff_browser.open(f"{at}/{one.id}")
    assert edit.one("#so")["value"] == "VG-12/2025"
    assert edit.one("#loai option[selected]")["value"] == "vietgap"
    changed: dict[str, Any] = {**FORM, "loai": "other", "ten": "Nhãn hiệu tập thể", "den_ngay": "2026-11-20"}
    shop.staff_browser.send(f"{at}/{one.id}", **changed, tu_ngay="2025-11-20")
    [one] = held(shop)
    assert (one.kind, one.title) == (QualityKind.OTHER, "Nhãn hiệu tập thể")
    assert one.picture, "the photograph stays"
    assert "Đã hết hạn ngày 20/11/2026" in shop.browser.open(at).words
    shop.browser.send(f"{at}/bo", giay=one.id)
    assert held(shop) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"loai": ""}, "loai"),
        ({"loai": "ocop"}, "loai"),
        ({"loai": "other"}, "ten"),
        ({"so": " "}, "so"),
        ({"so": "1" * 61}, "so"),
        ({"noi_cap": ""}, "noi_cap"),
        ({"den_ngay": ""}, "den_ngay"),
        ({"den_ngay": "2027-02-30"}, "den_ngay"),
        ({"den_ngay": "2037-01-01"}, "den_ngay"),
        ({"tu_ngay": "x"}, "tu_ngay"),
        ({"tu_ngay": "2027-03-02"}, "den_ngay"),
    ],
)
def test_what_is_wrong_is_named(shop: Shop, changes: dict[str, Any], field: str) -> None:
    answer = shop.browser.send(f"{shop.base}/giay-to/moi", 422, **{**FORM, **changes})
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert held(shop) == []


def test_a_photograph_that_is_none_is_named(shop: Shop) -> None:
    answer = shop.browser.send(f"{shop.base}/giay-to/moi", 422, **FORM, anh=a_file(b"%PDF-1.7"))
    assert 'href="#anh"' in answer.text
    assert held(shop) == []


def test_thirty_are_the_most(shop: Shop) -> None:
    for number in range(MOST_CERTIFICATES):
        shop.browser.send(f"{shop.base}/giay-to/moi", **{**FORM, "so": str(number)})
    answer = shop.browser.send(f"{shop.base}/giay-to/moi", 422, **FORM)
    assert "Chỉ giữ được 30 giấy" in answer.text


def test_a_rival_finds_none(shop: Shop, rival: Shop) -> None:
    shop.browser.send(f"{shop.base}/giay-to/moi", **FORM)
    [one] = held(shop)
    for base in (shop.base, rival.base):
        rival.browser.open(f"{base}/giay-to/{one.id}", 404)
        rival.browser.send(f"{base}/giay-to/{one.id}", 404, **{**FORM, "so": "khác"})
        rival.browser.send(f"{base}/giay-to/bo", 404, giay=one.id)
    rival.browser.send(f"{shop.base}/giay-to/moi", 404, **FORM)
    rival.browser.send(f"{rival.base}/giay-to/bo", 404, giay="9" * 12)
    assert [kept.number for kept in held(shop)] == ["VG-12/2025"]
