"""Business plans and roadmaps at the office: read, answered, and laid out step by step."""

from datetime import date, timedelta

from flask import Response, request

from marketplace import clock
from marketplace.catalogue.errors import InvalidWords
from marketplace.certification.ideas.errors import InvalidStep, TooManySteps
from marketplace.certification.ideas.models import ProductIdea
from marketplace.certification.ideas.plans import approve_plan, return_plan
from marketplace.certification.ideas.queries import whole_idea
from marketplace.certification.ideas.roadmap import (
    LONGEST_STEP,
    add_steps,
    finish_step,
    hand_over,
    remove_step,
    suggest_steps,
)
from marketplace.certification.renewal import next_round
from marketplace.certification.rubrics.gates import MARKED
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.idea_form import read_steps
from marketplace.office.ideas import idea_in_reach
from marketplace.office.tenancy import OFFICE
from marketplace.office.typed_days import read_day
from marketplace.office.views.ideas import IDEA, PATH
from marketplace.web.guards import requires
from marketplace.web.idea_words import PLAN_MONEY, PLAN_STATES, PLAN_TEXTS
from marketplace.web.post import Letter, send_to_members
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

STEP = f"{IDEA}/lo-trinh/<int(max=2147483647):step_id>"
A_DAY = timedelta(days=1)


@door.get(f"/y-tuong/{IDEA}/phuong-an")
@requires(*OFFICE)
def show_business_plan(idea_id: int) -> Response:
    """Show a business plan as a document, with the answer beside it."""
    return _plan_page(idea_id)


@door.post(f"/y-tuong/{IDEA}/phuong-an")
@requires(*OFFICE)
def answer_business_plan(idea_id: int) -> Response:
    """Approve a business plan, or return it with words."""
    answer = approve_plan if request.form.get("viec") == "duyet" else return_plan
    try:
        with acting() as (session, actor):
            idea, at = idea_in_reach(session, actor, idea_id), clock.now()
            answer(session, actor, idea, request.form.get("loi", ""), at)
            send_to_members(session, Letter.PLAN_ANSWERED, idea.producer_id, at, idea.id)
    except InvalidWords as refusal:
        words = _("Mời viết vì sao, không quá %(most)s chữ.", most=refusal.parameters["most"])
        return _plan_page(idea_id, [("loi", words)])
    return go(f"{PATH}/{idea_id}", _("Đã trả lời phương án. Cơ sở được báo."))


@door.get(f"/y-tuong/{IDEA}/lo-trinh")
@requires(*OFFICE)
def show_roadmap(idea_id: int) -> Response:
    """Show the roadmap of an idea, and what else its set asks for."""
    return _roadmap_page(_find(idea_id))


@door.post(f"/y-tuong/{IDEA}/lo-trinh")
@requires(*OFFICE)
def add_to_roadmap(idea_id: int) -> Response:
    """Add the steps that were chosen or written."""
    idea, due_on = _find(idea_id), read_day(request.form.get("han", ""))
    if due_on is None:
        return _roadmap_page(idea, [("han", _("Mời gõ ngày, ví dụ 30/4/2027."))])
    steps = read_steps(request.form, suggest_steps(idea, idea.steps, _stars()), due_on)
    if not steps:
        return _roadmap_page(idea, [("loi", _("Mời chọn hoặc viết ít nhất một việc."))])
    try:
        with acting() as (session, actor):
            add_steps(session, actor, idea_in_reach(session, actor, idea_id), steps, clock.now())
    except (InvalidStep, TooManySteps) as refusal:
        field = "han" if refusal.parameters.get("field") == "due_on" else "loi"
        return _roadmap_page(_find(idea_id), [(field, explain(refusal))], refusal.status)
    return go(f"{PATH}/{idea_id}/lo-trinh?sao={_stars()}", _("Đã thêm vào lộ trình."))


@door.post(f"/y-tuong/{STEP}/xong")
@requires(*OFFICE)
def finish_roadmap_step(idea_id: int, step_id: int) -> Response:
    """Note that a step is done today, or with `chua` that it is not."""
    done_on = None if request.form.get("chua") else clock.today()
    with acting() as (session, actor):
        idea = idea_in_reach(session, actor, idea_id)
        finish_step(session, actor, idea, step_id, done_on, clock.now())
    return go(f"{PATH}/{idea_id}/lo-trinh", _("Đã ghi.") if done_on else _("Đã ghi là chưa xong."))


@door.post(f"/y-tuong/{STEP}/bo")
@requires(*OFFICE)
def remove_roadmap_step(idea_id: int, step_id: int) -> Response:
    """Take a step off the roadmap."""
    with acting() as (session, actor):
        remove_step(session, actor, idea_in_reach(session, actor, idea_id), step_id, clock.now())
    return go(f"{PATH}/{idea_id}/lo-trinh", _("Đã bỏ khỏi lộ trình."))


@door.post(f"/y-tuong/{IDEA}/lo-trinh/gui")
@requires(*OFFICE)
def send_roadmap(idea_id: int) -> Response:
    """Tell the producer of the steps that are still to be done."""
    with acting() as (session, actor):
        idea, at = idea_in_reach(session, actor, idea_id), clock.now()
        hand_over(session, actor, idea, at)
        send_to_members(session, Letter.ROADMAP_MADE, idea.producer_id, at, idea.id)
    return go(f"{PATH}/{idea_id}/lo-trinh", _("Đã gửi lộ trình cho cơ sở."))


def _find(idea_id: int) -> ProductIdea:
    return idea_in_reach(db.session(), require_actor(), idea_id, *whole_idea())


def _plan_page(idea_id: int, faults: Faults = ()) -> Response:
    idea = _find(idea_id)
    if idea.plan is None or idea.plan.submitted_at is None:
        raise NotFound(plan=idea_id)
    return page(
        "idea_plan",
        faults=faults,
        idea=idea,
        plan=idea.plan,
        texts=PLAN_TEXTS,
        money=PLAN_MONEY,
        states=PLAN_STATES,
        typed=request.form,
    )


def _stars() -> int:
    typed = request.values.get("sao", "")
    return int(typed) if typed in {str(stars) for stars in MARKED} else min(MARKED)


def _roadmap_page(idea: ProductIdea, faults: Faults = (), status: int = 0) -> Response:
    return page(
        "idea_roadmap",
        faults=faults,
        status=status,
        idea=idea,
        suggested=suggest_steps(idea, idea.steps, _stars()),
        stars=_stars(),
        ranks=sorted(MARKED),
        chosen=request.form.getlist("chon"),
        typed=request.form,
        due_on=_usual_day(clock.today()),
        longest=LONGEST_STEP,
        day=clock.today(),
    )


def _usual_day(day: date) -> date:
    """Return the last day on which a dossier comes into the next round."""
    return next_round(day)[0] - A_DAY
