"""What happens to a dossier between its producer, the commune and the province, page by page."""

from pathlib import Path

from playwright.sync_api import Page, expect

from tests.journeys.programme import NAME, OFFICE, press, score
from tests.journeys.steps import follow, red_buttons
from tests.journeys.test_workspace import SHOP

NEXT = "main .dock .btn.p"
FACTS = {
    "Người đại diện pháp luật": "Trần Thị Bưởi",
    "Chức vụ": "Giám đốc",
    "Điện thoại": "0912000111",
    "Số giấy đăng ký kinh doanh": "2801234567",
    "Số lao động": "18",
    "Trong đó người địa phương": "16",
    "Vùng nguyên liệu": "12 hộ trong xã",
    "Công nghệ": "Rửa, sên đường, đóng hũ",
    "Chất lượng": "TCCS 02:2026",
    "Thị trường": "Trong tỉnh và trên mạng",
    "Doanh thu": "1.200.000.000",
    "Lợi nhuận": "150.000.000",
    "Kế hoạch sắp tới": "Thêm 5 ha",
}
TRACE_CRITERION = "2.3"
EVIDENCE_ADDED = "Đã thêm minh chứng"
NEW_FACTS = {"Doanh thu": "2.400.000.000", "Lợi nhuận": "310.000.000", "Thay đổi": "Thêm xưởng sấy lạnh"}


def assess(page: Page) -> None:
    """Score oneself, a group of criteria a page."""
    page.locator(NEXT).click()
    while "/cham/" in page.url:
        score(page)
        page.locator(NEXT).click()
        page.wait_for_load_state()
    expect(page.locator("#ket-qua")).to_contain_text("4 sao")


def lay_evidence(page: Page, paper: Path) -> list[str]:
    """Send one paper, and use it again wherever evidence is missing; return how each was laid."""
    ways: list[str] = []
    while "minh-chung" in (page.locator(NEXT).get_attribute("href") or ""):
        page.locator(NEXT).click()
        ways.append("kept" if ways else "sent")
        if ways[1:]:
            press(page, "Dùng Phiếu kiểm nghiệm", EVIDENCE_ADDED)
        else:
            send_paper(page, paper)
        follow(page, "‹ Về nhóm")
        follow(page, "‹ Hồ sơ")
    return ways


def send_paper(page: Page, paper: Path) -> None:
    """Send a paper that was not kept before."""
    page.get_by_label("Tệp PDF").set_input_files(paper)
    page.get_by_label("Loại giấy").select_option("lab_test")
    page.get_by_label("Giấy gì?").fill("Phiếu kiểm nghiệm")
    press(page, "Thêm minh chứng", EVIDENCE_ADDED)


def lay_own_page(page: Page, criterion: str) -> None:
    """Take the product's trace page as evidence, which is there since the product came on view."""
    dossier = page.url
    page.goto(f"{dossier}/minh-chung/{criterion}")
    press(page, "Trang truy xuất", EVIDENCE_ADDED)
    page.goto(dossier)


def hand_in(page: Page, facts: dict[str, str]) -> None:
    """Write what the forms ask for, and hand the dossier in."""
    page.locator(NEXT).click()
    for label, text in facts.items():
        page.get_by_label(label).first.fill(text)
    press(page, "Lưu thông tin")
    page.locator(NEXT).click()
    page.locator("#cam_doan").check()
    press(page, "Nộp hồ sơ", "Đã nộp hồ sơ")


def find_dossier(page: Page) -> None:
    """Find the dossier among what waits for an office."""
    page.goto(f"{OFFICE}/ho-so")
    follow(page, NAME)


def examine(page: Page) -> None:
    """Examine the four topics as the commune, print form 03, and propose the dossier to the province."""
    find_dossier(page)
    for topic in page.get_by_label("Đạt", exact=True).all():
        topic.check()
    for words in page.get_by_label("Nhận xét").all():
        words.fill("Đã xem tại xưởng, đúng như hồ sơ.")
    press(page, "Lưu nhận xét", "Đã lưu nhận xét")
    follow(page, "Mẫu số 03")
    expect(page.locator(".paper")).to_contain_text("Hồ sơ đạt cả bốn nội dung")
    follow(page, "Về hồ sơ")
    page.get_by_label("Số công văn").fill("45/UBND-KT")
    page.get_by_label("Số mẫu sản phẩm gửi kèm").fill("5")
    press(page, "Gửi lên tỉnh", "Đã gửi lên tỉnh")


def open_rounds(page: Page, year: int) -> None:
    """Open the two rounds of a year."""
    page.goto(f"{OFFICE}/dot-danh-gia")
    page.get_by_label("Năm").first.select_option(str(year))
    press(page, "Mở hai đợt của năm", "Đã mở hai đợt")


def take_in(page: Page) -> None:
    """Take the dossier into the round that is suggested, looking at its evidence first."""
    find_dossier(page)
    follow(page, "Xem từng tiêu chí")
    expect(page.get_by_role("link", name="Phiếu kiểm nghiệm").first).to_be_visible()
    assert red_buttons(page) == 0
    follow(page, "Về hồ sơ")
    press(page, "Tiếp nhận, giao tổ tư vấn", "Đã tiếp nhận")


def advise(page: Page) -> None:
    """Write what the advisory group reports."""
    page.get_by_label("Người trong tổ").fill("Lê Văn Cam, Sở NN&MT; Trần Thị Quýt, Sở Công Thương")
    page.get_by_label("Nhận xét của tổ").fill("Giấy tờ đủ. Xưởng sạch. Đề nghị đưa ra hội đồng.")
    press(page, "Trình hội đồng", "Hồ sơ chờ hội đồng")


def open_again(page: Page) -> None:
    """Open the dossier to be evaluated again from the page of certificates: all but news is there."""
    page.goto(f"{SHOP}/gia-han")
    expect(page.locator("main")).to_contain_text("Đã hết hạn 10 ngày")
    follow(page, f"Mở hồ sơ đánh giá lại {NAME}")
    press(page, "Mở hồ sơ")
    expect(page.locator("#ket-qua")).to_contain_text("4 sao")
    assert "thong-tin" in (page.locator(NEXT).get_attribute("href") or "")
