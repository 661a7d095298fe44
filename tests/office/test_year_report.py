"""The report of a year: on paper and in a workbook, of the own province alone, lower bounds until closed."""

import io
from datetime import date
from typing import Any

import pytest
from flask import Flask, g
from openpyxl import load_workbook
from werkzeug.test import TestResponse

from marketplace import clock
from marketplace.certification.actions import revoke_certificate
from marketplace.certification.boards.marks import close_year
from marketplace.certification.models import RevocationReason
from marketplace.certification.oversight.models import AuthorityOrder, Inspection, InspectionKind
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.programme.models import Compare, Metric, PeriodMark, Spread
from tests.certification.test_year_figures import history_of
from tests.factories.accounts import an_actor
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.councils import a_chamber
from tests.factories.office import Desk
from tests.factories.places import make_province, succeed
from tests.factories.programme import a_programme, a_target
from tests.signin.browsing import Browser

REPORT = "/van-phong/bao-cao-nam"
MOST_STATEMENTS = 60


def fetch(browser: Browser, path: str) -> TestResponse:
    """Look at something that is no page."""
    db.session.rollback()
    for name in list(g):
        g.pop(name)
    return browser.client.get(path)


@pytest.fixture(autouse=True)
def plans(desk: Desk) -> None:
    """A plan of the province of which one row is complete, and one of another province."""
    with unit_of_work() as session:
        former = make_province(session, "Quảng Bình", key="former", valid_to=date(2025, 6, 30))
        succeed(session, former, session.get_one(AdminUnit, desk.province))
        plan = a_programme(session, former, title="Tỉnh 2021–2025", period_start=date(2021, 1, 1),
                           period_end=date(2025, 12, 31))  # fmt: skip
        complete = a_target(session, plan, "A", least=4, most=6, compare=Compare.RANGE)
        a_target(session, plan, "B", least=1, spread=Spread.EACH_DISTRICT)
        a_target(session, plan, "C", compare=Compare.NONE, metric=None)
        a_target(session, plan, "D", least=50, percent=True, metric=Metric.RENEWED)
        a_target(session, plan, "E", least=1, spread=Spread.EACH_YEAR, metric=Metric.TRADE_EVENTS)
        share = a_target(session, plan, "G", least=50, percent=True, metric=Metric.ONLINE, fixed_base=10)
        for target in (complete, share):
            session.add(
                PeriodMark(
                    target_id=target.id,
                    marked_by=desk.officer.id,
                    marked_at=clock.now(),
                    checked_against="Báo cáo 1",
                )
            )
        a_target(session, a_programme(session, desk.elsewhere, title="Nơi khác",
                                      period_end=date(2026, 1, 1)), "X")  # fmt: skip
        place: dict[str, Any] = {"location": {"province_id": desk.province}}
        decided = a_decision(session, "=9/QĐ-UBND", decided_on=date(2025, 4, 1))
        a_certificate(session, a_product(session, "Gạo", set_number=None, **place), 3, decision=decided)
        revoked = a_certificate(session, a_product(session, "Rượu", **place), 3, issued_on=date(2025, 1, 1))
        revoke_certificate(session, revoked, RevocationReason.LAW_BROKEN, date(2025, 5, 1))


def test_the_report_of_a_year_as_it_is_printed(office: Browser, desk: Desk) -> None:
    page = office.open(f"{REPORT}/2025", statements=MOST_STATEMENTS)
    assert page.heading == "Báo cáo OCOP năm 2025: tỉnh Hà Tĩnh"
    assert "Sổ của năm chưa khép: mọi con số là ít nhất" in page.words
    assert page.one("button[data-print]")
    assert page.one('script[src*="js/work"]')
    titles = page.texts("article h3")
    assert titles[:4] == [
        "1. Sản phẩm còn hiệu lực đến 31/12/2025",
        "2. Giấy cấp trong năm",
        "3. Giấy hết hiệu lực trong năm",
        "4. Quyết định trong năm",
    ]
    assert titles[-1] == "10. Kế hoạch Tỉnh 2021–2025"
    assert "Nơi khác" not in page.words
    rows = page.texts("article tbody tr")
    assert "Cộng 0 3 1 0 4" in rows
    assert "Công nhận lần đầu 0 3 2 0 5" in rows
    assert next(row for row in rows if row.startswith("Thu hồi: Vi phạm pháp luật")).endswith(" 1")
    assert "=9/QĐ-UBND 01/04/2025 Uỷ ban nhân dân tỉnh Hà Tĩnh 1" in rows
    with unit_of_work() as session:
        close_year(session, an_actor(desk.officer), desk.province, 2025, "Báo cáo 8/BC", clock.now())
    closed = office.open(f"{REPORT}/2025", statements=MOST_STATEMENTS).words
    assert "đối chiếu với: Báo cáo 8/BC" in closed


