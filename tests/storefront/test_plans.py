"""The public pages of plans: honest while a period is open, plain once it is complete."""

import csv
import io
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.ideas.models import IdeaState, ProductIdea
from marketplace.certification.oversight.models import Inspection, InspectionKind
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.producers.models import LegalForm
from marketplace.programme.actions import add_evidence, close_period
from marketplace.programme.figures import Figure, Tally
from marketplace.programme.models import Compare, Metric, PeriodMark, Programme, Spread, Target, TargetKind
from marketplace.programme.queries import get_plan
from marketplace.storefront.plan_bars import bar_of
from marketplace.storefront.plan_words import show
from tests.factories import accounts
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate
from tests.factories.places import make_district, make_province, succeed
from tests.factories.producers import a_producer
from tests.factories.programme import a_programme, a_target
from tests.pages import Visited, visit

MOST = 10
PLAN = "/chuong-trinh/quang-binh"


@pytest.fixture(autouse=True)
def plan(app: Flask) -> None:
    with unit_of_work() as session:
        today = make_province(session, "Quảng Trị")
        former = make_province(session, "Quảng Bình", key="former", valid_to=date(2025, 6, 30))
        succeed(session, former, today)
        note = "Ngày tách chưa đối chiếu"
        north = make_district(session, "Minh Hóa", former, note=note)
        make_district(session, "Lệ Thủy", former)
        programme = a_programme(session, former, slug="quang-binh", title="Quảng Bình 2024")
        a_target(session, programme, "T1", compare=Compare.RANGE, least=2, most=3)
        form = {"legal_form": LegalForm.COOPERATIVE, "percent": True}
        a_target(session, programme, "T2", metric=Metric.PRODUCERS_RANKED, least=40, **form)
        each: dict[str, Any] = {"spread": Spread.EACH_DISTRICT, "least": 1}
        a_target(session, programme, "T3", **each)
        a_target(session, programme, "T4", kind=TargetKind.DUTY, compare=Compare.NONE, metric=None)
        a_target(session, programme, "T5", kind=TargetKind.FACT, compare=Compare.EXACTLY, least=1)
        a_target(session, programme, "T6", metric=Metric.TRADE_EVENTS, spread=Spread.EACH_YEAR, least=1)
        product = a_product(
            session, "Mật ong", producer=a_producer(session), location={"origin_id": north.id}
        )
        a_certificate(session, product, 4, year=2024)
        undated = a_product(session, "Tôm khô", location={"origin_id": north.id})
        a_certificate(session, undated, None, issued_on=None)
        accounts.a_person(session)


def close(*codes: str) -> None:
    with unit_of_work() as session:
        for target in session.query(Target).where(Target.code.in_(codes)):
            close_period(session, Actor(1), target, 1, "Báo cáo 9/BC-UBND", clock.now())


def look(client: FlaskClient, path: str) -> Visited:
    return visit(client, path, statements=MOST)


def test_the_list_ranks_nobody_and_names_todays_province(client: FlaskClient) -> None:
    page = visit(client, "/chuong-trinh")
    assert "tỉnh Quảng Bình (cũ), nay thuộc tỉnh Quảng Trị" in page.words
    assert "Chưa khép số liệu" in page.words
    assert PLAN in page.links()


def test_an_open_period_is_a_lower_bound_without_percentage_or_red(client: FlaskClient) -> None:
    page = look(client, PLAN)
    assert "ít nhất 1 sản phẩm trong sổ" in page.words
    assert "ít nhất 1 chủ thể trong sổ" in page.words
    assert "sổ có 1 chủ thể để tính tỉ lệ" in page.words
    assert "100,0 %" not in page.words
    assert "thêm 1 chưa rõ" in page.words
    assert "ít nhất 1 trên 2 huyện có trong sổ" in page.words
    assert "Ngày tách chưa đối chiếu" in page.words
    assert page.soup.select("main .bad, main .red") == []
    assert "6 chỉ tiêu" not in page.words
    assert len(page.soup.select("svg.rng")) == 2


def test_a_complete_period_is_compared(client: FlaskClient) -> None:
    close("T1", "T2", "T3", "T5", "T6")
    page = look(client, PLAN)
    assert "Thiếu 1" in page.words
    assert "100,0 %" in page.words
    assert "1 trên 1 chủ thể" in page.words
    assert "Còn thiếu ở 1 nơi" in page.words
    assert "Còn thiếu 1 năm" in page.words
    assert "Khớp nguồn" in page.words
    assert "chưa đạt" in page.words
    assert [squeezed for squeezed in page.texts(".units li.bad") if "Lệ Thủy" in squeezed]


def test_each_target_opens_its_rows(client: FlaskClient) -> None:
    page = look(client, f"{PLAN}/T1")
    assert "Đã đếm: 1 sản phẩm" in page.words
    assert "/san-pham/mat-ong" in page.links()
    assert "Tôm khô" not in page.words
    unsure = look(client, f"{PLAN}/T1?xem=chua_ro")
    assert "Có thể cũng tính: 1 sản phẩm" in unsure.words
    assert "Tôm khô" in unsure.words
    assert "Mật ong" not in unsure.words
    assert "HTX Cam Khe Mây" in look(client, f"{PLAN}/T2").words
    assert look(client, f"{PLAN}/T1?trang=9").soup.select("ul.lst") == []


