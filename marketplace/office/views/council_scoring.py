"""A dossier before a session: blind until all sheets are in; the own sheet, conflicts, and the result."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.councils.closing import close_dossier, discuss
from marketplace.certification.councils.conflicts import declare_conflict, settle_conflicts
from marketplace.certification.councils.errors import (
    ConflictedMember,
    DiscussionNeeded,
    ReasonMissing,
    SheetIncomplete,
)
from marketplace.certification.councils.scoring import save_sheet, sign_sheet
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.dossiers.queries import list_uses
from marketplace.certification.dossiers.sheet_models import SheetLevel
from marketplace.certification.dossiers.sheets import find_sheet, read_sheet, rubric_of
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.council_case import find_outcomes, has_sheet, may_score, open_page, own_seat
from marketplace.office.council_forms import read_marks
from marketplace.office.council_words import POSITIONS
from marketplace.office.tenancy import PROVINCE
from marketplace.office.views.council_sessions import CASE, PATH, holds_office
from marketplace.text import whole_number
from marketplace.web.dossier_post import tell_of_dossier
from marketplace.web.dossier_words import OUTCOMES
from marketplace.web.guards import requires, strong
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import SHEET_FACTS, groups_of, try_out, write_points
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _


@door.get(f"/phien/{CASE}")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def show_case(session_id: int, dossier_id: int) -> Response:
    """Show how many sheets are in, and once all are what they come to."""
    return _case_page(session_id, dossier_id)


@door.get(f"/phien/{CASE}/phieu")
@requires(Role.COUNCIL_MEMBER)
def show_sheet(session_id: int, dossier_id: int) -> Response:
    """Show the actor's own sheet to be filled in; the result beside it is that of this sheet alone."""
    return _sheet_page(session_id, dossier_id)


@door.post(f"/phien/{CASE}/phieu")
@requires(Role.COUNCIL_MEMBER)
def keep_sheet(session_id: int, dossier_id: int) -> Response:
    """Keep what was marked on the own sheet; signing locks it."""
    try:
        _held, _every, asked = open_page(db.session(), require_actor(), session_id, dossier_id)
        marks = read_marks(rubric_of(asked.case.dossier), request.form)
        with acting() as (work, actor):
            save_sheet(work, actor, session_id, dossier_id, marks, clock.now())
    except ConflictedMember:
        return _settled(session_id, dossier_id)
    return go(_own(session_id, dossier_id) + "/phieu", _("Đã lưu phiếu. Phiếu chỉ mình bạn xem được."))


@door.post(f"/phien/{CASE}/ky")
@requires(Role.COUNCIL_MEMBER)
@strong
def put_name_to_sheet(session_id: int, dossier_id: int) -> Response:
    """Sign the own sheet, which locks it; the last one opens all of them."""
    try:
        with acting() as (work, actor):
            all_in = sign_sheet(work, actor, session_id, dossier_id, clock.now())
    except ConflictedMember:
        return _settled(session_id, dossier_id)
    except SheetIncomplete as refusal:
        return _sheet_page(session_id, dossier_id, refusal)
    words = _("Đã ký. Đủ phiếu, điểm đã mở.") if all_in else _("Đã ký phiếu. Điểm mở khi đủ phiếu.")
    return go(_own(session_id, dossier_id), words)


@door.post(f"/phien/{CASE}/lien-quan")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def name_conflict(session_id: int, dossier_id: int) -> Response:
    """Write down that a member has to do with the producer; members name themselves, the office anybody."""
    member_id = whole_number(request.form.get("thanh_vien", "")) or 0
    try:
        with acting() as (work, actor):
            words = request.form.get("lien_quan", "")
            declare_conflict(work, actor, session_id, dossier_id, member_id, words, clock.now())
    except ReasonMissing as refusal:
        return _case_page(session_id, dossier_id, [("lien_quan", explain(refusal))])
    return go(f"{PATH}/{session_id}", _("Đã ghi: thành viên ấy không chấm và không xem phiếu của hồ sơ này."))


