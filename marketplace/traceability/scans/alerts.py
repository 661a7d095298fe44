"""Alerts: a rule that scans of a code broke, raised once, its number kept up, and seen by somebody."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts import journal
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.text import clean
from marketplace.traceability.codes.models import SerialCode
from marketplace.traceability.errors import InvalidClearing
from marketplace.traceability.lots.models import Lot
from marketplace.traceability.scans.models import ScanAlert, ScanDevice, ScanRule, ScanTally
from marketplace.traceability.scans.rules import (
    SPREAD_WITHIN,
    LotScans,
    SerialScans,
    comes_back,
    of_lot,
    of_product,
    of_serial,
)

FORGED = "forged"
UNKNOWN_LOT = "lot_not_ours"
LOTLESS = frozenset({FORGED, UNKNOWN_LOT})
"""The answers that a forged serial and a made-up lot are given, as tallies name them."""
LONGEST_WORDS = 500

ALERTS_LOCK = 5_021_101
"""The number of the lock that whoever raises alerts holds on PostgreSQL."""

Broken = dict[tuple[int | None, int | None, int | None, ScanRule], int]
"""The numbers that broke rules, by product (where it has no known lot), lot, serial and rule."""


def raise_alerts(
    session: Session,
    lot_ids: Collection[int],
    serial_ids: Collection[int],
    product_ids: Collection[int],
    at: datetime,
) -> None:
    """Raise alerts where scans just made break a rule; those of `product_ids` led to no known lot."""
    broken = _broken_by_serials(session, serial_ids, at) | _broken_by_lots(session, lot_ids, at)
    broken |= _broken_by_products(session, product_ids, at)
    if not broken:
        return
    _one_at_a_time(session)
    known = _known(session, broken)
    for (product_id, lot_id, serial_id, rule), number in broken.items():
        alert = known.get((product_id, lot_id, serial_id, rule))
        if alert is None:
            of = {"product_id": product_id, "lot_id": lot_id, "serial_id": serial_id}
            session.add(ScanAlert(**of, rule=rule, count=number, raised_at=at))
        elif comes_back(alert, number, clock.local_date(at)):
            _raise_again(alert, number, at)
        else:
            alert.count = max(alert.count, number)


def _known(session: Session, broken: Broken) -> dict[tuple[Any, ...], ScanAlert]:
    of_products = ScanAlert.product_id.in_({key[0] for key in broken if key[0] is not None})
    of_lots = ScanAlert.lot_id.in_({key[1] for key in broken if key[1] is not None})
    found = session.scalars(sa.select(ScanAlert).where(sa.or_(of_products, of_lots)))
    return {(one.product_id, one.lot_id, one.serial_id, one.rule): one for one in found}


def _raise_again(alert: ScanAlert, number: int, at: datetime) -> None:
    alert.count, alert.raised_at = number, at
    alert.seen_at = alert.seen_by = alert.seen_count = None
    alert.cleared_at = alert.clear_words = None


def _one_at_a_time(session: Session) -> None:
    """Let no two processes raise the same alert; SQLite has one writer anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(ALERTS_LOCK)))


def see_alert(session: Session, actor: Actor, alert: ScanAlert, at: datetime) -> None:
    """Note who has looked at an alert; whoever comes second changes nothing."""
    if alert.seen_at is not None:
        return
    alert.seen_at, alert.seen_by, alert.seen_count = at, actor.person_id, alert.count
    _record(session, actor, "scan_alert:see", alert, at)


def clear_alert(session: Session, actor: Actor, alert: ScanAlert, words: str, at: datetime) -> None:
    """Note that nothing is wrong, and why: shoppers are warned no more until the rule is broken anew.

    Raises InvalidClearing for words that are missing or too long. What is cleared stays as it was.
    """
    reason = clean(words)
    if not 0 < len(reason) <= LONGEST_WORDS:
        raise InvalidClearing(field="words", longest=LONGEST_WORDS)
    if alert.cleared_at is not None:
        return
    alert.seen_at, alert.seen_by, alert.seen_count = at, actor.person_id, alert.count
    alert.cleared_at, alert.clear_words = at, reason
    _record(session, actor, "scan_alert:clear", alert, at)


def _record(session: Session, actor: Actor, deed: str, alert: ScanAlert, at: datetime) -> None:
    goods = alert.lot or alert.product
    producer_id = goods.producer_id if goods is not None else None
    org = Scope(ScopeKind.PRODUCER, producer_id) if producer_id is not None else None
    data = {
        "rule": alert.rule,
        "product_id": alert.product_id,
        "lot_id": alert.lot_id,
        "serial_id": alert.serial_id,
        "count": alert.count,
    }
    journal.record(session, actor, deed, "scan_alert", alert.id, org, at=at, data=data)


def list_alerts(session: Session, *where: sa.ColumnElement[bool], most: int = 100) -> list[ScanAlert]:
    """Return alerts with lot, product, producer and serial, those nobody has seen first, then the newest.

    Conditions may be on ScanAlert, Lot and the product, of the lot or by itself.
    """
    lot, product = joinedload(ScanAlert.lot), joinedload(ScanAlert.product).joinedload(Product.producer)
    wanted = (
        sa.select(ScanAlert)
        .outerjoin(Lot, Lot.id == ScanAlert.lot_id)
        .outerjoin(Product, Product.id == sa.func.coalesce(ScanAlert.product_id, Lot.product_id))
        .where(*where)
        .options(lot.joinedload(Lot.product), lot.joinedload(Lot.producer), product)
        .options(joinedload(ScanAlert.serial))
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
        (None, lot_id, serial_id, rule): number
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
        (None, lot_id, None, rule): number
        for lot_id, recalled_at, gone_at, today, bad in session.execute(scanned)
        for rule, number in of_lot(LotScans(int(today), int(bad), recalled_at, gone_at), at)
    }


def _broken_by_products(session: Session, product_ids: Collection[int], at: datetime) -> Broken:
    if not product_ids:
        return {}
    forged, unknown = (
        sa.func.sum(sa.case((ScanTally.verdict == one, ScanTally.count), else_=0))
        for one in (FORGED, UNKNOWN_LOT)
    )
    scanned = (
        sa.select(ScanTally.product_id, forged, unknown)
        .where(ScanTally.product_id.in_(product_ids), ScanTally.lot_id == 0, ScanTally.province_id == 0)
        .where(ScanTally.day == clock.local_date(at))
        .group_by(ScanTally.product_id)
    )
    return {
        (product_id, None, None, rule): number
        for product_id, *numbers in session.execute(scanned)
        for rule, number in of_product(*map(int, numbers))
    }


def count_scans_of_lot(session: Session, lot_id: int, since: date) -> int:
    """Return how often codes of a lot were opened since a day."""
    counted = sa.select(sa.func.sum(ScanTally.count)).where(
        ScanTally.lot_id == lot_id, ScanTally.day >= since, ScanTally.province_id == 0
    )
    return int(session.scalar(counted) or 0)
