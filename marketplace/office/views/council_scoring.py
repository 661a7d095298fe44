"""A dossier before a session: blind until all sheets are in; conflicts, discussions, and the result."""

from collections.abc import Callable

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role
from marketplace.certification.councils.closing import close_dossier, discuss
from marketplace.certification.councils.conflicts import declare_conflict
from marketplace.certification.councils.errors import ConflictedMember, DiscussionNeeded, ReasonMissing
from marketplace.certification.dossiers.models import Dossier
from marketplace.database import db
from marketplace.errors import MarketplaceError, NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.council_case import find_outcomes, has_sheet, may_score, open_page, own_seat
from marketplace.office.council_words import POSITIONS
from marketplace.office.tenancy import PROVINCE
from marketplace.office.views.council_sessions import CASE, PATH, case_path, holds_office, session_page
from marketplace.text import whole_number
from marketplace.web.council_post import tell_of_discussion
from marketplace.web.dossier_post import tell_of_dossier
from marketplace.web.dossier_words import OUTCOMES
from marketplace.web.guards import requires, strong
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import SHEET_FACTS
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _


@door.get(f"/phien/{CASE}")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def show_case(session_id: int, dossier_id: int) -> Response:
    """Show how many sheets are in, and once all are what they come to."""
    return _case_page(session_id, dossier_id)


@door.post(f"/phien/{CASE}/lien-quan")
@requires(*PROVINCE, Role.COUNCIL_MEMBER)
def name_conflict(session_id: int, dossier_id: int) -> Response:
    """Write down that a member has to do with the producer; members name themselves, the office anybody."""
    member_id = whole_number(request.form.get("thanh_vien", "")) or 0

    def declare(work: Session, actor: Actor, words: str) -> None:
        declare_conflict(work, actor, session_id, dossier_id, member_id, words, clock.now())

    done = _("Đã ghi: thành viên ấy không chấm và không xem phiếu của hồ sơ này.")
    return _carry_out(session_id, dossier_id, "lien_quan", declare, done, f"{PATH}/{session_id}")


@door.post(f"/phien/{CASE}/thao-luan")
@requires(Role.COUNCIL_MEMBER)
def talk_over(session_id: int, dossier_id: int) -> Response:
    """Have the dossier talked over and scored anew, blind again."""

    def open_again(work: Session, actor: Actor, words: str) -> None:
        at = clock.now()
        discuss(work, actor, session_id, dossier_id, words, at)
        tell_of_discussion(work, session_id, dossier_id, at)

    done = _("Đã mở lại để thảo luận. Mỗi người xem lại phiếu rồi ký lại.")
    return _carry_out(session_id, dossier_id, "noi_dung", open_again, done)


@door.post(f"/phien/{CASE}/chot")
@requires(Role.COUNCIL_MEMBER)
@strong
def close_result(session_id: int, dossier_id: int) -> Response:
    """Close the result of the dossier for good."""

    def close(work: Session, actor: Actor, words: str) -> None:
        at = clock.now()
        close_dossier(work, actor, session_id, dossier_id, words, at)
        tell_of_dossier(work, work.get_one(Dossier, dossier_id), at)

    return _carry_out(session_id, dossier_id, "ly_do", close, _("Đã chốt kết quả."))


def _carry_out(
    session_id: int,
    dossier_id: int,
    field: str,
    do: Callable[[Session, Actor, str], None],
    done: str,
    path: str = "",
) -> Response:
    """Do something to a dossier with the words of a field and answer; a refusal comes with what was typed."""
    words = request.form.get(field, "")
    try:
        with acting() as (work, actor):
            do(work, actor, words)
    except NotFound:
        raise
    except ConflictedMember as refusal:
        return session_page(session_id, refusal=refusal)
    except (DiscussionNeeded, ReasonMissing) as refusal:
        return _case_page(session_id, dossier_id, [(field, explain(refusal))], refusal.status)
    except MarketplaceError as refusal:
        return _case_page(
            session_id, dossier_id, status=refusal.status, refusal=explain(refusal), unsent=words
        )
    return go(path or case_path(session_id, dossier_id), done)


def _case_page(
    session_id: int,
    dossier_id: int,
    faults: Faults = (),
    status: int = 0,
    refusal: str = "",
    unsent: str = "",
) -> Response:
    actor, work = require_actor(), db.session()
    held, every, asked = open_page(work, actor, session_id, dossier_id)
    leader, mine = asked.bench.leader, own_seat(held, actor)
    return page(
        "session_case",
        faults=faults,
        status=status,
        refusal=refusal,
        unsent=unsent,
        held=held,
        every=every,
        asked=asked,
        case=asked.case,
        own=case_path(held.id, dossier_id),
        found=find_outcomes(work, held, asked) if asked.case.revealed_at else None,
        mine=mine,
        scores=may_score(held, asked, mine),
        has_own=has_sheet(held, asked, mine),
        leads=mine is not None and leader is not None and leader.id == mine.id,
        of_office=holds_office(actor, held),
        positions=POSITIONS,
        outcomes=OUTCOMES,
        typed=request.form,
        **SHEET_FACTS,
    )
