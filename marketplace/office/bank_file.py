"""A bank's statement on its way through the office: opened, shown, and confirmed as it was shown."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from flask import current_app
from itsdangerous import BadData, URLSafeTimedSerializer

from marketplace import clock
from marketplace.payments.bank import Line
from marketplace.payments.bank_statements import Statement, read_statement
from marketplace.upkeep.sheets import SheetRefused, read_cells

MOST_BYTES = 5_000_000
SHOWN_FOR_SECONDS = 7_200
LONGEST_KEPT = 500


def read_file(content: bytes) -> Statement:
    """Read a CSV or XLSX file of a bank; a process of its own opens it.

    Raises SheetRefused for what is no sheet, NoStatement and TooManyTransfers for what is none of a bank.
    """
    if len(content) > MOST_BYTES:
        raise SheetRefused(f"Tệp lớn hơn {MOST_BYTES // 1_000_000} MB. Hãy chia nhỏ.")
    with tempfile.NamedTemporaryFile(suffix=".sheet") as file:
        file.write(content)
        file.flush()
        rows = read_cells(Path(file.name))
    return read_statement(rows, clock.today())


def seal(lines: Sequence[tuple[int, Line]], person_id: int) -> str:
    """Return the lines of a statement as a page carries them: only who was shown them can send them back."""
    told = [
        [line.reference, line.amount, line.message[:LONGEST_KEPT], line.at.isoformat()] for _, line in lines
    ]
    return _sealer(person_id).dumps(told)


def unseal(sealed: str, person_id: int) -> list[Line] | None:
    """Return the lines that a page carried, or None for what no page of ours did in the last hours."""
    try:
        told = _sealer(person_id).loads(sealed, max_age=SHOWN_FOR_SECONDS)
    except BadData:
        return None
    return [Line(ref, amount, message, datetime.fromisoformat(at)) for ref, amount, message, at in told]


def _sealer(person_id: int) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        current_app.extensions["settings"].secret_key, salt=f"statement:{person_id}"
    )
