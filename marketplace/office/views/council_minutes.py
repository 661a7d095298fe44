"""Minutes of a session: written, printed with their digest, signed by those who sat in it; and its end."""

from flask import Response, make_response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.councils.errors import (
    InvalidMinutes,
    MinutesChanged,
    MinutesSigned,
    ResultsMissing,
    SessionNotScoring,
)
from marketplace.certification.councils.minutes import (
    MOST_LETTERS,
    close_session,
    find_minutes,
    list_signers,
    sign_minutes,
    write_minutes,
)
from marketplace.certification.councils.minutes_text import propose_minutes
from marketplace.certification.councils.models import SessionState
from marketplace.certification.councils.queries import get_session
from marketplace.certification.councils.reveal import count_conflicts
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.council_case import own_seat
from marketplace.office.council_words import POSITIONS
from marketplace.office.tenancy import PROVINCE
from marketplace.office.views.council_sessions import PATH, SESSION, carry_out, runs_session
from marketplace.text import whole_number
from marketplace.web.council_post import tell_of_minutes
from marketplace.web.guards import requires, strong
from marketplace.web.headers import tell_no_address
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _


@door.get(f"/phien/{SESSION}/bien-ban")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def show_minutes(session_id: int) -> Response:
    """Show the minutes as they print, and to who keeps them a proposal of what is on record."""
    return _minutes_page(session_id)


@door.get(f"/phien/{SESSION}/bien-ban.txt")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def give_minutes(session_id: int) -> Response:
    """Give the minutes letter by letter, so that anybody can reckon their SHA-256 again."""
    held = get_session(db.session(), require_actor(), session_id)
    minutes = find_minutes(db.session(), held.id)
    if minutes is None:
        raise NotFound
    answer = make_response(minutes.words.encode())
    answer.headers["Content-Type"] = "text/plain; charset=utf-8"
    name = f"bien-ban-{held.year}-{held.number}-{minutes.version}.txt"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return tell_no_address(answer)


@door.post(f"/phien/{SESSION}/bien-ban")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def keep_minutes(session_id: int) -> Response:
    """Write the minutes, or a next version of them that everybody signs anew."""
    words = request.form.get("bien_ban", "")
    try:
        with acting() as (work, actor):
            at = clock.now()
            written = write_minutes(work, actor, session_id, words, at)
            if written is not None:
                tell_of_minutes(work, written, at)
    except InvalidMinutes as refusal:
        return _minutes_page(session_id, [("bien_ban", explain(refusal))])
    except (ResultsMissing, SessionNotScoring) as refusal:
        return _minutes_page(session_id, refusal=refusal)
    return go(f"{PATH}/{session_id}/bien-ban", _("Đã ghi biên bản. Mời mọi người đọc và ký."))


@door.post(f"/phien/{SESSION}/bien-ban/ky")
@requires(Role.COUNCIL_MEMBER)
@strong
def put_signature(session_id: int) -> Response:
    """Sign the version of the minutes that was read."""
    version = whole_number(request.form.get("ban", "")) or 0
    try:
        with acting() as (work, actor):
            sign_minutes(work, actor, session_id, version, clock.now())
    except (MinutesChanged, MinutesSigned) as refusal:
        return _minutes_page(session_id, refusal=refusal)
    return go(f"{PATH}/{session_id}/bien-ban", _("Đã ký biên bản."))


@door.post(f"/phien/{SESSION}/ket-thuc")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def end_session(session_id: int) -> Response:
    """End the session: results and minutes are final."""
    return carry_out(
        session_id,
        lambda work, actor: close_session(work, actor, session_id, clock.now()),
        _("Đã kết thúc phiên. Tỉnh soạn quyết định từ kết quả này."),
    )


def _minutes_page(session_id: int, faults: Faults = (), refusal: MarketplaceError | None = None) -> Response:
    actor, work = require_actor(), db.session()
    held = get_session(work, actor, session_id)
    minutes = find_minutes(work, held.id)
    ready = held.state is SessionState.SCORING and all(case.closed_at for case in held.dossiers)
    writes = ready and runs_session(actor, held)
    proposed = ""
    if writes:
        proposed = minutes.words if minutes else propose_minutes(held, count_conflicts(work, held.id))
    return page(
        "minutes",
        faults=faults,
        status=refusal.status if refusal else 0,
        refusal=explain(refusal) if refusal else "",
        held=held,
        own=f"{PATH}/{held.id}/bien-ban",
        minutes=minutes,
        signers=list_signers(work, minutes) if minutes else {},
        mine=own_seat(held, actor),
        writes=writes,
        words=request.form.get("bien_ban", proposed),
        most=MOST_LETTERS,
        positions=POSITIONS,
    )
