"""What the office answers an idea: the checklist, a number in the commune's book, or reasons."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.errors import InvalidWords
from marketplace.catalogue.listing_words import LONGEST_NOTE, tidied
from marketplace.certification.ideas.errors import ChecksFailed, ChecksMissing
from marketplace.certification.ideas.models import IdeaCheck, IdeaState, IdeaTick, ProductIdea
from marketplace.certification.ideas.states import claim_idea, move_idea, note, refuse_own
from marketplace.places.models import AdminUnit

LONGEST_TICK = 300
HAVE_TO_HOLD = frozenset({IdeaCheck.OWN_IDEA, IdeaCheck.LEGAL_FORM})
"""Without these no slip is taken in: who may take part (Decision 26/2026/QĐ-TTg, article 2.3), and that it
is no copy, which ends every scoring. What else does not hold yet is work for plan and roadmap."""


@dataclass(frozen=True, slots=True)
class Tick:
    """What the officer found at a line of the checklist, with words where it does not hold."""

    holds: bool
    words: str = ""


Ticks = Mapping[IdeaCheck, Tick]


def save_ticks(session: Session, actor: Actor, idea: ProductIdea, ticks: Ticks, at: datetime) -> None:
    """Keep the checklist, whole or not, while the idea waits.

    Raises IdeaMovedOn, ConflictOfDuty, and InvalidWords naming the line whose words are too long.
    """
    refuse_own(actor, idea)
    claim_idea(session, idea, IdeaState.SUBMITTED)
    _write(session, idea, ticks)
    note(session, actor, idea, "checked", at)


def accept_idea(
    session: Session, actor: Actor, idea: ProductIdea, ticks: Ticks, words: str, at: datetime
) -> None:
    """Take an idea in, under the next number in the book of the commune and year.

    Raises ChecksMissing, ChecksFailed and InvalidWords, and as `save_ticks` does.
    """
    refuse_own(actor, idea)
    require_checked(ticks)
    said = tidied("words", words, LONGEST_NOTE)
    claim_idea(session, idea, IdeaState.SUBMITTED)
    idea.slip_number = _next_number(session, idea)
    _answer(session, actor, idea, IdeaState.ACCEPTED, said, at)
    _write(session, idea, ticks)


def turn_away(
    session: Session,
    actor: Actor,
    idea: ProductIdea,
    to: IdeaState,
    ticks: Ticks,
    words: str,
    at: datetime,
) -> None:
    """Return an idea to be mended, or decline it, with words that say why; the checklist is kept too.

    Raises InvalidWords for none, and as `save_ticks` does.
    """
    refuse_own(actor, idea)
    said = tidied("words", words, LONGEST_NOTE, required=True)
    _answer(session, actor, idea, to, said, at)
    _write(session, idea, ticks)


def mark_potential(session: Session, actor: Actor, idea: ProductIdea, potential: bool, at: datetime) -> None:
    """Count an accepted idea as a potential product (sản phẩm tiềm năng), or no longer.

    Raises IdeaMovedOn and ConflictOfDuty.
    """
    refuse_own(actor, idea)
    claim_idea(session, idea, IdeaState.ACCEPTED)
    idea.potential = potential
    session.flush()
    note(session, actor, idea, "potential" if potential else "not_potential", at)


def require_checked(ticks: Ticks) -> None:
    """Refuse a checklist with lines unanswered or unexplained, or with one that has to hold and does not.

    Raises ChecksMissing and ChecksFailed.
    """
    missing = [one for one in IdeaCheck if one not in ticks or not (ticks[one].holds or ticks[one].words)]
    if missing:
        raise ChecksMissing(checks=missing)
    failed = [one for one in IdeaCheck if one in HAVE_TO_HOLD and not ticks[one].holds]
    if failed:
        raise ChecksFailed(checks=failed)


def _answer(
    session: Session, actor: Actor, idea: ProductIdea, to: IdeaState, words: str | None, at: datetime
) -> None:
    move_idea(session, actor, idea, to, at)
    idea.words, idea.answered_at, idea.answered_by = words, at, actor.person_id
    session.flush()


def _write(session: Session, idea: ProductIdea, ticks: Ticks) -> None:
    told = {check: (tick.holds, _tidied(check, tick)) for check, tick in ticks.items()}
    session.execute(sa.delete(IdeaTick).where(IdeaTick.idea_id == idea.id))
    for check, (holds, words) in told.items():
        session.add(IdeaTick(idea_id=idea.id, check=check, holds=holds, words=words))
    session.flush()
    session.expire(idea, ["ticks"])


def _tidied(check: IdeaCheck, tick: Tick) -> str | None:
    try:
        return tidied(check.value, tick.words, LONGEST_TICK)
    except InvalidWords as refusal:
        raise InvalidWords(field=f"loi-{check.value}", most=LONGEST_TICK) from refusal


def _next_number(session: Session, idea: ProductIdea) -> int:
    """Return the next number of the commune's book of the year; its writers queue at the commune."""
    commune = sa.select(AdminUnit.id).where(AdminUnit.id == idea.commune_id)
    session.execute(commune.with_for_update(key_share=True))
    last = sa.select(sa.func.max(ProductIdea.slip_number)).where(
        ProductIdea.commune_id == idea.commune_id, ProductIdea.year == idea.year
    )
    return (session.scalar(last) or 0) + 1
