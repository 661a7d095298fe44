"""What the journal may know of a deed: numbers, states, ids and codes, never anything personal."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/\-]{0,79}")
_PHONE = re.compile(r"(?:\+?84|0)[0-9]{8,10}")
_CODE_KEY = re.compile(r"(?:.*_)?(?:id|code|codes|ids|number|hash|kind|rule|state)")
_PERSONAL = frozenset(
    {"name", "email", "phone", "address", "note", "reason", "text", "title", "ip", "birthday"}
)


class PersonalInJournal(ValueError):
    """A deed would carry free text or something personal: a defect, never a user's doing."""


def canonical(value: Any) -> str:
    """Return JSON in the one spelling that is hashed: sorted keys, no spaces, UTF-8 letters as they are."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def instant(at: datetime) -> str:
    """Return an instant as the journal writes it: UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def plain(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return the data of a deed as JSON values.

    Numbers, truth values, states and days may stand under any key, text only under a key that ends in
    id, code, number, hash, kind, rule or state, and then only when it has the form of a code.
    Raises PersonalInJournal naming the key.
    """
    return {_key(key): _value(key, value) for key, value in data.items()}


def _key(key: str) -> str:
    if not _KEY.fullmatch(key) or not _PERSONAL.isdisjoint(key.split("_")):
        raise PersonalInJournal(key)
    return key


def _value(key: str, value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str):
        return _code(key, value)
    if isinstance(value, Sequence | set | frozenset) and len(value) <= 100:
        return [_value(key, one) for one in (value if isinstance(value, Sequence) else sorted(value))]
    raise PersonalInJournal(key)


def _code(key: str, text: str) -> str:
    if not _CODE_KEY.fullmatch(key) or not _CODE.fullmatch(text) or _PHONE.fullmatch(text):
        raise PersonalInJournal(key)
    return text
