"""The public register as people and programs read it."""

import csv
import io
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.certification.actions import revoke_certificate
from marketplace.certification.models import RevocationReason
from marketplace.certification.regulations import load_regulations
from marketplace.database import unit_of_work
from marketplace.web.open_csv import restore
from tests.factories.catalogue import a_product
from tests.factories.certification import a_certificate, a_decision
from tests.factories.places import make_province
from tests.factories.producers import a_producer
from tests.pages import visit


@pytest.fixture(autouse=True)
def entries(app: Flask) -> None:
    with unit_of_work() as session:
        load_regulations(session)
        orange = a_product(
            session,
            "Cam Khe Mây",
            producer=a_producer(session),
            location={"province_id": make_province(session).id},
        )
        a_certificate(session, orange, 3, year=2020)
        a_certificate(session, orange, 4, decision=a_decision(session, decided_on=date(2024, 8, 5)))
        tea = a_product(session, "=Trà Mướp Đắng")
        revoked = a_certificate(session, tea, 4, issued_on=date(2025, 1, 15))
        revoke_certificate(session, revoked, RevocationReason.LAW_BROKEN, date(2026, 3, 1))
        a_certificate(session, a_product(session, "Rượu Sim"), None, issued_on=None)


def test_shows_every_row_for_ever(client: FlaskClient) -> None:
    page = visit(client, "/chung-nhan")
    words = page.words
    assert "4 giấy khớp" in words
    assert [len(page.soup.select(f"tbody .tag.{kind}")) for kind in ("ok", "bad")] == [1, 1]
    assert len(page.soup.select("tbody .plate")) == 1
    assert "chưa đối chiếu quyết định" in words
    assert "Không rõ ngày cấp" in words
    assert "Gửi phản ánh" in words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=cam", 2),
        ("q=2919/Q%C4%90-UBND", 1),
        ("tt=thu_hoi", 1),
        ("tt=khong_ro", 1),
        ("sao=4", 2),
        ("nam=2020", 1),
        ("tinh=ha-tinh&tt=hieu_luc", 1),
        ("q=khong-co-dau", 0),
        ("trang=9", 0),
        ("sao=9&nam=x&tt=x&tinh=x&trang=-1", 4),
        ("sao=%C2%B3", 4),
    ],
)
def test_narrows_down_and_ignores_nonsense(client: FlaskClient, query: str, found: int) -> None:
    page = visit(client, f"/chung-nhan?{query}")
    assert len(page.soup.select("tbody tr")) == found


def test_nothing_found_offers_ways_on(client: FlaskClient) -> None:
    page = visit(client, "/chung-nhan?q=<b>")
    assert page.soup.select('ul.loose a[href="/chung-nhan"]')
    assert "“<b>”" in page.words


def test_the_open_data_hold_the_same_rows_and_no_formula(client: FlaskClient) -> None:
    answer = client.get("/chung-nhan.csv?q=tra")
    assert answer.content_type == "text/csv; charset=utf-8"
    [row] = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert row["product"].startswith("'=")
    assert restore(row["product"]) == "=Trà Mướp Đắng"
    assert (row["state"], row["revoked_on"], row["stars"]) == ("revoked", "2026-03-01", "4")
    assert row["url"].endswith("/chung-nhan/tra-muop-dang-2025")
    assert len(client.get("/chung-nhan.csv").text.splitlines()) == 5


def test_a_certificate_tells_the_history_with_the_rules_of_its_time(client: FlaskClient) -> None:
    words = visit(client, "/chung-nhan/cam-khe-may-2024").words
    for told in (
        "Nâng hạng từ 3 lên 4 sao",
        "Giấy hết hạn, sao được gỡ",
        "Giấy đầu tiên trong sổ: 3 sao",
        "Theo quy định 148/2023",
        "năm 2020, nguồn không ghi ngày",
    ):
        assert told in words
    revoked = visit(client, "/chung-nhan/tra-muop-dang-2025")
    assert "vi phạm pháp luật" in revoked.words
    assert not revoked.soup.select(".plate")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2024-08-05", "Ngày 05/08/2024 : 4 sao"),
        ("2024-08-04", "3 sao, đã hết"),
        ("2022-12-31", "Ngày 31/12/2022 : 3 sao"),
        ("2020-06-01", "không rõ. Giấy cấp trong năm đó"),
        ("2019-01-01", "sổ chưa có giấy nào"),
    ],
)
def test_says_what_the_product_was_on_a_day(client: FlaskClient, day: str, told: str) -> None:
    assert told in visit(client, f"/chung-nhan/cam-khe-may-2024?ngay={day}").words


@pytest.mark.parametrize("day", ["", "2024-13-01", "x", "05/08/2024"])
def test_a_day_that_is_none_is_not_answered(client: FlaskClient, day: str) -> None:
    page = visit(client, f"/chung-nhan/cam-khe-may-2024?ngay={day}")
    assert "Ngày " not in page.words.split("Xem ngày đó")[1].split("Lịch sử")[0]


def test_a_decision_shows_what_it_gave_and_how_its_authority_is_known(client: FlaskClient) -> None:
    [link] = visit(client, "/chung-nhan?q=2919").soup.select('tbody td a[href^="/chung-nhan/"]')
    page = visit(client, str(link["href"]))
    words = page.words
    assert "Quyết định 2919/QĐ-UBND" in words
    assert "1 giấy theo quyết định này" in words
    assert "05/08/2024" in words
    assert page.soup.select("tbody .plate")


def test_an_unknown_entry_is_not_found(client: FlaskClient) -> None:
    assert client.get("/chung-nhan/khong-co").status_code == 404


def test_english_pages_stay_in_english(client: FlaskClient) -> None:
    page = visit(client, "/en/chung-nhan")
    assert all(str(link["href"]).startswith("/en/") for link in page.soup.select("tbody a"))
