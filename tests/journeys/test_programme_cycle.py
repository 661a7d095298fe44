"""The programme's whole cycle in Chromium: from an idea to stars on the market, and again 36 months later."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.factories.lots import a_pdf
from tests.journeys import council_steps as council
from tests.journeys import dossier_steps as dossier
from tests.journeys import test_workspace
from tests.journeys.programme import (
    CHAIR,
    COUNCIL,
    MEMBERS,
    NAME,
    OFFICE,
    PRODUCT,
    SET_NAME,
    STARS,
    at_time,
    desk,
    press,
    seat_people,
)
from tests.journeys.steps import follow
from tests.journeys.test_workspace import SHOP, Market

market = test_workspace.market
IN_TIME = datetime(2029, 6, 10, 5, 0, tzinfo=UTC)
"""In the 36th month: the window to hand in the file again is open."""
TOO_LATE = datetime(2029, 12, 1, 5, 0, tzinfo=UTC)
"""Ten days after the certificate of 21 November 2026 ended."""


@pytest.fixture
def programme(market: Market) -> Market:
    """The market with a commune, a province and a council of it at their desks."""
    seat_people(market)
    return market


def test_from_an_idea_to_stars_their_end_and_stars_again(programme: Market, tmp_path: Path) -> None:
    paper = tmp_path / "kiem-nghiem.pdf"
    paper.write_bytes(a_pdf("Kiểm nghiệm"))
    win_first_stars(programme, paper)
    with at_time(IN_TIME):
        assert stars_of(programme) == STARS
        remind(programme)
    with at_time(TOO_LATE):
        assert stars_of(programme) == 0
        win_stars_again(programme)


def win_first_stars(programme: Market, paper: Path) -> None:
    """Go from the slip of an idea to the decision: six in the council, one of them stands aside."""
    with programme.phone("owner") as shop:
        become_a_product(programme, shop)
        assert stars_of(programme) == 0
        dossier.assess(shop)
        ways = dossier.lay_evidence(shop, paper)
        assert ways[:2] == ["sent", "kept"]
        dossier.hand_in(shop, dossier.FACTS)
    with desk(programme, "commune") as page:
        dossier.examine(page)
    with desk(programme, "officer") as page:
        dossier.open_rounds(page, 2027)
        dossier.take_in(page)
        dossier.advise(page)
        council.found_council(page, COUNCIL, "2026-11-02")
        session = council.plan_session(page, "2026-11-21")
    council.stand_aside(programme)
    people = (*MEMBERS, CHAIR)
    council.sign_all(programme, people)
    decide(programme, session, people, "3021/QĐ-UBND", "21/11/2026")


def become_a_product(market: Market, shop: Page) -> None:
    """Hand the slip in, have it and the plan taken, and open a dossier for the product that came of it."""
    shop.goto(f"{SHOP}/y-tuong")
    follow(shop, "Đăng ký ý tưởng")
    shop.get_by_label("Sản phẩm định làm").fill(NAME)
    shop.get_by_label("Bộ sản phẩm").select_option(label=SET_NAME)
    for label in ("Ý tưởng từ đâu", "Nguyên liệu và nơi có", "Bán cho ai"):
        shop.get_by_label(label).fill("Như đã bàn với xã.")
    press(shop, "Gửi phiếu cho xã", "Đã gửi phiếu")
    with desk(market, "commune") as commune:
        commune.goto(OFFICE)
        follow(commune, "1 phiếu chờ xem")
        follow(commune, NAME)
        for line in commune.get_by_label("Đạt", exact=True).all():
            line.check()
        press(commune, "Nhận, ghi số vào sổ", "Đã nhận")
    shop.reload()
    follow(shop, "Viết phương án")
    for box in shop.locator("textarea").all():
        box.fill("Hai năm đầu làm 2 tấn mỗi năm.")
    shop.get_by_label("Vốn của cơ sở").fill("120.000.000")
    press(shop, "Nộp phương án", "Đã nộp phương án")
    with desk(market, "commune") as commune:
        commune.goto(f"{OFFICE}/y-tuong?muc=phuong-an")
        follow(commune, NAME)
        press(commune, "Duyệt phương án")
    shop.goto(f"{SHOP}/y-tuong")
    follow(shop, NAME)
    shop.get_by_label("Sản phẩm nào?").select_option("*")
    press(shop, "Nối với sản phẩm")
    follow(shop, "Lập hồ sơ đánh giá")
    press(shop, "Mở hồ sơ")


def decide(market: Market, session: str, people: tuple[str, ...], number: str, day: str) -> None:
    """Close the result, keep the minutes and decide: what is public follows with the next answer."""
    council.close_result(market)
    council.keep_minutes(market, session, people)
    draft = council.draft_decision(market, session)
    assert stars_of(market) == 0
    council.publish(market, draft, number, day)
    assert stars_of(market) == STARS
    with market.phone() as page:
        page.goto(f"/chung-nhan?q={NAME}")
        expect(page.locator("main")).to_contain_text(number)


def stars_of(market: Market) -> int:
    """Return how many stars the product's page shows to whoever opens it now; a draft has no page."""
    with market.phone(script=False) as page:
        answer = page.goto(PRODUCT)
        assert answer is not None
        plates = page.locator(".hero-art .plate")
        return int(plates.inner_text().strip()[0]) if plates.count() else 0


def remind(programme: Market) -> None:
    """Find the certificate on the office's radar, and write to its producer."""
    with desk(programme, "officer") as page:
        page.goto(f"{OFFICE}/gia-han")
        follow(page, "4 đến 6 tháng")
        press(page, f"Gửi thư nhắc {NAME}")
        expect(page.locator("main")).to_contain_text("Đã nhắc 10/06/2029")


def win_stars_again(programme: Market) -> None:
    """Open a dossier from the producer's radar, hand it in, and go with it to the next decision."""
    with programme.phone("owner") as shop:
        dossier.open_again(shop)
        dossier.lay_own_page(shop, dossier.TRACE_CRITERION)
        dossier.hand_in(shop, dossier.NEW_FACTS)
    with desk(programme, "commune") as page:
        dossier.examine(page)
    with desk(programme, "officer") as page:
        page.goto(f"{OFFICE}/gia-han")
        follow(page, "Đã hết trong năm qua")
        expect(page.locator("tr", has_text=NAME)).to_contain_text("HS-2029-")
        dossier.open_rounds(page, 2030)
        dossier.take_in(page)
        dossier.advise(page)
        people = (*MEMBERS[:2], CHAIR)
        council.found_council(page, people, "2029-11-02")
        session = council.plan_session(page, "2029-12-01", written=True)
    council.sign_all(programme, people)
    decide(programme, session, people, "4107/QĐ-UBND", "01/12/2029")
