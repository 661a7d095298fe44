"""What letters to members of a council tell of their session, as it stands when they are sent."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from marketplace.certification.councils.duties import (
    list_awaited_people,
    list_seated_people,
    list_unsigned_people,
)
from marketplace.certification.councils.minutes import find_minutes
from marketplace.certification.councils.models import Council, CouncilSession, SessionState
from marketplace.web.post import Letter

Facts: TypeAlias = dict[str, Any]


def tell_of_session(state: SessionState, session: Session, session_id: int) -> Facts | None:
    """Return what a letter says of a session; None once it has left the state that the letter is about."""
    wanted = sa.select(CouncilSession).where(CouncilSession.id == session_id, CouncilSession.state == state)
    loaded = wanted.options(joinedload(CouncilSession.council))
    held = session.execute(loaded.execution_options(populate_existing=True)).scalar_one_or_none()
    if held is None:
        return None
    return {
        "council": held.council.name,
        "number": held.number,
        "year": held.year,
        "meets_at": held.meets_at,
        "place": held.place,
        "by_writing": held.written,
        "office": f"/van-phong/phien/{held.id}",
    }


def tell_of_minutes(session: Session, session_id: int) -> Facts | None:
    """Return what a letter says of minutes to be signed; None once the session is over."""
    facts, minutes = (
        tell_of_session(SessionState.SCORING, session, session_id),
        find_minutes(session, session_id),
    )
    return {**facts, "version": minutes.version} if facts and minutes else None


def still_concerns(
    session: Session, letter: Letter, session_id: int | None, person_id: int, version: int | None
) -> bool:
    """Return whether a letter concerns somebody when it is sent: a seat, a sheet or a signature of theirs.

    Minutes concern nobody once there is another version of them than `version`.
    """
    if session_id is None or letter not in _CONCERNED:
        return True
    if version is not None:
        minutes = find_minutes(session, session_id)
        if minutes is None or minutes.version != version:
            return False
    return person_id in _CONCERNED[letter](session, session_id)


def tell_of_council(session: Session, council_id: int) -> Facts | None:
    """Return what a letter says of the council whose session is not held."""
    council = session.get(Council, council_id, populate_existing=True)
    return {"council": council.name, "office": "/van-phong/hoi-dong"} if council else None


def _unsigned(session: Session, session_id: int) -> list[int]:
    minutes = find_minutes(session, session_id)
    return list_unsigned_people(session, minutes) if minutes else []


_CONCERNED: dict[Letter, Callable[[Session, int], list[int]]] = {
    Letter.COUNCIL_CALLED: list_seated_people,
    Letter.COUNCIL_SCORING: list_awaited_people,
    Letter.COUNCIL_DISCUSSED: list_awaited_people,
    Letter.COUNCIL_MINUTES: _unsigned,
}
"""By letter whom it still concerns; what is not named here concerns whoever it was written to."""


MATTERS: dict[Letter, Callable[[Session, int], Facts | None]] = {
    Letter.COUNCIL_CALLED: partial(tell_of_session, SessionState.PLANNED),
    Letter.COUNCIL_CANCELLED: tell_of_council,
    Letter.COUNCIL_SCORING: partial(tell_of_session, SessionState.SCORING),
    Letter.COUNCIL_DISCUSSED: partial(tell_of_session, SessionState.SCORING),
    Letter.COUNCIL_MINUTES: tell_of_minutes,
}
