"""What counts as a scan, that counting costs the page nothing, and that nobody is known by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import joinedload

from marketplace import clock
from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.database import db, unit_of_work
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.recalls.models import RecallScope
from marketplace.traceability.scans.alerts import clear_alert, see_alert
from marketplace.traceability.scans.models import ScanAlert, ScanDevice, ScanRule, ScanSalt, ScanTally
from marketplace.traceability.scans.tallies import TABLES, forget_old_scans
from tests.catalogue.statements import counted_statements
from tests.conftest import NOON
from tests.factories.accounts import a_person, an_actor
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


@pytest.mark.parametrize(
    ("tail", "rule", "number"),
    [("/21/ABCDEFGHJKMNPQ{:02d}", ScanRule.FORGED, 3), ("/10/KHONG-CO-{}", ScanRule.UNKNOWN_LOT, 5)],
)
def test_what_leads_to_no_lot_raises_an_alert_of_the_product(
    tail: str, rule: ScanRule, number: int, packs: Packs, client: FlaskClient
) -> None:
    for phone in range(number + 1):
        assert alerts() == ({rule: phone} if phone >= number else {})
        scan(client, packs.code.product_code.path + tail.format(phone), phone=phone)
        write_scans(client, NOON)
    assert alerts() == {rule: number + 1}
    [one] = db.session.scalars(sa.select(ScanAlert))
    assert (one.product_id, one.lot_id, one.serial_id) == (packs.product.id, None, None)


def forged(packs: Packs, client: FlaskClient, number: int, day: int = 0) -> ScanAlert:
    with clock.stopped(NOON + day * DAY):
        for phone in range(number):
            scan(client, f"{packs.lot_path}/21/ABCDEFGHJKMNPQ{phone:02d}", phone=phone)
        write_scans(client, NOON + day * DAY)
    return the_alert()


def the_alert() -> ScanAlert:
    db.session.rollback()
    return db.session.scalars(sa.select(ScanAlert), execution_options={"populate_existing": True}).one()


def test_an_alert_that_was_seen_comes_back_when_its_number_doubles(packs: Packs, client: FlaskClient) -> None:
    forged(packs, client, 4)
    seen_by_the_office()
    assert forged(packs, client, 3).seen_at is not None
    again = forged(packs, client, 1)
    assert (again.seen_at, again.count) == (None, 8)


def test_an_alert_that_was_seen_comes_back_when_it_goes_on_for_a_week(
    packs: Packs, client: FlaskClient
) -> None:
    forged(packs, client, 4)
    seen_by_the_office()
    assert forged(packs, client, 3, day=6).seen_at is not None
    again = forged(packs, client, 3, day=7)
    assert (again.seen_at, again.count) == (None, 3)
    assert clock.local_date(again.raised_at) == clock.local_date(NOON + 7 * DAY)


def seen_by_the_office(words: str = "") -> None:
    with unit_of_work() as session:
        actor = an_actor(a_person(session).id, (Scope(ScopeKind.ADMIN_UNIT, 1), Role.PROVINCE_OFFICER))
        alert = session.scalars(sa.select(ScanAlert).options(joinedload(ScanAlert.lot))).one()
        if words:
            clear_alert(session, actor, alert, words, NOON)
        else:
            see_alert(session, actor, alert, NOON)


@pytest.mark.parametrize(("day", "number", "back"), [(0, 9, False), (0, 10, True), (1, 10, True)])
def test_a_label_whose_alert_was_cleared_is_green_until_it_is_copied_anew(
    day: int, number: int, back: bool, packs: Packs, client: FlaskClient
) -> None:
    def opened(phones: range, at: Any) -> str:
        with clock.stopped(at):
            for phone in phones:
                scan(client, packs.path(), phone=phone)
            write_scans(client, at)
            return visit(client, packs.path()).heading

    assert opened(range(10), NOON) == "Cẩn thận với mã này"
    seen_by_the_office("Hội chợ, nhiều khách quét thử một gói.")
    assert visit(client, packs.path()).heading == "Mã tem hợp lệ"
    told = opened(range(100, 100 + number), NOON + day * DAY)
    assert told == ("Cẩn thận với mã này" if back else "Mã tem hợp lệ")


@pytest.mark.parametrize(
    "facts", [{"product_id": "p"}, {"lot_id": "l"}, {"lot_id": "l", "serial_id": "s"}], ids=len
)
def test_the_database_keeps_one_alert_for_each(facts: dict[str, str], packs: Packs) -> None:
    ids = {"p": packs.product.id, "l": packs.lot.id, "s": serial(packs).id}
    row = {name: ids[key] for name, key in facts.items()}
    with unit_of_work() as session:
        session.add(ScanAlert(**row, rule=ScanRule.RATE, count=1, raised_at=NOON))
    with pytest.raises(IntegrityError), unit_of_work() as session:
        session.add(ScanAlert(**row, rule=ScanRule.RATE, count=1, raised_at=NOON))


def test_an_alert_is_of_a_product_or_a_lot(packs: Packs) -> None:
    for row in ({}, {"product_id": packs.product.id, "lot_id": packs.lot.id}):
        with pytest.raises(IntegrityError), unit_of_work() as session:
            session.add(ScanAlert(**row, rule=ScanRule.RATE, count=1, raised_at=NOON))


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
    assert "tallies wait for the database" in caplog.text
    with clock.stopped(NOON + timedelta(minutes=2)):
        assert waiting.write_when_due(clock.now()) is True
    assert tallies() == {(True, "serial_good"): 1}
