"""The facts of forms 01 and 02, and both forms as they are printed."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from marketplace.catalogue.models import Product, Publication
from marketplace.certification.dossiers.evidence import EvidenceFacts, add_evidence
from marketplace.certification.dossiers.evidence_models import EvidenceKind
from marketplace.certification.dossiers.laying import lay_to
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.clock import now
from marketplace.database import unit_of_work
from marketplace.producers.models import Producer
from tests.factories.accounts import an_actor
from tests.factories.dossiers import evidence_file
from tests.workspace.dossier_desk import a_dossier_desk

FORM: dict[str, Any] = {
    "dai_dien": "Trần Thị Bưởi",
    "chuc_vu": "Giám đốc",
    "gioi_tinh": "nu",
    "dan_toc": "Mường",
    "thuong_tru": "Thôn 3",
    "thanh_lap": "2015-10-20",
    "so_dang_ky": "2801234567",
    "lao_dong": "1.018",
    "lao_dong_xa": "16",
    "doanh_thu": "1.250.000.000",
    "loi_nhuan": "-20.000.000",
    "lich_su": "Năm 2015 thành lập.\n\nNăm 2020 mở xưởng.",
    "quy_cach": "Hộp 500 g, TCCS 01:2026",
    "co_cau": "Ban quản trị, tổ sản xuất",
}


def test_facts_are_written_and_come_back(app: Flask) -> None:
    desk = a_dossier_desk(app)
    at = f"{desk.at}/thong-tin"
    assert desk.staff.open(at).one("#dai_dien").get("value") == ""
    desk.staff.send(at, **FORM)
    report = desk.dossier().report
    assert report is not None
    assert (report.representative, report.female, report.home) == ("Trần Thị Bưởi", True, "Thôn 3")
    assert (report.founded_on, report.workers) == (date(2015, 10, 20), 1018)
    assert (report.revenue, report.profit) == (1_250_000_000, -20_000_000)
    page = desk.staff.open(at)
    assert page.one("#loi_nhuan")["value"] == "-20.000.000"
    assert page.one("#lao_dong")["value"] == "1.018"
    assert page.one("#thanh_lap")["value"] == "2015-10-20"
    assert page.one("#gioi_tinh option[selected]")["value"] == "nu"
    assert page.soup.select("#thay_doi") == [], "nothing was recognised before"


def test_an_upgrade_tells_of_changes(app: Flask) -> None:
    desk = a_dossier_desk(app, DossierState.DRAFT, stars=3)
    assert desk.browser.open(f"{desk.at}/thong-tin").soup.select("#thay_doi")
    assert "Thay đổi so với lần công nhận trước" in desk.browser.open(f"{desk.at}/mau-02").words


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"thanh_lap": "x"}, "thanh_lap"),
        ({"thanh_lap": "2026-11-22"}, "thanh_lap"),
        ({"lao_dong": "nhiều"}, "lao_dong"),
        ({"lao_dong": "9999999"}, "lao_dong"),
        ({"lao_dong_xa": "2000"}, "lao_dong_xa"),
        ({"doanh_thu": "-1"}, "doanh_thu"),
        ({"doanh_thu": "1,5"}, "doanh_thu"),
        ({"loi_nhuan": "9" * 17}, "loi_nhuan"),
        ({"dai_dien": "a" * 121}, "dai_dien"),
        ({"ke_hoach": "a" * 4001}, "ke_hoach"),
    ],
)
def test_what_is_wrong_is_named(app: Flask, changes: dict[str, str], field: str) -> None:
    desk = a_dossier_desk(app)
    answer = desk.browser.send(f"{desk.at}/thong-tin", 422, **{**FORM, **changes})
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert "Mường" in answer.text, "what was typed stays"
    report = desk.dossier().report
    assert report is not None
    assert report.representative == ""


def test_what_was_handed_in_is_not_changed(app: Flask) -> None:
    desk = a_dossier_desk(app, DossierState.SUBMITTED)
    page = desk.browser.open(f"{desk.at}/thong-tin")
    assert page.soup.select("fieldset[disabled]")
    assert page.soup.select("main .btn.p") == []
    desk.browser.send(f"{desk.at}/thong-tin", **FORM)
    report = desk.dossier().report
    assert report is not None
    assert report.representative == "Nguyễn Thị Mận"


def test_form_01_is_that_of_the_regulation(app: Flask) -> None:
    desk = a_dossier_desk(app, DossierState.FORWARDED)
    page = desk.browser.open(f"{desk.at}/mau-01")
    dossier = desk.dossier()
    assert "PĐK-" in page.words
    for words in (
        "CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        f"của {dossier.province.full_name} năm 2026",
        "Nguyễn Thị Mận",
        desk.product.name,
        "Bộ 1: Rau, củ, quả, hạt tươi",
        "có đánh dấu Lần đầu",
        "không đánh dấu Nâng hạng",
        "Sản phẩm mẫu (số lượng): 5",
        dossier.code,
        "ngày 21 tháng 11 năm 2026",
        "PHẦN DÀNH CHO CƠ QUAN QUẢN LÝ",
    ):
        assert words in page.words, words
    assert page.words.count("Ngày nhận: 21/11/2026") == 2


def test_form_02_tells_scores_words_and_annexes(app: Flask) -> None:
    desk = a_dossier_desk(app, filled=True)
    desk.browser.send(f"{desk.at}/cham/2", 303, **{"c2.2": "3", "c2.3": "3", "loi-2.2": "Hộp giấy tái chế"})
    desk.browser.send(f"{desk.at}/minh-chung/2.3/chon", trang="trace")
    page = desk.browser.open(f"{desk.at}/mau-02")
    for words in (
        "Phần I",
        "Phần II",
        "Phần III",
        "Phần IV",
        "Hộp giấy tái chế",
        "Nữ; Kinh",
        "1.200.000.000 đồng",
    ):
        assert words in page.words, words
    assert "/100 điểm" in page.words
    rows = {row.split(" ")[0]: row for row in page.texts(".doc tbody tr")}
    assert rows["2.2"].endswith("3/3 [1]") or "[1]" in rows["2.2"]
    assert "[2]" in rows["2.3"]
    assert "http" in rows["2"], "the address of a page of this market is printed"


BOXES = {
    EvidenceKind.BUSINESS_REGISTRATION: "Giấy đăng ký kinh doanh:",
    EvidenceKind.QUALITY_DECLARATION: "Đã công bố chất lượng sản phẩm theo quy định:",
    EvidenceKind.FOOD_SAFETY: "vệ sinh an toàn thực phẩm theo quy định của pháp luật cho sản xuất sản phẩm:",
    EvidenceKind.PRODUCTION_CONDITIONS: "(đối với các sản phẩm bắt buộc theo quy định) :",
    EvidenceKind.TRADEMARK: "+ Giấy chứng nhận đăng ký nhãn hiệu:",
    EvidenceKind.SHARED_MARK: "+ Văn bản ghi nhận quyền sử dụng chỉ dẫn địa lý, nhãn hiệu tập thể, nhãn hiệu "
    "chứng nhận:",
    EvidenceKind.PATENT: "+ Bằng sáng chế:",
    EvidenceKind.DESIGN: "+ Bằng độc quyền kiểu dáng công nghiệp:",
    EvidenceKind.COPYRIGHT: "+ Giấy chứng nhận bản quyền tác giả:",
    EvidenceKind.IP_RIGHT: "+ Khác (ghi rõ):",
}
ANY_RIGHT = "d) Đã có đăng ký sở hữu trí tuệ:"
RIGHTS = set(list(BOXES)[4:])


@pytest.mark.parametrize("kind", [*BOXES, EvidenceKind.LAB_TEST])
def test_form_02_ticks_the_box_of_each_paper_and_no_other(app: Flask, kind: EvidenceKind) -> None:
    desk = a_dossier_desk(app)
    with unit_of_work() as session:
        producer = session.get_one(Producer, desk.product.producer_id)
        owner = an_actor(desk.owner)
        piece = add_evidence(
            session, owner, producer, EvidenceFacts(kind=kind, title="Giấy A"), evidence_file(), now()
        )
        lay_to(session, owner, session.get_one(Dossier, desk.dossier_id), "2.3", piece, now())
    words = desk.browser.open(f"{desk.at}/mau-02").words
    assert "đánh dấu vào mục tương ứng" in words.lower()
    boxes = [(box, one is kind) for one, box in BOXES.items()]
    for box, ticked in [*boxes, (ANY_RIGHT, kind in RIGHTS)]:
        assert f"{box} {'× có' if ticked else 'không'} đánh dấu" in words, box
    assert ("Khác (ghi rõ): × có đánh dấu Giấy A" in words) is (kind is EvidenceKind.IP_RIGHT)


def test_forms_of_an_empty_draft_have_dots(app: Flask) -> None:
    desk = a_dossier_desk(app)
    for form in ("mau-01", "mau-02"):
        page = desk.browser.open(f"{desk.at}/{form}")
        assert "…" in page.words
        assert "None" not in page.words
        assert page.one("article.doc")["lang"] == "vi"


def test_products_without_a_gtin_print_their_own_trace_address(app: Flask) -> None:
    desk = a_dossier_desk(app)
    with unit_of_work() as session:
        product = session.get_one(Product, desk.product.id)
        product.gtin, token = None, product.trace_token
    desk.browser.send(f"{desk.at}/minh-chung/2.3/chon", trang="trace")
    words = desk.browser.open(f"{desk.at}/mau-02").words
    assert f"/t/{token}" in words
    assert "mở khi sản phẩm được công nhận" not in words


def test_a_first_dossier_lays_the_trace_page_that_is_not_open_yet(app: Flask) -> None:
    desk = a_dossier_desk(app)
    with unit_of_work() as session:
        product = session.get_one(Product, desk.product.id)
        product.publication, product.story, slug = Publication.DRAFT, None, product.slug
    at = f"{desk.at}/minh-chung/2.3"
    page = desk.browser.open(at)
    assert "trang chưa mở cho mọi người" in page.words
    assert [field["value"] for field in page.soup.select('input[name="trang"]')] == ["trace"]
    desk.browser.send(f"{at}/chon", trang="stall")
    desk.browser.send(f"{at}/chon", trang="trace")
    page = desk.browser.open(at)
    assert f"{desk.base}/san-pham/{slug}/xem-truoc" in page.links()
    assert page.texts("main section.panel li b") == ["Trang truy xuất nguồn gốc"]
    assert "(mở khi sản phẩm được công nhận)" in desk.browser.open(f"{desk.at}/mau-02").words
