"""Score sheets on pages: how the fields of one are read, what it comes to, and how it is written.

Templates show one by `components/score_sheet.html` and its result by `components/score_result.html`, both
imported with context and given SHEET_FACTS.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from marketplace.certification.errors import UnknownOption, UnknownStop
from marketplace.certification.models import Authority
from marketplace.certification.rubrics.gates import gates_for
from marketplace.certification.rubrics.next_star import NextStar, next_star
from marketplace.certification.rubrics.rubric import Criterion, NoteKind, Part, Rubric
from marketplace.certification.rubrics.sheet import ScoreSheet, fill_sheet
from marketplace.certification.rubrics.stars import Verdict, judge
from marketplace.text import whole_number

STOPS = "dung"
SHOWN_GATES = 6


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """A group of criteria with how far it is scored and how many marks of the next star it lacks."""

    criterion: Criterion
    points: int
    leaves: int
    scored: int
    lacking: int

    @property
    def finished(self) -> bool:
        """Return whether nothing here is left to look at."""
        return self.scored == self.leaves and not self.lacking


@dataclass(frozen=True, kw_only=True, slots=True)
class Trial:
    """The result of a trial scoring; `reached` of `marks` criteria with a mark of the next star."""

    sheet: ScoreSheet
    verdict: Verdict
    way: NextStar | None
    marks: int
    reached: int


def field_of(criterion: Criterion) -> str:
    """Return the name that a criterion has in an address."""
    return f"c{criterion.code}"


def read_sheet(rubric: Rubric, fields: MultiDict[str, str]) -> ScoreSheet:
    """Return the score sheet that an address or a form holds; names of other things are passed over.

    Raises UnknownOption and UnknownStop for what the rubric does not have.
    """
    choices = {}
    for leaf in rubric.leaves():
        text = fields.get(field_of(leaf))
        if text:
            option = whole_number(text)
            if option is None:
                raise UnknownOption(criterion=leaf.code, option=text)
            choices[leaf.code] = option
    return fill_sheet(rubric, choices, map(_stop, fields.getlist(STOPS)))


def _stop(text: str) -> int:
    number = whole_number(text)
    if number is None:
        raise UnknownStop
    return number


def try_out(sheet: ScoreSheet) -> Trial:
    """Return what a score sheet comes to at the province, which is the first to decide."""
    verdict = judge(sheet, Authority.PROVINCE)
    way = None if sheet.stops else next_star(sheet, Authority.PROVINCE)
    marks = len(list(gates_for(sheet.rubric, way.stars))) if way else 0
    lacking = len(way.gates) if way else 0
    return Trial(sheet=sheet, verdict=verdict, way=way, marks=marks, reached=marks - lacking)


def groups_of(part: Part, sheet: ScoreSheet, way: NextStar | None) -> Iterator[Group]:
    """Yield the groups of a part as a sheet stands."""
    lacking = {gate.criterion.code for gate in way.gates} if way else set()
    for criterion in part.criteria:
        codes = [leaf.code for leaf in criterion.leaves()]
        yield Group(
            criterion=criterion,
            points=sheet.points_at(criterion),
            leaves=len(codes),
            scored=sum(code in sheet.choices for code in codes),
            lacking=len(lacking.intersection(codes)),
        )


def note_name(kind: NoteKind) -> str:
    """Return what a kind of note is called beside a criterion."""
    return str(
        {
            NoteKind.REQUIRE: _("Phải có"),
            NoteKind.EXCLUDE: _("Không chấm"),
            NoteKind.APPLIES: _("Khi nào chấm"),
            NoteKind.STOP: _("Dừng chấm"),
            NoteKind.ELIMINATE: _("Loại hồ sơ"),
            NoteKind.BASIS: _("Cách tính"),
            NoteKind.DEFINE: _("Giải thích"),
            NoteKind.CASE: _("Trường hợp"),
        }[kind]
    )


def write_points(points: Decimal) -> str:
    """Write points with two places in the language of the page: 71,00."""
    return str(format_decimal(points, format="0.00"))


SHEET_FACTS: dict[str, Any] = {
    "field_of": field_of,
    "note_name": note_name,
    "stops_name": STOPS,
    "shown_gates": SHOWN_GATES,
    "write_points": write_points,
}
"""What the templates of score sheets need beside the sheet."""
