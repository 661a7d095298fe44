"""What a line of the register's chain says, and its hash.

A line's hash is what `sha256sum` makes of the hash before it, a space, the line's text and a newline. So no
line can be changed, taken out or exchanged without every later hash changing with it.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date
from enum import StrEnum
from typing import Any

from marketplace.certification.chain.models import RegisterLine, Turn
from marketplace.certification.models import Certificate, Decision

GENESIS = "0" * 64
"""What stands for the hash before the first line."""

Facts = Mapping[str, Any]


def facts_of_decision(decision: Decision) -> Facts:
    """Return what the register says of a decision, what it does not know left out."""
    return _known(
        number=decision.number,
        day=decision.decided_on,
        year=decision.year,
        authority=decision.authority,
        basis=decision.authority_basis,
        name=decision.authority_name,
        place=decision.printed_place,
    )


def facts_of_certificate(certificate: Certificate, decision: str | None, replacement: str | None) -> Facts:
    """Return what the register says of a certificate; others are named by their codes.

    Its holder is left out: many are persons, and what is in a chain can never be erased.
    """
    return _known(
        product=certificate.product_name,
        product_id=certificate.product_id,
        stars=certificate.stars,
        points=None if certificate.points is None else f"{certificate.points:.2f}",
        decision=decision,
        issued=certificate.issued_on,
        year=certificate.year,
        until=certificate.valid_until,
        extended=certificate.extended_until,
        revoked=certificate.revoked_on,
        because=certificate.revocation_reason,
        superseded=certificate.superseded_on,
        by=replacement,
    )


def _known(**facts: date | StrEnum | str | int | None) -> Facts:
    return {
        name: fact.isoformat() if isinstance(fact, date) else fact
        for name, fact in facts.items()
        if fact is not None
    }


def canonical(facts: Facts) -> str:
    """Return facts as the one JSON text that they have, on one line."""
    return json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def turn_of(before: Facts | None, now: Facts) -> Turn:
    """Return what became of a subject between two sets of its facts; the first are recorded."""
    if before is None:
        return Turn.RECORDED
    changed = {name for name in {*before, *now} if before.get(name) != now.get(name)}
    if "revoked" in changed and "revoked" in now:
        return Turn.REVOKED
    if changed == {"superseded", "by"} and "superseded" in now:
        return Turn.SUPERSEDED
    return Turn.EXTENDED if changed == {"extended"} and "extended" in now else Turn.CORRECTED


def text_of(line: RegisterLine) -> str:
    """Return a line as it is hashed: number, instant, what became of what, and its facts."""
    at = f"{line.recorded_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"
    return f"{line.position} {at} {line.turn.value} {line.subject.value} {line.code} {line.facts}"


def hash_of(line: RegisterLine, previous: str) -> str:
    """Return the hash of a line after the one before it, as 64 hexadecimal digits."""
    return hashlib.sha256(f"{previous} {text_of(line)}\n".encode()).hexdigest()
