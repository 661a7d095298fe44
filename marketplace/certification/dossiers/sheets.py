"""Score sheets as they are kept: finding, reading and writing them, and the rubric they are of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from marketplace.certification.dossiers.errors import InvalidDossier, NoRubric, SheetLocked
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.dossiers.sheet_models import SheetChoice, SheetLevel, SheetRow, SheetStop
from marketplace.certification.rubrics.rubric import Rubric
from marketplace.certification.rubrics.sheet import ScoreSheet, fill_sheet
from marketplace.certification.rubrics.shipped import ChangedRubric, list_rubrics
from marketplace.errors import NotFound
from marketplace.text import one_line

LONGEST_WORDS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """What is written on a sheet: options by criterion (None takes one away), and words beside them.

    `stops` are the findings that end the scoring with words each, in place of all before; None leaves them.
    """

    choices: Mapping[str, int | None] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    stops: Mapping[int, str] | None = None


def rubric_of(dossier: Dossier) -> Rubric:
    """Return the rubric that a dossier is judged by: the one frozen when it was handed in.

    Raises NoRubric where there is none here, and ChangedRubric when it is not what was frozen.
    """
    try:
        rubrics = list_rubrics(dossier.regulation, dossier.rubric_edition)
    except NotFound:
        raise NoRubric(regulation=dossier.regulation) from None
    found = next((one for one in rubrics if one.number == dossier.set_number), None)
    if found is None:
        raise NoRubric(regulation=dossier.regulation)
    if dossier.rubric_digest not in {None, found.digest}:
        raise ChangedRubric(f"dossier {dossier.id}: {found.digest}")
    return found


def find_sheet(
    session: Session,
    dossier_id: int,
    level: SheetLevel,
    member_id: int | None = None,
    session_id: int | None = None,
) -> SheetRow | None:
    """Return a sheet with what stands on it: of a level, or of a member in a session of the council."""
    wanted = (
        sa.select(SheetRow)
        .where(
            SheetRow.dossier_id == dossier_id,
            SheetRow.level == level,
            SheetRow.member_id.is_not_distinct_from(member_id),
            SheetRow.session_id.is_not_distinct_from(session_id),
        )
        .options(selectinload(SheetRow.choices), selectinload(SheetRow.stops))
    )
    return session.scalar(wanted.execution_options(populate_existing=True))


def read_sheet(row: SheetRow | None, rubric: Rubric) -> ScoreSheet:
    """Return a sheet as it is reckoned with, an empty one where there is none yet.

    Raises UnknownCriterion, UnknownOption and UnknownStop for marks that the rubric does not know.
    """
    if row is None:
        return fill_sheet(rubric, {})
    choices = {one.criterion: one.option for one in row.choices}
    return fill_sheet(rubric, choices, (one.number for one in row.stops))


def write_sheet(
    session: Session,
    dossier: Dossier,
    level: SheetLevel,
    marks: Marks,
    person_id: int,
    at: datetime,
    member_id: int | None = None,
    session_id: int | None = None,
) -> SheetRow:
    """Write marks onto a sheet, beginning it where there is none; what they do not name stays.

    The caller has locked the dossier. Raises SheetLocked, InvalidDossier for words too long, and what
    `read_sheet` does.
    """
    row = find_sheet(session, dossier.id, level, member_id, session_id)
    if row is not None and row.signed_at is not None:
        raise SheetLocked
    whose = {"member_id": member_id, "session_id": session_id}
    kept = row or SheetRow(dossier_id=dossier.id, level=level, choices=[], stops=[], **whose)
    kept.changed_by, kept.changed_at = person_id, at
    _put_choices(kept, marks)
    if marks.stops is not None:
        kept.stops[:] = [SheetStop(number=one, words=_line(words)) for one, words in marks.stops.items()]
    read_sheet(kept, rubric_of(dossier))
    session.add(kept)
    session.flush()
    return kept


def _put_choices(row: SheetRow, marks: Marks) -> None:
    """Bring choices and their words up to date, the rows of the same criteria kept."""
    kept = {one.criterion: one for one in row.choices}
    for criterion, option in marks.choices.items():
        if option is None:
            if criterion in kept:
                row.choices.remove(kept.pop(criterion))
        elif criterion in kept:
            kept[criterion].option = option
        else:
            kept[criterion] = SheetChoice(criterion=criterion, option=option)
            row.choices.append(kept[criterion])
    for criterion, words in marks.words.items():
        if criterion in kept:
            kept[criterion].words = _line(words)


def _line(text: str) -> str | None:
    words = one_line(text)
    if len(words) > LONGEST_WORDS:
        raise InvalidDossier(field="words", most=LONGEST_WORDS)
    return words or None
