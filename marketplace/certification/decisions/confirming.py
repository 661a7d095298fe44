"""Confirming what was drafted from results: the second person types number and day of the signed paper.

What is recognised gets its decision and certificates at once; what is not gets neither (1 and 2 stars,
findings that end the scoring), and its producer is told by the notice.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.authorities import Circumstances
from marketplace.certification.councils.models import CouncilSession
from marketplace.certification.decisions.awarding import award_stars, write_decision
from marketplace.certification.decisions.drafts import note, open_as_second
from marketplace.certification.decisions.errors import (
    DecidedTooEarly,
    InvalidNoticeNumber,
    NotFromResults,
    NumberTaken,
    ResultsDoNotHold,
)
from marketplace.certification.decisions.paper_checks import (
    check_stars,
    read_number,
    refuse_repeated,
    require_no_member,
)
from marketplace.certification.decisions.paper_models import PaperDecision, PaperKind, PaperState
from marketplace.certification.decisions.result_checks import check_results
from marketplace.certification.decisions.results import Result, list_results
from marketplace.certification.dossiers.flow import move
from marketplace.certification.dossiers.models import Dossier, DossierState, MinistryFile
from marketplace.certification.dossiers.permits import refuse_in_conflict
from marketplace.certification.errors import IssuedInFuture
from marketplace.certification.models import Certificate, Decision
from marketplace.places.models import AdminUnit
from marketplace.text import clean, slugify

_NOTICE_NUMBER = re.compile(r"\d{1,6}[a-z]?/[A-ZĐ]{2,12}(-[A-ZĐ][A-ZĐ&.\-]{0,30})?")


def read_notice_number(text: str) -> str:
    """Return the number of a notice or official letter as papers print it; raises InvalidNoticeNumber."""
    number = re.sub(r"\s*([/\-])\s*", r"\1", clean(text))
    if not _NOTICE_NUMBER.fullmatch(number):
        raise InvalidNoticeNumber(field="number", number=number)
    return number


def confirm_results(
    session: Session, actor: Actor, paper_id: int, number: str, decided_on: date, at: datetime
) -> PaperDecision:
    """Confirm a draft from results with the number and the day of the signed paper; publish what it gives.

    Raises NotPermitted, ReauthenticationNeeded, PaperClosed, NotFromResults, AuthorCannotConfirm,
    InvalidDecisionNumber, InvalidNoticeNumber, NumberTaken, IssuedInFuture, DecidedTooEarly,
    MemberCannotAward, InConflict, SeveralAuthorities, ResultsDoNotHold, AlreadyAwarded and OtherDayOnRecord.
    """
    paper, unit = open_as_second(session, actor, paper_id, at)
    if paper.kind is PaperKind.PAPER:
        raise NotFromResults
    dossiers = [award.dossier_id for award in paper.awards]
    results = list_results(session, Dossier.id.in_(dossiers), lock=True)
    require_no_member(session, actor, [result.dossier.product for result in results])
    refuse_in_conflict(session, actor, [result.dossier.id for result in results])
    stopped = [found for found in check_results(session, paper, results) if found.stops]
    if stopped:
        raise ResultsDoNotHold(found=[found.what.value for found in stopped])
    _require_day(session, paper, decided_on, at)
    if paper.kind is PaperKind.NOTICE:
        number = read_notice_number(number)
        _require_new_number(session, paper, number, decided_on)
        _close(paper, actor, number, decided_on, at)
        _tell_unrecognised(session, actor, paper, results, at)
        return paper
    number = read_number(number)
    _require_new_number(session, paper, number, decided_on)
    decision = _decide(session, unit, results, number, decided_on)
    _close(paper, actor, number, decided_on, at, decision)
    note(session, actor, paper, "confirm", at, decision_code=decision.code)
    starred = [(result.dossier, result.stars) for result in results if result.stars is not None]
    for dossier, stars in starred:
        award_stars(session, actor, decision, dossier.product, stars, at, dossier.points)
        move(session, actor, dossier, DossierState.RECOGNISED, at, number, granted=stars)
    return paper


def _close(
    paper: PaperDecision,
    actor: Actor,
    number: str,
    decided_on: date,
    at: datetime,
    decision: Decision | None = None,
) -> None:
    paper.number, paper.decided_on = number, decided_on
    paper.state, paper.closed_at, paper.confirmed_by = PaperState.CONFIRMED, at, actor.person_id
    paper.decision_id = decision.id if decision else None


def _require_day(session: Session, paper: PaperDecision, decided_on: date, at: datetime) -> None:
    if decided_on > clock.local_date(at):
        raise IssuedInFuture(field="decided_on", issued_on=decided_on)
    since = first_day_to_decide(session, paper)
    if since is not None and decided_on < since:
        raise DecidedTooEarly(field="decided_on", since=since)


def first_day_to_decide(session: Session, paper: PaperDecision) -> date | None:
    """Return the day on which the results were there: that of the session, or of the ministry's answer."""
    if paper.session_id is not None:
        closed_at = session.get_one(CouncilSession, paper.session_id).closed_at
        return clock.local_date(closed_at) if closed_at else None
    answered = sa.select(sa.func.max(MinistryFile.answered_on))
    return session.scalar(
        answered.where(MinistryFile.dossier_id.in_([award.dossier_id for award in paper.awards]))
    )


def _require_new_number(session: Session, paper: PaperDecision, number: str, decided_on: date) -> None:
    """Go on only when no other confirmed paper of the province has this number in this year."""
    others = sa.select(PaperDecision.decided_on).where(
        PaperDecision.unit_id == paper.unit_id,
        PaperDecision.state == PaperState.CONFIRMED,
        PaperDecision.number == number,
    )
    if any(day is not None and day.year == decided_on.year for day in session.scalars(others)):
        raise NumberTaken(number=number)


def _decide(
    session: Session, unit: AdminUnit, results: Sequence[Result], number: str, decided_on: date
) -> Decision:
    given = [result.stars for result in results if result.stars is not None]
    check_stars(number, decided_on, given)
    refuse_repeated(session, number, decided_on, [result.dossier.product for result in results])
    facts = Circumstances(stars=max(given), decided_on=decided_on, province=unit.name)
    decision = write_decision(session, number, facts)
    _require_empty(session, decision)
    return decision


def _require_empty(session: Session, decision: Decision) -> None:
    given = sa.select(Certificate.id).where(Certificate.decision_id == decision.id).limit(1)
    if session.scalar(given) is not None:
        raise NumberTaken(number=decision.number)


def _tell_unrecognised(
    session: Session, actor: Actor, paper: PaperDecision, results: Sequence[Result], at: datetime
) -> None:
    note(session, actor, paper, "confirm", at, number=slugify(paper.number or ""))
    for result in results:
        move(session, actor, result.dossier, DossierState.NOT_RECOGNISED, at)
