"""Decisions from results: drafted from a closed session or the ministry's answers, confirmed by a second."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.certification.decisions.confirming import confirm_results, first_day_to_decide
from marketplace.certification.decisions.errors import (
    DecidedTooEarly,
    InvalidNoticeNumber,
    NumberTaken,
    ResultsMoved,
)
from marketplace.certification.decisions.from_results import draft_from_ministry, draft_from_session
from marketplace.certification.decisions.paper_models import PaperDecision, PaperKind, PaperState
from marketplace.certification.dossiers.models import Dossier
from marketplace.certification.errors import InvalidDecisionNumber, IssuedInFuture, NothingAwarded
from marketplace.database import db
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.result_desk import Results, results_of_ministry, results_of_session
from marketplace.office.result_page import bar_to, basis_of, check_draft, replaced_by
from marketplace.office.tenancy import PROVINCE, Reach, paper_in_reach
from marketplace.office.typed_days import read_day
from marketplace.office.words import PAPER_STATES
from marketplace.text import whole_number
from marketplace.web.dossier_post import tell_of_dossier
from marketplace.web.guards import requires, strong
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import write_points
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/quyet-dinh"
ID = "int(max=2147483647)"
KINDS = {"cong-nhan": PaperKind.RECOGNITION, "thong-bao": PaperKind.NOTICE}
FIELDS: dict[type[MarketplaceError], str] = {
    InvalidDecisionNumber: "so",
    InvalidNoticeNumber: "so",
    NumberTaken: "so",
    IssuedInFuture: "ngay",
    DecidedTooEarly: "ngay",
}


@door.get(f"/quyet-dinh/tu-phien/<{ID}:session_id>")
@requires(*PROVINCE)
def show_session_results(session_id: int) -> Response:
    """Show what waits of a closed session, to draft from."""
    reach = Reach.of(require_actor())
    return _results_page(results_of_session(db.session(), reach, session_id), f"tu-phien/{session_id}")


@door.get(f"/quyet-dinh/tu-bo/<{ID}:unit_id>")
@requires(*PROVINCE)
def show_ministry_results(unit_id: int) -> Response:
    """Show what the ministry sent back to a province, to draft from."""
    reach = Reach.of(require_actor())
    return _results_page(results_of_ministry(db.session(), reach, unit_id), f"tu-bo/{unit_id}")


@door.post(f"/quyet-dinh/tu-phien/<{ID}:session_id>")
@requires(*PROVINCE)
def draft_of_session(session_id: int) -> Response:
    """Draft a decision or a notice from a closed session."""
    try:
        with acting() as (work, actor):
            kind, chosen = _read_choice()
            number = draft_from_session(work, actor, session_id, kind, chosen, clock.now()).id
    except (NothingAwarded, ResultsMoved) as refusal:
        results = results_of_session(db.session(), Reach.of(require_actor()), session_id)
        return _results_page(results, f"tu-phien/{session_id}", refusal)
    return go(f"{PATH}/{number}", _("Đã soạn. Người thứ hai cùng tỉnh gõ số, ngày ký thì mới công bố."))


@door.post(f"/quyet-dinh/tu-bo/<{ID}:unit_id>")
@requires(*PROVINCE)
def draft_of_ministry(unit_id: int) -> Response:
    """Draft a decision or a notice from the ministry's answers."""
    try:
        with acting() as (work, actor):
            kind, chosen = _read_choice()
            number = draft_from_ministry(work, actor, unit_id, kind, chosen, clock.now()).id
    except (NothingAwarded, ResultsMoved) as refusal:
        results = results_of_ministry(db.session(), Reach.of(require_actor()), unit_id)
        return _results_page(results, f"tu-bo/{unit_id}", refusal)
    return go(f"{PATH}/{number}", _("Đã soạn. Người thứ hai cùng tỉnh gõ số, ngày ký thì mới công bố."))


@door.post(f"/quyet-dinh/<{ID}:paper_id>/cong-bo")
@requires(*PROVINCE)
@strong
def publish_results(paper_id: int) -> Response:
    """Confirm a draft from results with number and day of the signed paper: everything public follows."""
    number, day = request.form.get("so", ""), read_day(request.form.get("ngay", ""))
    if paper_in_reach(db.session(), require_actor(), paper_id).kind is PaperKind.PAPER:
        return go(f"{PATH}/{paper_id}")
    if day is None:
        return _refused(paper_id, [("ngay", _("Mời gõ ngày ký, ví dụ 20/11/2026."))])
    at = clock.now()
    try:
        with acting() as (work, actor):
            paper_in_reach(work, actor, paper_id)
            paper = confirm_results(work, actor, paper_id, number, day, at)
            for award in paper.awards:
                tell_of_dossier(work, work.get_one(Dossier, award.dossier_id), at)
    except (InvalidInput, NumberTaken) as refusal:
        fault = (FIELDS.get(type(refusal), "so"), explain(refusal))
        return _refused(paper_id, [fault], refusal.status)
    return go(f"{PATH}/{paper_id}", _("Đã công bố. Chủ thể và xã đang được báo."))


@door.get(f"/quyet-dinh/<{ID}:paper_id>/ban-in")
@requires(*PROVINCE)
def print_decision(paper_id: int) -> Response:
    """Show a decision or notice from results as its paper, to be printed and signed."""
    actor = require_actor()
    paper = paper_in_reach(db.session(), actor, paper_id)
    if paper.kind is PaperKind.PAPER:
        return go(f"{PATH}/{paper_id}")
    return page("decision_print", **_paper_facts(paper))


def draft_page(actor: Actor, paper: PaperDecision, faults: Faults = (), status: int = 0) -> Response:
    """Return the page of a draft from results: its text, the two people, and what a machine found."""
    work, waits = db.session(), paper.state is PaperState.DRAFTED
    return page(
        "decision_drafted",
        faults=faults,
        status=status,
        waits=waits,
        author=paper.author.name,
        second=paper.confirmer.name if paper.confirmer else "",
        mine=paper.drafted_by == actor.person_id,
        barred=bar_to(work, actor, paper) if waits else "",
        checks=check_draft(work, actor, paper) if waits else [],
        replaced=replaced_by(paper, clock.today()) if waits else [],
        since=first_day_to_decide(work, paper),
        typed=request.form,
        states=PAPER_STATES,
        **_paper_facts(paper),
    )


def _paper_facts(paper: PaperDecision) -> dict[str, Any]:
    return {"paper": paper, "basis": basis_of(paper), "write_points": write_points}


def _read_choice() -> tuple[PaperKind, frozenset[int]]:
    """Read which paper is to be drafted of which dossiers; what no page of ours sends is left out."""
    kind = KINDS.get(request.form.get("viec", ""), PaperKind.RECOGNITION)
    chosen = map(whole_number, request.form.getlist("ho_so"))
    return kind, frozenset(number for number in chosen if number is not None)


def _results_page(results: Results, name: str, refusal: MarketplaceError | None = None) -> Response:
    return page(
        "results",
        faults=[("ho_so", explain(refusal))] if refusal else (),
        status=refusal.status if refusal else 0,
        results=results,
        sent=request.form.get("viec", ""),
        chosen=_read_choice()[1],
        own=f"{PATH}/{name}",
        write_points=write_points,
    )


def _refused(paper_id: int, faults: Faults, status: int = 0) -> Response:
    db.session.rollback()
    actor = require_actor()
    return draft_page(actor, paper_in_reach(db.session(), actor, paper_id), faults, status)