@door.post(f"/phien/{CASE}/thao-luan")
@requires(Role.COUNCIL_MEMBER)
def talk_over(session_id: int, dossier_id: int) -> Response:
    """Have the dossier talked over and scored anew, blind again."""
    try:
        with acting() as (work, actor):
            discuss(work, actor, session_id, dossier_id, request.form.get("noi_dung", ""), clock.now())
    except ReasonMissing as refusal:
        return _case_page(session_id, dossier_id, [("noi_dung", explain(refusal))])
    return go(_own(session_id, dossier_id), _("Đã mở lại để thảo luận. Mỗi người xem lại phiếu rồi ký lại."))


@door.post(f"/phien/{CASE}/chot")
@requires(Role.COUNCIL_MEMBER)
@strong
def close_result(session_id: int, dossier_id: int) -> Response:
    """Close the result of the dossier for good."""
    try:
        with acting() as (work, actor):
            close_dossier(work, actor, session_id, dossier_id, request.form.get("ly_do", ""), clock.now())
            tell_of_dossier(work, work.get_one(Dossier, dossier_id), clock.now())
    except (DiscussionNeeded, ReasonMissing) as refusal:
        return _case_page(session_id, dossier_id, [("ly_do", explain(refusal))], refusal.status)
    return go(_own(session_id, dossier_id), _("Đã chốt kết quả."))


def _own(session_id: int, dossier_id: int) -> str:
    return f"{PATH}/{session_id}/ho-so/{dossier_id}"


def _settled(session_id: int, dossier_id: int) -> Response:
    """Keep what the accounts tell of a conflict, though the deed itself is refused."""
    with acting() as (work, actor):
        settle_conflicts(work, actor, session_id, dossier_id, clock.now())
    raise ConflictedMember


def _case_page(session_id: int, dossier_id: int, faults: Faults = (), status: int = 0) -> Response:
    actor, work = require_actor(), db.session()
    held, every, asked = open_page(work, actor, session_id, dossier_id)
    leader, mine = asked.bench.leader, own_seat(held, actor)
    return page(
        "session_case",
        faults=faults,
        status=status,
        held=held,
        every=every,
        asked=asked,
        case=asked.case,
        own=_own(held.id, dossier_id),
        found=find_outcomes(work, held, asked) if asked.case.revealed_at else None,
        mine=mine,
        scores=may_score(held, asked, mine),
        has_own=has_sheet(held, asked, mine),
        leads=mine is not None and leader is not None and leader.id == mine.id,
        of_office=holds_office(actor, held),
        positions=POSITIONS,
        outcomes=OUTCOMES,
        write_points=write_points,
        typed=request.form,
        **{name: fact for name, fact in SHEET_FACTS.items() if name != "write_points"},
    )


def _sheet_page(session_id: int, dossier_id: int, refusal: MarketplaceError | None = None) -> Response:
    actor, work = require_actor(), db.session()
    held, _every, asked = open_page(work, actor, session_id, dossier_id)
    mine = own_seat(held, actor)
    if mine is None or not has_sheet(held, asked, mine):
        raise NotFound
    dossier = asked.case.dossier
    rubric = rubric_of(dossier)
    row = find_sheet(work, dossier.id, SheetLevel.COUNCIL, mine.id, held.id)
    sheet = read_sheet(row, rubric)
    trial = try_out(sheet)
    facts: dict[str, Any] = {
        "held": held,
        "asked": asked,
        "own": _own(held.id, dossier.id),
        "dossier": dossier,
        "rubric": rubric,
        "row": row,
        "locked": not may_score(held, asked, mine) or bool(row and row.signed_at),
        "sheet": sheet,
        "trial": trial,
        "parts": [(part, list(groups_of(part, sheet, trial.way))) for part in rubric.parts],
        "words_of": {one.criterion: one.words for one in row.choices} if row else {},
        "stop_words": next((one.words for one in row.stops if one.words), "") if row else "",
        "uses": _uses_by_criterion(dossier.id),
        "refusal": explain(refusal) if refusal else "",
        "status": refusal.status if refusal else 0,
    }
    return page("score", **facts, **SHEET_FACTS)


def _uses_by_criterion(dossier_id: int) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for use in list_uses(dossier_id):
        found.setdefault(use.criterion, []).append(use.evidence)
    return found
