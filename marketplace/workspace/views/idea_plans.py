"""After an idea is taken in: its business plan, the product it becomes, the steps of its roadmap."""

from collections.abc import Mapping

from flask import Response, request
from sqlalchemy.orm import Session, joinedload

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role
from marketplace.certification.ideas.actions import begin_product, name_product
from marketplace.certification.ideas.errors import InvalidPlan, PlanIncomplete
from marketplace.certification.ideas.models import IdeaState, ProductIdea
from marketplace.certification.ideas.plans import save_plan, submit_plan, take_plan_back
from marketplace.certification.ideas.queries import get_own_idea, whole_idea
from marketplace.certification.ideas.roadmap import finish_step
from marketplace.certification.ideas.states import EDITABLE_PLANS
from marketplace.database import db
from marketplace.errors import NotFound
from marketplace.web.guards import requires
from marketplace.web.idea_words import PLAN_MONEY, PLAN_STATES, PLAN_TEXTS
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.idea_form import PLAN_FIELDS, faults_of_plan, plan_as_typed, read_plan
from marketplace.workspace.idea_pages import idea_page
from marketplace.workspace.tenancy import own_producer, own_producer_in, own_product_in
from marketplace.workspace.views.ideas import IDEA

NEW = "*"
"""Chosen where the product is not on the list yet."""


@door.get(f"/<slug>/y-tuong/{IDEA}/phuong-an")
@requires(Role.OWNER, Role.STAFF)
def show_business_plan(slug: str, idea_id: int) -> Response:
    """Show the business plan: to be written, or as the office has it."""
    producer = own_producer(slug)
    idea = get_own_idea(db.session(), idea_id, producer.id, joinedload(ProductIdea.plan))
    return _plan_page(slug, idea, plan_as_typed(idea.plan))


@door.post(f"/<slug>/y-tuong/{IDEA}/phuong-an")
@requires(Role.OWNER, Role.STAFF)
def save_business_plan(slug: str, idea_id: int) -> Response:
    """Keep the business plan as typed; with `viec=nop`, hand it in."""
    facts, faults = read_plan(request.form)
    if faults:
        return _typed_page(slug, idea_id, faults)
    try:
        with acting() as (session, actor):
            save_plan(session, actor, _own_idea_in(session, actor, slug, idea_id), facts, clock.now())
    except InvalidPlan as refusal:
        return _typed_page(slug, idea_id, faults_of_plan(refusal))
    if request.form.get("viec") != "nop":
        return go(f"/gian-hang/{slug}/y-tuong/{idea_id}/phuong-an", _("Đã lưu. Viết tiếp lúc nào cũng được."))
    return _hand_in(slug, idea_id)


def _hand_in(slug: str, idea_id: int) -> Response:
    """Hand in what was just kept, a step of its own: what is missing keeps nothing from being kept."""
    try:
        with acting() as (session, actor):
            submit_plan(session, actor, _own_idea_in(session, actor, slug, idea_id), clock.now())
    except PlanIncomplete as refusal:
        return _typed_page(slug, idea_id, faults_of_plan(refusal))
    return go(f"/gian-hang/{slug}/y-tuong/{idea_id}", _("Đã nộp phương án. Văn phòng xem rồi trả lời."))


@door.post(f"/<slug>/y-tuong/{IDEA}/phuong-an/lay-lai")
@requires(Role.OWNER, Role.STAFF)
def take_business_plan_back(slug: str, idea_id: int) -> Response:
    """Take a plan back that the office has not answered yet."""
    with acting() as (session, actor):
        take_plan_back(session, actor, _own_idea_in(session, actor, slug, idea_id), clock.now())
    return go(f"/gian-hang/{slug}/y-tuong/{idea_id}/phuong-an", _("Đã lấy lại. Sửa xong mời nộp lại."))


@door.get(f"/<slug>/y-tuong/{IDEA}/phuong-an/in")
@requires(Role.OWNER, Role.STAFF)
def print_business_plan(slug: str, idea_id: int) -> Response:
    """Show the business plan as a document, ready to be printed and signed."""
    producer = own_producer(slug)
    idea = get_own_idea(db.session(), idea_id, producer.id, *whole_idea())
    if idea.plan is None:
        raise NotFound(plan=idea_id)
    return page("idea_plan_paper", producer, idea=idea, texts=PLAN_TEXTS, money=PLAN_MONEY)


@door.post(f"/<slug>/y-tuong/{IDEA}/san-pham")
@requires(Role.OWNER, Role.STAFF)
def choose_product(slug: str, idea_id: int) -> Response:
    """Say which product the idea has become, or begin one by its name."""
    chosen = request.form.get("san_pham", "")
    if not chosen:
        return idea_page(own_producer(slug), idea_id, [("san_pham", _("Mời chọn một sản phẩm."))])
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        idea = get_own_idea(session, idea_id, own.id)
        if chosen == NEW:
            product = begin_product(session, actor, idea, own, clock.now())
        else:
            product = own_product_in(session, actor, slug, chosen)
            name_product(session, actor, idea, product, clock.now())
    return go(f"/gian-hang/{slug}/y-tuong/{idea_id}", _("Đã nối ý tưởng với sản phẩm."))


@door.post(f"/<slug>/y-tuong/{IDEA}/lo-trinh/<int(max=2147483647):step_id>/xong")
@requires(Role.OWNER, Role.STAFF)
def finish_roadmap_step(slug: str, idea_id: int, step_id: int) -> Response:
    """Say that a step of the roadmap is done today."""
    with acting() as (session, actor):
        idea = _own_idea_in(session, actor, slug, idea_id)
        finish_step(session, actor, idea, step_id, clock.today(), clock.now())
    return go(f"/gian-hang/{slug}/y-tuong/{idea_id}", _("Đã ghi xong việc này."))


def _own_idea_in(session: Session, actor: Actor, slug: str, idea_id: int) -> ProductIdea:
    return get_own_idea(session, idea_id, own_producer_in(session, actor, slug).id)


def _typed_page(slug: str, idea_id: int, faults: Faults) -> Response:
    producer = own_producer(slug)
    idea = get_own_idea(db.session(), idea_id, producer.id, joinedload(ProductIdea.plan))
    return _plan_page(slug, idea, request.form, faults)


def _plan_page(slug: str, idea: ProductIdea, typed: Mapping[str, str], faults: Faults = ()) -> Response:
    editable = idea.state is IdeaState.ACCEPTED and (idea.plan is None or idea.plan.state in EDITABLE_PLANS)
    return page(
        "idea_plan",
        own_producer(slug),
        faults=faults,
        idea=idea,
        plan=idea.plan,
        editable=editable,
        typed=typed,
        fields=PLAN_FIELDS,
        texts=PLAN_TEXTS,
        money=PLAN_MONEY,
        states=PLAN_STATES,
    )
