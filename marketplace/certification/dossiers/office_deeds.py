"""What commune and province do with a dossier: examine, return, forward, take in, have advised, pass on.

Decision 26/2026/QĐ-TTg: article 5 for the commune, articles 6 and 7 for the province, which sends what has
90 points and more to the ministry.
"""

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.errors import InvalidDossier, MissingPieces, TooLate
from marketplace.certification.dossiers.flow import RENEWAL_DAYS, claim, move, note
from marketplace.certification.dossiers.missing import Missing, MissingKind
from marketplace.certification.dossiers.models import (
    AdvisoryReport,
    CommuneFinding,
    CommuneLetter,
    Dossier,
    DossierKind,
    DossierState,
    EvaluationRound,
    Topic,
)
from marketplace.certification.dossiers.permits import require_commune, require_province
from marketplace.certification.dossiers.rounds import proposed_on
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import Marks, read_sheet, rubric_of, write_sheet
from marketplace.certification.dossiers.texts import LONGEST_REASONS, required_line, required_words
from marketplace.errors import NotFound

FEWEST_SAMPLES = 5
MOST_SAMPLES = 1000
TOURISM = 26
"""The set of services, of which there are no samples."""
LONGEST_NUMBER, LONGEST_FINDING = 60, 1000
LONGEST_GROUP, LONGEST_ADVICE = 500, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the advisory group reports; the fields are those of AdvisoryReport."""

    group: str
    words: str
    reported_on: date
    visited_on: date | None = None


def record_finding(
    session: Session, actor: Actor, dossier: Dossier, topic: Topic, holds: bool, words: str, at: datetime
) -> None:
    """Write what the commune found on a topic, in place of what it wrote before.

    Raises NotPermitted, MemberCannotJudge, WrongState and InvalidDossier.
    """
    require_commune(session, actor, dossier)
    claim(session, dossier, DossierState.SUBMITTED)
    found = session.get(CommuneFinding, (dossier.id, topic)) or CommuneFinding(
        dossier_id=dossier.id, topic=topic
    )
    found.holds, found.words = holds, required_words("words", words, LONGEST_FINDING)
    session.add(found)
    session.flush()
    note(session, actor, dossier, "find", at, topic_code=topic, holds=holds)


def forward_dossier(
    session: Session,
    actor: Actor,
    dossier: Dossier,
    letter: str,
    written_on: date,
    samples: int | None,
    at: datetime,
) -> None:
    """Propose a dossier to the province with the commune's letter and the samples that came with it.

    Raises NotPermitted, MemberCannotJudge, WrongState, InvalidDossier, and MissingPieces for topics that do
    not hold, a letter without number, or fewer than five samples of goods.
    """
    require_commune(session, actor, dossier)
    claim(session, dossier, DossierState.SUBMITTED)
    missing = (*_topics_missing(session, dossier), *_handed_over_missing(dossier, letter, samples))
    if missing:
        raise MissingPieces(missing)
    _check_day("written_on", written_on, dossier, at)
    number = required_line("letter", letter, LONGEST_NUMBER)
    kept = session.get(CommuneLetter, dossier.id) or CommuneLetter(dossier_id=dossier.id)
    kept.number, kept.written_on, kept.written_by = number, written_on, actor.person_id
    session.add(kept)
    counted = None if dossier.set_number == TOURISM else samples
    move(session, actor, dossier, DossierState.FORWARDED, at, samples=counted)


def return_dossier(session: Session, actor: Actor, dossier: Dossier, words: str, at: datetime) -> None:
    """Give a dossier back to its producer with reasons.

    Raises NotPermitted, MemberCannotJudge, WrongState and InvalidDossier.
    """
    require_commune(session, actor, dossier)
    reasons = required_words("words", words, LONGEST_REASONS)
    move(session, actor, dossier, DossierState.RETURNED, at, reasons)


def accept_dossier(
    session: Session, actor: Actor, dossier: Dossier, evaluation_round: EvaluationRound, at: datetime
) -> None:
    """Take a dossier into a round of the province; it is decided by then, or sooner when evaluated again.

    Raises NotPermitted, MemberCannotJudge, WrongState, NotFound for another province's round, and TooLate
    for a round that took files until before this one was proposed.
    """
    require_province(session, actor, dossier)
    claim(session, dossier, DossierState.FORWARDED)
    if evaluation_round.unit_id != dossier.province_id:
        raise NotFound(round=evaluation_round.id)
    if proposed_on(session, dossier) > evaluation_round.intake_until:
        raise TooLate(closes=evaluation_round.intake_until)
    due_on = evaluation_round.decided_by
    if dossier.kind is DossierKind.REASSESS:
        due_on = min(due_on, clock.local_date(at) + RENEWAL_DAYS)
    move(session, actor, dossier, DossierState.ACCEPTED, at, round_id=evaluation_round.id, due_on=due_on)


def ask_completion(
    session: Session, actor: Actor, dossier: Dossier, words: str, due_on: date, at: datetime
) -> None:
    """Ask the producer to complete a dossier by a day that is still to come.

    Raises NotPermitted, MemberCannotJudge, WrongState and InvalidDossier.
    """
    require_province(session, actor, dossier)
    reasons = required_words("words", words, LONGEST_REASONS)
    if due_on <= clock.local_date(at):
        raise InvalidDossier(field="due_on")
    move(session, actor, dossier, DossierState.NEEDS_COMPLETION, at, reasons, due_on=due_on)


def report_advice(
    session: Session, actor: Actor, dossier: Dossier, advice: Advice, at: datetime, marks: Marks | None = None
) -> None:
    """Write what the advisory group reports, with a score sheet of its own where it filled one.

    Raises NotPermitted, MemberCannotJudge, WrongState, InvalidDossier, MissingPieces for a sheet that is not
    whole, and what `write_sheet` does.
    """
    require_province(session, actor, dossier)
    claim(session, dossier, DossierState.ACCEPTED)
    _check_day("reported_on", advice.reported_on, dossier, at)
    if advice.visited_on is not None:
        _check_day("visited_on", advice.visited_on, dossier, at)
    report = session.get(AdvisoryReport, dossier.id) or AdvisoryReport(dossier_id=dossier.id)
    report.group = required_line("group", advice.group, LONGEST_GROUP)
    report.words = required_words("words", advice.words, LONGEST_ADVICE)
    report.visited_on, report.reported_on = advice.visited_on, advice.reported_on
    report.recorded_by = actor.person_id
    session.add(report)
    if marks is not None:
        _sign_sheet(session, actor, dossier, marks, at)
    move(session, actor, dossier, DossierState.ADVISED, at)


def _sign_sheet(session: Session, actor: Actor, dossier: Dossier, marks: Marks, at: datetime) -> None:
    row = write_sheet(session, dossier, SheetLevel.ADVISORY, marks, actor.person_id, at)
    sheet = read_sheet(row, rubric_of(dossier))
    if not sheet.complete:
        raise MissingPieces(Missing(MissingKind.CHOICE, leaf.code) for leaf in sheet.unscored)
    row.signed_at = at


def _topics_missing(session: Session, dossier: Dossier) -> list[Missing]:
    """Return the topics on which nothing was found, or that do not hold."""
    own = sa.select(CommuneFinding.topic).where(CommuneFinding.dossier_id == dossier.id, CommuneFinding.holds)
    hold = set(session.scalars(own))
    return [Missing(MissingKind.FINDING, topic) for topic in Topic if topic not in hold]


def _handed_over_missing(dossier: Dossier, letter: str, samples: int | None) -> list[Missing]:
    missing = [] if letter.strip() else [Missing(MissingKind.LETTER)]
    if dossier.set_number != TOURISM and not FEWEST_SAMPLES <= (samples or 0) <= MOST_SAMPLES:
        missing.append(Missing(MissingKind.SAMPLES))
    return missing


def _check_day(field: str, day: date, dossier: Dossier, at: datetime) -> None:
    """Refuse a day before the dossier was handed in, or one that is still to come."""
    handed_in = clock.local_date(dossier.submitted_at) if dossier.submitted_at else date.min
    if not handed_in <= day <= clock.local_date(at):
        raise InvalidDossier(field=field)