def _cycle(session: Session) -> str:
    """Write a slip and an inspection of 2024 for a producer of the north, and two duties that count them."""
    programme = session.scalars(sa.select(Programme)).one()
    a_target(session, programme, "T7", metric=Metric.IDEAS, compare=Compare.NONE)
    a_target(session, programme, "T8", metric=Metric.INSPECTIONS, compare=Compare.NONE)
    north = session.scalars(sa.select(AdminUnit).where(AdminUnit.name == "Minh Hóa")).one()
    maker = a_producer(session, "HTX Kín Tiếng", origin_id=north.id)
    person = accounts.a_person(session).id
    idea = {"name": "Mứt bí mật", "origin": "", "material": "", "market": "", "state": IdeaState.ACCEPTED}
    places = {"commune_id": north.id, "province_id": programme.unit_id, "year": 2024, "slip_number": 12}
    sent = {"submitted_by": person, "submitted_at": clock.now()}
    session.add(ProductIdea(producer_id=maker.id, **idea, **places, **sent))
    seen = {
        "kind": InspectionKind.PERIODIC,
        "inspected_on": date(2024, 5, 20),
        "inspectors": "Sở",
        "words": "Bẩn",
    }
    recorded = {"unit_id": programme.unit_id, "recorded_by": person, "recorded_at": clock.now()}
    session.add(Inspection(producer_id=maker.id, **seen, **recorded))
    return maker.name


@pytest.mark.parametrize(
    ("code", "told", "hidden"),
    [
        ("T7", "Đã đếm: 1 phiếu đăng ký ý tưởng Phiếu số 12 năm 2024 huyện Minh Hóa", "Mứt bí mật"),
        ("T8", "Đã đếm: 1 cuộc kiểm tra Kiểm tra định kỳ 20/05/2024 văn phòng ghi: tỉnh Quảng Bình", "Bẩn"),
    ],
)
def test_slips_and_inspections_are_counted_without_names(
    client: FlaskClient, code: str, told: str, hidden: str
) -> None:
    with unit_of_work() as session:
        maker = _cycle(session)
    page = visit(client, f"{PLAN}/{code}", statements=MOST)
    assert told in page.words
    assert hidden not in page.response.text
    assert maker not in page.response.text


def test_a_duty_shows_its_evidence(client: FlaskClient) -> None:
    with unit_of_work() as session:
        target = session.query(Target).where(Target.code == "T4").one()
        add_evidence(session, Actor(1), target, 1, "Mở 3 lớp", date(2024, 3, 1), "Báo cáo 2", clock.now())
    assert "1 bằng chứng" in look(client, PLAN).words
    assert "Mở 3 lớp" in look(client, f"{PLAN}/T4").words


def test_a_closed_target_says_what_it_was_compared_with(client: FlaskClient) -> None:
    close("T1")
    assert "Báo cáo 9/BC-UBND" in look(client, f"{PLAN}/T1").words


def test_the_open_data_say_no_outcome_before_completion(client: FlaskClient) -> None:
    close("T1")
    answer = client.get(f"{PLAN}/so-lieu.csv")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))}
    assert (rows["T1"]["outcome"], rows["T3"]["outcome"]) == ("below", "")
    assert rows["T3"]["not_seen"] == "huyện Lệ Thủy"
    assert rows["T4"]["counted"] == ""


@pytest.mark.parametrize(
    "path", ["/chuong-trinh/khong-co", f"{PLAN}/T99", "/chuong-trinh/khong-co/so-lieu.csv"]
)
def test_what_no_plan_has_is_not_there(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def said_of(tally: Tally, **facts: Any) -> tuple[str, str, str]:
    """Return the tag's kind, the verdict and the reading of a figure whose period is complete."""
    columns = {
        "kind": TargetKind.TARGET, "metric": Metric.RECOGNISED, "spread": Spread.WHOLE, "percent": False,
        **facts,
    }  # fmt: skip
    target = Target(**columns)
    target.mark = PeriodMark()
    shown = show(Figure(target, tally))
    return shown.kind, shown.verdict, shown.reading


def test_what_is_said_of_a_complete_figure(app: Flask) -> None:
    with app.test_request_context():
        around = {"compare": Compare.RANGE, "least": 2, "most": 3}
        assert said_of(Tally(count=5), **around) == ("ok", "Vượt 2", "5 sản phẩm")
        fact = {"kind": TargetKind.FACT, "compare": Compare.EXACTLY, "least": 3}
        assert said_of(Tally(count=5), **fact) == ("warn", "Sổ khác nguồn", "5 sản phẩm")
        share = {"compare": Compare.AT_LEAST, "least": 40, "percent": True}
        assert said_of(Tally(), **share) == ("warn", "Chưa đủ cơ sở để so", "0 sản phẩm")


def test_an_open_percentage_names_the_base_of_its_source(app: Flask) -> None:
    target = Target(
        kind=TargetKind.FACT, metric=Metric.RECOGNISED, compare=Compare.EXACTLY, least=100, percent=True,
        fixed_base=36, spread=Spread.WHOLE,
    )  # fmt: skip
    target.mark = None
    with app.test_request_context():
        shown = show(Figure(target, Tally(count=8)))
    assert (shown.reading, shown.small) == ("ít nhất 8 sản phẩm trong sổ", "nguồn ghi 36 sản phẩm")


def test_a_bar_keeps_its_figure_and_its_mark_inside(app: Flask) -> None:
    close("T1", "T2")
    with app.test_request_context():
        figures = get_plan("quang-binh").figures
        bars = [bar for figure in figures if (bar := bar_of(figure))]
        assert all(0 <= bar.value <= 320 and bar.mark + bar.mark_width <= 320 for bar in bars)
        assert [show(figure).kind for figure in figures[:2]] == ["bad", "ok"]
    db.session.rollback()
