"""What the page of a dossier before a session shows: how far scoring is, and once all are in what it came to.

Nothing is reckoned here before the sheets are open.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.bench import Bench, refuse_conflicted
from marketplace.certification.councils.models import (
    CouncilMember,
    CouncilSession,
    Position,
    SessionDossier,
    SessionState,
)
from marketplace.certification.councils.queries import get_session
from marketplace.certification.councils.results import Tally, tally
from marketplace.certification.councils.reveal import count_conflicts, count_signed, list_open_sheets
from marketplace.certification.dossiers.sheets import read_sheet, rubric_of
from marketplace.certification.rubrics.gates import MissingGate, gates_for, missing_gates
from marketplace.certification.rubrics.rubric import Rubric
from marketplace.certification.rubrics.sheet import ScoreSheet
from marketplace.certification.rubrics.stars import BANDS, mean_points
from marketplace.errors import NotFound
from marketplace.office.dot_plot import DotPlot, draw_dots

MOST_STARS = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far the scoring of a dossier is: so many sheets of so many are in."""

    case: SessionDossier
    bench: Bench
    signed: int

    @property
    def awaited(self) -> int:
        """Return how many sheets there will be."""
        return len(self.bench.scorers)


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenSheet:
    """A sheet that is open, with the member's number in the session."""

    number: int
    member: CouncilMember
    sheet: ScoreSheet


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcomes:
    """What the open sheets of a dossier come to, drawn and in numbers."""

    rubric: Rubric
    sheets: tuple[OpenSheet, ...]
    tally: Tally
    plot: DotPlot
    lacking: tuple[MissingGate, ...]
    marks: int
    asked: int
    spread_limit: Decimal

    @property
    def cut(self) -> int:
        """Return from how many points on the mean's own band begins."""
        return int(BANDS[self.tally.verdict.by_points])

    @property
    def far_apart(self) -> bool:
        """Return whether the sheets lie so far apart that they are to be talked over."""
        return self.tally.spread >= self.spread_limit

    def mean_of(self, part_code: str) -> Decimal:
        """Return the mean of a part, two places."""
        parts = [one for one in self.rubric.parts if one.code == part_code]
        return mean_points([one.sheet.points_at(parts[0]) for one in self.sheets])

    def agree(self, gate: MissingGate) -> int:
        """Return how many members find that a mark is not reached."""
        code, wanted = gate.criterion.code, gate.option.number
        return sum(one.sheet.choices.get(code, 0) < wanted for one in self.sheets)


def progress_of(session: Session, held: CouncilSession) -> list[Progress]:
    """Return how far each dossier of a session is, the session loaded with all beside sheets."""
    signed, conflicts = count_signed(session, held.id), count_conflicts(session, held.id)
    members = tuple(seat.member for seat in held.seats)
    return [
        Progress(
            case=case,
            bench=Bench(members=members, conflicted=conflicts.get(case.dossier_id, frozenset())),
            signed=signed.get(case.dossier_id, 0),
        )
        for case in held.dossiers
    ]


def open_page(
    session: Session, actor: Actor, session_id: int, dossier_id: int
) -> tuple[CouncilSession, Sequence[Progress], Progress]:
    """Return a session, how far its dossiers are, and the one asked for.

    Raises NotFound, and ConflictedMember for whoever has to do with the dossier.
    """
    held = get_session(session, actor, session_id)
    every = progress_of(session, held)
    asked = next((one for one in every if one.case.dossier_id == dossier_id), None)
    if asked is None:
        raise NotFound
    refuse_conflicted(session, actor, asked.case.dossier)
    return held, every, asked


def find_outcomes(session: Session, held: CouncilSession, asked: Progress) -> Outcomes | None:
    """Return what the sheets come to; None while they are blind."""
    rows = list_open_sheets(session, held.id, asked.case.dossier_id)
    if not rows:
        return None
    rubric = rubric_of(asked.case.dossier)
    numbers = number_members(asked.bench)
    by_id = {member.id: member for member in asked.bench.scorers}
    sheets = tuple(
        OpenSheet(
            number=numbers[row.member_id or 0],
            member=by_id[row.member_id or 0],
            sheet=read_sheet(row, rubric),
        )
        for row in rows
    )
    found = tally([one.sheet for one in sheets])
    asked_stars = min(MOST_STARS, max(3, found.verdict.by_points))
    lacking = missing_gates(found.agreed, asked_stars)
    return Outcomes(
        rubric=rubric,
        sheets=sheets,
        tally=found,
        plot=draw_dots(found.totals, found.verdict.points),
        lacking=lacking,
        marks=len(list(gates_for(rubric, asked_stars))),
        asked=asked_stars,
        spread_limit=held.council.spread_limit,
    )


def number_members(bench: Bench) -> Mapping[int, int]:
    """Return the numbers by which those who score are named in a session."""
    return {member.id: number for number, member in enumerate(bench.voting, 1)}


def own_seat(held: CouncilSession, actor: Actor) -> CouncilMember | None:
    """Return the actor's own seat in a session that was loaded for them, or None."""
    seats = (seat.member for seat in held.seats)
    return next((one for one in seats if one.person_id == actor.person_id and one.left_on is None), None)


def has_sheet(held: CouncilSession, asked: Progress, member: CouncilMember | None) -> bool:
    """Return whether a member has a sheet of a dossier, to fill in or to read again."""
    return (
        member is not None
        and member.position is not Position.SECRETARY
        and member.id not in asked.bench.conflicted
        and held.state is not SessionState.PLANNED
    )


def may_score(held: CouncilSession, asked: Progress, member: CouncilMember | None) -> bool:
    """Return whether a member's sheet is open to be filled in now."""
    return (
        has_sheet(held, asked, member) and held.state is SessionState.SCORING and asked.case.closed_at is None
    )
