"""Tokens that browsers and letters hold and of which the database keeps only the SHA-256."""

import hashlib
import secrets


def draw_token() -> str:
    """Return 256 random bits in the letters of an address."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Return what the database keeps of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
