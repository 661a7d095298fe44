"""Scans of printed codes: counted in memory, written in batches after answers.

Nothing is known of who scanned. Devices are told apart within a day by a hash with that day's salt, which is
deleted when the day is over; a place is the province that a shopper picks, never one guessed.
"""

import hashlib
import logging
import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from threading import Lock
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.database import Base, unit_of_work
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.scans.alerts import LOTLESS, raise_alerts
from marketplace.traceability.scans.models import ScanAlert, ScanDevice, ScanSalt, ScanTally

log = logging.getLogger(__name__)

WRITE_EVERY = timedelta(seconds=30)
TABLES = tuple(model.__tablename__ for model in (ScanTally, ScanDevice, ScanSalt, SerialCode, ScanAlert))
"""The tables that opening a trace page may write to, by way of this module."""
NOWHERE = 0
"""Stands for no lot, and for the province of a shopper who picked none."""
MOST_CODES = 5_000
"""How many different scans one process remembers until it writes; what comes on top is not counted."""
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


class ScanTallies:
    """What one process has counted since it last wrote; devices are kept as they came that long alone."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scans: Counter[tuple[date, Scan]] = Counter()
        self._devices: Counter[tuple[date, int, str]] = Counter()
        self._since: datetime | None = None

    def note(self, scan: Scan, device: str, at: datetime) -> None:
        """Count a scan; the device is remembered for codes of single packs alone."""
        day = clock.local_date(at)
        with self._lock:
            self._since = self._since or at
            _count(self._scans, (day, scan))
            if scan.serial_id is not None:
                _count(self._devices, (day, scan.serial_id, device))

    def is_due(self, at: datetime) -> bool:
        """Say whether something has waited long enough to be written."""
        return self._since is not None and at - self._since >= WRITE_EVERY

    def write_when_due(self, at: datetime) -> bool:
        """Write what was counted, in a unit of work of its own, when it has waited long enough.

        While the database is away or busy it is kept and tried again later.
        """
        with self._lock:
            if not self.is_due(at):
                return False
            scans, devices = self._scans, self._devices
            self._scans, self._devices, self._since = Counter(), Counter(), None
        try:
            with unit_of_work() as session:
                write_scans(session, scans, devices, at)
        except OperationalError as error:
            log.warning("scans wait for the database: %s", type(error.orig).__name__)
            with self._lock:
                self._scans.update(scans)
                self._devices.update(devices)
                self._since = at
            return False
        return True


def write_scans(
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
    _add(session, ScanTally, ("day", "product_id", "lot_id", "verdict", "province_id"), tallied)
    _write_devices(session, devices, at)
    lots = {scan.lot_id for _, scan in scans if scan.lot_id is not None}
    serials = {scan.serial_id for _, scan in scans if scan.serial_id is not None}
    products = {scan.product_id for _, scan in scans if scan.lot_id is None and scan.verdict in LOTLESS}
    raise_alerts(session, lots, serials, products, at)


def note_province(session: Session, scan: Scan, at: datetime) -> None:
    """Write down in which province a shopper says to have scanned: a count more, and nothing of who."""
    key = (clock.local_date(at), scan.product_id, scan.lot_id or NOWHERE, scan.verdict, scan.province_id)
    _add(session, ScanTally, ("day", "product_id", "lot_id", "verdict", "province_id"), Counter([key]))


def forget_old_scans() -> None:
    """Delete the salts of days that are over, devices after a month and tallies after 25; a periodic duty."""
    today = clock.today()
    tallied_from = clock.add_months(today.replace(day=1), -TALLIES_KEPT_MONTHS)
    with unit_of_work() as session:
        session.execute(sa.delete(ScanSalt).where(ScanSalt.day < today))
        session.execute(sa.delete(ScanDevice).where(ScanDevice.day < today - DEVICES_KEPT))
        session.execute(sa.delete(ScanTally).where(ScanTally.day < tallied_from))


def _count(counter: Counter[Any], key: Any) -> None:
    if key in counter or len(counter) < MOST_CODES:
        counter[key] += 1


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
    _add(session, ScanDevice, ("serial_id", "day", "device"), hashed)
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
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = insert(ScanSalt).values(day=day, salt=secrets.token_hex(32))
    session.execute(fresh.on_conflict_do_nothing(index_elements=["day"]))
    return session.execute(sa.select(ScanSalt.salt).where(ScanSalt.day == day)).scalar_one()


def _add(
    session: Session, model: type[Base], key: tuple[str, ...], counted: Counter[tuple[Any, ...]]
) -> None:
    """Add numbers to the rows of their keys, which may not be there yet."""
    if not counted:
        return
    rows = [{**dict(zip(key, one, strict=True)), "count": counted[one]} for one in sorted(counted)]
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    fresh = postgresql.insert(model) if on_postgresql else sqlite.insert(model)
    own = sa.inspect(model).local_table.columns["count"]
    session.execute(
        fresh.on_conflict_do_update(index_elements=list(key), set_={"count": own + fresh.excluded["count"]}),
        rows,
    )
