"""What the chair makes of the sheets of a dossier: a discussion before they are scored anew, or a result."""

from datetime import datetime

from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.agenda import read_reason
from marketplace.certification.councils.bench import Bench, record_involved
from marketplace.certification.councils.errors import (
    ConflictedMember,
    DiscussionNeeded,
    OnlyLeader,
    ReasonMissing,
    SheetsStillBlind,
    SheetsToComplete,
)
from marketplace.certification.councils.founding import note
from marketplace.certification.councils.models import Council, SessionDossier
from marketplace.certification.councils.results import Tally, tally
from marketplace.certification.councils.reveal import list_open_sheets
from marketplace.certification.councils.scoring import get_seat, open_case_of
from marketplace.certification.councils.sessions import require_quorum
from marketplace.certification.dossiers.flow import move
from marketplace.certification.dossiers.models import Dossier, DossierState
from marketplace.certification.dossiers.sheets import read_sheet, rubric_of
from marketplace.certification.rubrics.stars import Outcome

MOST_WORDS = 2000


def discuss(
    session: Session, actor: Actor, session_id: int, dossier_id: int, words: str, at: datetime
) -> None:
    """Have a dossier talked over and scored anew, blind again, for a reason that is kept.

    The sheets stay as they are and may be changed until they are signed again; the journal holds them as
    they were. Raises NotFound, OnlyLeader, SheetsStillBlind, ResultClosed and ReasonMissing.
    """
    case, dossier, council_id = open_case_of(session, session_id, dossier_id)
    _require_leader(session, actor, case, dossier, at)
    if case.revealed_at is None:
        raise SheetsStillBlind
    case.words = _joined(case.words, read_reason(words))
    for row in list_open_sheets(session, session_id, dossier_id):
        row.signed_at = None
    case.revealed_at = None
    session.flush()
    note(session, actor, council_id, "discuss", at, session_id=session_id, dossier_id=dossier_id)


def close_dossier(
    session: Session, actor: Actor, session_id: int, dossier_id: int, words: str, at: datetime
) -> Tally:
    """Close the result of a dossier for good: the chair's deed, or a deputy's where the chair may not.

    Sheets that lie far apart need a discussion before, or `words` why not. Raises NotFound, OnlyLeader,
    SheetsStillBlind, ResultClosed, NoQuorum, SheetsToComplete and DiscussionNeeded.
    """
    case, dossier, council_id = open_case_of(session, session_id, dossier_id)
    bench = _require_leader(session, actor, case, dossier, at)
    if case.revealed_at is None:
        raise SheetsStillBlind
    require_quorum(bench, dossier)
    found = tally_of(session, case, dossier)
    if found.to_complete:
        raise SheetsToComplete
    if words.strip():
        case.words = _joined(case.words, read_reason(words))
    _require_talked_over(session, council_id, case, found)
    _write_result(case, found, at)
    proposed = found.verdict.outcome is Outcome.PROPOSED
    move(session, actor, dossier, DossierState.PROPOSED if proposed else DossierState.EVALUATED, at)
    dossier.points, dossier.stars = found.verdict.points, found.verdict.stars
    dossier.outcome = found.verdict.outcome
    session.flush()
    note(session, actor, council_id, "close_dossier", at, session_id=session_id, dossier_id=dossier_id)
    return found


def tally_of(session: Session, case: SessionDossier, dossier: Dossier) -> Tally:
    """Return what the open sheets of a dossier come to; raises NothingScored while they are blind."""
    rubric = rubric_of(dossier)
    rows = list_open_sheets(session, case.session_id, case.dossier_id)
    return tally([read_sheet(row, rubric) for row in rows])


def _require_leader(
    session: Session, actor: Actor, case: SessionDossier, dossier: Dossier, at: datetime
) -> Bench:
    """Go on only when the actor leads over the dossier; what the accounts tell of conflicts counts."""
    member = get_seat(session, actor, case.session_id)
    bench = record_involved(session, actor, case.session_id, dossier, at)
    if member.id in bench.conflicted:
        raise ConflictedMember
    if bench.leader is None or bench.leader.id != member.id:
        raise OnlyLeader
    return bench


def _require_talked_over(session: Session, council_id: int, case: SessionDossier, found: Tally) -> None:
    limit = session.get_one(Council, council_id).spread_limit
    if found.spread >= limit and not case.words:
        raise DiscussionNeeded(spread=found.spread, limit=limit)


def _write_result(case: SessionDossier, found: Tally, at: datetime) -> None:
    case.closed_at = at
    case.points, case.spread = found.verdict.points, found.spread
    case.by_points, case.by_gates = found.verdict.by_points, found.verdict.by_gates
    case.stars, case.outcome = found.verdict.stars, found.verdict.outcome


def _joined(before: str | None, words: str) -> str:
    joined = f"{before}\n{words}" if before else words
    if len(joined) > MOST_WORDS:
        raise ReasonMissing(field="words", most=MOST_WORDS)
    return joined
