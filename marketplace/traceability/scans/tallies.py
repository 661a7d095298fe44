"""Scans of printed codes: counted in memory, written in batches after answers.

Nothing is known of who scanned. Devices are told apart within a day by a hash with that day's salt, which is
deleted when the day is over; a place is the province that a shopper picks, never one guessed.
"""

import hashlib
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import unit_of_work
from marketplace.tallying import Counted, Tallies, add_up
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.scans.alerts import LOTLESS, raise_alerts
from marketplace.traceability.scans.models import ScanAlert, ScanDevice, ScanSalt, ScanTally
from marketplace.upsert import insert_into

TABLES = tuple(model.__tablename__ for model in (ScanTally, ScanDevice, ScanSalt, SerialCode, ScanAlert))
"""The tables that opening a trace page may write to, by way of this module."""
NOWHERE = 0
"""Stands for no lot, and for the province of a shopper who picked none."""
MOST_CODES = 5_000
"""How many different scans one process remembers until it writes; what comes on top is not counted."""
TALLIED_BY = ("day", "product_id", "lot_id", "verdict", "province_id")
DEVICES_KEPT = timedelta(days=31)
TALLIES_KEPT_MONTHS = 25


@dataclass(frozen=True, slots=True)
class Scan:
    """What was opened and what was answered: ids of the product, its lot and serial, if any."""

    product_id: int
    verdict: str
    lot_id: int | None = None
    serial_id: int | None = None
    province_id: int = NOWHERE


class ScanTallies(Tallies):
    """What one process has counted since it last wrote; devices are kept as they came that long alone."""

    def __init__(self) -> None:
        super().__init__("scans", "devices")

    def note(self, scan: Scan, device: str, at: datetime) -> None:
        """Count a scan; the device is remembered for codes of single packs alone."""
        day = clock.local_date(at)
        self.count("scans", (day, scan), MOST_CODES, at)
        if scan.serial_id is not None:
            self.count("devices", (day, scan.serial_id, device), MOST_CODES, at)

    def write(self, session: Session, counted: Counted, at: datetime) -> None:
        """Write counted scans, and what they make one suspect."""
        _write_scans(session, counted["scans"], counted["devices"], at)


def _write_scans(
    session: Session,
    scans: Counter[tuple[date, Scan]],
    devices: Counter[tuple[date, int, str]],
    at: datetime,
) -> None:
    """Write counted scans and what they make one suspect, in the order of keys."""
    tallied: Counter[tuple[Any, ...]] = Counter()
    for (day, scan), number in scans.items():
        key = (day, scan.product_id, scan.lot_id or NOWHERE, scan.verdict, scan.province_id)
        tallied[key] += number
    add_up(session, ScanTally, TALLIED_BY, "count", tallied)
    _write_devices(session, devices, at)
    lots = {scan.lot_id for _, scan in scans if scan.lot_id is not None}
    serials = {scan.serial_id for _, scan in scans if scan.serial_id is not None}
    products = {scan.product_id for _, scan in scans if scan.lot_id is None and scan.verdict in LOTLESS}
    raise_alerts(session, lots, serials, products, at)


def note_province(session: Session, scan: Scan, at: datetime) -> None:
    """Write down in which province a shopper says to have scanned: a count more, and nothing of who."""
    key = (clock.local_date(at), scan.product_id, scan.lot_id or NOWHERE, scan.verdict, scan.province_id)
    add_up(session, ScanTally, TALLIED_BY, "count", Counter([key]))


def forget_scans_of(session: Session, lot_id: int) -> None:
    """Delete the tallies of a lot that is deleted: its number may come back."""
    session.execute(sa.delete(ScanTally).where(ScanTally.lot_id == lot_id))


def forget_old_scans() -> None:
    """Delete the salts of days that are over, devices after a month and tallies after 25; a periodic duty."""
    today = clock.today()
    tallied_from = clock.add_months(today.replace(day=1), -TALLIES_KEPT_MONTHS)
    with unit_of_work() as session:
        session.execute(sa.delete(ScanSalt).where(ScanSalt.day < today))
        session.execute(sa.delete(ScanDevice).where(ScanDevice.day < today - DEVICES_KEPT))
        session.execute(sa.delete(ScanTally).where(ScanTally.day < tallied_from))


def _write_devices(session: Session, devices: Counter[tuple[date, int, str]], at: datetime) -> None:
    """Write devices under their hashes; those new that day count as one more opening of their code."""
    if not devices:
        return
    salts = {day: _salt_of(session, day) for day in sorted({day for day, _, _ in devices})}
    hashed: Counter[tuple[Any, ...]] = Counter()
    for (day, serial_id, device), number in devices.items():
        digest = hashlib.sha256(f"{salts[day]}\0{device}".encode()).hexdigest()[:32]
        hashed[serial_id, day, digest] += number
    known = _known_devices(session, hashed)
    add_up(session, ScanDevice, ("serial_id", "day", "device"), "count", hashed)
    fresh = Counter(serial_id for serial_id, day, digest in hashed if (serial_id, day, digest) not in known)
    by_number: dict[int, list[int]] = defaultdict(list)
    for serial_id in sorted({serial_id for serial_id, _, _ in hashed}):
        by_number[fresh[serial_id]].append(serial_id)
    for number, serial_ids in sorted(by_number.items()):
        session.execute(_seen(serial_ids, number, at))


def _seen(serial_ids: list[int], number: int, at: datetime) -> sa.Update:
    return (
        sa.update(SerialCode)
        .where(SerialCode.id.in_(serial_ids))
        .values(
            seen=SerialCode.seen + number,
            first_seen_at=sa.func.coalesce(SerialCode.first_seen_at, at),
            last_seen_at=at,
        )
        .execution_options(synchronize_session=False)
    )


def _known_devices(session: Session, keys: Iterable[tuple[Any, ...]]) -> set[tuple[Any, ...]]:
    """Return those keys that are in the table already; their serials are locked first."""
    serial_ids = sorted({serial_id for serial_id, _, _ in keys})
    days = {day for _, day, _ in keys}
    locked = sa.select(SerialCode.id).where(SerialCode.id.in_(serial_ids)).order_by(SerialCode.id)
    session.execute(locked.with_for_update())
    wanted = sa.select(ScanDevice.serial_id, ScanDevice.day, ScanDevice.device).where(
        ScanDevice.serial_id.in_(serial_ids), ScanDevice.day.in_(days)
    )
    return {tuple(row) for row in session.execute(wanted)}


def _salt_of(session: Session, day: date) -> str:
    """Return the salt of a day, the same for every process."""
    fresh = insert_into(session, ScanSalt).values(day=day, salt=secrets.token_hex(32))
    session.execute(fresh.on_conflict_do_nothing(index_elements=["day"]))
    return session.execute(sa.select(ScanSalt.salt).where(ScanSalt.day == day)).scalar_one()
