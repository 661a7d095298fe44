"""Decisions of years gone by, drafted from a file in an officer's name."""

from pathlib import Path

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.placement import grants_of
from marketplace.accounts.privacy import subject_of
from marketplace.accounts.roles import SignInLevel
from marketplace.database import unit_of_work
from marketplace.errors import NotFound
from marketplace.upkeep.decision_sheets.drafting import draft_from_sheet
from marketplace.upkeep.decision_sheets.uploads import read_path
from marketplace.upkeep.importing.report import Report


def draft_decisions(file: Path, officer: str, *, dry_run: bool) -> Report:
    """Draft the decisions of a file; the officer's own roles say of which provinces.

    Raises SheetRefused, InvalidIdentity and NotFound for an officer who has no account.
    """
    rows, found = read_path(file)
    with unit_of_work() as session:
        number = subject_of(session, officer).person_id
        if number is None:
            raise NotFound(person=officer)
        actor = Actor(number, frozenset(grants_of(session, number)), SignInLevel.TWO_FACTOR)
        outcome = draft_from_sheet(session, actor, rows, found, clock.now(), dry_run=dry_run)
    return outcome.report
