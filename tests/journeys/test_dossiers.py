"""A dossier's way in Chromium at 375 px: opened, scored, furnished with evidence, handed in and printed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from marketplace import clock
from marketplace.accounts.models import Person
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product, Publication
from marketplace.certification.dossiers.actions import submit_dossier
from marketplace.certification.dossiers.evidence_models import OwnPage
from marketplace.certification.dossiers.laying import link_own_page
from marketplace.certification.dossiers.models import DossierKind, DossierState
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.accounts import an_actor
from tests.factories.catalogue import a_product
from tests.factories.dossiers import a_dossier, fill_dossier
from tests.factories.lots import a_pdf
from tests.journeys import test_workspace
from tests.journeys.looking import faults_here, faults_of
from tests.journeys.programme import desk
from tests.journeys.steps import follow, land
from tests.journeys.test_workspace import SHOP, Market

market = test_workspace.market
PRESS = "main .dock .btn.p"
FACTS = {
    "Người đại diện pháp luật": "Trần Thị Bưởi",
    "Chức vụ": "Giám đốc",
    "Điện thoại": "0912000111",
    "Số giấy đăng ký kinh doanh": "2801234567",
    "Số lao động": "18",
    "Trong đó người địa phương": "16",
    "Vùng nguyên liệu": "12 hộ trong xã",
    "Công nghệ": "Rửa, phân loại, đóng túi",
    "Chất lượng": "TCCS 01:2026",
    "Thị trường": "Trong tỉnh và trên mạng",
    "Doanh thu": "1.200.000.000",
    "Lợi nhuận": "150.000.000",
    "Thay đổi": "Thêm mã truy xuất trên nhãn",
    "Kế hoạch sắp tới": "Thêm 5 ha",
}


def test_a_dossier_is_written_and_handed_in_without_a_script(market: Market, tmp_path: Path) -> None:
    paper = tmp_path / "kiem-nghiem.pdf"
    paper.write_bytes(a_pdf("Kiểm nghiệm"))
    with market.phone("owner", script=False) as page:
        open_for(page, "Cam Khe Mây")
        score_everything(page)
        expect(page.locator("#ket-qua")).to_contain_text("5 sao")
        lay_evidence(page, paper)
        land(page, page.locator(PRESS))
        for label, text in FACTS.items():
            page.get_by_label(label).first.fill(text)
        page.get_by_role("button", name="Lưu thông tin").click()
        land(page, page.locator(PRESS))
        page.get_by_role("button", name="Nộp hồ sơ").click()
        expect(page.locator("#errs-title")).to_contain_text("Có 1 chỗ cần sửa")
        page.locator("#cam_doan").check()
        page.get_by_role("button", name="Nộp hồ sơ").click()
        expect(page.get_by_role("status")).to_contain_text("Đã nộp hồ sơ")
        expect(page.locator("main")).to_contain_text("Xã đang xem xét")


def open_for(page: Page, name: str) -> None:
    """Open a dossier for more stars."""
    page.goto(f"{SHOP}/ho-so-ocop")
    follow(page, f"Mở hồ sơ {name}")
    page.get_by_label("Nâng hạng sao").check()
    page.get_by_role("button", name="Mở hồ sơ").click()
    expect(page.locator("main")).to_contain_text("dưới 3 sao")


def score_everything(page: Page) -> None:
    """Choose the best option of every criterion, a group a page."""
    land(page, page.locator(PRESS))
    while "/cham/" in page.url:
        for criterion in page.locator(".crit").all():
            criterion.locator("[type=radio]").last.check()
        land(page, page.locator(PRESS))


def lay_evidence(page: Page, paper: Path) -> None:
    """Send one paper, and use it wherever evidence is still missing."""
    while "minh-chung" in (page.locator(PRESS).get_attribute("href") or ""):
        land(page, page.locator(PRESS))
        again = page.get_by_role("button", name="Dùng Phiếu kiểm nghiệm")
        if again.count():
            again.first.click()
        else:
            page.get_by_label("Tệp PDF").set_input_files(paper)
            page.get_by_label("Loại giấy").select_option("lab_test")
            page.get_by_label("Giấy gì?").fill("Phiếu kiểm nghiệm")
            page.get_by_role("button", name="Thêm minh chứng").click()
        expect(page.get_by_role("status")).to_contain_text("Đã thêm minh chứng")
        follow(page, "‹ Về nhóm")
        follow(page, "‹ Hồ sơ")


@pytest.fixture
def dossiers(market: Market) -> Iterator[dict[str, int]]:
    """Dossiers of the shop by where they stand, one filled and one empty."""
    with market.app.app_context():
        with unit_of_work() as session:
            producer = session.scalars(sa.select(Producer).where(Producer.slug == "htx-cam-khe-may")).one()
            owner = session.get_one(Person, market.people["owner"])
            actor = an_actor(owner, (Scope(ScopeKind.PRODUCER, producer.id), Role.OWNER))
            known = session.scalars(sa.select(Product).where(Product.name == "Cam Khe Mây")).one()
            filled = a_dossier(session, known, kind=DossierKind.UPGRADE, actor=actor)
            fill_dossier(session, actor, filled)
            place = {"commune_id": known.commune_id, "province_id": known.province_id}
            made = {"filled": filled.id}
            for state in (DossierState.DRAFT, DossierState.NEEDS_COMPLETION, DossierState.NOT_RECOGNISED):
                name = f"Mứt {state.value}"
                product = a_product(session, name, producer=producer, set_number=1, location=place)
                made[state.value] = a_dossier(session, product, state, actor=actor).id
        db.session.remove()
        yield made


def test_pages_of_dossiers_are_for_everyone(market: Market, dossiers: dict[str, int]) -> None:
    filled, draft = (f"{SHOP}/ho-so-ocop/{dossiers[one]}" for one in ("filled", "draft"))
    others = [f"{SHOP}/ho-so-ocop/{number}" for number in dossiers.values()]
    parts = ["/cham/2", "/minh-chung/2.3", "/thong-tin", "/nop", "/mau-01", "/mau-02"]
    lists = [
        f"{SHOP}/ho-so-ocop",
        f"{SHOP}/minh-chung",
        f"{SHOP}/gia-han",
        f"{SHOP}/ho-so-ocop/mo/mut-vo-cam",
    ]
    paths = [*lists, *others, *(f"{filled}{part}" for part in parts), f"{draft}/nop"]
    with market.phone("owner") as page:
        assert [fault for path in paths for fault in faults_of(page, path)] == []


def _first_with_its_page(market: Market) -> str:
    """Hand in a dossier of a product that was never recognised; return the address of its trace page."""
    with market.app.app_context():
        with unit_of_work() as session:
            producer = session.scalars(sa.select(Producer).where(Producer.slug == "htx-cam-khe-may")).one()
            owner = session.get_one(Person, market.people["owner"])
            actor = an_actor(owner, (Scope(ScopeKind.PRODUCER, producer.id), Role.OWNER))
            place = {"commune_id": producer.commune_id, "province_id": producer.province_id}
            product = a_product(session, "Mứt vỏ bưởi", producer=producer, set_number=1, location=place)
            product.publication = Publication.DRAFT
            dossier = a_dossier(session, product, actor=actor)
            fill_dossier(session, actor, dossier)
            piece = link_own_page(session, actor, dossier, OwnPage.TRACE, "2.3", clock.now())
            submit_dossier(session, actor, dossier, clock.now())
            path = f"/van-phong/ho-so/{dossier.id}/minh-chung/{piece.id}"
        db.session.remove()
    return path


def test_the_page_of_a_first_dossier_is_for_everyone_who_reads_it(market: Market) -> None:
    path = _first_with_its_page(market)
    with desk(market, "officer") as page:
        page.goto(f"{path.split('/minh-chung')[0]}/tieu-chi")
        land(page, page.get_by_role("link", name="Trang truy xuất nguồn gốc"))
        assert page.url.endswith(path)
        assert faults_here(page) == []


def test_forms_print_alone_on_white_paper(market: Market, dossiers: dict[str, int]) -> None:
    with market.phone("owner") as page:
        for form in ("mau-01", "mau-02"):
            page.goto(f"{SHOP}/ho-so-ocop/{dossiers['filled']}/{form}")
            page.emulate_media(media="print", color_scheme="dark")
            for hidden in (".top", ".side", ".tab", ".foot", "h1", ".crumb", "form", ".no-print"):
                assert not any(one.is_visible() for one in page.locator(hidden).all()), (form, hidden)
            expect(page.locator(".doc")).to_contain_text("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")
            assert page.evaluate("getComputedStyle(document.querySelector('.doc')).color") == "rgb(0, 0, 0)"
            assert page.pdf(format="A4").startswith(b"%PDF")
            page.emulate_media(media="screen", color_scheme="light")
