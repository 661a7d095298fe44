"""S3: nothing skips, repeats or goes back a step, however deeds come and whoever comes at the same moment."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from itertools import permutations
from unittest.mock import patch

from flask import Flask
from sqlalchemy.exc import IntegrityError

from marketplace.catalogue import listing_states
from marketplace.catalogue.listing_models import ListingState
from marketplace.database import db, unit_of_work
from marketplace.errors import MarketplaceError
from tests.drills import Outcome, Run, drill
from tests.drills.shoppers import at_once
from tests.drills.stories import list_stories
from tests.drills.story import Story

STEPS = 8


@drill("S3", bar="0 illegal deeds accepted, 0 legal ones refused, 0 races that no order explains")
def stories_are_kept_to(run: Run) -> Outcome:
    """Do deeds at random upon things of every kind, then two rival deeds at the same moment."""
    walks, races = run.count(short=16, full=600), run.count(short=16, full=400)
    told = _Told()
    with run.application() as app:
        stories = list_stories()
        with _guard(run):
            for number in range(walks):
                told.walk(run, stories[number % len(stories)], number)
            for number in range(walks, walks + races):
                told.race(run, app, stories[number % len(stories)], number)
    got = {
        "deeds": told.deeds,
        "legal": told.legal,
        "illegal_accepted": told.accepted,
        "legal_refused": told.refused,
        "races": races,
        "unexplained": told.unexplained,
        "first": told.first,
    }
    return Outcome(got, ok=told.legal > 0 and not (told.accepted or told.refused or told.unexplained))


@contextmanager
def _guard(run: Run) -> Iterator[None]:
    """As the control, let a listing go on from any state as its deed goes on from one."""
    with ExitStack() as stack:
        if not run.guarded:
            anywhere = {
                deed: dict.fromkeys(ListingState, next(iter(leads.values())))
                for deed, leads in listing_states.TRANSITIONS.items()
            }
            stack.enter_context(patch.dict(listing_states.TRANSITIONS, anywhere))
        yield


class _Told:
    """What the stories came to."""

    def __init__(self) -> None:
        self.deeds = self.legal = self.accepted = self.refused = self.unexplained = 0
        self.first: list[str] = []

    def walk(self, run: Run, story: Story, number: int) -> None:
        """Do some deeds one after another, and compare each with what is legal."""
        thing = story.begin(number)
        state = _state(story, thing)
        for deed in run.random.choices(list(story.deeds), k=STEPS):
            leads = story.legal.get((deed, state))
            done, now = _do(story, deed, thing), _state(story, thing)
            self.deeds += 1
            self.legal += leads is not None
            self.refused += self._note(leads is not None and not done, story, deed, state, now)
            self.accepted += self._note(
                now != (leads or state) or (done and not leads), story, deed, state, now
            )
            state = now

    def race(self, run: Run, app: Flask, story: Story, number: int) -> None:
        """Lead a thing some steps, then do two deeds at once: one after the other must explain the end."""
        thing = story.begin(number)
        for _ in range(run.random.randrange(STEPS)):
            _do(
                story, run.random.choice(_open_deeds(story, _state(story, thing)) or list(story.deeds)), thing
            )
        state = _state(story, thing)
        rivals = run.random.sample(_open_deeds(story, state) or list(story.deeds), k=1) * 2
        rivals[1] = run.random.choice(list(story.deeds))
        done = at_once([partial(_do_aside, app, story, deed, thing) for deed in rivals])
        now = _state(story, thing)
        explained = any(
            _one_after_another(story, rivals, order, state) == (done, now) for order in permutations((0, 1))
        )
        self.unexplained += self._note(not explained, story, " and ".join(rivals), state, now)

    def _note(self, wrong: bool, story: Story, deed: str, state: str, now: str) -> bool:
        if wrong and len(self.first) < 6:
            self.first.append(f"{story.name}: {deed} from {state} to {now}")
        return wrong


def _open_deeds(story: Story, state: str) -> list[str]:
    return [deed for deed, before in story.legal if before == state]


def _one_after_another(
    story: Story, rivals: list[str], order: tuple[int, ...], state: str
) -> tuple[list[bool], str]:
    """Return which of two deeds are done, and the end, when they come in an order."""
    done = [False, False]
    for place in order:
        leads = story.legal.get((rivals[place], state))
        done[place], state = leads is not None, leads or state
    return done, state


def _do(story: Story, deed: str, thing: int) -> bool:
    """Do a deed; return False when it was refused, by an action or by a constraint of the database."""
    try:
        with unit_of_work() as session:
            story.deeds[deed](session, thing)
    except (MarketplaceError, IntegrityError):
        return False
    return True


def _do_aside(app: Flask, story: Story, deed: str, thing: int) -> bool:
    with app.app_context():
        return _do(story, deed, thing)


def _state(story: Story, thing: int) -> str:
    db.session.rollback()
    db.session.expire_all()
    return story.state(db.session(), thing)
