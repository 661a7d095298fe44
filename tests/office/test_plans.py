"""Plans in the office: closing figures, evidence and books, for the province that answers today."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.journal import Deed
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.places.models import AdminUnit
from marketplace.producers.models import Producer
from marketplace.programme import books
from marketplace.programme.asset_models import CraftVillageProduct, VillageRelation
from marketplace.programme.books import FACTS, Book
from marketplace.programme.fact_models import TradeEventParticipant, TrainingAttendance
from marketplace.programme.models import Compare, Evidence, Metric, PeriodMark
from marketplace.sales_points.models import PointLevel, SalesPoint
from tests.factories import accounts
from tests.factories.catalogue import a_product
from tests.factories.office import Desk
from tests.factories.places import make_district, make_province, succeed
from tests.factories.producers import a_producer
from tests.factories.programme import a_programme, a_target
from tests.signin.browsing import Browser

PLAN = "/van-phong/chuong-trinh/cu"
SOURCE: dict[str, Any] = {"nguon": "Báo cáo 12/BC"}
TRAINING: dict[str, Any] = {"noi_dung": "Ghi nhãn", "ngay": "20/05/2024", "can_bo": "12", **SOURCE}
BOOKS: dict[Book, dict[str, Any]] = {
    Book.TRAININGS: {**TRAINING, "cac_chu_the": "htx mật ong\n\nHTX Mật Ong"},
    Book.EVENTS: {
        "ten": "Hội chợ xuân", "loai": "fair", "noi": "in_country", "ngay": "2024-02-01",
        "cac_chu_the": "HTX Mật Ong", **SOURCE,
    },
    Book.CHANNELS: {
        "chu_the": "HTX Mật Ong", "loai": "supermarket", "doi_tac": "Siêu thị", "tu_ngay": "1/2/2023",
        "den_ngay": "1/2/2024", **SOURCE,
    },
    Book.VILLAGES: {
        "ten": "Làng mây tre", "huyen": "huyện Minh Hóa", "ngay": "1/2/2020", "lam_tai_lang": "Mật ong",
        "dung_nguyen_lieu": "Mật ong\nSáp ong", **SOURCE,
    },
    Book.RIGHTS: {
        "chu_the": "HTX Mật Ong", "loai": "trademark", "so": "4-1", "ngay_nop": "1/2/2024", **SOURCE,
    },
    Book.STATISTICS: {"chu_the": "HTX Mật Ong", "nam": "2024", "lao_dong": "9", "tai_cho": "7", **SOURCE},
    Book.SUPPORT: {
        "chu_the": "HTX Mật Ong", "loai": "central_dossier", "san_pham": "Mật ong", "ngay": "1/2/2024",
        **SOURCE,
    },
    Book.FLAGSHIPS: {"san_pham": "mật ong", "ngay": "1/2/2024", **SOURCE},
}  # fmt: skip


@pytest.fixture(autouse=True)
def plan(desk: Desk) -> None:
    """A plan of a province that went into the one of the desk."""
    with unit_of_work() as session:
        former = make_province(session, "Quảng Bình", key="former", valid_to=date(2025, 6, 30))
        succeed(session, former, session.get_one(AdminUnit, desk.province))
        district = make_district(session, "Minh Hóa", former)
        programme = a_programme(session, former, slug="cu", title="Quảng Bình 2024")
        a_target(session, programme, "T1")
        a_target(session, programme, "T2", compare=Compare.NONE, metric=Metric.TRADE_EVENTS)
        a_target(session, programme, "T3", period_end=date(2026, 12, 31))
        place: dict[str, Any] = {"origin_id": district.id, "province_id": desk.province}
        maker = a_producer(session, "HTX Mật Ong", **place)
        for name in ("Mật ong", "Sáp ong"):
            a_product(session, name, producer=maker, location=place)
        session.add(
            SalesPoint(slug="cho", name="Chợ Minh Hóa", name_key="cho", printed_province="X", **place)
        )
        a_programme(session, make_province(session, "Nghệ An"), slug="la", title="Nghệ An 2024")


def rows(what: type[Any]) -> list[Any]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(what).execution_options(populate_existing=True)))


def test_only_plans_of_the_own_provinces_are_there(office: Browser, desk: Desk, app: Flask) -> None:
    words = office.open("/van-phong/chuong-trinh").words
    assert "Quảng Bình 2024" in words
    assert "Nghệ An 2024" not in words
    office.open("/van-phong/chuong-trinh/la", 404)
    office.send("/van-phong/chuong-trinh/la/so/chu-luc", 404, **BOOKS[Book.FLAGSHIPS])
    stranger = Browser(app)
    stranger.enter_as(desk.stranger)
    stranger.open(PLAN, 404)
    stranger.send(f"{PLAN}/chi-tieu/T1/khep", 404, doi_chieu="Báo cáo 1")
    assert rows(PeriodMark) == []
    commune = Browser(app)
    commune.enter_as(desk.commune_officer)
    commune.open("/van-phong/chuong-trinh", 404)
    administrator = Browser(app)
    administrator.enter_as(desk.administrator)
    assert "Nghệ An 2024" in administrator.open("/van-phong/chuong-trinh").words


def test_closing_needs_a_paper_and_opens_again(office: Browser) -> None:
    page = f"{PLAN}/chi-tieu/T1"
    assert "Mời điền chỗ này" in office.send(f"{page}/khep", 422, doi_chieu=" ").text
    office.send(f"{page}/khep", 422, doi_chieu="x" * 201)
    assert rows(PeriodMark) == []
    office.send(f"{page}/khep", doi_chieu="Báo cáo 9")
    assert "đối chiếu với: Báo cáo 9" in office.open(page).words
    assert "Đã khép" in office.open(PLAN).words
    office.send(f"{page}/mo-lai")
    assert rows(PeriodMark) == []
    office.send(f"{page}/mo-lai", 404)


def test_a_period_that_lasts_is_not_closed(office: Browser) -> None:
    page = office.open(f"{PLAN}/chi-tieu/T3")
    assert "Thời kỳ chưa hết" in page.words
    assert "31/12/2026" in office.send(f"{PLAN}/chi-tieu/T3/khep", 409, doi_chieu="Báo cáo 9").text
    office.send(f"{PLAN}/chi-tieu/T2/khep", 409, doi_chieu="Báo cáo 9")
    office.open(f"{PLAN}/chi-tieu/T9", 404)


def test_evidence_is_written_and_taken_away(office: Browser) -> None:
    page = f"{PLAN}/chi-tieu/T2"
    told: dict[str, Any] = {"noi_dung": "Dự hội chợ", "ngay": "1/3/2024", **SOURCE}
    office.send(f"{page}/bang-chung", 422, **{**told, "ngay": "22/11/2026"})
    office.send(f"{page}/bang-chung", 422, **{**told, "noi_dung": ""})
    office.send(f"{page}/bang-chung", **told)
    [evidence] = rows(Evidence)
    assert "Dự hội chợ" in office.open(page).words
    office.send(f"{PLAN}/chi-tieu/T1/bang-chung/{evidence.id}/bo", 404)
    office.send(f"{page}/bang-chung/{evidence.id}/bo")
    assert rows(Evidence) == []


@pytest.mark.parametrize("book", list(Book))
def test_each_book_takes_a_fact_and_gives_it_back(office: Browser, book: Book) -> None:
    address = f"{PLAN}/so/{book.value}"
    office.open(address)
    office.send(address, **BOOKS[book])
    [fact] = rows(FACTS[book])
    assert fact.source == "Báo cáo 12/BC"
    assert "1 dòng trong sổ" in office.open(address).words
    office.send(f"{address}/{fact.id}/bo")
    assert rows(FACTS[book]) == []
    table = FACTS[book].__tablename__
    told = sa.select(Deed.action).where(Deed.subject_type == table).order_by(Deed.seq)
    deeds = db.session.scalars(told).all()
    assert list(deeds) == [f"{table}:record", f"{table}:strike_out"]


def test_who_came_is_noted_once_and_struck_out_with_it(office: Browser) -> None:
    office.send(f"{PLAN}/so/tap-huan", **BOOKS[Book.TRAININGS])
    office.send(f"{PLAN}/so/xuc-tien", **BOOKS[Book.EVENTS])
    office.send(f"{PLAN}/so/lang-nghe", **BOOKS[Book.VILLAGES])
    [attended], [took_part] = rows(TrainingAttendance), rows(TradeEventParticipant)
    assert attended.producer_id == took_part.producer_id
    relations = [row.relation for row in rows(CraftVillageProduct)]
    assert sorted(relations) == [VillageRelation.MADE_IN, VillageRelation.MATERIAL_FROM]
    office.send(f"{PLAN}/so/lang-nghe/{rows(FACTS[Book.VILLAGES])[0].id}/bo")
    assert rows(CraftVillageProduct) == []


def test_the_same_fact_twice_is_refused(office: Browser) -> None:
    office.send(f"{PLAN}/so/chu-luc", **BOOKS[Book.FLAGSHIPS])
    assert "Điều này đã có trong sổ" in office.send(f"{PLAN}/so/chu-luc", 409, **BOOKS[Book.FLAGSHIPS]).text


@pytest.mark.parametrize(
    ("book", "changes", "said"),
    [
        (Book.TRAININGS, {"noi_dung": ""}, "Mời điền: Nội dung lớp"),
        (Book.TRAININGS, {"noi_dung": "x" * 201}, "Mời viết ngắn hơn 200 chữ"),
        (Book.TRAININGS, {"ngay": "30/2/2024"}, "Mời gõ ngày"),
        (Book.TRAININGS, {"ngay": "22/11/2026"}, "Ngày này chưa tới"),
        (Book.TRAININGS, {"can_bo": "-1"}, "số nguyên từ 0"),
        (Book.TRAININGS, {"cac_chu_the": "HTX Không Có"}, "không có trong sổ của tỉnh"),
        (Book.TRAININGS, {"cac_chu_the": "HTX Cam Khe Mây"}, "không có trong sổ của tỉnh"),
        (Book.EVENTS, {"loai": "khac"}, "Mời chọn một dòng"),
        (Book.CHANNELS, {"den_ngay": "1/1/2023"}, "sớm hơn ngày bắt đầu"),
        (Book.VILLAGES, {"huyen": "huyện Lạ"}, "không có trong sổ của tỉnh"),
        (Book.RIGHTS, {"ngay_cap": "1/1/2024"}, "sớm hơn ngày bắt đầu"),
        (Book.STATISTICS, {"nam": "2017"}, "số nguyên từ 2018"),
        (Book.STATISTICS, {"tai_cho": "10"}, "nhiều hơn số lao động"),
        (Book.SUPPORT, {"san_pham": ""}, "Mời ghi tên sản phẩm"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_written(
    office: Browser, book: Book, changes: dict[str, Any], said: str
) -> None:
    answer = office.send(f"{PLAN}/so/{book.value}", 422, **{**BOOKS[book], **changes})
    assert said in answer.text
    assert rows(FACTS[book]) == []


def test_a_long_book_shows_its_newest(office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(books, "MOST_LISTED", 1)
    for name in ("Hội chợ xuân", "Hội chợ hè"):
        office.send(f"{PLAN}/so/xuc-tien", **{**BOOKS[Book.EVENTS], "ten": name})
    page = office.open(f"{PLAN}/so/xuc-tien")
    assert "2 dòng trong sổ" in page.words
    assert "Chỉ hiện 1 dòng mới nhất" in page.words
    assert page.texts(".rows b") == ["Hội chợ hè"]


def test_a_book_that_is_none_is_not_there(office: Browser) -> None:
    office.open(f"{PLAN}/so/khac", 404)
    office.send(f"{PLAN}/so/chu-luc/77/bo", 404)


def test_an_officer_writes_nothing_of_a_producer_they_belong_to(office: Browser, desk: Desk) -> None:
    with unit_of_work() as session:
        maker = session.scalars(sa.select(Producer).where(Producer.name == "HTX Mật Ong")).one()
        accounts.a_member(session, Scope(ScopeKind.PRODUCER, maker.id), Role.OWNER, desk.officer)
    office.send(f"{PLAN}/so/kenh-ban", 422, **BOOKS[Book.CHANNELS])
    office.send(f"{PLAN}/so/chu-luc", 422, **BOOKS[Book.FLAGSHIPS])
    assert db.session.scalars(sa.select(Product.name).where(Product.name == "Mật ong")).one()


def test_a_point_gets_its_level(office: Browser) -> None:
    told: dict[str, Any] = {"diem": "chợ minh hóa", "cap": "district", "ngay": "1/2/2024"}
    office.send(f"{PLAN}/diem-ban", 422, **{**told, "diem": "Chợ khác"})
    late = office.send(f"{PLAN}/diem-ban", 422, **{**told, "ngay": "1/7/2025"})
    assert "Cấp huyện chỉ có đến hết ngày 30/06/2025" in late.text
    office.open(f"{PLAN}/diem-ban")
    office.send(f"{PLAN}/diem-ban", **told)
    [point] = rows(SalesPoint)
    assert (point.level, point.opened_on) == (PointLevel.DISTRICT, date(2024, 2, 1))
