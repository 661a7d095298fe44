"""Anchors: number and hash of the newest deed, signed and kept in a file outside the database.

Whoever can write the database can cut the journal's tail or write it anew from the start, and its chain
would agree; it would no longer agree with the anchors. What was added after the last anchor (an hour at
most) is guarded by the chain and the triggers alone.
"""

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.deed_data import canonical, instant
from marketplace.accounts.journal import GENESIS, Deed, DeedHead, hash_of

LATE_AFTER = timedelta(hours=2)
_COLUMNS = sa.inspect(Deed).local_table.columns


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the journal: what, and at which row."""

    kind: str
    seq: int


@dataclass(frozen=True, slots=True)
class Anchor:
    """A line of the file; `signed` is false for one that the key did not sign."""

    seq: int
    hash: str
    signed: bool


def anchor_key(secret_key: str) -> bytes:
    """Return the key that signs anchors, derived from the site's secret."""
    return hmac.digest(secret_key.encode(), b"phien-cho-ocop journal anchors 1", "sha256")


def anchor(session: Session, path: Path, key: bytes, at: datetime) -> int | None:
    """Append the newest deed to the anchors, and return its number; None when there is nothing new."""
    head = session.execute(sa.select(DeedHead.seq, DeedHead.hash)).one_or_none()
    newest = max((one.seq for one in read_anchors(path, key)), default=0)
    if head is None or head.seq <= newest:
        return None
    facts = {"seq": head.seq, "hash": head.hash, "at": instant(at)}
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT
    with os.fdopen(os.open(path, flags, 0o600), "w", encoding="utf-8") as file:
        file.write(canonical({**facts, "signature": _sign(facts, key)}) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return int(head.seq)


def read_anchors(path: Path, key: bytes) -> list[Anchor]:
    """Return the anchors of a file; none when there is no file."""
    if not path.exists():
        return []
    return [_read(line, key) for line in path.read_text(encoding="utf-8").splitlines()]


def verify(session: Session, anchors: Iterable[Anchor], at: datetime) -> list[Finding]:
    """Walk the whole journal and return what is wrong with it, in the order of its rows; [] = sound."""
    hashes: dict[int, str] = {}
    findings: list[Finding] = []
    seq, prev_hash = 0, GENESIS
    for row in session.execute(sa.select(*_COLUMNS).order_by(Deed.seq)).mappings().yield_per(1000):
        findings += _check(dict(row), seq + 1, prev_hash)
        seq, prev_hash = row["seq"], row["hash"]
        hashes[seq] = prev_hash
    findings += _check_head(session, seq, prev_hash)
    known = list(anchors)
    findings += _check_anchors(known, hashes) + _check_late(session, known, at)
    return sorted(findings, key=lambda finding: finding.seq)


def _check(row: dict[str, Any], expected_seq: int, prev_hash: str) -> list[Finding]:
    found = []
    if row["seq"] != expected_seq:
        found.append(Finding("missing", expected_seq))
    if row["prev_hash"] != prev_hash:
        found.append(Finding("out_of_chain", row["seq"]))
    if hash_of(row) != row["hash"]:
        found.append(Finding("changed", row["seq"]))
    return found


def _check_head(session: Session, seq: int, last_hash: str) -> list[Finding]:
    head = session.execute(sa.select(DeedHead.seq, DeedHead.hash)).one_or_none()
    kept = (head.seq, head.hash) if head else (0, GENESIS)
    return [] if kept == (seq, last_hash) else [Finding("head_differs", max(seq, kept[0]))]


def _check_anchors(anchors: list[Anchor], hashes: dict[int, str]) -> list[Finding]:
    found = [Finding("anchor_forged", one.seq) for one in anchors if not one.signed]
    signed = [one for one in anchors if one.signed]
    return found + [Finding("anchor_differs", one.seq) for one in signed if hashes.get(one.seq) != one.hash]


def _check_late(session: Session, anchors: list[Anchor], at: datetime) -> list[Finding]:
    """Find the first deed that should long have been anchored: the worker rests, or the file was cut."""
    newest = max((one.seq for one in anchors if one.signed), default=0)
    late = sa.select(sa.func.min(Deed.seq)).where(Deed.seq > newest, Deed.at < at - LATE_AFTER)
    first = session.execute(late).scalar_one_or_none()
    return [] if first is None else [Finding("not_anchored", first)]


def _read(line: str, key: bytes) -> Anchor:
    try:
        kept = json.loads(line)
        facts = {"seq": int(kept["seq"]), "hash": str(kept["hash"]), "at": str(kept["at"])}
        signature = str(kept["signature"]).encode()
    except (ValueError, KeyError, TypeError):
        return Anchor(0, "", signed=False)
    return Anchor(
        int(kept["seq"]), str(kept["hash"]), hmac.compare_digest(signature, _sign(facts, key).encode())
    )


def _sign(facts: dict[str, Any], key: bytes) -> str:
    return hmac.new(key, canonical(facts).encode(), hashlib.sha256).hexdigest()
