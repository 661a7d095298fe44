"""An idea's way in Chromium: from a producer's telephone to the office and back, printed, for everyone."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from playwright.sync_api import Page, expect

from marketplace import clock
from marketplace.certification.ideas.models import IdeaState, PlanState, ProductIdea
from marketplace.certification.ideas.roadmap import StepFacts, add_steps
from marketplace.database import db, unit_of_work
from marketplace.producers.models import Producer
from tests.factories.ideas import a_plan, an_idea, an_officer_of
from tests.journeys import test_workspace
from tests.journeys.looking import faults_of
from tests.journeys.steps import follow, red_buttons
from tests.journeys.test_workspace import SHOP, Market

market = test_workspace.market
OFFICE = "/van-phong/y-tuong"


@pytest.mark.parametrize("script", [True, False])
def test_an_idea_goes_to_the_commune_and_comes_back_with_a_roadmap(market: Market, script: bool) -> None:
    with market.phone("owner", script=script) as shop, market.phone("officer", script=script) as office:
        register(shop)
        take_in(office)
        write_plan(shop)
        lay_out(office)
        shop.goto(f"{SHOP}/y-tuong")
        follow(shop, "Trà vỏ cam")
        expect(shop.locator("main")).to_contain_text("Lộ trình xong 0 trên 1")
        shop.get_by_role("button", name="Đã xong Đăng ký nhãn hiệu").click()
        expect(shop.locator("main")).to_contain_text("Xong ngày 21/11/2026")


def register(page: Page) -> None:
    """Hand in a slip."""
    page.goto(f"{SHOP}/y-tuong")
    follow(page, "Đăng ký ý tưởng")
    page.get_by_label("Sản phẩm định làm").fill("Trà vỏ cam")
    page.get_by_label("Ý tưởng từ đâu").fill("Vỏ cam xưa nay bỏ đi.")
    page.get_by_label("Nguyên liệu và nơi có").fill("Cam của 12 hộ xã Hương Đô.")
    page.get_by_label("Bán cho ai").fill("Khách du lịch.")
    assert red_buttons(page) == 1
    page.get_by_role("button", name="Gửi phiếu cho xã").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gửi phiếu")


def take_in(page: Page) -> None:
    """Tick the checklist and take the slip in."""
    page.goto("/van-phong")
    follow(page, "1 phiếu chờ xem")
    follow(page, "Trà vỏ cam")
    for line in page.get_by_label("Đạt", exact=True).all():
        line.check()
    assert red_buttons(page) == 1
    page.get_by_role("button", name="Nhận, ghi số vào sổ").click()
    expect(page.get_by_role("status")).to_contain_text("Đã nhận")


def write_plan(page: Page) -> None:
    """Write the business plan and hand it in."""
    page.goto(f"{SHOP}/y-tuong")
    follow(page, "Trà vỏ cam")
    assert red_buttons(page) == 1
    follow(page, "Viết phương án")
    for box in page.locator("textarea").all():
        box.fill("Như đã bàn với xã.")
    page.get_by_role("button", name="Nộp phương án").click()
    expect(page.locator("#errs-title")).to_contain_text("Có 1 chỗ cần sửa")
    page.get_by_label("Vốn của cơ sở").fill("120.000.000")
    page.get_by_role("button", name="Nộp phương án").click()
    expect(page.get_by_role("status")).to_contain_text("Đã nộp phương án")


def lay_out(page: Page) -> None:
    """Approve the plan, count the idea as potential and write a step."""
    page.goto(f"{OFFICE}?muc=phuong-an")
    follow(page, "Trà vỏ cam")
    expect(page.locator(".doc")).to_contain_text("120.000.000")
    page.get_by_role("button", name="Duyệt phương án").click()
    page.get_by_role("button", name="Đưa vào danh sách tiềm năng").click()
    page.get_by_label("Việc khác").fill("Đăng ký nhãn hiệu")
    page.get_by_role("button", name="Thêm vào lộ trình").click()
    expect(page.locator("main")).to_contain_text("Đăng ký nhãn hiệu")
    page.get_by_role("button", name="Gửi lộ trình cho cơ sở").click()
    expect(page.get_by_role("status")).to_contain_text("Đã gửi lộ trình")


@pytest.fixture
def ideas(market: Market) -> Iterator[dict[str, int]]:
    """Ideas of the shop by where they stand."""
    with market.app.app_context():
        with unit_of_work() as session:
            producer = session.scalars(sa.select(Producer).where(Producer.slug == "htx-cam-khe-may")).one()
            made = {
                state.value: an_idea(session, producer, state, name=f"Mứt {state.value}").id
                for state in (IdeaState.SUBMITTED, IdeaState.RETURNED, IdeaState.ACCEPTED)
            }
            made["planned"] = an_idea(session, producer, name="Mứt có phương án").id
            planned = session.get_one(ProductIdea, made["planned"])
            a_plan(session, planned, PlanState.SUBMITTED)
            day = clock.today()
            step = StepFacts(words="Xin giấy chứng nhận an toàn thực phẩm", due_on=day, criterion="1.1")
            add_steps(session, an_officer_of(session, producer), planned, [step], clock.now())
        db.session.remove()
        yield made


def own_pages(ideas: dict[str, int]) -> list[str]:
    """Return the addresses of a producer's pages."""
    planned = f"{SHOP}/y-tuong/{ideas['planned']}"
    of_states = [f"{SHOP}/y-tuong/{number}" for number in ideas.values()]
    forms = [f"{SHOP}/y-tuong/moi", f"{SHOP}/y-tuong/{ideas['returned']}/sua"]
    plans = [
        f"{SHOP}/y-tuong/{ideas['accepted']}/phuong-an",
        f"{planned}/phuong-an",
        f"{planned}/phuong-an/in",
    ]
    return [f"{SHOP}/y-tuong", *of_states, *forms, *plans, f"{planned}/phieu"]


