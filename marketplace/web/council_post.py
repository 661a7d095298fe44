"""Letters to the members of a council: whoever brings a session on leaves them behind with it."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.certification.councils.duties import list_awaited_people, list_seated_people
from marketplace.certification.councils.models import CouncilMember, CouncilSession, Minutes
from marketplace.web.post import Letter, send_to_people


def tell_of_call(session: Session, session_id: int, at: datetime) -> None:
    """Tell everybody who sits in a session that was planned when and where it meets."""
    send_to_people(session, Letter.COUNCIL_CALLED, list_seated_people(session, session_id), at, session_id)


def tell_member_of_call(session: Session, session_id: int, member_id: int, at: datetime) -> None:
    """Tell a member who was called to a session later when and where it meets."""
    person_id = session.get_one(CouncilMember, member_id).person_id
    send_to_people(session, Letter.COUNCIL_CALLED, [person_id], at, session_id)


def name_meeting(held: CouncilSession) -> str:
    """Return what a session is called in a letter that is read when it is no longer on record."""
    meets_at = held.meets_at.astimezone(clock.VIETNAM)
    return f"phiên {held.number} năm {held.year}, {meets_at:%H:%M %d/%m/%Y}"


def tell_of_cancelling(
    session: Session, people: Iterable[int], what: str, council_id: int, at: datetime
) -> None:
    """Tell those who were called that a session is not held; `what` names it, for its row is gone."""
    send_to_people(session, Letter.COUNCIL_CANCELLED, people, at, council_id, gone=what)


def tell_of_scoring(session: Session, session_id: int, at: datetime) -> None:
    """Tell everybody whose sheet is awaited that scoring has begun."""
    people = list_awaited_people(session, session_id)
    send_to_people(session, Letter.COUNCIL_SCORING, people, at, session_id)


def tell_of_discussion(session: Session, session_id: int, dossier_id: int, at: datetime) -> None:
    """Tell those who signed that a dossier is talked over and their sheets are to be signed anew."""
    people = list_awaited_people(session, session_id, dossier_id)
    send_to_people(session, Letter.COUNCIL_DISCUSSED, people, at, session_id)


def tell_of_minutes(session: Session, minutes: Minutes, at: datetime) -> None:
    """Tell everybody who sits in a session that a version of its minutes waits to be signed."""
    people = list_seated_people(session, minutes.session_id)
    send_to_people(session, Letter.COUNCIL_MINUTES, people, at, minutes.session_id, version=minutes.version)
