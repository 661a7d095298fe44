"""Alerts: a rule that scans of a code broke, raised once, its number kept up, and seen by somebody."""

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.scans.models import ScanAlert, ScanDevice, ScanRule, ScanTally
from marketplace.traceability.scans.rules import (
    SPREAD_WITHIN,
    LotScans,
    SerialScans,
    of_lot,
    of_serial,
)

FORGED = "forged"
"""The answer that a forged serial is given, as tallies name it."""

ALERTS_LOCK = 5_021_101
"""The number of the lock that whoever raises alerts holds on PostgreSQL."""

Broken = dict[tuple[int, int | None, ScanRule], int]
"""The numbers that broke rules, by lot, serial and rule."""


def raise_alerts(
    session: Session, lot_ids: Collection[int], serial_ids: Collection[int], at: datetime
) -> None:
    """Raise alerts for the lots and serials that were just scanned, where their scans break a rule."""
    broken = _broken_by_serials(session, serial_ids, at) | _broken_by_lots(session, lot_ids, at)
    if not broken:
        return
    _one_at_a_time(session)
    known = {
        (one.lot_id, one.serial_id, one.rule): one
        for one in session.scalars(
            sa.select(ScanAlert).where(ScanAlert.lot_id.in_({lot_id for lot_id, _, _ in broken}))
        )
    }
    for (lot_id, serial_id, rule), number in broken.items():
        alert = known.get((lot_id, serial_id, rule))
        if alert is None:
            session.add(ScanAlert(lot_id=lot_id, serial_id=serial_id, rule=rule, count=number, raised_at=at))
        else:
            alert.count = max(alert.count, number)


def _one_at_a_time(session: Session) -> None:
    """Let no two processes raise the same alert; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ALERTS_LOCK)))


def see_alert(session: Session, actor: Actor, alert: ScanAlert, at: datetime) -> None:
    """Note who has looked at an alert; whoever comes second changes nothing."""
    if alert.seen_at is not None:
        return
    alert.seen_at, alert.seen_by = at, actor.person_id
    org = Scope(ScopeKind.PRODUCER, alert.lot.producer_id)
    data = {"rule": alert.rule, "lot_id": alert.lot_id, "serial_id": alert.serial_id}
    journal.record(session, actor, "scan_alert:see", "scan_alert", alert.id, org, at=at, data=data)


def list_alerts(session: Session, *where: sa.ColumnElement[bool], most: int = 100) -> list[ScanAlert]:
    """Return alerts with lot, product, producer and serial, those nobody has seen first, then the newest.

    Conditions may be on ScanAlert, Lot and the product of the lot.
    """
    lot = joinedload(ScanAlert.lot)
    wanted = (
        sa.select(ScanAlert)
        .join(Lot, Lot.id == ScanAlert.lot_id)
        .outerjoin(Lot.product)
        .where(*where)
        .options(lot.joinedload(Lot.product), lot.joinedload(Lot.producer), joinedload(ScanAlert.serial))
        .order_by(ScanAlert.seen_at.is_not(None), ScanAlert.raised_at.desc(), ScanAlert.id.desc())
        .limit(most)
    )
    return list(session.scalars(wanted))


def _broken_by_serials(session: Session, serial_ids: Collection[int], at: datetime) -> Broken:
    if not serial_ids:
        return {}
    today = clock.local_date(at)
    devices = sa.func.count(ScanDevice.device)
    scanned = (
        sa.select(
            SerialCode.id,
            SerialCode.lot_id,
            SerialCode.state,
            sa.func.sum(sa.case((ScanDevice.day == today, 1), else_=0)),
            devices,
            sa.func.count(sa.distinct(ScanDevice.day)),
        )
        .join(ScanDevice, ScanDevice.serial_id == SerialCode.id)
        .where(SerialCode.id.in_(serial_ids), ScanDevice.day > today - SPREAD_WITHIN)
        .group_by(SerialCode.id, SerialCode.lot_id, SerialCode.state)
    )
    return {
        (lot_id, serial_id, rule): number
        for serial_id, lot_id, state, *numbers in session.execute(scanned)
        for rule, number in of_serial(SerialScans(state, *numbers))
    }


def _broken_by_lots(session: Session, lot_ids: Collection[int], at: datetime) -> Broken:
    if not lot_ids:
        return {}
    forged = sa.case((ScanTally.verdict == FORGED, ScanTally.count), else_=0)
    scanned = (
        sa.select(Lot.id, Lot.recalled_at, Lot.gone_at, sa.func.sum(ScanTally.count), sa.func.sum(forged))
        .join(ScanTally, sa.and_(ScanTally.lot_id == Lot.id, ScanTally.product_id == Lot.product_id))
        .where(Lot.id.in_(lot_ids), ScanTally.day == clock.local_date(at), ScanTally.province_id == 0)
        .group_by(Lot.id, Lot.recalled_at, Lot.gone_at)
    )
    return {
        (lot_id, None, rule): number
        for lot_id, recalled_at, gone_at, today, bad in session.execute(scanned)
        for rule, number in of_lot(LotScans(int(today), int(bad), recalled_at, gone_at), at)
    }


def count_scans_of_lot(session: Session, lot_id: int, since: date) -> int:
    """Return how often codes of a lot were opened since a day."""
    counted = sa.select(sa.func.sum(ScanTally.count)).where(
        ScanTally.lot_id == lot_id, ScanTally.day >= since, ScanTally.province_id == 0
    )
    return int(session.scalar(counted) or 0)
