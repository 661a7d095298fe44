"""What counts as a scan, that counting costs the page nothing, and that nobody is known by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from marketplace import clock
from marketplace.database import db, unit_of_work
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.recalls.models import RecallScope
from marketplace.traceability.scans.models import ScanAlert, ScanDevice, ScanRule, ScanSalt, ScanTally
from marketplace.traceability.scans.tallies import TABLES, forget_old_scans
from tests.catalogue.statements import counted_statements
from tests.conftest import NOON
from tests.factories.places import make_province
from tests.factories.recalls import a_recall
from tests.factories.scans import PHONE, Packs, scan, some_packs, write_scans
from tests.pages import visit

DAY = timedelta(days=1)
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def packs(app: Flask) -> Packs:
    with unit_of_work() as session:
        return some_packs(session, count=5)


def tallies() -> dict[tuple[bool, str], int]:
    db.session.rollback()
    rows = db.session.scalars(sa.select(ScanTally))
    return {(bool(row.lot_id), row.verdict): row.count for row in rows}


def alerts() -> dict[ScanRule, int]:
    db.session.rollback()
    return {one.rule: one.count for one in db.session.scalars(sa.select(ScanAlert))}


def test_fresh_kept_and_confirmed_pages_count_alike(packs: Packs, client: FlaskClient) -> None:
    first = scan(client, packs.lot_path)
    scan(client, packs.lot_path, phone=2)
    assert scan(client, packs.lot_path, If_None_Match=first.headers["ETag"]).status_code == 304
    scan(client, f"/en{packs.lot_path}")
    scan(client, packs.code.product_code.path)
    write_scans(client, NOON)
    assert tallies() == {(True, "lot_good"): 4, (False, "good"): 1}


@pytest.mark.parametrize(
    "headers",
    [
        {"User-Agent": ""},
        {"User-Agent": "curl/8.5"},
        {"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
        {"User-Agent": PHONE, "Sec-Purpose": "prefetch"},
        {"User-Agent": PHONE, "Sec-Fetch-Dest": "empty"},
    ],
)
def test_programs_and_pages_fetched_ahead_do_not_count(
    headers: dict[str, str], packs: Packs, client: FlaskClient
) -> None:
    client.get(packs.path(), headers=headers)
    client.head(packs.path(), headers={"User-Agent": PHONE})
    scan(client, "/t/khong-co")
    scan(client, "/t")
    scan(client, f"/truy-xuat/chuoi{packs.lot_path}")
    write_scans(client, NOON)
    assert tallies() == {}


def test_counting_takes_no_statement_and_writing_comes_after_the_answer(
    packs: Packs, client: FlaskClient
) -> None:
    scan(client, packs.path())
    with counted_statements() as sent:
        scan(client, packs.path())
    assert all(one.startswith(("SELECT", "WITH")) for one in sent)
    with clock.stopped(NOON + timedelta(minutes=1)), counted_statements() as sent:
        answer = client.get("/healthz", buffered=False)
        assert sent == []
        answer.close()
    written = {one.split()[2] for one in sent if one.startswith("INSERT")}
    written |= {one.split()[1] for one in sent if one.startswith("UPDATE")}
    assert written <= set(TABLES)
    assert {"scan_tally", "scan_device", "scan_salt", "serial_code"} <= written


def test_a_phone_counts_once_a_day_for_a_pack(packs: Packs, client: FlaskClient) -> None:
    for phone in (1, 1, 2, 1):
        scan(client, packs.path(), phone=phone)
    write_scans(client, NOON)
    scan(client, packs.path(), phone=1)
    write_scans(client, NOON)
    row = serial(packs)
    assert (row.seen, row.first_seen_at) == (2, NOON + timedelta(minutes=1))
    with clock.stopped(NOON + DAY):
        scan(client, packs.path(), phone=1)
        write_scans(client, NOON + DAY)
    row = serial(packs)
    assert (row.seen, row.first_seen_at) == (3, NOON + timedelta(minutes=1))
    assert row.last_seen_at == NOON + DAY + timedelta(minutes=1)


@pytest.mark.parametrize("address", ["10.0.0.1", "2001:db8::{}"])
def test_one_who_changes_browsers_or_addresses_does_not_turn_a_label_amber(
    address: str, packs: Packs, client: FlaskClient
) -> None:
    for number in range(12):
        told = {"User-Agent": f"{PHONE} Made/{number}"}
        client.get(packs.path(), headers=told, environ_base={"REMOTE_ADDR": address.format(number)})
    write_scans(client, NOON)
    assert serial(packs).seen == 1
    assert visit(client, packs.path()).heading == "Mã tem hợp lệ"


def serial(packs: Packs, number: int = 1) -> SerialCode:
    db.session.rollback()
    of = (SerialCode.lot_id == packs.lot.id, SerialCode.number == number)
    return db.session.scalars(
        sa.select(SerialCode).where(*of), execution_options={"populate_existing": True}
    ).one()


def test_nothing_leads_from_what_is_kept_to_a_phone(packs: Packs, client: FlaskClient) -> None:
    for day in (0, 1):
        with clock.stopped(NOON + day * DAY):
            scan(client, packs.path(), phone=7)
            scan(client, packs.path(1), phone=7)
            write_scans(client, NOON + day * DAY)
    with clock.stopped(NOON + DAY):
        forget_old_scans()
    db.session.rollback()
    devices = db.session.scalars(sa.select(ScanDevice)).all()
    assert len({(one.day, one.device) for one in devices}) == 2
    assert all("10.0.0.7" not in one.device and len(one.device) == 32 for one in devices)
    assert [one.day for one in db.session.scalars(sa.select(ScanSalt))] == [clock.local_date(NOON + DAY)]


def test_old_figures_are_let_go(packs: Packs, client: FlaskClient) -> None:
    scan(client, packs.path())
    write_scans(client, NOON)
    for days, devices, counted in ((31, 1, 1), (32, 0, 1), (800, 0, 0)):
        with clock.stopped(NOON + days * DAY):
            forget_old_scans()
        db.session.rollback()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ScanDevice)) == devices
        assert len(tallies()) == counted


def test_a_province_is_counted_when_it_is_picked(packs: Packs, client: FlaskClient) -> None:
    with unit_of_work() as session:
        province = make_province(session)
    path = f"/truy-xuat/noi-quet{packs.lot_path}"
    assert path in visit(client, packs.path()).links()
    page = visit(client, path)
    assert page.soup.select('select[name="tinh"] option[value="ha-tinh"]')
    assert client.post(path, data={"tinh": "khong-co"}, headers=SAME_ORIGIN).status_code == 422
    answer = client.post(path, data={"tinh": "ha-tinh"}, headers=SAME_ORIGIN)
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers
    db.session.rollback()
    [row] = db.session.scalars(sa.select(ScanTally))
    assert (row.province_id, row.lot_id, row.count) == (province.id, packs.lot.id, 1)
    assert client.post(path, data={"tinh": "ha-tinh"}).status_code == 403


def test_provinces_are_picked_so_often_and_no_more(packs: Packs, client: FlaskClient) -> None:
    with unit_of_work() as session:
        make_province(session)
    path = f"/truy-xuat/noi-quet{packs.lot_path}"
    for _ in range(20):
        assert client.post(path, data={"tinh": "ha-tinh"}, headers=SAME_ORIGIN).status_code == 200
    assert client.post(path, data={"tinh": "ha-tinh"}, headers=SAME_ORIGIN).status_code == 429


def test_many_phones_over_days_raise_an_alert(packs: Packs, client: FlaskClient) -> None:
    for day in range(3):
        with clock.stopped(NOON + day * DAY):
            for phone in range(7):
                scan(client, packs.path(), phone=phone)
            write_scans(client, NOON + day * DAY)
    assert alerts() == {ScanRule.SPREAD: 21}
    page = visit(client, packs.path())
    assert page.heading == "Cẩn thận với mã này"
    assert "Trong 30 ngày, mã tem này được mở 21 lượt" in page.words


def test_labels_that_should_be_on_no_pack_raise_alerts(app: Flask, client: FlaskClient) -> None:
    with unit_of_work() as session:
        unused = some_packs(session, active=False)
    for phone in range(3):
        assert alerts() == {}
        scan(client, unused.path(), phone=phone)
        write_scans(client, NOON)
    assert alerts() == {ScanRule.BEFORE_ACTIVATION: 3}


def test_forged_serials_of_a_lot_raise_one_alert_that_keeps_up(packs: Packs, client: FlaskClient) -> None:
    for number in range(5):
        scan(client, f"{packs.lot_path}/21/ABCDEFGHJKMNPQ{number:02d}", phone=number)
        write_scans(client, NOON)
    assert alerts() == {ScanRule.FORGED: 5}


def test_a_recalled_lot_that_is_still_scanned_raises_an_alert(packs: Packs, client: FlaskClient) -> None:
    a_recall(RecallScope.LOT, packs.lot.id)
    scan(client, packs.path())
    write_scans(client, NOON)
    assert alerts() == {ScanRule.AFTER_RECALL: 1}


def test_a_lot_sold_out_long_ago_that_is_much_scanned_raises_an_alert(
    packs: Packs, client: FlaskClient
) -> None:
    with unit_of_work() as session:
        session.merge(packs.lot).gone_at = NOON - 31 * DAY
    page = visit(client, packs.lot_path)
    assert page.heading == "Lô đã bán hết"
    for phone in range(20):
        scan(client, packs.lot_path, phone=phone)
    write_scans(client, NOON)
    assert alerts() == {ScanRule.SOLD_OUT: 20}


@contextmanager
def locked_out() -> Iterator[None]:
    """Have the database refuse tallies as a busy one does."""

    def refuse(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.startswith("INSERT INTO scan_tally"):
            raise OperationalError(statement, {}, Exception("database is locked"))

    sa.event.listen(db.engine, "before_cursor_execute", refuse)
    try:
        yield
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", refuse)


def test_what_waits_stays_while_the_database_is_busy(
    packs: Packs, client: FlaskClient, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    scan(client, packs.path())
    waiting = app.extensions["scan_tallies"]
    with clock.stopped(NOON + timedelta(minutes=1)), locked_out():
        assert waiting.write_when_due(clock.now()) is False
    assert "scans wait for the database" in caplog.text
    with clock.stopped(NOON + timedelta(minutes=2)):
        assert waiting.write_when_due(clock.now()) is True
    assert tallies() == {(True, "serial_good"): 1}
