"""The way of a dossier of 90 points and more to the ministry and back (article 7).

The ministry alone gives five stars, by a decision of its own. What its council finds below 90 points comes
back with its points: the province recognises three or four stars by them, or evaluates once more.
"""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.dossiers.errors import InvalidDossier
from marketplace.certification.dossiers.flow import claim, move, note
from marketplace.certification.dossiers.models import Dossier, DossierState, MinistryFile
from marketplace.certification.dossiers.permits import require_province
from marketplace.certification.dossiers.rounds import ministry_round
from marketplace.certification.dossiers.texts import read_words, required_line
from marketplace.certification.models import Authority
from marketplace.certification.rubrics.stars import BANDS, CENT, RECOGNISES, Outcome, band_of

LONGEST_NUMBER, LONGEST_WORDS = 60, 1000
FIVE_STARS_FROM = BANDS[5]


def send_to_ministry(
    session: Session,
    actor: Actor,
    dossier: Dossier,
    letter: str,
    sent_on: date,
    at: datetime,
    due_on: date | None = None,
) -> None:
    """Note that the province sent a dossier to the ministry with a letter; it is due back by `due_on`.

    That is the last day of the ministry's next usual round, unless the ministry named another.
    Raises NotPermitted, MemberCannotJudge, WrongState and InvalidDossier.
    """
    require_province(session, actor, dossier)
    claim(session, dossier, DossierState.PROPOSED)
    if not clock.local_date(dossier.since) <= sent_on <= clock.local_date(at):
        raise InvalidDossier(field="sent_on")
    due_on = due_on or ministry_round(sent_on)[1]
    if due_on < sent_on:
        raise InvalidDossier(field="due_on")
    number = required_line("letter", letter, LONGEST_NUMBER)
    kept = session.get(MinistryFile, dossier.id) or MinistryFile(dossier_id=dossier.id)
    kept.letter, kept.sent_on = number, sent_on
    kept.answered_on = kept.points = kept.words = None
    session.add(kept)
    move(session, actor, dossier, DossierState.AT_MINISTRY, at, due_on=due_on)


def record_ministry_answer(
    session: Session,
    actor: Actor,
    dossier: Dossier,
    points: Decimal | None,
    words: str,
    answered_on: date,
    at: datetime,
) -> None:
    """Note what the ministry answered: its points, or None where it sent the dossier back unscored.

    From 90 points on the dossier waits for the ministry's decision; below, and unscored, it is sent back.
    Raises NotPermitted, MemberCannotJudge, WrongState and InvalidDossier.
    """
    require_province(session, actor, dossier)
    claim(session, dossier, DossierState.AT_MINISTRY)
    kept = session.get_one(MinistryFile, dossier.id)
    if not kept.sent_on <= answered_on <= clock.local_date(at):
        raise InvalidDossier(field="answered_on")
    kept.points, kept.answered_on = _checked(points), answered_on
    kept.words = read_words("words", words, LONGEST_WORDS)
    session.flush()
    note(session, actor, dossier, "ministry_answer", at, scored=points is not None)
    if kept.points is None:
        move(session, actor, dossier, DossierState.SENT_BACK, at, kept.words)
    elif kept.points < FIVE_STARS_FROM:
        move(session, actor, dossier, DossierState.SENT_BACK, at, kept.words, **_result(kept.points))


def _result(points: Decimal) -> dict[str, object]:
    """Return what a dossier has reached by the ministry's points: stars that the province may give."""
    stars = band_of(points)
    given = stars in RECOGNISES[Authority.PROVINCE]
    outcome = Outcome.RECOGNISED if given else Outcome.NOT_RECOGNISED
    return {"points": points, "stars": stars, "outcome": outcome}


def _checked(points: Decimal | None) -> Decimal | None:
    if points is None:
        return None
    if not points.is_finite() or not 0 <= points <= 100 or points != points.quantize(CENT):
        raise InvalidDossier(field="points")
    return points
