"""Councils of the own provinces: set up by a decision, their members, and the sessions they meet in."""

from collections.abc import Callable
from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.errors import InvalidIdentity
from marketplace.accounts.roles import Role
from marketplace.certification.councils.duties import count_awaited_sheets
from marketplace.certification.councils.errors import CouncilEnded
from marketplace.certification.councils.founding import (
    USUAL_SPREAD,
    end_council,
    find_person_to_seat,
    found_council,
    release_member,
    seat_member,
)
from marketplace.certification.councils.planning import plan_once
from marketplace.certification.councils.queries import (
    get_council,
    list_councils,
    list_rounds_to_decide,
    list_sessions,
)
from marketplace.database import db
from marketplace.errors import InvalidInput, MarketplaceError, NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.council_forms import (
    FIELDS,
    read_founding,
    read_planning,
    read_position,
    read_whom,
)
from marketplace.office.council_words import POSITIONS, SESSION_STATES
from marketplace.office.tenancy import PROVINCE, Reach
from marketplace.office.units import list_own_provinces
from marketplace.web.council_post import tell_of_call
from marketplace.web.guards import requires, strong
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/hoi-dong"
COUNCIL = "<int(max=2147483647):council_id>"


@door.get("/hoi-dong")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def show_councils() -> Response:
    """Show the councils of the own provinces, and the sessions that are the actor's business."""
    return _list_page()


@door.post("/hoi-dong")
@requires(*PROVINCE)
@strong
def set_up_council() -> Response:
    """Record a council by the decision that set it up."""
    provinces = {str(unit.id): unit.id for unit in list_own_provinces(Reach.of(require_actor()))}
    unit_id = provinces.get(request.form.get("don_vi", ""))
    if unit_id is None:
        return _list_page([("don_vi", _("Mời chọn một tỉnh."))])
    try:
        told = read_founding(request.form)
        with acting() as (work, actor):
            council_id = found_council(work, actor, unit_id, told, clock.now()).id
    except InvalidInput as refusal:
        return _list_page(_faults(refusal))
    return go(f"{PATH}/{council_id}", _("Đã ghi hội đồng. Mời thêm thành viên."))


@door.get(f"/hoi-dong/{COUNCIL}")
@requires(*PROVINCE)
def show_council(council_id: int) -> Response:
    """Show who sits in a council and its sessions."""
    return _council_page(council_id)


@door.post(f"/hoi-dong/{COUNCIL}/thanh-vien")
@requires(*PROVINCE)
@strong
def add_member(council_id: int) -> Response:
    """Give somebody with an account a seat, and the role that lets them in."""
    agency = request.form.get("co_quan", "")

    def seat() -> str:
        columns, position = read_whom(request.form), read_position(request.form)
        with acting() as (work, actor):
            person = find_person_to_seat(work, columns)
            if person is None:
                raise InvalidIdentity(field="identity")
            seat_member(work, actor, council_id, person.id, position, agency, clock.now())
        return _("Đã thêm thành viên. Lần vào tới người ấy cần mã 6 số hoặc khoá vân tay.")

    return _done(council_id, seat)


@door.post(f"/hoi-dong/{COUNCIL}/thanh-vien/<int(max=2147483647):member_id>/thoi")
@requires(*PROVINCE)
@strong
def end_seat(council_id: int, member_id: int) -> Response:
    """Take a seat back, and the role with it."""

    def release() -> str:
        with acting() as (work, actor):
            release_member(work, actor, council_id, member_id, clock.now())
        return _("Đã thôi tham gia hội đồng.")

    return _done(council_id, release)


@door.post(f"/hoi-dong/{COUNCIL}/ket-thuc")
@requires(*PROVINCE)
@strong
def close_council(council_id: int) -> Response:
    """End a council whose sessions are all over."""

    def end() -> str:
        with acting() as (work, actor):
            end_council(work, actor, council_id, clock.now())
        return _("Hội đồng đã kết thúc.")

    return _done(council_id, end)


@door.post(f"/hoi-dong/{COUNCIL}/phien")
@requires(*PROVINCE)
def add_session(council_id: int) -> Response:
    """Plan a session in which everybody of the council sits; the same form sent twice plans one."""
    try:
        told = read_planning(request.form)
        with acting() as (work, actor):
            at = clock.now()
            planned, fresh = plan_once(work, actor, council_id, told, at)
            session_id = planned.id
            if fresh:
                tell_of_call(work, session_id, at)
    except InvalidInput as refusal:
        return _council_page(council_id, _faults(refusal))
    except CouncilEnded as refusal:
        return _council_page(council_id, refusal=refusal)
    return go(f"/van-phong/phien/{session_id}", _("Đã lập phiên và báo các thành viên. Mời đưa hồ sơ vào."))


def _done(council_id: int, deed: Callable[[], str]) -> Response:
    try:
        words = deed()
    except InvalidIdentity:
        unknown = _("Chưa ai có tài khoản với địa chỉ này. Mời người ấy đăng ký trước.")
        return _council_page(council_id, [("dia_chi", unknown)])
    except InvalidInput as refusal:
        return _council_page(council_id, _faults(refusal))
    except NotFound:
        raise
    except MarketplaceError as refusal:
        return _council_page(council_id, refusal=refusal)
    return go(f"{PATH}/{council_id}", words)


def _faults(refusal: InvalidInput) -> Faults:
    return [(FIELDS.get(str(refusal.parameters.get("field")), "ten"), explain(refusal))]


def _list_page(faults: Faults = ()) -> Response:
    actor, work = require_actor(), db.session()
    founds = any(held.role in PROVINCE for held in actor.live_memberships)
    provinces = list_own_provinces(Reach.of(actor)) if founds else []
    return page(
        "councils",
        faults=faults,
        councils=list_councils(work, actor),
        sessions=list_sessions(work, actor),
        awaited=count_awaited_sheets(work, actor),
        states=SESSION_STATES,
        provinces=[(unit.id, unit.full_name) for unit in provinces],
        usual_spread=USUAL_SPREAD,
        typed=request.form,
    )


def _council_page(council_id: int, faults: Faults = (), refusal: MarketplaceError | None = None) -> Response:
    actor, work = require_actor(), db.session()
    council = get_council(work, actor, council_id)
    facts: dict[str, Any] = {
        "refusal": explain(refusal) if refusal else "",
        "status": refusal.status if refusal else 0,
        "council": council,
        "sitting": [one for one in council.members if one.left_on is None],
        "former": [one for one in council.members if one.left_on is not None],
        "sessions": list_sessions(work, actor, [council.id]),
        "awaited": count_awaited_sheets(work, actor),
        "rounds": list_rounds_to_decide(work, council.unit_id, clock.today()),
        "positions": POSITIONS,
        "states": SESSION_STATES,
        "me": actor.person_id,
        "typed": request.form,
    }
    return page("council", faults=faults, **facts)
