"""Holidays in the workspace."""

from datetime import date, timedelta
from typing import Any

import pytest

from marketplace import clock
from marketplace.database import db
from marketplace.producers.models import Producer
from tests.workspace.conftest import Shop

FORM: dict[str, Any] = {"tu_ngay": "2026-11-21", "den_ngay": "25/11/2026", "loi_nhan": "Nghỉ giỗ tổ"}


def kept(shop: Shop) -> Producer:
    db.session.rollback()
    return db.session.get_one(Producer, shop.producer.id)


def test_a_holiday_is_planned_seen_and_ended(shop: Shop) -> None:
    at = f"{shop.base}/nghi"
    assert shop.staff_browser.open(at).one("#tu_ngay")["value"] == "2026-11-21"
    shop.staff_browser.send(at, **FORM)
    producer = kept(shop)
    assert (producer.holiday_from, producer.holiday_until) == (date(2026, 11, 21), date(2026, 11, 25))
    page = shop.staff_browser.open(at)
    assert page.heading == "Đang nghỉ bán"
    assert "nhận đơn lại từ ngày 26/11/2026" in page.words
    assert page.one("#den_ngay")["value"] == "2026-11-25"
    assert page.one("#loi_nhan")["value"] == "Nghỉ giỗ tổ"
    shop.staff_browser.send(f"{at}/mo-lai")
    assert kept(shop).holiday_until is None
    assert shop.staff_browser.open(at).heading == "Nghỉ bán vài ngày"


def test_one_to_come_is_told_and_one_that_is_over_is_forgotten(shop: Shop) -> None:
    at = f"{shop.base}/nghi"
    shop.browser.send(at, **{**FORM, "tu_ngay": "2026-11-24"})
    assert shop.browser.open(at).heading == "Sắp nghỉ bán"
    with clock.stopped(clock.now() + timedelta(days=5)):
        shop.browser.enter_as(shop.owner)
        page = shop.browser.open(at)
    assert page.heading == "Nghỉ bán vài ngày"
    assert page.one("#den_ngay")["value"] == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tu_ngay": ""}, "tu_ngay"),
        ({"tu_ngay": "31/02/2026"}, "tu_ngay"),
        ({"den_ngay": "hôm nay"}, "den_ngay"),
        ({"den_ngay": "9999-12-31"}, "den_ngay"),
        ({"den_ngay": "2026-11-20"}, "den_ngay"),
        ({"den_ngay": "2028-11-20"}, "den_ngay"),
        ({"loi_nhan": "a" * 201}, "loi_nhan"),
    ],
)
def test_what_is_wrong_is_named(shop: Shop, changes: dict[str, Any], field: str) -> None:
    answer = shop.browser.send(f"{shop.base}/nghi", 422, **{**FORM, **changes})
    assert f'href="#{field}"' in answer.text
    assert kept(shop).holiday_until is None


def test_a_rival_closes_no_shop(shop: Shop, rival: Shop) -> None:
    rival.browser.open(f"{shop.base}/nghi", 404)
    rival.browser.send(f"{shop.base}/nghi", 404, **FORM)
    rival.browser.send(f"{shop.base}/nghi/mo-lai", 404)
    assert kept(shop).holiday_until is None
