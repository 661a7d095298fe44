"""What is known of a person, and its erasure (Law 91/2025/QH15, Decree 356/2025/NĐ-CP).

Domains above add what they keep: an exporter that returns JSON values, an eraser that deletes or blanks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts import journal
from marketplace.accounts.identity import Identity, read_identity
from marketplace.accounts.models import Person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.proofs import find_person
from marketplace.text import whole_number


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom it is about: somebody with an account, or an address and a phone that orders name."""

    person_id: int | None
    email: str | None
    phone: str | None


Exporter = Callable[[Session, Subject], Any]
Eraser = Callable[[Session, Subject, datetime], str | None]
exporters: dict[str, Exporter] = {}
"""By domain: what it knows of a subject, as JSON values; nothing known is an empty value."""
erasers: dict[str, Eraser] = {}
"""By domain: erase a subject, and return in words what has to be kept and why, or None."""


def subject_of(session: Session, text: str) -> Subject:
    """Return the subject of a person's number, an e-mail address or a phone number.

    Raises InvalidIdentity for what is none of them.
    """
    number = whole_number(text, 99_999_999)
    person = session.get(Person, number) if number else None
    identity = Identity() if person else read_identity(text)
    person = person or find_person(session, identity)
    if person is None:
        return Subject(None, identity.email, identity.phone)
    return Subject(person.id, person.email, person.phone)


def export(session: Session, subject: Subject, at: datetime, actor: Actor | None = None) -> dict[str, Any]:
    """Return everything that the domains know of a subject; that it was asked for is journaled."""
    known = {domain: exporters[domain](session, subject) for domain in sorted(exporters)}
    _note(session, subject, "privacy:export", at, actor)
    return {"exported_at": at.isoformat(), **known}


def erase(session: Session, subject: Subject, at: datetime, actor: Actor | None = None) -> dict[str, str]:
    """Erase a subject from every domain and return by domain what has to be kept, and why.

    An eraser may refuse (LastOwner, an order under way): then nothing at all is erased.
    """
    kept = {domain: erasers[domain](session, subject, at) for domain in sorted(erasers, reverse=True)}
    _note(session, subject, "privacy:erase", at, actor)
    return {domain: reason for domain, reason in sorted(kept.items()) if reason}


def rows_of(session: Session, model: type[Any], condition: Any, *without: str) -> list[dict[str, Any]]:
    """Return rows as JSON values, in the order of their keys, without the columns named."""
    table = sa.inspect(model).local_table
    columns = [column for column in table.columns if column.name not in without]
    found = session.execute(sa.select(*columns).where(condition).order_by(*table.primary_key.columns))
    return [{name: _plain(value) for name, value in row.items()} for row in found.mappings()]


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _note(session: Session, subject: Subject, action: str, at: datetime, actor: Actor | None) -> None:
    number = subject.person_id if subject.person_id is not None else "unregistered"
    journal.record(session, actor, action, "person", number, at=at)
