"""The signature within a serial: what nobody printed is told from what is merely not in the books."""

import hmac
import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.traceability.codes.models import LabelKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's 32 characters: of those that look alike, one each."""
DRAWN, SIGNED = 9, 7
"""Characters that are drawn at random (45 bits), and characters that sign them (35 bits)."""
ALIKE = str.maketrans("OIL", "011", " -")
KEY_BYTES = 32


def newest_key(session: Session, at: datetime) -> LabelKey:
    """Return the key that signs now; the first one is made when it is asked for."""
    found = session.scalar(sa.select(LabelKey).order_by(LabelKey.id.desc()).limit(1))
    return found or add_key(session, at)


def add_key(session: Session, at: datetime) -> LabelKey:
    """Have serials signed with a new key from now on; what older keys signed stays good."""
    key = LabelKey(key=secrets.token_hex(KEY_BYTES), made_at=at)
    session.add(key)
    session.flush()
    return key


def draw_serial(key: LabelKey) -> str:
    """Return a random serial of 16 characters, signed with a key."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return drawn + _sign(key, drawn)


def find_signer(session: Session, serial: str) -> LabelKey | None:
    """Return the key that signed a tidy serial, None if none of ours did."""
    if len(serial) != DRAWN + SIGNED:
        return None
    drawn, signature = serial[:DRAWN].encode(), serial[DRAWN:].encode()
    for key in session.scalars(sa.select(LabelKey).order_by(LabelKey.id.desc())):
        if hmac.compare_digest(_sign(key, drawn.decode()).encode(), signature):
            return key
    return None


def tidy_serial(text: str) -> str:
    """Return a serial as it was minted, however it was typed: small letters, O for 0, I or L for 1, gaps."""
    return text.upper().translate(ALIKE)


def _sign(key: LabelKey, drawn: str) -> str:
    digest = hmac.digest(bytes.fromhex(key.key), f"serial {drawn}".encode(), "sha256")
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in digest[:SIGNED])
