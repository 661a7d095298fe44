"""A session of a council: its agenda, who sits in it, its beginning, and who was not there."""

from flask import Response, request

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role
from marketplace.certification.councils.agenda import cancel_session, put_dossier, take_out_dossier
from marketplace.certification.councils.errors import ReasonMissing
from marketplace.certification.councils.minutes import find_minutes, list_signers
from marketplace.certification.councils.models import CouncilSession, SessionState
from marketplace.certification.councils.queries import (
    RUNNERS,
    get_session,
    list_ready_dossiers,
    list_sitting,
)
from marketplace.certification.councils.sessions import call_member, excuse_member, open_session
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.council_case import own_seat, progress_of
from marketplace.office.council_words import OUTCOMES, POSITIONS, SESSION_STATES
from marketplace.office.tenancy import PROVINCE, Reach
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
    typed = request.form.get("ho_so", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return session_page(session_id, [("ho_so", _("Mời chọn một hồ sơ."))])
    with acting() as (work, actor):
        put_dossier(work, actor, session_id, int(typed), clock.now())
    return go(f"{PATH}/{session_id}", _("Đã đưa hồ sơ vào phiên."))


@door.post(f"/phien/{CASE}/bo")
@requires(*PROVINCE)
def take_off_agenda(session_id: int, dossier_id: int) -> Response:
    """Take a dossier without a result off the session, with the reason."""
    try:
        with acting() as (work, actor):
            take_out_dossier(work, actor, session_id, dossier_id, request.form.get("ly_do", ""), clock.now())
    except ReasonMissing as refusal:
        return session_page(session_id, [(f"ly_do-{dossier_id}", explain(refusal))])
    return go(f"{PATH}/{session_id}", _("Đã đưa hồ sơ ra khỏi phiên."))


@door.post(f"/phien/{SESSION}/thanh-vien/{MEMBER}/moi")
@requires(*PROVINCE)
def call_to_session(session_id: int, member_id: int) -> Response:
    """Give a member of the council a place in a planned session."""
    with acting() as (work, actor):
        call_member(work, actor, session_id, member_id, clock.now())
    return go(f"{PATH}/{session_id}", _("Đã mời thành viên vào phiên."))


@door.post(f"/phien/{SESSION}/thanh-vien/{MEMBER}/vang")
@requires(*PROVINCE)
def note_absence(session_id: int, member_id: int) -> Response:
    """Take a member who is not there out of the session."""
    with acting() as (work, actor):
        excuse_member(work, actor, session_id, member_id, clock.now())
    return go(f"{PATH}/{session_id}", _("Đã ghi thành viên vắng mặt."))


@door.post(f"/phien/{SESSION}/huy")
@requires(*PROVINCE)
def give_up_session(session_id: int) -> Response:
    """Give a planned session up; its dossiers wait for another one."""
    council_id = get_session(db.session(), require_actor(), session_id).council_id
    with acting() as (work, actor):
        cancel_session(work, actor, session_id, clock.now())
    return go(f"/van-phong/hoi-dong/{council_id}", _("Đã huỷ phiên. Hồ sơ chờ phiên khác."))


@door.post(f"/phien/{SESSION}/mo")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def begin_scoring(session_id: int) -> Response:
    """Begin scoring: who sits in the session and what comes before it is fixed."""
    with acting() as (work, actor):
        open_session(work, actor, session_id, clock.now())
    return go(f"{PATH}/{session_id}", _("Đã mở phiên. Từ giờ các thành viên chấm kín."))


def session_page(session_id: int, faults: Faults = (), status: int = 0) -> Response:
    """Return the page of a session."""
    actor, work = require_actor(), db.session()
    held = get_session(work, actor, session_id)
    planned, of_office = held.state is SessionState.PLANNED, holds_office(actor, held)
    minutes = None if planned else find_minutes(work, held.id)
    seated = {seat.member_id for seat in held.seats}
    return page(
        "session",
        faults=faults,
        status=status,
        held=held,
        own=f"{PATH}/{held.id}",
        planned=planned,
        progress=progress_of(work, held),
        of_office=of_office,
        runs=runs_session(actor, held),
        mine=own_seat(held, actor),
        ready=list_ready_dossiers(work, held.council.unit_id) if planned and of_office else [],
        others=[one for one in list_sitting(work, held.council_id) if one.id not in seated]
        if planned and of_office
        else [],
        minutes=minutes,
        signers=list_signers(work, minutes) if minutes else {},
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
