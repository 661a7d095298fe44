"""The PIN under a scratch field: whoever knows it has the pack in hand, or had it."""

import hmac
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.attempts import Claim, Rule, claim, forgive
from marketplace.traceability.codes.keys import find_signer
from marketplace.traceability.codes.models import LabelKey, SerialCode

PIN_DIGITS = 8
GAPS = str.maketrans("", "", " -.")


@dataclass(frozen=True, slots=True)
class PinFinding:
    """Whether a PIN is the one of its label, and when the right one was first asked about before."""

    right: bool
    asked_before: datetime | None = None


def claim_pin(serial: SerialCode, address: str, at: datetime) -> Claim:
    """Take one of the tries that a label and an address have; a unit of work of its own, before the check.

    An address has few tries and a label many: strangers who try out a label do not keep its buyer out.

    Raises TooManyAttempts. `forgive` gives back what turned out right.
    """
    return claim([(Rule.PIN, serial.serial), (Rule.PIN_ADDRESS, address)], at)


def forgive_pin(claimed: Claim) -> None:
    """Give a try back that was right; a unit of work of its own."""
    forgive(claimed)


def check_pin(session: Session, serial: SerialCode, pin: str, at: datetime) -> PinFinding:
    """Compare a PIN with the one printed under a label's scratch field, and note when it was first right.

    The door calls `claim_pin` first. A label without a PIN has none that is right.
    """
    key = find_signer(session, serial.serial)
    if key is None or serial.pin_hash is None:
        return PinFinding(False)
    given = hash_pin(key, serial.serial, pin.translate(GAPS))
    if not hmac.compare_digest(given, serial.pin_hash):
        return PinFinding(False)
    return PinFinding(True, _note(session, serial.id, at))


def _note(session: Session, serial_id: int, at: datetime) -> datetime | None:
    asked = sa.select(SerialCode).where(SerialCode.id == serial_id).with_for_update()
    row = session.scalars(asked, execution_options={"populate_existing": True}).one()
    before = row.pin_asked_at
    row.pin_asked_at = before or at
    return before


def hash_pin(key: LabelKey, serial: str, pin: str) -> str:
    """Return what is kept of a PIN, as 64 hexadecimal digits."""
    return hmac.digest(bytes.fromhex(key.key), f"pin {serial} {pin}".encode(), "sha256").hex()
