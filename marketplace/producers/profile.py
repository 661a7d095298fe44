"""What a producer says of itself: story, ways to reach it, visiting hours."""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.errors import InvalidIdentity
from marketplace.accounts.identity import read_email
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Scope, ScopeKind
from marketplace.accounts.tax_code import read_tax_code
from marketplace.producers.errors import InvalidProfile
from marketplace.producers.models import Producer
from marketplace.text import one_line

LONGEST_STORY = 4000
LONGEST_EMAIL = 120
LONGEST_WEBSITE = 200
LONGEST_HOURS = 200

_SEPARATORS = re.compile(r"[\s.\-()\u00a0]+")
_COUNTRY = re.compile(r"(?:\+|00)84")
_PHONE = re.compile(r"0[0-9]{9,10}|1[89]00[0-9]{4,6}", re.ASCII)
_HOST = re.compile(r"(?:[^\W_](?:[\w\-]*[^\W_])?\.)+[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a producer says of itself; None where it says nothing."""

    story: str | None = None
    phone: str | None = None
    email: str | None = None
    website: str | None = None
    visiting_hours: str | None = None
    tax_code: str | None = None


def describe_producer(
    session: Session, actor: Actor, producer: Producer, profile: Profile, at: datetime
) -> None:
    """Write what a producer says of itself; it is on view at once."""
    changed = {name: value for name, value in asdict(profile).items() if value != getattr(producer, name)}
    if not changed:
        return
    for name, value in changed.items():
        setattr(producer, name, value)
    producer.described_at = at
    session.flush()
    data = {"changed_codes": sorted(changed)}
    journal.record(
        session, actor, "producer:describe", "producer", producer.id, scope_of(producer), at=at, data=data
    )


def scope_of(producer: Producer) -> Scope:
    """Return the producer as the organisation that deeds and memberships belong to."""
    return Scope(ScopeKind.PRODUCER, producer.id)


def read_public_phone(text: str) -> str | None:
    """Return a mobile, landline or service number in its digits, None for none; raises InvalidProfile."""
    digits = _SEPARATORS.sub("", text)
    if not digits:
        return None
    national = "0" + _COUNTRY.sub("", digits, count=1).removeprefix("0") if _COUNTRY.match(digits) else digits
    if not _PHONE.fullmatch(national):
        raise InvalidProfile(field="phone")
    return national


def read_public_email(text: str) -> str | None:
    """Return an e-mail address, None for none; raises InvalidProfile."""
    if not text.strip():
        return None
    try:
        email = read_email(text)
    except InvalidIdentity as refusal:
        raise InvalidProfile(field="email") from refusal
    if len(email) > LONGEST_EMAIL:
        raise InvalidProfile(field="email")
    return email


def read_own_tax_code(text: str) -> str | None:
    """Return the tax code that stands on a producer's invoices, None for none; raises InvalidProfile.

    Households and people are taxed by their personal number, which is nobody's business here: they
    leave it out.
    """
    if not text.strip():
        return None
    code = read_tax_code(text)
    if code is None:
        raise InvalidProfile(field="tax_code")
    return code


def read_website(text: str) -> str | None:
    """Return the address of a website, https where nothing is said, None for none.

    Raises InvalidProfile for other schemes, names without a dot, passwords and spaces.
    """
    typed = text.strip()
    if not typed:
        return None
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        raise InvalidProfile(field="website") from error
    plain = parts.scheme in {"http", "https"} and "@" not in parts.netloc and port is None
    printable = address.isprintable() and not set(address) & set(" <>\"'`\\")
    if not (plain and printable and _HOST.fullmatch(host) and len(address) <= LONGEST_WEBSITE):
        raise InvalidProfile(field="website")
    return address


def read_hours(text: str) -> str | None:
    """Return visiting hours in one line, None for none; raises InvalidProfile when too long."""
    hours = one_line(text)
    if len(hours) > LONGEST_HOURS:
        raise InvalidProfile(field="visiting_hours", longest=LONGEST_HOURS)
    return hours or None


def read_story(text: str) -> str | None:
    """Return a story, one paragraph to a line, None for none; raises InvalidProfile when too long."""
    lines = (one_line(line) for line in text.splitlines())
    story = "\n".join(line for line in lines if line)
    if len(story) > LONGEST_STORY:
        raise InvalidProfile(field="story", longest=LONGEST_STORY)
    return story or None
