"""Which letters somebody wants. Letters about the safety of an account are not asked about: all get them.

What a role brings with it comes until it is declined; the rest only after a yes, whose text is kept
(Law 91/2025/QH15: silence is none).
"""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from marketplace.accounts import journal
from marketplace.accounts.consent import Purpose, give_consent, withdraw_consent
from marketplace.accounts.people import hold_person
from marketplace.accounts.permissions import Actor
from marketplace.accounts.privacy import Subject, erasers, exporters, rows_of
from marketplace.database import Base, UtcDateTime


class LetterKind(StrEnum):
    """Kinds of letters that can be declined."""

    RENEWAL = "renewal"
    LISTING = "listing"
    SAVED = "saved"


UNLESS_DECLINED = frozenset({LetterKind.RENEWAL, LetterKind.LISTING})
"""What comes with working for a producer."""


class LetterChoice(Base):
    """What somebody said of a kind of letter; who said nothing gets those of UNLESS_DECLINED."""

    __tablename__ = "letter_choice"

    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True)
    kind: Mapped[LetterKind] = mapped_column(primary_key=True)
    wanted: Mapped[bool]
    chosen_at: Mapped[datetime] = mapped_column(UtcDateTime)


def letters_wanted(session: Session, person_id: int) -> set[LetterKind]:
    """Return the kinds of letters somebody wants."""
    own = sa.select(LetterChoice).where(LetterChoice.person_id == person_id)
    said = {one.kind: one.wanted for one in session.scalars(own)}
    return {kind for kind in LetterKind if said.get(kind, kind in UNLESS_DECLINED)}


def choose_letter_kinds(
    session: Session,
    actor: Actor,
    asked: Collection[LetterKind],
    wanted: Collection[LetterKind],
    *,
    policy_version: str,
    text: str,
    at: datetime,
) -> None:
    """Keep what somebody said of the kinds they were asked about; others stay as they are.

    A yes to news of saved products is a consent, kept with the text it was said to.
    """
    hold_person(session, actor)
    before = letters_wanted(session, actor.person_id)
    for kind in asked:
        choice = LetterChoice(person_id=actor.person_id, kind=kind, wanted=kind in wanted, chosen_at=at)
        session.merge(choice)
    data = {f"{kind.value}_wanted": kind in wanted for kind in sorted(asked)}
    journal.record(session, actor, "letters:choose", "person", actor.person_id, at=at, data=data)
    if LetterKind.SAVED not in asked or (LetterKind.SAVED in wanted) == (LetterKind.SAVED in before):
        return
    if LetterKind.SAVED in wanted:
        said = {"policy_version": policy_version, "text": text}
        give_consent(session, actor.person_id, Purpose.SAVED_NEWS, **said, at=at)
    else:
        withdraw_consent(session, actor.person_id, Purpose.SAVED_NEWS, at)


def export_choices(session: Session, subject: Subject) -> list[dict[str, Any]]:
    """Return what a person said of letters."""
    return rows_of(session, LetterChoice, LetterChoice.person_id == subject.person_id, "person_id")


def erase_choices(session: Session, subject: Subject, at: datetime) -> None:
    """Delete what a person said of letters."""
    session.execute(sa.delete(LetterChoice).where(LetterChoice.person_id == subject.person_id))


exporters["letter_choices"] = export_choices
erasers["letter_choices"] = erase_choices
