"""Forms of councils: what was typed of a council, a seat, a session, and on a score sheet."""

from collections.abc import Mapping
from datetime import datetime, time
from decimal import Decimal, InvalidOperation

from werkzeug.datastructures import MultiDict

from marketplace import clock
from marketplace.accounts.identity import read_identity
from marketplace.certification.councils.errors import InvalidCouncil
from marketplace.certification.councils.founding import Founding
from marketplace.certification.councils.models import Position
from marketplace.certification.councils.sessions import Planning
from marketplace.certification.dossiers.sheets import LONGEST_WORDS, Marks
from marketplace.certification.rubrics.rubric import Rubric
from marketplace.office.typed_days import read_day
from marketplace.text import whole_number
from marketplace.web.score_sheets import STOPS, read_sheet

FIELDS = {
    "name": "ten",
    "decision_number": "so",
    "decided_on": "ngay",
    "spread_limit": "nguong",
    "agency": "co_quan",
    "position": "cuong_vi",
    "identity": "dia_chi",
    "meets_at": "ngay_hop",
    "place": "noi",
    "words": "ly_do",
}
"""By the field that a refusal names, the field of the form."""


def read_founding(typed: Mapping[str, str]) -> Founding:
    """Return what was typed of a council; raises InvalidCouncil."""
    day = read_day(typed.get("ngay", ""))
    if day is None:
        raise InvalidCouncil(field="decided_on")
    try:
        limit = Decimal(typed.get("nguong", "10").replace(",", ".").strip())
    except InvalidOperation:
        raise InvalidCouncil(field="spread_limit") from None
    if not limit.is_finite():
        raise InvalidCouncil(field="spread_limit")
    return Founding(
        name=typed.get("ten", ""),
        decision_number=typed.get("so", ""),
        decided_on=day,
        spread_limit=limit,
    )


def read_position(typed: Mapping[str, str]) -> Position:
    """Return the position that was chosen; raises InvalidCouncil."""
    if typed.get("cuong_vi") not in set(Position):
        raise InvalidCouncil(field="position")
    return Position(typed["cuong_vi"])


def read_whom(typed: Mapping[str, str]) -> dict[str, str | None]:
    """Return e-mail address or phone number as columns of a person; raises InvalidIdentity."""
    return dict(read_identity(typed.get("dia_chi", "")).columns)


def read_planning(typed: Mapping[str, str]) -> Planning:
    """Return when and where a session is to meet; raises InvalidCouncil."""
    day, hour = read_day(typed.get("ngay_hop", "")), _hour(typed.get("gio_hop", ""))
    if day is None or hour is None:
        raise InvalidCouncil(field="meets_at")
    return Planning(
        meets_at=datetime.combine(day, hour, clock.VIETNAM),
        place=typed.get("noi", ""),
        written=typed.get("van_ban") == "1",
        round_id=whole_number(typed.get("dot", "")),
    )


def read_marks(rubric: Rubric, typed: MultiDict[str, str]) -> Marks:
    """Return what a form says on a score sheet; raises UnknownOption and UnknownStop."""
    sheet = read_sheet(rubric, typed)
    words = {leaf.code: typed.get(f"g{leaf.code}", "")[:LONGEST_WORDS] for leaf in rubric.leaves()}
    return Marks(
        choices=dict(sheet.choices),
        words={code: text for code, text in words.items() if code in sheet.choices},
        stops={number: typed.get(f"{STOPS}-loi", "")[:LONGEST_WORDS] for number in sheet.stops},
    )


def _hour(typed: str) -> time | None:
    try:
        return datetime.strptime(typed.strip(), "%H:%M").time()  # noqa: DTZ007 - an hour of a wall clock
    except ValueError:
        return None
