"""Papers of lots and references to other portals in the workspace, and the evidence sheet they go into."""

import io
from typing import Any

import pytest
from reportlab.pdfgen.canvas import Canvas

from marketplace.database import db, unit_of_work
from marketplace.traceability.lots.inputs import InputFacts
from marketplace.traceability.lots.models import ExternalReference, Lot, LotPaper
from marketplace.traceability.lots.papers import list_papers
from marketplace.traceability.lots.references import list_references
from tests.factories.certification import a_certificate
from tests.factories.lots import a_lot, a_zone
from tests.factories.media import photo
from tests.factories.places import make_commune, make_province
from tests.factories.shop_sheets import Goods, goods_of
from tests.signin.browsing import write
from tests.workspace.conftest import Shop

FORM: dict[str, Any] = {
    "loai": "lab_report",
    "ten": "Vi sinh",
    "noi_cap": "Trung tâm Y",
    "ngay": "2026-11-15",
    "so": "KN-7",
    "ket_qua": "dat",
}


@pytest.fixture
def goods(shop: Shop) -> Goods:
    """What the shop sells."""
    found: Goods = write(goods_of, shop.producer)
    return found


@pytest.fixture
def lot(goods: Goods) -> Lot:
    """A lot that is not labelled yet."""
    found: Lot = write(a_lot, goods.product)
    return found


def a_pdf() -> bytes:
    kept = io.BytesIO()
    canvas = Canvas(kept, invariant=1)
    canvas.drawString(72, 720, "Vi sinh")
    canvas.save()
    return kept.getvalue()


def papers_of(lot: Lot) -> list[LotPaper]:
    db.session.rollback()
    return list_papers(db.session(), lot.id)


def test_a_paper_is_put_to_a_lot_as_pdf_or_photograph(shop: Shop, lot: Lot) -> None:
    at = f"{shop.base}/lo/{lot.id}/giay"
    shop.staff_browser.open(at)
    shop.staff_browser.send(at, **FORM, tep=(io.BytesIO(a_pdf()), "kn.pdf"))
    shop.staff_browser.send(at, **{**FORM, "ket_qua": ""}, tep=(io.BytesIO(photo()), "kn.jpg"))
    [pdf, picture] = papers_of(lot)
    assert (pdf.passed, pdf.number, pdf.document is not None, picture.picture is not None) == (
        True,
        "KN-7",
        True,
        True,
    )
    assert picture.passed is None
    page = shop.browser.open(f"{shop.base}/lo/{lot.id}")
    assert pdf.document is not None
    assert shop.browser.client.get(f"/truy-xuat/giay/{pdf.document.key}.pdf").data == a_pdf()
    assert any(pdf.document.key in link for link in page.links())
    shop.browser.send(f"{at}/bo", giay=picture.id)
    assert [one.id for one in papers_of(lot)] == [pdf.id]
    page = shop.browser.open(f"{shop.base}/lo/{lot.id}")
    assert "Bỏ giấy này" in page.words
    with unit_of_work() as session:
        session.get_one(Lot, lot.id).printed_at = lot.created_at
    shop.browser.send(f"{at}/bo", giay=pdf.id)
    assert len(papers_of(lot)) == 1
    page = shop.browser.open(f"{shop.base}/lo/{lot.id}")
    assert "Giấy này phải giữ lại" in page.words
    assert "Bỏ giấy này" not in page.words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"loai": "x"}, "loai"),
        ({"ten": " "}, "ten"),
        ({"noi_cap": ""}, "noi_cap"),
        ({"ngay": "2026-11-22"}, "ngay"),
        ({"ngay": "x"}, "ngay"),
        ({"tep": None}, "tep"),
        ({"tep": b"%PDF-1.7 /JavaScript"}, "tep"),
        ({"tep": b"MZ"}, "tep"),
    ],
)
def test_what_is_wrong_is_named(shop: Shop, lot: Lot, changes: dict[str, Any], field: str) -> None:
    fields: dict[str, Any] = {**FORM, "tep": a_pdf(), **changes}
    content = fields.pop("tep")
    if content is not None:
        fields["tep"] = (io.BytesIO(content), "kn.pdf")
    answer = shop.browser.send(f"{shop.base}/lo/{lot.id}/giay", 422, **fields)
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert papers_of(lot) == []


