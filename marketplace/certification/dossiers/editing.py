"""What a producer writes into its dossier: the choices of its own sheet, and the facts of forms 01 and 02."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.errors import InvalidDossier
from marketplace.certification.dossiers.flow import note
from marketplace.certification.dossiers.models import Dossier, SelfReport
from marketplace.certification.dossiers.permits import require_editable
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import Marks, find_sheet, write_sheet
from marketplace.text import clean_lines, one_line

LONGEST = {
    "representative": 120,
    "title": 120,
    "ethnicity": 60,
    "home": 200,
    "phone": 20,
    "email": 254,
    "licence": 120,
    "goods": 2000,
    "history": 4000,
    "structure": 2000,
    "materials": 4000,
    "technology": 4000,
    "quality": 4000,
    "market": 4000,
    "changes": 4000,
    "plan": 4000,
}
_SEVERAL_LINES = frozenset(
    {"goods", "history", "structure", "materials", "technology", "quality", "market", "changes", "plan"}
)
_COUNTED = ("workers", "local_workers", "revenue")
MOST_WORKERS = 1_000_000
MOST_MONEY = 10**15


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFacts:
    """What forms 01 and 02 ask beside the criteria; the fields are those of SelfReport."""

    representative: str = ""
    title: str = ""
    female: bool | None = None
    ethnicity: str = ""
    home: str = ""
    phone: str = ""
    email: str = ""
    founded_on: date | None = None
    licence: str = ""
    goods: str = ""
    history: str = ""
    structure: str = ""
    workers: int | None = None
    local_workers: int | None = None
    materials: str = ""
    technology: str = ""
    quality: str = ""
    market: str = ""
    changes: str = ""
    plan: str = ""
    revenue: int | None = None
    profit: int | None = None


def save_choices(
    session: Session,
    actor: Actor,
    dossier: Dossier,
    choices: Mapping[str, int | None],
    words: Mapping[str, str],
    at: datetime,
) -> None:
    """Write options at some criteria of the producer's own sheet; None takes one away, the rest stays.

    Raises NotEditable, InvalidDossier, UnknownCriterion and UnknownOption.
    """
    require_editable(session, dossier)
    row = find_sheet(session, dossier.id, SheetLevel.SELF)
    if row is not None:
        row.signed_at = None
    marks = Marks(choices=choices, words=words)
    write_sheet(session, dossier, SheetLevel.SELF, marks, actor.person_id, at)
    note(session, actor, dossier, "score", at, criterion_codes=sorted(choices))


def save_report(session: Session, actor: Actor, dossier: Dossier, facts: ReportFacts, at: datetime) -> None:
    """Write the facts of forms 01 and 02; what is empty may be written later.

    Raises NotEditable and InvalidDossier.
    """
    require_editable(session, dossier)
    columns = _checked(facts, clock.local_date(at))
    report = session.get(SelfReport, dossier.id) or SelfReport(dossier_id=dossier.id)
    for name, value in columns.items():
        setattr(report, name, value)
    session.add(report)
    session.flush()
    note(session, actor, dossier, "report", at)


def _checked(facts: ReportFacts, day: date) -> dict[str, object]:
    columns = {one.name: _value(one.name, getattr(facts, one.name)) for one in fields(facts)}
    if facts.founded_on is not None and facts.founded_on > day:
        raise InvalidDossier(field="founded_on")
    for name in _COUNTED:
        most = MOST_MONEY if name == "revenue" else MOST_WORKERS
        number = getattr(facts, name)
        if number is not None and not 0 <= number <= most:
            raise InvalidDossier(field=name, most=most)
    if facts.profit is not None and abs(facts.profit) > MOST_MONEY:
        raise InvalidDossier(field="profit", most=MOST_MONEY)
    if (facts.local_workers or 0) > (facts.workers or 0):
        raise InvalidDossier(field="local_workers", most=facts.workers or 0)
    return columns


def _value(name: str, value: object) -> object:
    if not isinstance(value, str):
        return value
    kept = clean_lines(value) if name in _SEVERAL_LINES else one_line(value)
    if len(kept) > LONGEST[name]:
        raise InvalidDossier(field=name, most=LONGEST[name])
    return kept
