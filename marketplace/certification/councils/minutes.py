"""Minutes of a session: written in versions none of which is changed, signed, and what then ends it."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from marketplace.accounts.permissions import Actor
from marketplace.certification.councils.bench import LEADERS
from marketplace.certification.councils.errors import (
    InvalidMinutes,
    MinutesChanged,
    MinutesSigned,
    MinutesUnsigned,
    ResultsMissing,
    SessionNotScoring,
)
from marketplace.certification.councils.founding import note
from marketplace.certification.councils.models import (
    CouncilMember,
    CouncilSession,
    Minutes,
    MinutesSignature,
    Position,
    Seat,
    SessionState,
)
from marketplace.certification.councils.queries import RUNNERS, lock_cases, lock_session
from marketplace.certification.councils.scoring import get_seat
from marketplace.errors import NotFound
from marketplace.text import clean_lines

MOST_LETTERS = 20_000


def digest_of(words: str) -> str:
    """Return the SHA-256 of minutes as they are kept: of exactly these letters in UTF-8."""
    return hashlib.sha256(words.encode()).hexdigest()


def find_minutes(session: Session, session_id: int) -> Minutes | None:
    """Return the latest version of a session's minutes, or None."""
    wanted = sa.select(Minutes).where(Minutes.session_id == session_id)
    return session.execute(wanted.order_by(Minutes.version.desc()).limit(1)).scalar_one_or_none()


def list_signers(session: Session, minutes: Minutes) -> dict[int, datetime]:
    """Return by member when they signed a version of the minutes, in that order."""
    wanted = sa.select(MinutesSignature).where(
        MinutesSignature.session_id == minutes.session_id, MinutesSignature.version == minutes.version
    )
    rows = session.execute(wanted.order_by(MinutesSignature.signed_at, MinutesSignature.member_id)).scalars()
    return {one.member_id: one.signed_at for one in rows}


def write_minutes(
    session: Session, actor: Actor, session_id: int, words: str, at: datetime
) -> Minutes | None:
    """Write the minutes, or a next version of them which everybody signs anew; the one before stays.

    Return what was written; None where the latest version says just that, which stays with its signatures.
    Raises NotFound, SessionNotScoring, ResultsMissing and InvalidMinutes.
    """
    held = _without_open_cases(session, actor, session_id)
    text = clean_lines(words)
    if not text or len(text) > MOST_LETTERS:
        raise InvalidMinutes(field="words", most=MOST_LETTERS)
    digest, before = digest_of(text), find_minutes(session, session_id)
    if before is not None and before.digest == digest:
        return None
    written = Minutes(
        session_id=session_id,
        version=before.version + 1 if before else 1,
        words=text,
        digest=digest,
        written_by=actor.person_id,
        written_at=at,
    )
    session.add(written)
    session.flush()
    facts = {"session_id": session_id, "version": written.version, "minutes_hash": written.digest}
    note(session, actor, held.council_id, "minutes", at, **facts)
    return written


def sign_minutes(session: Session, actor: Actor, session_id: int, version: int, at: datetime) -> None:
    """Sign the version of the minutes that was read; everybody who sits in the session may.

    Raises NotFound, MinutesChanged and MinutesSigned.
    """
    wanted = sa.select(CouncilSession).where(CouncilSession.id == session_id).with_for_update()
    held = session.execute(wanted.execution_options(populate_existing=True)).scalar_one_or_none()
    if held is None:
        raise NotFound
    member = get_seat(session, actor, session_id)
    latest = find_minutes(session, session_id)
    if latest is None or latest.version != version:
        raise MinutesChanged
    key = (session_id, version, member.id)
    if session.get(MinutesSignature, key) is not None:
        raise MinutesSigned
    session.add(MinutesSignature(session_id=session_id, version=version, member_id=member.id, signed_at=at))
    session.flush()
    facts = {"session_id": session_id, "version": version, "minutes_hash": latest.digest}
    note(session, actor, held.council_id, "sign_minutes", at, **facts)


def bears_enough(members: Mapping[int, Position], signers: Collection[int]) -> bool:
    """Return whether of those who sit in a session a leader and more than half have signed its minutes."""
    signed = [members[one] for one in signers if one in members]
    return 2 * len(signed) > len(members) and any(position in LEADERS for position in signed)


def close_session(session: Session, actor: Actor, session_id: int, at: datetime) -> CouncilSession:
    """End a session: every dossier has its result, and leader and more than half of the seats have signed.

    Raises NotFound, SessionNotScoring, ResultsMissing and MinutesUnsigned.
    """
    held = _without_open_cases(session, actor, session_id)
    latest = find_minutes(session, session_id)
    seated = sa.select(CouncilMember).join(Seat, Seat.member_id == CouncilMember.id)
    seated = seated.where(Seat.session_id == session_id)
    members = {one.id: one.position for one in session.execute(seated).scalars()}
    if latest is None or not bears_enough(members, list_signers(session, latest)):
        raise MinutesUnsigned
    held.state, held.closed_at = SessionState.CLOSED, at
    session.flush()
    note(session, actor, held.council_id, "close", at, session_id=session_id)
    return held


def _without_open_cases(session: Session, actor: Actor, session_id: int) -> CouncilSession:
    """Lock a session under way, all of whose dossiers have a result."""
    held = lock_session(session, actor, session_id, *RUNNERS)
    if held.state is not SessionState.SCORING:
        raise SessionNotScoring
    still_open = [case for case in lock_cases(session, session_id) if case.closed_at is None]
    if still_open:
        raise ResultsMissing(open_dossiers=len(still_open))
    return held