def references_of(goods: Goods) -> list[ExternalReference]:
    db.session.rollback()
    return list_references(db.session(), goods.product.id)


def test_a_lot_is_on_record_elsewhere(shop: Shop, goods: Goods, lot: Lot) -> None:
    at = f"{shop.base}/lo/{lot.id}/cong-khac"
    shop.browser.open(at)
    form: dict[str, Any] = {"cong": "national", "ma": "VN-123", "dia_chi": "https://truyxuat.gov.vn/VN-123"}
    for changes, field in (
        ({"cong": ""}, "cong"),
        ({"ma": ""}, "ma"),
        ({"dia_chi": "http://x.vn"}, "dia_chi"),
    ):
        assert f'href="#{field}"' in shop.browser.send(at, 422, **{**form, **changes}).text
    shop.browser.send(at, **form)
    [one] = references_of(goods)
    assert "VN-123" in shop.browser.open(f"{shop.base}/lo/{lot.id}").words
    shop.browser.send(f"{at}/bo", so=one.id)
    assert references_of(goods) == []


def test_a_rival_puts_nothing_to_a_lot(shop: Shop, rival: Shop, goods: Goods, lot: Lot) -> None:
    shop.browser.send(f"{shop.base}/lo/{lot.id}/giay", **FORM, tep=(io.BytesIO(a_pdf()), "kn.pdf"))
    [paper] = papers_of(lot)
    for base in (shop.base, rival.base):
        at = f"{base}/lo/{lot.id}"
        for path in ("giay", "cong-khac"):
            rival.browser.open(f"{at}/{path}", 404)
        rival.browser.send(f"{at}/giay", 404, **FORM, tep=(io.BytesIO(photo()), "a.jpg"))
        rival.browser.send(f"{at}/giay/bo", 404, giay=paper.id)
        rival.browser.send(f"{at}/cong-khac", 404, cong="national", ma="X")
        rival.browser.send(f"{at}/cong-khac/bo", 404, so=1)
    assert len(papers_of(lot)) == 1
    assert references_of(goods) == []


def test_the_evidence_sheet_tells_what_the_criteria_ask_for(shop: Shop, goods: Goods) -> None:
    write(a_certificate, goods.product, 4)
    province = write(make_province)
    commune = write(make_commune, "Hương Khê", province)
    with unit_of_work() as session:
        product = session.merge(goods.product, load=True)
        product.province_id, product.commune_id, product.story = province.id, commune.id, "Cam chín cây."
    place = {"province_id": province.id, "commune_id": commune.id}
    near = write(a_zone, shop.producer, "Vườn xóm 7", **place, printed_commune="Xã Hương Khê")
    far = write(a_zone, shop.producer, "Vườn tỉnh bạn")
    lot = write(a_lot, goods.product, inputs=(InputFacts(zone_id=near.id, material="cam"),))
    write(a_lot, goods.product, inputs=(InputFacts(zone_id=far.id, material="cam"),))
    shop.browser.send(f"{shop.base}/lo/{lot.id}/giay", **FORM, tep=(io.BytesIO(a_pdf()), "kn.pdf"))
    page = shop.browser.open(f"{shop.base}/san-pham/{goods.product.slug}/minh-chung")
    assert f"/t/{goods.product.trace_token}" in page.words
    assert "2 lô trong 12 tháng" in page.words
    assert "Cam chín cây." in page.words
    assert "Trong xã 50 %, trong tỉnh 50 %, chưa rõ nơi 50 %" in page.words
    assert "Vườn xóm 7 Xã Hương Khê" in page.words
    assert "Phiếu kiểm nghiệm: Vi sinh (KN-7) Trung tâm Y 15/11/2026 Đạt" in page.words
    assert "4 sao, còn hạn đến" in page.words
    assert f"/san-pham/{goods.product.slug}" in page.words


def test_the_evidence_sheet_of_a_product_without_any(shop: Shop, rival: Shop, goods: Goods) -> None:
    at = f"{shop.base}/san-pham/{goods.product.slug}/minh-chung"
    words = shop.staff_browser.open(at).words
    assert "Chưa có lô nào trong 12 tháng." in words
    assert "chưa rõ nơi 100 %" in words
    rival.browser.open(at, 404)
