"""Tokens that browsers and letters hold and of which the database keeps only the SHA-256."""

import hashlib
import secrets

_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


def draw_token() -> str:
    """Return 256 random bits in the letters of an address."""
    return secrets.token_urlsafe(32)


def draw_code() -> str:
    """Return 79 random bits in four groups of letters and digits that are copied by hand without mistakes."""
    return "-".join("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(4))


def hash_token(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
