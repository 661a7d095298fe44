"""The office's page for decisions of years gone by: tried, then drafted, and a second officer confirms."""

import io
import json

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask

from marketplace.certification.decisions.paper_models import PaperDecision
from marketplace.certification.models import Certificate
from marketplace.database import db
from tests.factories.office import Desk
from tests.factories.old_decisions import sheet_of
from tests.signin.browsing import Browser

PATH = "/van-phong/so-cu"
OURS = {"producer": ""}


def send(office: Browser, *rows: dict[str, str], status: int = 200) -> BeautifulSoup:
    """Send a sheet in and return the page that answers."""
    content = sheet_of([{**OURS, **row} for row in rows])
    answer = office.send(PATH, status, tep=(io.BytesIO(content), "quyet-dinh.csv"))
    return BeautifulSoup(answer.text, "html.parser")


def words(page: BeautifulSoup) -> str:
    return " ".join(page.get_text(" ").split())


def carried(page: BeautifulSoup) -> str:
    """Return what the page of a trial carries to the button."""
    field = page.select_one("input[name=dong]")
    assert field
    return str(field["value"])


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_sheet_is_tried_drafted_and_confirmed_by_a_second_officer(
    desk: Desk, office: Browser, app: Flask
) -> None:
    assert PATH in office.open("/van-phong/quyet-dinh").links()
    assert f"{PATH}/mau.csv" in office.open(PATH).links()
    before = count(Certificate)
    shown = send(office, {})
    assert "1 dòng: 1 quyết định, 0 dòng đã có, 0 lỗi, 1 điều cần xem. Chưa ghi gì." in words(shown)
    assert "Quyết định 3021/QĐ-UBND" in words(shown)
    assert count(PaperDecision) == 0
    assert office.send(f"{PATH}/soan", dong=carried(shown)).location == "/van-phong/quyet-dinh"
    assert "Đã soạn 1 quyết định." in office.open("/van-phong/quyet-dinh").words
    assert (count(PaperDecision), count(Certificate)) == (1, before)
    paper = db.session.scalars(sa.select(PaperDecision.id)).one()
    office.send(f"/van-phong/quyet-dinh/{paper}/xac-nhan", 403)
    second = Browser(app)
    second.enter_as(desk.second)
    assert second.send(f"/van-phong/quyet-dinh/{paper}/xac-nhan").location.startswith(
        "/chung-nhan/3021-qd-ubnd"
    )
    assert count(Certificate) == before + 1


def test_points_are_read_on_every_page_of_the_way(desk: Desk, office: Browser, app: Flask) -> None:
    shown = send(office, {"points": "75,5"})
    assert shown.select("main table td.num")[0].get_text() == "75,50"
    office.send(f"{PATH}/soan", dong=carried(shown))
    paper = db.session.scalars(sa.select(PaperDecision.id)).one()
    assert "75,50 4 sao" in office.open(f"/van-phong/quyet-dinh/{paper}").words
    second = Browser(app)
    second.enter_as(desk.second)
    second.send(f"/van-phong/quyet-dinh/{paper}/xac-nhan")
    db.session.rollback()
    [kept] = db.session.scalars(sa.select(Certificate).where(Certificate.points.is_not(None)))
    assert "Điểm 75,50" in office.open(f"/chung-nhan/{kept.code}").words


def test_what_is_in_error_is_told_by_row_and_column_and_cannot_be_drafted(
    desk: Desk, office: Browser
) -> None:
    shown = send(office, {}, {"name": "Kẹo <b>lạc</b>", "decision_no": "3211"}, status=422)
    assert "Có 1 lỗi: chưa soạn được" in words(shown)
    assert "Dòng 3, decision_no : «3211» không phải số quyết định đầy đủ" in words(shown)
    assert shown.select("input[name=dong]") == []


def test_a_long_list_of_what_is_wrong_is_cut(desk: Desk, office: Browser) -> None:
    shown = send(office, *({"name": f"Kẹo {number}"} for number in range(201)), status=422)
    assert "Có 201 lỗi" in words(shown)
    assert "và 1 điều nữa" in words(shown)


def test_pressing_twice_drafts_once(desk: Desk, office: Browser) -> None:
    rows = carried(send(office, {}))
    office.send(f"{PATH}/soan", dong=rows)
    again = office.send(f"{PATH}/soan", 409, dong=rows)
    assert "không có gì để soạn" in again.text
    assert count(PaperDecision) == 1


def test_what_the_page_carried_is_examined_again(desk: Desk, office: Browser) -> None:
    forged = [[2, {**json.loads(carried(send(office, {})))[0][1], "stars": "5"}]]
    answer = office.send(f"{PATH}/soan", 409, dong=json.dumps(forged))
    assert "do Bộ công nhận" in answer.text
    assert count(PaperDecision) == 0


def test_as_much_as_a_page_may_carry_comes_back_whole(desk: Desk, office: Browser) -> None:
    long = ({"authority": "ộ" * 1_000, "decision_no": f"{one}/QĐ-UBND"} for one in range(1, 53))
    rows = carried(send(office, *long))
    assert 150_000 < len(rows.encode()) < 180_000
    office.send(f"{PATH}/soan", dong=rows, tep=(io.BytesIO(b"x"), "nhieu-phan"))
    assert count(PaperDecision) == 52


@pytest.mark.parametrize(
    "forged",
    [
        *("", "{", "[]", "{}", "[1]", "[[2, {}]]" * 2),
        *('[[2, {"mat": "x"}]]', '[[2, {"name": 3}]]', '[["2", {}]]'),
        json.dumps([[number, {}] for number in range(301)]),
    ],
)
def test_rows_that_no_page_carried_are_refused(desk: Desk, office: Browser, forged: str) -> None:
    assert "Mời gửi lại tệp" in office.send(f"{PATH}/soan", 422, dong=forged).text
    assert count(PaperDecision) == 0


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Tệp"),
        (b"name,province,stars,decision_no,decision_date\n", "không có dòng nào"),
        (b"name,province\nA,B\n", "thiếu cột bắt buộc"),
        (sheet_of({"authority": "x" * 3_000} for _ in range(61)), "quá nhiều chữ"),
        (sheet_of({} for _ in range(301)), "nhiều nhất là 300"),
        (b"x" * 1_000_001, "lớn hơn 1 MB"),
    ],
)
def test_files_that_are_no_sheet_of_decisions_are_refused(
    desk: Desk, office: Browser, content: bytes, told: str
) -> None:
    assert told in office.send(PATH, 422, tep=(io.BytesIO(content), "tep.csv")).text


def test_no_file_is_asked_for_once_more(desk: Desk, office: Browser) -> None:
    office.send(PATH, 422)


def test_the_empty_sheet_has_the_columns(desk: Desk, office: Browser) -> None:
    answer = office.client.get(f"{PATH}/mau.csv")
    assert answer.text.lstrip("\ufeff").startswith("id,name,producer,commune")
    assert "attachment" in answer.headers["Content-Disposition"]


def test_another_province_drafts_nothing_here_and_a_commune_does_not_see_it(desk: Desk, app: Flask) -> None:
    stranger = Browser(app)
    stranger.enter_as(desk.stranger)
    shown = send(stranger, {}, status=422)
    assert "không nằm trong tỉnh mà bạn ghi quyết định" in words(shown)
    commune = Browser(app)
    commune.enter_as(desk.commune_officer)
    commune.open(PATH, 404)
    commune.send(f"{PATH}/soan", 404, dong="[]")
    assert count(PaperDecision) == 0
