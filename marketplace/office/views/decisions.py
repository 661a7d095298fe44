"""Decisions from their paper: drafted here, read by a second officer, confirmed or sent back."""

from typing import Any

from flask import Response, request

from marketplace import clock
from marketplace.certification.decisions.dossiers_met import list_closed_at
from marketplace.certification.decisions.drafts import withdraw_paper
from marketplace.certification.decisions.paper_decisions import confirm_paper, draft_decision
from marketplace.certification.decisions.paper_models import PaperKind, PaperState
from marketplace.certification.errors import (
    AlreadyAwarded,
    InvalidDecisionNumber,
    IssuedInFuture,
    MemberCannotAward,
)
from marketplace.database import db
from marketplace.errors import InvalidInput, MarketplaceError
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.paper_form import PaperForm, list_candidates
from marketplace.office.paper_page import authority_of, check_paper, valid_until
from marketplace.office.result_desk import list_sources
from marketplace.office.result_page import bar_to
from marketplace.office.tenancy import PROVINCE, Reach, paper_in_reach
from marketplace.office.units import list_own_provinces
from marketplace.office.views.results import draft_page
from marketplace.office.waiting import list_papers
from marketplace.office.words import PAPER_STATES
from marketplace.web.dossier_post import tell_of_dossier
from marketplace.web.guards import requires, strong
from marketplace.web.post import Letter, send_to_members
from marketplace.web.refusals import explain
from marketplace.web.score_sheets import write_points
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/quyet-dinh"
FIELDS: dict[type[MarketplaceError], str] = {InvalidDecisionNumber: "so", IssuedInFuture: "ngay"}


@door.get("/quyet-dinh")
@requires(*PROVINCE)
def list_decisions() -> Response:
    """List what was drafted, and what became of it."""
    work, reach = db.session(), Reach.of(require_actor())
    closed = (PaperState.CONFIRMED, PaperState.WITHDRAWN)
    return page(
        "decisions",
        sources=list_sources(work, reach),
        drafts=list_papers(work, reach, PaperState.DRAFTED),
        closed=list_papers(work, reach, *closed, most=30),
        states=PAPER_STATES,
    )


@door.get("/quyet-dinh/moi")
@requires(*PROVINCE)
def ask_for_decision() -> Response:
    """Show an empty form."""
    return _form_page(PaperForm.read({}))


@door.post("/quyet-dinh/moi")
@requires(*PROVINCE)
def draft() -> Response:
    """Look for more products, or draft the decision for a second officer to read."""
    form = PaperForm.read(request.form.to_dict())
    if request.form.get("viec") == "tim":
        return _form_page(form)
    day, unit_id = form.decided_on, form.unit_id
    if unit_id is None:
        return _form_page(form, [("don_vi", _("Mời chọn tỉnh của quyết định."))])
    if day is None:
        return _form_page(form, [("ngay", _("Mời gõ ngày ký, ví dụ 20/11/2026."))])
    try:
        with acting() as (work, actor):
            paper = draft_decision(work, actor, unit_id, form.number, day, form.stars, clock.now())
            number = paper.id
    except (InvalidInput, AlreadyAwarded, MemberCannotAward) as refusal:
        return _refused(form, refusal)
    return go(f"{PATH}/{number}", _("Đã soạn. Người thứ hai cùng tỉnh xác nhận thì mới công bố."))


@door.get("/quyet-dinh/<int:paper_id>")
@requires(*PROVINCE)
def show_decision(paper_id: int) -> Response:
    """Show a draft as its paper reads, what a machine found, and who may do what."""
    actor = require_actor()
    paper = paper_in_reach(db.session(), actor, paper_id)
    if paper.kind is not PaperKind.PAPER:
        return draft_page(actor, paper)
    waits = paper.state is PaperState.DRAFTED
    return page(
        "decision",
        paper=paper,
        waits=waits,
        author=paper.author.name,
        second=paper.confirmer.name if paper.confirmer else "",
        mine=paper.drafted_by == actor.person_id,
        barred=bar_to(db.session(), actor, paper) if waits else "",
        checks=check_paper(db.session(), actor, paper) if waits else [],
        authority=authority_of(paper),
        until=valid_until(paper),
        scored=any(award.points is not None for award in paper.awards),
        write_points=write_points,
        states=PAPER_STATES,
    )


@door.post("/quyet-dinh/<int:paper_id>/xac-nhan")
@requires(*PROVINCE)
@strong
def confirm_decision(paper_id: int) -> Response:
    """Confirm a draft: the register and everything public follow at once."""
    at = clock.now()
    with acting() as (work, actor):
        named = [award.product for award in paper_in_reach(work, actor, paper_id).awards]
        decision = confirm_paper(work, actor, paper_id, at)
        for product in named:
            if product.producer_id is not None:
                send_to_members(work, Letter.PRODUCT_CERTIFIED, product.producer_id, at, product.id)
        for dossier in list_closed_at(work, [product.id for product in named], at):
            tell_of_dossier(work, dossier, at)
        code = decision.code
    return go(f"/chung-nhan/{code}")


@door.post("/quyet-dinh/<int:paper_id>/rut")
@requires(*PROVINCE)
def withdraw_decision(paper_id: int) -> Response:
    """Give a draft up, or send it back to its author."""
    with acting() as (work, actor):
        withdraw_paper(work, actor, paper_id, clock.now())
    return go(PATH, _("Đã rút bản soạn. Không có gì được công bố."))


def _refused(form: PaperForm, refusal: MarketplaceError) -> Response:
    return _form_page(form, [(FIELDS.get(type(refusal), "tim"), explain(refusal))], refusal.status)


def _form_page(form: PaperForm, faults: Faults = (), status: int = 0) -> Response:
    provinces = list_own_provinces(Reach.of(require_actor()))
    chosen = form.unit_id if form.unit_id in {unit.id for unit in provinces} else None
    if chosen is None and len(provinces) == 1:
        chosen = provinces[0].id
    candidates: list[Any] = list_candidates(db.session(), chosen, form) if chosen else []
    return page(
        "paper",
        faults=faults,
        status=status,
        form=form,
        chosen=chosen,
        provinces=[(unit.id, unit.full_name) for unit in provinces],
        candidates=candidates,
    )