def test_plans_stand_with_what_may_be_said_of_them(office: Browser) -> None:
    page = office.open(f"{REPORT}/2025", statements=MOST_STATEMENTS)
    table = page.soup.select("article table")[-1]
    cells = [[cell.get_text() for cell in row(["th", "td"])] for row in table.select("tbody tr")]
    rows = {code: others for code, *others in cells}
    assert rows["A"][1:] == ["4–6", "0", "Chưa đạt"]
    assert rows["B"][1] == "1 mỗi huyện"
    assert rows["C"][1:] == ["không nêu số", "xem bằng chứng", ""]
    assert rows["D"][1:] == ["50 %", "chưa có trong sổ", "Chưa khép số liệu"]
    assert rows["G"][1:] == ["50 %", "0,0 %", "Chưa đạt"]
    assert rows["E"][1] == "1 mỗi năm"


def test_work_and_complaints_are_told_where_there_are_any(browser: Browser, desk: Desk) -> None:
    chamber = a_chamber(dossiers=2)
    history_of(chamber)
    with unit_of_work() as session:
        session.add(
            Inspection(
                unit_id=chamber.province, producer_id=chamber.producer, kind=InspectionKind.UNANNOUNCED,
                inspected_on=date(2026, 2, 2), inspectors="Đoàn", words="Đã xem",
                recorded_by=desk.officer.id, recorded_at=clock.now(),
            )
        )  # fmt: skip
        session.add(
            AuthorityOrder(
                unit_id=chamber.province, number="1", authority="Sở", received_at=clock.now(),
                due_at=clock.now(), words="Gỡ", recorded_by=desk.officer.id,
            )
        )  # fmt: skip
    browser.enter_as(desk.administrator)
    page = browser.open(f"{REPORT}/2026?noi={chamber.province}", statements=MOST_STATEMENTS)
    rows = page.texts("article tbody tr")
    for row in (
        "Hồ sơ đã chấm xong 2", "Điểm trung bình 75,63", "Kiểm tra đột xuất 1", "Điểm chưa đạt 0",
        "Yêu cầu gỡ của cơ quan nhà nước 1", "Nộp: Đánh giá lần đầu 2",
    ):  # fmt: skip
        assert row in rows, row
    assert "Không có gì trong sổ" in page.words
    whole = browser.open(f"{REPORT}/2024", statements=MOST_STATEMENTS)
    assert whole.heading.endswith("cả nước")
    assert "Nơi khác" in whole.words


def test_the_workbook_holds_the_same_and_no_formula(office: Browser) -> None:
    answer = fetch(office, f"{REPORT}/2025.xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="bao-cao-nam-2025.xlsx"'
    book = load_workbook(io.BytesIO(answer.data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert "'=9/QĐ-UBND" in [cell.value for cell in cells]
    assert book.sheetnames[1] == "2. Sản phẩm còn hiệu lực đến 31"
    assert [cell.value for cell in book.worksheets[1][3]] == [
        "Nhóm", "5 sao", "4 sao", "3 sao", "không ghi sao", "Cộng",
    ]  # fmt: skip
    assert "Báo cáo OCOP năm 2025" in str(book.worksheets[0]["A1"].value)


@pytest.mark.parametrize("path", [f"{REPORT}/2025", f"{REPORT}/2025.xlsx"])
def test_reports_of_other_places_and_years_are_not_there(
    path: str, office: Browser, desk: Desk, app: Flask
) -> None:
    assert fetch(office, f"{path}?noi={desk.elsewhere}").status_code == 404
    assert fetch(office, path.replace("2025", "2027")).status_code == 404
    assert fetch(office, path.replace("2025", "2017")).status_code == 404
    for person in (desk.commune_officer, desk.owner):
        other = Browser(app)
        other.enter_as(person)
        assert fetch(other, path).status_code == 404
