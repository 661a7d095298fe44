"""What makes scans suspicious, as plain rules on plain numbers; pages and the office tell them in words.

A device counts once a day for a code, however often it opens it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from marketplace.clock import local_date
from marketplace.traceability.codes.models import SerialState
from marketplace.traceability.scans.models import ScanAlert, ScanRule

DEVICES_A_DAY = 10
"""So many devices open the code of one pack in a day: a family and its guests do not."""
DEVICES_IN_ALL, OVER_DAYS = 20, 3
"""So many devices within `SPREAD_WITHIN`, on so many days at least."""
SPREAD_WITHIN = timedelta(days=30)
UNTIED = 3
"""So many devices open a label that should not be on any pack: one is whoever tries it out."""
SOLD_OUT_FOR = timedelta(days=30)
"""How long after a lot was sold out its packs may well be opened."""
SOLD_OUT_SCANS = 20
FORGED_SCANS = 3
UNKNOWN_LOT_SCANS = 5
"""So many scans a day of lots that are in no book: a few are slips of who types."""
SEEN_FOR = timedelta(days=7)
"""An alert that somebody has seen comes back when its rule is still broken so long after."""
COPIED = (ScanRule.RATE, ScanRule.SPREAD)
"""The rules that warn shoppers that a code was copied; the others are for the producer and the office."""

Broken = Iterator[tuple[ScanRule, int]]


@dataclass(frozen=True, slots=True)
class SerialScans:
    """How a serial code was scanned: devices today, and device-days and days within `SPREAD_WITHIN`."""

    state: SerialState
    today: int
    lately: int
    days: int


@dataclass(frozen=True, slots=True)
class LotScans:
    """How the codes of a lot were scanned today, and how many of them with a serial that is not its own."""

    today: int
    forged: int
    recalled_at: datetime | None
    gone_at: datetime | None


def of_product(forged: int, unknown_lots: int) -> Broken:
    """Yield the rules that a day's scans of a product break that lead to none of its lots."""
    if forged >= FORGED_SCANS:
        yield ScanRule.FORGED, forged
    if unknown_lots >= UNKNOWN_LOT_SCANS:
        yield ScanRule.UNKNOWN_LOT, unknown_lots


def comes_back(alert: ScanAlert, number: int, day: date) -> bool:
    """Say whether an alert that was seen or cleared is one again, by what breaks its rule on a day.

    It is when the number has doubled. What was seen comes back after `SEEN_FOR` too, and what was cleared
    once nothing that was counted then is counted any more.
    """
    if alert.seen_at is None or alert.seen_count is None:
        return False
    if number >= 2 * alert.seen_count:
        return True
    if alert.cleared_at is None:
        return day - local_date(alert.seen_at) >= SEEN_FOR
    counted_for = SPREAD_WITHIN if alert.rule is ScanRule.SPREAD else timedelta(days=1)
    return day - local_date(alert.cleared_at) >= counted_for


def of_serial(scans: SerialScans) -> Broken:
    """Yield the rules that scans of a serial break, each with the number that broke it."""
    if scans.today >= DEVICES_A_DAY:
        yield ScanRule.RATE, scans.today
    if scans.lately >= DEVICES_IN_ALL and scans.days >= OVER_DAYS:
        yield ScanRule.SPREAD, scans.lately
    if scans.today >= UNTIED and scans.state is SerialState.PRINTED:
        yield ScanRule.BEFORE_ACTIVATION, scans.today
    if scans.today >= UNTIED and scans.state is SerialState.VOID:
        yield ScanRule.VOID, scans.today


def of_lot(scans: LotScans, at: datetime) -> Broken:
    """Yield the rules that scans of a lot break at an instant, each with the number that broke it."""
    if scans.today and scans.recalled_at is not None:
        yield ScanRule.AFTER_RECALL, scans.today
    if scans.forged >= FORGED_SCANS:
        yield ScanRule.FORGED, scans.forged
    long_gone = scans.gone_at is not None and at - scans.gone_at > SOLD_OUT_FOR
    if scans.today >= SOLD_OUT_SCANS and long_gone:
        yield ScanRule.SOLD_OUT, scans.today
