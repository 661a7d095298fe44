"""The regulations of evaluation and classification, and which of them ruled on a day."""

import csv
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.certification.models import Regulation

TRANSITION_OF_FIRST_FILES = timedelta(days=60)
TRANSITION_OF_REASSESSMENTS = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """One version of the rules as shipped; an amendment is a version that names what it amends."""

    code: str
    title: str
    effective_from: date
    effective_to: date | None
    in_transition_until: date | None
    amends: str | None
    points_a: int | None
    points_b: int | None
    points_c: int | None
    validity_months: int | None
    province_from: int | None
    ministry_from: int | None

    @property
    def base(self) -> str:
        """Return the code of the regulation that this version amends, or its own."""
        return self.amends or self.code


@cache
def shipped_rules() -> tuple[Rules, ...]:
    """Return every version of the rules, oldest first."""
    shipped = files("marketplace") / "data" / "certification" / "regulations.csv"
    with shipped.open(encoding="utf-8") as file:
        return tuple(_rules(row) for row in csv.DictReader(file))


def _rules(row: dict[str, str]) -> Rules:
    def number(column: str) -> int | None:
        return int(row[column]) if row[column] else None

    def day(column: str) -> date | None:
        return date.fromisoformat(row[column]) if row[column] else None

    return Rules(
        code=row["code"],
        title=row["title"],
        effective_from=date.fromisoformat(row["effective_from"]),
        effective_to=day("effective_to"),
        in_transition_until=day("in_transition_until"),
        amends=row["amends"] or None,
        points_a=number("points_a"),
        points_b=number("points_b"),
        points_c=number("points_c"),
        validity_months=number("validity_months"),
        province_from=number("province_from"),
        ministry_from=number("ministry_from"),
    )


def regulation_in_force(
    day: date, applied_on: date | None = None, reassessment: bool = False
) -> Rules | None:
    """Return the rules that a file is decided by on a day; None before there were any.

    A file handed in before a regulation began is still decided by the one before it: first files
    and upgrades for 60 days, reassessments for 30 (Decision 26/2026/QĐ-TTg, article 12).
    """
    found = next((rules for rules in reversed(shipped_rules()) if rules.effective_from <= day), None)
    if found is None or applied_on is None or applied_on >= found.effective_from:
        return found
    before = shipped_rules()[shipped_rules().index(found) - 1]
    allowed = TRANSITION_OF_REASSESSMENTS if reassessment else TRANSITION_OF_FIRST_FILES
    if before.in_transition_until and day <= found.effective_from + allowed:
        return before
    return found


def rules_possible(issued_on: date | None, year: int | None) -> tuple[Rules, ...]:
    """Return every version that a certificate may have been issued under, the application day unknown."""
    if issued_on is not None:
        first = last = issued_on
    elif year is not None:
        first, last = date(year, 1, 1), date(year, 12, 31)
    else:
        return ()
    return tuple(rules for rules in shipped_rules() if _ruled(rules, first, last))


def _ruled(rules: Rules, first: date, last: date) -> bool:
    end = rules.in_transition_until or rules.effective_to or date.max
    return rules.effective_from <= last and first <= end


def regulation_of_issue(issued_on: date | None, year: int | None) -> str | None:
    """Return the code of the regulation a certificate was issued under, None where that is unsure.

    Where only the base is sure and not its amendment, the base is named.
    """
    possible = rules_possible(issued_on, year)
    if len(possible) == 1:
        return possible[0].code
    bases = {rules.base for rules in possible}
    return bases.pop() if len(bases) == 1 else None


def load_regulations(session: Session) -> dict[str, Regulation]:
    """Write the shipped regulations that are not there yet and return them all by code."""
    kept = {row.code: row for row in session.scalars(sa.select(Regulation))}
    for rules in shipped_rules():
        if rules.code not in kept:
            kept[rules.code] = _row(rules, kept)
            session.add(kept[rules.code])
            session.flush()
    return kept


def _row(rules: Rules, kept: dict[str, Regulation]) -> Regulation:
    return Regulation(
        code=rules.code,
        title=rules.title,
        effective_from=rules.effective_from,
        effective_to=rules.in_transition_until or rules.effective_to,
        amends_id=kept[rules.amends].id if rules.amends else None,
        points_a=rules.points_a,
        points_b=rules.points_b,
        points_c=rules.points_c,
        validity_months=rules.validity_months,
        province_from=rules.province_from,
        ministry_from=rules.ministry_from,
    )
