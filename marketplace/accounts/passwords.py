"""Passwords: hashed with argon2id, never two ways of saying no, no rules about kinds of letters.

Hashing takes tens of milliseconds and 19 MiB, so it happens outside units of work and two at a time.
Parameters and lengths: OWASP Password Storage, NIST SP 800-63B-4.
"""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from marketplace.accounts.errors import PasswordRefused
from marketplace.text import fold

SHORTEST = 8
SHORTEST_ON_DUTY = 12
LONGEST = 128
AT_ONCE = 2

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_turns = BoundedSemaphore(AT_ONCE)
_CONTEXT = ("ocop", "phiencho", "phienchoocop", "htx", "hoptacxa")


def check_password(text: str, *, shortest: int = SHORTEST, about: Iterable[str] = ()) -> None:
    """Go on only with a password of `shortest` to 128 letters that nobody guesses first.

    Refused are common passwords, and those that are little more than a word of this site or of the
    person (`about`: name, e-mail, phone). Raises PasswordRefused with the `reason`.
    """
    if len(text) < shortest:
        raise PasswordRefused(field="password", reason="short", shortest=shortest)
    if len(text) > LONGEST:
        raise PasswordRefused(field="password", reason="long", longest=LONGEST)
    bare = _bare(text)
    if bare in _common() or len(set(text)) < 3 or _is_little_more_than(bare, (*_CONTEXT, *about)):
        raise PasswordRefused(field="password", reason="common")


def hash_password(text: str) -> str:
    """Return the argon2id hash of a password (19 MiB, two passes); slow on purpose."""
    with _turns:
        return _hasher.hash(text)


def is_password(text: str, kept: str | None) -> bool:
    """Return whether a password is the one kept; without one it takes as long and says no."""
    with _turns:
        try:
            return _hasher.verify(kept or _nobodys(), text[: LONGEST + 1]) and kept is not None
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Return whether a hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobodys() -> str:
    return _hasher.hash("the password of nobody")


@cache
def _common() -> frozenset[str]:
    text = (files("marketplace") / "data" / "accounts" / "common_passwords.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _bare(text: str) -> str:
    """Return a password without case, marks and spaces, as the lists have it."""
    return fold(text).replace(" ", "")


def _is_little_more_than(bare: str, words: Iterable[str]) -> bool:
    """Return whether a word makes up all but three letters of a password."""
    known = {_bare(part) for word in words for part in (word, word.split("@", 1)[0], *word.split())}
    return any(word in bare and len(bare) - len(word) <= 3 for word in known if len(word) >= 3)
