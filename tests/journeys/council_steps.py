"""A council at work, page by page: founded, blind until all sheets are in, and what is decided then."""

from playwright.sync_api import Page, expect

from marketplace.certification.councils.errors import ConflictedMember
from tests.factories.accounts import PASSWORD
from tests.journeys.programme import (
    CHAIR,
    INVOLVED,
    NAME,
    OFFICE,
    desk,
    desk_of_the_morning,
    email_of,
    press,
    score,
)
from tests.journeys.steps import follow, land
from tests.journeys.test_workspace import Market

UNLIKE = {"uỷ viên 2": "1.1"}
"""Who is not of the others' opinion, and on which criterion."""


def found_council(page: Page, people: tuple[str, ...], day: str) -> None:
    """Found a council and give each of its members a seat."""
    page.goto(f"{OFFICE}/hoi-dong")
    page.get_by_label("Tên hội đồng").fill("Hội đồng đánh giá tỉnh Hà Tĩnh")
    page.get_by_label("Số quyết định thành lập").fill("88/QĐ-UBND")
    page.get_by_label("Ngày ký").fill(day)
    press(page, "Ghi hội đồng", "Đã ghi hội đồng")
    for person in people:
        page.get_by_label("Email hoặc số điện thoại").fill(email_of(person))
        page.get_by_label("Cơ quan cử").fill("Sở Nông nghiệp và Môi trường")
        page.get_by_label("Cương vị").select_option("chair" if person == CHAIR else "member")
        press(page, "Thêm vào hội đồng")
        expect(page.locator("main")).to_contain_text(person.capitalize())


def plan_session(page: Page, day: str, *, written: bool = False) -> str:
    """Plan a session with the dossier and open it; return its address."""
    page.get_by_label("Ngày họp").fill(day)
    page.get_by_label("Nơi họp").fill("Phòng họp A")
    if written:
        page.get_by_label("Lấy ý kiến bằng văn bản").check()
    press(page, "Lập phiên", "Đã lập phiên")
    field = page.get_by_label("Đưa hồ sơ vào phiên")
    field.select_option(field.locator("option", has_text=NAME).get_attribute("value"))
    press(page, "Đưa vào phiên", "Đã đưa hồ sơ vào phiên")
    press(page, "Mở phiên, bắt đầu chấm", "Đã mở phiên")
    return page.url


def open_case(page: Page) -> None:
    """Find the dossier from where a member of a council is let in."""
    page.goto(f"{OFFICE}/hoi-dong")
    follow(page, "Phiên 1 năm")
    follow(page, NAME)


def stand_aside(market: Market) -> None:
    """Have the member who knows the producer say so, who neither scores nor sees from then on."""
    with desk(market, INVOLVED) as page:
        open_case(page)
        sheet = f"{page.url}/phieu"
        page.get_by_text("Khai người có liên quan").click()
        page.get_by_label("Liên quan thế nào").fill("Em ruột của giám đốc hợp tác xã.")
        press(page, "Khai là có liên quan", "không chấm và không xem phiếu")
        expect(page.locator("main")).to_contain_text("bạn có liên quan, không chấm")
        answer = page.goto(sheet)
        assert answer is not None
        assert answer.status == ConflictedMember.status


def sign_sheet(market: Market, person: str) -> None:
    """Fill a sheet, save it and sign it."""
    with desk(market, person) as page:
        open_case(page)
        follow(page, "Mở phiếu chấm")
        score(page, lower=UNLIKE.get(person, ""))
        press(page, "Lưu phiếu", "Đã lưu phiếu")
        press(page, "Ký phiếu đã lưu", "Đã ký")


def sign_all(market: Market, people: tuple[str, ...]) -> None:
    """Have everybody sign: until the last one has, nobody reads a point."""
    with desk(market, "officer") as office, desk(market, CHAIR) as chair:
        for number, person in enumerate(people):
            page = (office, chair)[number % 2]
            open_case(page)
            expect(page.locator("main")).to_contain_text(f"{number}/{len(people)} phiếu đã ký")
            expect(page.locator("table.cells, svg.dots")).to_have_count(0)
            sign_sheet(market, person)
        for page in (office, chair):
            open_case(page)
            expect(page.locator("table.cells tbody tr")).to_have_count(len(people) + 1)
            expect(page.locator("svg.dots circle")).to_have_count(len(people))


def close_result(market: Market) -> None:
    """Have the chair close the result."""
    with desk(market, CHAIR) as page:
        open_case(page)
        press(page, "Chốt kết quả 4 sao", "Đã chốt kết quả")


def keep_minutes(market: Market, session: str, people: tuple[str, ...]) -> None:
    """Have the minutes written and signed, and the session ended."""
    with desk(market, "officer") as office:
        office.goto(session)
        follow(office, "Biên bản")
        press(office, "Ghi biên bản", "Đã ghi biên bản")
        for person in people:
            with desk(market, person) as page:
                page.goto(f"{session}/bien-ban")
                press(page, "Ký biên bản", "Đã ký biên bản")
        office.goto(session)
        press(office, "Kết thúc phiên", "Đã kết thúc phiên")


def draft_decision(market: Market, session: str) -> str:
    """Have an officer draft the decision, who cannot confirm it; return its address."""
    with desk(market, "officer") as page:
        page.goto(session)
        follow(page, "Soạn quyết định")
        press(page, "Soạn quyết định công nhận", "Đã soạn")
        expect(page.locator("main")).to_contain_text("Bạn là người soạn")
        expect(page.get_by_role("button", name="Xác nhận và công bố")).to_have_count(0)
        return page.url


def publish(market: Market, draft: str, number: str, day: str) -> None:
    """Have a second officer confirm the decision, proving once more who they are."""
    with desk_of_the_morning(market, "second") as page:
        page.goto(draft)
        type_decision(page, number, day)
        expect(page.get_by_role("heading", level=1)).to_contain_text("Xác nhận lại là bạn")
        page.get_by_label("Mật khẩu").fill(PASSWORD)
        land(page, page.get_by_role("button", name="Xác nhận", exact=True))
        land(page, page.get_by_role("button", name="Gửi tiếp"))
        expect(page.get_by_role("status").first).to_contain_text("Đã công bố")


def type_decision(page: Page, number: str, day: str) -> None:
    """Type number and day of the signed paper."""
    page.get_by_label("Số quyết định").fill(number)
    page.get_by_label("Ngày ký").fill(day)
    press(page, "Xác nhận và công bố")
