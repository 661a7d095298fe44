"""Pages beside a trace page: their addresses end with the printed path that they belong to."""

from marketplace import clock
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.scan.finding import Scanned, find_scanned
from marketplace.traceability.codes.trace_code import TraceCode, read_digital_link, read_token_link
from marketplace.traceability.errors import UnreadableCode

READERS = {"01": read_digital_link, "t": read_token_link}


def read_printed(path: str) -> TraceCode:
    """Read a decoded printed path without its first stroke: `01/<gtin>…` or `t/<token>…`; raises NotFound."""
    kind, _, rest = path.partition("/")
    if kind not in READERS:
        raise NotFound(path=path)
    try:
        return READERS[kind](rest)
    except UnreadableCode as refusal:
        raise NotFound(path=path) from refusal


def get_scanned(path: str) -> Scanned:
    """Return what a printed path leads to; raises NotFound."""
    scanned = find_scanned(db.session(), read_printed(path), clock.today())
    if scanned is None:
        raise NotFound(path=path)
    return scanned
