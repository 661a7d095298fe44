"""Secrets that browsers hold and of which the database keeps only the SHA-256."""

import hashlib
import hmac
import re
import secrets

_SECRET = re.compile(r"[0-9a-f]{32}")


def draw_secret() -> str:
    """Return 128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def is_secret(text: str) -> bool:
    """Return whether a text has the form of a secret."""
    return _SECRET.fullmatch(text) is not None


def hash_secret(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def opens(secret: str, kept_hash: str) -> bool:
    """Return whether a secret is the one of which the hash was kept, in time that tells nothing."""
    return hmac.compare_digest(hash_secret(secret), kept_hash)


def order_secret(submit_key: str) -> str:
    """Return the secret of the order that a checkout page leads to.

    It follows from the page's key, which only the buyer's browser holds, so that a form sent twice
    leads to the same order page although the database keeps neither key nor secret.
    """
    return hashlib.sha256(f"order page of {submit_key}".encode()).hexdigest()[:32]
