"""Odd scans at the desk: told in words, seen by somebody, and nobody else's business."""

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace import clock
from marketplace.accounts.journal import Deed
from marketplace.catalogue.models import Product
from marketplace.catalogue.report_models import ReportKind
from marketplace.catalogue.reports import Told, open_report
from marketplace.database import db, unit_of_work
from marketplace.traceability.scans.models import ScanAlert, ScanRule
from marketplace.web.scan_words import SCAN_RULES, explain_alert
from tests.factories.office import Desk
from tests.factories.scans import some_packs
from tests.signin.browsing import Browser

PATH = "/van-phong/canh-bao"


@pytest.fixture
def alert(desk: Desk) -> int:
    with unit_of_work() as session:
        product = session.get_one(Product, desk.other_product)
        packs = some_packs(session, product, code="MO-01")
        found = ScanAlert(lot_id=packs.lot.id, rule=ScanRule.FORGED, count=12, raised_at=clock.now())
        session.add(found)
        session.flush()
        return found.id


def seen(alert: int) -> int | None:
    db.session.rollback()
    return db.session.get_one(ScanAlert, alert, populate_existing=True).seen_by


def test_an_alert_explains_itself_and_is_seen_once(alert: int, desk: Desk, office: Browser) -> None:
    page = office.open(PATH)
    assert "Mật ong rừng, lô MO-01" in page.words
    assert "lô này bị quét 12 lần với số tem không phải của lô" in page.words
    assert office.open("/van-phong").soup.select(f'nav a[href="{PATH}"]')
    office.send(f"{PATH}/{alert}")
    assert seen(alert) == desk.officer.id
    page = office.open(PATH)
    assert "đã xem 12:00 21/11/2026" in page.words
    assert not page.soup.select(f'form[action="{PATH}/{alert}"]')
    office.send(f"{PATH}/{alert}")
    deeds = sa.select(sa.func.count()).where(Deed.action == "scan_alert:see")
    assert db.session.scalar(deeds) == 1


def test_alerts_of_other_units_are_not_there(alert: int, desk: Desk, app: Flask) -> None:
    stranger = Browser(app)
    stranger.enter_as(desk.stranger)
    assert "Mật ong" not in stranger.open(PATH).words
    assert stranger.send(f"{PATH}/{alert}", status=404)
    assert seen(alert) is None


def test_an_alert_of_a_product_is_told_and_cleared_with_a_reason(desk: Desk, office: Browser) -> None:
    with unit_of_work() as session:
        found = ScanAlert(
            product_id=desk.other_product, rule=ScanRule.UNKNOWN_LOT, count=6, raised_at=clock.now()
        )
        session.add(found)
        session.flush()
        number = found.id
    assert "sản phẩm này bị quét 6 lần với mã lô không có trong sổ" in office.open(PATH).words
    refused = office.send(f"{PATH}/{number}/go", status=422, **{f"loi-{number}": " "})
    assert "Mời viết lý do" in refused.text
    assert seen(number) is None
    for words in ("Hội chợ quét thử.", "Lần thứ hai."):
        office.send(f"{PATH}/{number}/go", status=303, **{f"loi-{number}": words})
    assert seen(number) == desk.officer.id
    page = office.open(PATH)
    assert "Đã gỡ Hội chợ quét thử." in page.words
    assert not page.soup.select(f'form[action^="{PATH}/{number}"]')
    deeds = sa.select(sa.func.count()).where(Deed.action == "scan_alert:clear")
    assert db.session.scalar(deeds) == 1


def test_no_stranger_clears_an_alert(alert: int, desk: Desk, app: Flask) -> None:
    stranger = Browser(app)
    stranger.enter_as(desk.stranger)
    assert stranger.send(f"{PATH}/{alert}/go", status=404, **{f"loi-{alert}": "Không sao."})


@pytest.mark.usefixtures("app")
def test_every_rule_has_words(desk: Desk) -> None:
    assert set(SCAN_RULES) == set(ScanRule)
    for rule in ScanRule:
        words = explain_alert(ScanAlert(rule=rule, count=7, raised_at=clock.now()))
        assert "7" in words


def test_a_report_of_an_unknown_code_is_answered_by_a_province(
    desk: Desk, office: Browser, app: Flask
) -> None:
    with unit_of_work() as session:
        told = Told(kind=ReportKind.FAKE, words="Tem dẫn tới mã lạ.", code="/t/khong-co")
        number = open_report(session, None, told, clock.now()).id
    assert "/t/khong-co" in office.open("/van-phong/bao-cao").words
    page = office.open(f"/van-phong/bao-cao/{number}")
    assert "/t/khong-co" in page.links()
    assert not page.soup.select('input[value="suspended"]')
    office.send(f"/van-phong/bao-cao/{number}", ket_qua="passed_on", loi="Đã chuyển quản lý thị trường.")
    commune = Browser(app)
    commune.enter_as(desk.commune_officer)
    assert commune.open(f"/van-phong/bao-cao/{number}", status=404)
