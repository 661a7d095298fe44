"""Secrets that browsers hold and of which the database keeps only the SHA-256."""

import hashlib
import hmac
import re
import secrets

from marketplace.ordering.models import OrderGroup

_SECRET = re.compile(r"[0-9a-f]{32}")
_key = bytearray()


def configure(key: str) -> None:
    """Say by which key of the site the links of orders are made; app.py does, once at the start."""
    _key[:] = key.encode()


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


def order_secret(number: str) -> str:
    """Return the secret of the order page of a number: an HMAC by the site's key.

    So a form sent twice leads to the same page and letters can carry the link, although the database
    keeps no secret. Numbers are drawn by chance; without the key they open nothing.
    """
    return hmac.digest(bytes(_key), f"order page of {number}".encode(), "sha256").hex()[:32]


def find_order_secret(group: OrderGroup) -> str | None:
    """Return the secret of an order's page, or None where it was made by a key of earlier times."""
    secret = order_secret(group.number)
    return secret if opens(secret, group.token_hash) else None
