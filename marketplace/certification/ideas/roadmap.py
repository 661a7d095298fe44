"""Roadmaps of potential products (lộ trình chuẩn hoá): steps, each of which may reach a criterion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.errors import InvalidWords
from marketplace.catalogue.listing_words import tidied
from marketplace.certification.ideas.errors import InvalidStep, TooManySteps
from marketplace.certification.ideas.models import IdeaState, ProductIdea, RoadmapStep
from marketplace.certification.ideas.states import claim_idea, note, refuse_own
from marketplace.certification.rubrics.gates import gates_for
from marketplace.certification.rubrics.rubric import Criterion, Option, Rubric
from marketplace.certification.rubrics.shipped import list_rubrics
from marketplace.errors import NotFound

LONGEST_STEP = 300
MOST_STEPS = 60
LATEST = timedelta(days=5 * 366)
"""A step is due within five years; later is a slip of the pen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """A star mark that the idea's set asks for: the criterion, and the option to reach there."""

    criterion: Criterion
    option: Option

    @property
    def words(self) -> str:
        """Return it as the step that it would be."""
        said = f"{self.criterion.words.vi}: {self.option.words.vi}"
        return said if len(said) <= LONGEST_STEP else f"{said[: LONGEST_STEP - 1]}…"


def rubric_of_set(number: int | None) -> Rubric | None:
    """Return the rubric in force of a set of annex I, None while the set is unsure."""
    return next((rubric for rubric in list_rubrics() if rubric.number == number), None)


def suggest_steps(idea: ProductIdea, steps: Sequence[RoadmapStep], stars: int) -> list[Suggestion]:
    """Return the star marks for so many stars that no step of the idea is about yet, in order."""
    planned = {step.criterion for step in steps}
    return [one for one in _marks(idea, stars) if one.criterion.code not in planned]


def _marks(idea: ProductIdea, stars: int) -> Iterator[Suggestion]:
    rubric = rubric_of_set(idea.set_number)
    for criterion, option in gates_for(rubric, stars) if rubric else ():
        yield Suggestion(criterion=criterion, option=option)


@dataclass(frozen=True, kw_only=True, slots=True)
class StepFacts:
    """A step as it is written: its words, its last day, and the criterion it is about, if any."""

    words: str
    due_on: date
    criterion: str | None = None


def add_steps(
    session: Session, actor: Actor, idea: ProductIdea, wanted: Sequence[StepFacts], at: datetime
) -> list[RoadmapStep]:
    """Add steps to the roadmap of an accepted idea.

    Raises InvalidStep, TooManySteps, IdeaMovedOn and ConflictOfDuty.
    """
    refuse_own(actor, idea)
    claim_idea(session, idea, IdeaState.ACCEPTED)
    rows = [_step(actor, idea, facts, at) for facts in wanted]
    counted = sa.select(sa.func.count()).where(RoadmapStep.idea_id == idea.id)
    if (session.scalar(counted) or 0) + len(rows) > MOST_STEPS:
        raise TooManySteps(most=MOST_STEPS)
    session.add_all(rows)
    session.flush()
    note(session, actor, idea, "steps_added", at)
    return rows


def _step(actor: Actor, idea: ProductIdea, facts: StepFacts, at: datetime) -> RoadmapStep:
    rubric = rubric_of_set(idea.set_number)
    known = {leaf.code for leaf in rubric.leaves()} if rubric else set()
    if facts.criterion is not None and facts.criterion not in known:
        raise InvalidStep(field="criterion")
    if abs(facts.due_on - clock.local_date(at)) > LATEST:
        raise InvalidStep(field="due_on")
    try:
        words = tidied("words", facts.words, LONGEST_STEP, required=True) or ""
    except InvalidWords as refusal:
        raise InvalidStep(field="words") from refusal
    return RoadmapStep(
        idea_id=idea.id,
        criterion=facts.criterion,
        words=words,
        due_on=facts.due_on,
        recorded_by=actor.person_id,
    )


def finish_step(
    session: Session, actor: Actor, idea: ProductIdea, step_id: int, done_on: date | None, at: datetime
) -> None:
    """Note on which day a step was done, or with None that it is not; both doors may.

    Raises NotFound for a step of another idea, IdeaMovedOn, and InvalidStep for a day to come.
    """
    step = _claim_step(session, idea, step_id)
    if done_on is not None and done_on > clock.local_date(at):
        raise InvalidStep(field="done_on")
    step.done_on = done_on
    session.flush()
    note(session, actor, idea, "step_done" if done_on else "step_reopened", at)


def remove_step(session: Session, actor: Actor, idea: ProductIdea, step_id: int, at: datetime) -> None:
    """Take a step off the roadmap; raises NotFound, IdeaMovedOn and ConflictOfDuty."""
    refuse_own(actor, idea)
    session.delete(_claim_step(session, idea, step_id))
    session.flush()
    note(session, actor, idea, "step_removed", at)


def hand_over(session: Session, actor: Actor, idea: ProductIdea, at: datetime) -> None:
    """Note that the producer is told of the steps; raises NotFound for none, and as `add_steps` does."""
    refuse_own(actor, idea)
    claim_idea(session, idea, IdeaState.ACCEPTED)
    if session.scalar(sa.select(RoadmapStep.id).where(RoadmapStep.idea_id == idea.id).limit(1)) is None:
        raise NotFound(roadmap=idea.id)
    note(session, actor, idea, "roadmap_told", at)


def _claim_step(session: Session, idea: ProductIdea, step_id: int) -> RoadmapStep:
    claim_idea(session, idea, IdeaState.ACCEPTED)
    step = session.get(RoadmapStep, step_id, populate_existing=True)
    if step is None or step.idea_id != idea.id:
        raise NotFound(step=step_id)
    return step
