"""Counts scans, kept copies and confirmed ones included, without a cookie: noted at once, written later.

A page notes what it answered when it is made, and a copy is told by its ETag, which changes with every
answer; only what another process answered is not known here, and not counted twice by guessing.
"""

from collections import OrderedDict
from functools import partial
from ipaddress import IPv6Network
from threading import Lock

from flask import Flask, Response, request
from flask.blueprints import BlueprintSetupState

from marketplace import clock
from marketplace.scan import door
from marketplace.scan.page import TracePage
from marketplace.traceability.scans.tallies import Scan, ScanTallies
from marketplace.web.openings import is_opening, write_once_answered

MOST_ANSWERS = 10_000
_ANSWER = "marketplace.scan"


class Answers:
    """What this process answered lately, by the ETag of the answer."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scans: OrderedDict[str, Scan] = OrderedDict()

    def remember(self, etag: str, scan: Scan) -> None:
        """Remember an answer, and forget the oldest one above the limit."""
        with self._lock:
            self._scans[etag] = scan
            if len(self._scans) > MOST_ANSWERS:
                self._scans.popitem(last=False)

    def find(self, etag: str | None) -> Scan | None:
        """Return what was answered under an ETag, if that is known."""
        with self._lock:
            return self._scans.get(etag or "")


@door.record_once
def _begin(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    state.app.extensions["scan_tallies"] = ScanTallies()
    state.app.extensions["scan_answers"] = Answers()
    state.app.after_request(partial(count_scan, state.app))


def note_answer(page: TracePage) -> None:
    """Say what the page being made answers."""
    request.environ[_ANSWER] = scan_of(page)


def scan_of(page: TracePage) -> Scan:
    """Return a page as it is counted."""
    lot, serial = page.scanned.lot, page.scanned.serial
    return Scan(
        product_id=page.product.id,
        verdict=page.verdict.value,
        lot_id=lot.id if lot else None,
        serial_id=serial.id if serial else None,
    )


def network_of(address: str | None) -> str:
    """Return what a phone is told by: its address, for IPv6 the network that it may change its address in.

    What a browser says of itself is not asked: anybody writes there what he likes.
    """
    try:
        return str(IPv6Network((address or "", 64), strict=False))
    except ValueError:
        return address or "unknown"


def count_scan(app: Flask, response: Response) -> Response:
    """Note a scan, and have what waits written once the answer is on its way."""
    tallies: ScanTallies = app.extensions["scan_tallies"]
    at = clock.now()
    scan = _scan_of(app, response) if request.blueprint == door.name else None
    if scan is not None and is_opening(response.status_code):
        tallies.note(scan, network_of(request.remote_addr), at)
    write_once_answered(app, response, tallies, at)
    return response


def _scan_of(app: Flask, response: Response) -> Scan | None:
    answers: Answers = app.extensions["scan_answers"]
    etag, _ = response.get_etag()
    scan: Scan | None = request.environ.get(_ANSWER)
    if scan is None:
        return answers.find(etag)
    if etag:
        answers.remember(etag, scan)
    return scan
