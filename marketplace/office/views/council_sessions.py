"""A session of a council: its agenda, who sits in it, its beginning, and who was not there."""

from collections.abc import Callable

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role
from marketplace.certification.councils.agenda import cancel_session, put_dossier, take_out_dossier
from marketplace.certification.councils.duties import list_awaited_dossiers
from marketplace.certification.councils.errors import ReasonMissing
from marketplace.certification.councils.minutes import bears_enough, find_minutes, list_signers
from marketplace.certification.councils.models import CouncilSession, SessionState
from marketplace.certification.councils.queries import (
    RUNNERS,
    get_session,
    list_ready_dossiers,
    list_sitting,
)
from marketplace.certification.councils.sessions import call_member, excuse_member, open_session
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.council_case import own_seat, progress_of
from marketplace.office.council_words import POSITIONS, SESSION_STATES
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.text import whole_number
from marketplace.web.council_post import (
    name_meeting,
    tell_member_of_call,
    tell_of_cancelling,
    tell_of_scoring,
)
from marketplace.web.dossier_words import OUTCOMES
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import write_points
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/phien"
SESSION = "<int(max=2147483647):session_id>"
CASE = f"{SESSION}/ho-so/<int(max=2147483647):dossier_id>"
MEMBER = "<int(max=2147483647):member_id>"


@door.get(f"/phien/{SESSION}")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def show_session(session_id: int) -> Response:
    """Show what comes before a session, how far scoring is, and who sits in it."""
    return session_page(session_id)


@door.post(f"/phien/{SESSION}/ho-so")
@requires(*PROVINCE)
def add_to_agenda(session_id: int) -> Response:
    """Put a dossier that is through with its advisers before the session."""
    dossier_id = whole_number(request.form.get("ho_so", ""))
    if dossier_id is None:
        return session_page(session_id, [("ho_so", _("Mời chọn một hồ sơ."))])
    return carry_out(
        session_id,
        lambda work, actor: put_dossier(work, actor, session_id, dossier_id, clock.now()),
        _("Đã đưa hồ sơ vào phiên."),
    )


@door.post(f"/phien/{CASE}/bo")
@requires(*PROVINCE)
def take_off_agenda(session_id: int, dossier_id: int) -> Response:
    """Take a dossier without a result off the session, with the reason."""
    words = request.form.get("ly_do", "")
    return carry_out(
        session_id,
        lambda work, actor: take_out_dossier(work, actor, session_id, dossier_id, words, clock.now()),
        _("Đã đưa hồ sơ ra khỏi phiên."),
        reason=f"ly_do-{dossier_id}",
    )


@door.post(f"/phien/{SESSION}/thanh-vien/{MEMBER}/moi")
@requires(*PROVINCE)
def call_to_session(session_id: int, member_id: int) -> Response:
    """Give a member of the council a place in a planned session."""
    return carry_out(
        session_id,
        lambda work, actor: _call(work, actor, session_id, member_id),
        _("Đã mời thành viên vào phiên."),
    )


@door.post(f"/phien/{SESSION}/thanh-vien/{MEMBER}/vang")
@requires(*PROVINCE)
def note_absence(session_id: int, member_id: int) -> Response:
    """Take a member who is not there out of the session."""
    return carry_out(
        session_id,
        lambda work, actor: excuse_member(work, actor, session_id, member_id, clock.now()),
        _("Đã ghi thành viên vắng mặt."),
    )


@door.post(f"/phien/{SESSION}/huy")
@requires(*PROVINCE)
def give_up_session(session_id: int) -> Response:
    """Give a planned session up; its dossiers wait for another one."""
    held = get_session(db.session(), require_actor(), session_id)
    council_id, what = held.council_id, name_meeting(held)

    def give_up(work: Session, actor: Actor) -> None:
        called = cancel_session(work, actor, session_id, clock.now())
        tell_of_cancelling(work, called, what, council_id, clock.now())

    done = _("Đã huỷ phiên. Hồ sơ chờ phiên khác, người được mời nhận thư báo.")
    return carry_out(session_id, give_up, done, f"/van-phong/hoi-dong/{council_id}")


@door.post(f"/phien/{SESSION}/mo")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def begin_scoring(session_id: int) -> Response:
    """Begin scoring: who sits in the session and what comes before it is fixed."""
    return carry_out(
        session_id,
        lambda work, actor: _open(work, actor, session_id),
        _("Đã mở phiên. Từ giờ các thành viên chấm kín, ai chấm đều nhận thư báo."),
    )


def case_path(session_id: int, dossier_id: int) -> str:
    """Return where a dossier before a session is shown."""
    return f"{PATH}/{session_id}/ho-so/{dossier_id}"


def _call(work: Session, actor: Actor, session_id: int, member_id: int) -> None:
    at = clock.now()
    if call_member(work, actor, session_id, member_id, at):
        tell_member_of_call(work, session_id, member_id, at)


def _open(work: Session, actor: Actor, session_id: int) -> None:
    at = clock.now()
    open_session(work, actor, session_id, at)
    tell_of_scoring(work, session_id, at)


def carry_out(
    session_id: int, do: Callable[[Session, Actor], object], done: str, path: str = "", reason: str = ""
) -> Response:
    """Do something to a session and answer; where it is refused the session's page comes with why.

    `path` is the page to go to, that of the session where none is named; `reason` the field of a reason.
    """
    try:
        with acting() as (work, actor):
            do(work, actor)
    except NotFound:
        raise
    except ReasonMissing as refusal:
        return session_page(session_id, [(reason, explain(refusal))])
    except MarketplaceError as refusal:
        return session_page(session_id, refusal=refusal)
    return go(path or f"{PATH}/{session_id}", done)


def session_page(session_id: int, faults: Faults = (), refusal: MarketplaceError | None = None) -> Response:
    """Return the page of a session; with why nothing was done, where so."""
    actor, work = require_actor(), db.session()
    held = get_session(work, actor, session_id)
    planned, of_office = held.state is SessionState.PLANNED, holds_office(actor, held)
    minutes = None if planned else find_minutes(work, held.id)
    signers = list_signers(work, minutes) if minutes else {}
    seated = {seat.member_id for seat in held.seats}
    return page(
        "session",
        faults=faults,
        status=refusal.status if refusal else 0,
        refusal=explain(refusal) if refusal else "",
        held=held,
        own=f"{PATH}/{held.id}",
        planned=planned,
        progress=progress_of(work, held),
        of_office=of_office,
        runs=runs_session(actor, held),
        mine=own_seat(held, actor),
        awaited=list_awaited_dossiers(work, actor, held.id),
        ready=list_ready_dossiers(work, held.council.unit_id) if planned and of_office else [],
        others=[one for one in list_sitting(work, held.council_id) if one.id not in seated]
        if planned and of_office
        else [],
        minutes=minutes,
        signers=signers,
        signed=bears_enough({seat.member_id: seat.member.position for seat in held.seats}, signers),
        positions=POSITIONS,
        states=SESSION_STATES,
        outcomes=OUTCOMES,
        write_points=write_points,
        typed=request.form,
    )


def holds_office(actor: Actor, held: CouncilSession) -> bool:
    """Return whether the actor serves the province whose council holds a session."""
    reach = Reach.of(actor)
    return reach.everywhere or held.council.unit_id in reach.provinces


def runs_session(actor: Actor, held: CouncilSession) -> bool:
    """Return whether the actor opens the session, keeps its minutes and ends it."""
    seat = own_seat(held, actor)
    return holds_office(actor, held) or (seat is not None and seat.position in RUNNERS)
