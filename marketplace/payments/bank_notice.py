"""What a bank's notification service tells us, signed: who sent it, and what it says.

The header reads `t=<seconds since 1970>,v1=<hex>`; the signature is HMAC-SHA256 over those digits, a dot
and the raw body, with BANK_NOTICE_SECRET as its key. The body is one JSON object; see the README.
"""

import hashlib
import hmac
import json
import re
from datetime import datetime, timedelta
from typing import Any

from marketplace import clock
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.payments.bank import LONGEST_REFERENCE, Line
from marketplace.text import clean

TOLERANCE = timedelta(seconds=300)
MOST_BYTES = 16_384
MOST_AMOUNT = 10**12
LONGEST_SENT = 2_000
_HEADER = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})")
_REFERENCE = re.compile(rf"[0-9A-Za-z._/\\-]{{1,{LONGEST_REFERENCE}}}")


class ForgedNotice(MarketplaceError):
    """A notice without a signature of ours over exactly these bytes, or one that is too old or too new."""

    code = "forged_notice"
    status = 401


def check_notice(secret: str, header: str, body: bytes, at: datetime) -> None:
    """Accept a notice only with the right signature and a moment close to now; raises ForgedNotice."""
    parts = _HEADER.fullmatch(header)
    if parts is None or not hmac.compare_digest(parts[2], _signature(secret, parts[1], body)):
        raise ForgedNotice
    if abs(at.timestamp() - int(parts[1])) > TOLERANCE.total_seconds():
        raise ForgedNotice


def _signature(secret: str, moment: str, body: bytes) -> str:
    return hmac.new(secret.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def read_notice(body: bytes) -> Line:
    """Return the transfer that a notice tells of; raises InvalidInput naming the field that is wrong."""
    try:
        said = json.loads(body)
    except ValueError as error:
        raise InvalidInput(field="body") from error
    if not isinstance(said, dict):
        raise InvalidInput(field="body")
    return Line(
        reference=read_reference(_text(said, "reference")),
        amount=_amount(said),
        message=clean(_text(said, "message")),
        at=_moment(_text(said, "at")),
    )


def read_reference(text: str) -> str:
    """Return a bank's own number of a transfer; raises InvalidInput for what is none."""
    reference = text.strip()
    if not _REFERENCE.fullmatch(reference):
        raise InvalidInput(field="reference")
    return reference


def _text(said: dict[str, Any], field: str) -> str:
    text = said.get(field)
    if not isinstance(text, str) or len(text) > LONGEST_SENT or "\0" in text:
        raise InvalidInput(field=field)
    return text


def _amount(said: dict[str, Any]) -> int:
    amount = said.get("amount")
    if type(amount) is not int or not 0 < amount <= MOST_AMOUNT:
        raise InvalidInput(field="amount")
    return amount


def _moment(text: str) -> datetime:
    """Return an instant in ISO 8601; one without an offset is Vietnam's."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(field="at") from error
    if not 2020 <= moment.year <= 2100:
        raise InvalidInput(field="at")
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.VIETNAM)