def office_pages(ideas: dict[str, int]) -> list[str]:
    """Return the addresses of the office's pages."""
    planned = f"{OFFICE}/{ideas['planned']}"
    of_states = [f"{OFFICE}/{number}" for number in ideas.values()]
    papers = [f"{planned}/phieu", f"{planned}/phuong-an", f"{OFFICE}/danh-sach"]
    roadmaps = [f"{planned}/lo-trinh", f"{OFFICE}/{ideas['submitted']}/lo-trinh"]
    return [OFFICE, "/van-phong/chu-trinh", *of_states, *papers, *roadmaps]


@pytest.mark.parametrize("person", ["owner", "officer"])
def test_pages_of_ideas_are_for_everyone(market: Market, ideas: dict[str, int], person: str) -> None:
    paths = own_pages(ideas) if person == "owner" else office_pages(ideas)
    with market.phone(person) as page:
        assert [fault for path in paths for fault in faults_of(page, path)] == []


@pytest.mark.parametrize("person", ["owner", "officer"])
def test_documents_print_alone(market: Market, ideas: dict[str, int], person: str) -> None:
    at = f"{SHOP}/y-tuong/{ideas['planned']}" if person == "owner" else f"{OFFICE}/{ideas['planned']}"
    plan = f"{at}/phuong-an/in" if person == "owner" else f"{at}/phuong-an"
    with market.phone(person) as page:
        for path in (f"{at}/phieu", plan):
            page.goto(path)
            page.emulate_media(media="print", color_scheme="dark")
            for hidden in (".top", ".side", ".onav", ".tab", ".foot", "h1", ".crumb", "form"):
                assert not any(one.is_visible() for one in page.locator(hidden).all()), (path, hidden)
            expect(page.locator(".doc")).to_contain_text("CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM")
            assert page.evaluate("getComputedStyle(document.querySelector('.doc')).color") == "rgb(0, 0, 0)"
            assert page.pdf(format="A4").startswith(b"%PDF")
            page.emulate_media(media="screen", color_scheme="light")
