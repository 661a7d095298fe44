"""Ideas: registered with the commune, mended, withdrawn, and printed as slips."""

from collections.abc import Mapping

from flask import Response, request

from marketplace import clock
from marketplace.accounts.roles import Role
from marketplace.certification.ideas.actions import resubmit_idea, submit_idea, withdraw_idea
from marketplace.certification.ideas.errors import IdeaRepeated, InvalidIdea, PlaceUnknown, TooManyIdeas
from marketplace.certification.ideas.facts import YEARS_AHEAD
from marketplace.certification.ideas.models import IdeaState, ProductIdea
from marketplace.certification.ideas.queries import get_own_idea, list_ideas_of, whole_idea
from marketplace.certification.ideas.roadmap import rubric_of_set
from marketplace.certification.ideas.slips import slip_code
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.web.guards import requires
from marketplace.web.idea_words import IDEA_CHECKS, IDEA_STATES, IDEA_TEXTS, PLAN_STATES
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.idea_form import faults_of_idea, idea_as_typed, read_idea
from marketplace.workspace.idea_pages import idea_page
from marketplace.workspace.set_choice import grouped_sets
from marketplace.workspace.tenancy import own_producer, own_producer_in

IDEA = "<int(max=2147483647):idea_id>"


@door.get("/<slug>/y-tuong")
@requires(Role.OWNER, Role.STAFF)
def show_ideas(slug: str) -> Response:
    """List the ideas of a producer and how far each is."""
    producer = own_producer(slug)
    return page(
        "ideas",
        producer,
        ideas=list_ideas_of(db.session(), producer.id),
        states=IDEA_STATES,
        plan_states=PLAN_STATES,
        day=clock.today(),
    )


@door.get("/<slug>/y-tuong/moi")
@requires(Role.OWNER, Role.STAFF)
def ask_for_idea(slug: str) -> Response:
    """Ask what the slip says."""
    return _form_page(own_producer(slug), None, {"nam": str(clock.today().year)})


@door.post("/<slug>/y-tuong/moi")
@requires(Role.OWNER, Role.STAFF)
def hand_in_idea(slug: str) -> Response:
    """Hand a slip to the commune."""
    facts = read_idea(request.form)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            number = submit_idea(session, actor, own, facts, clock.now()).id
    except InvalidIdea as refusal:
        return _form_page(own_producer(slug), None, request.form, faults_of_idea(refusal))
    except (IdeaRepeated, TooManyIdeas, PlaceUnknown) as refusal:
        return _form_page(own_producer(slug), None, request.form, [("ten", explain(refusal))], refusal.status)
    return go(f"/gian-hang/{slug}/y-tuong/{number}", _("Đã gửi phiếu. Xã xem rồi trả lời bạn ở đây."))


@door.get(f"/<slug>/y-tuong/{IDEA}")
@requires(Role.OWNER, Role.STAFF)
def show_idea(slug: str, idea_id: int) -> Response:
    """Show how far an idea is, and what comes next."""
    return idea_page(own_producer(slug), idea_id)


@door.get(f"/<slug>/y-tuong/{IDEA}/sua")
@requires(Role.OWNER, Role.STAFF)
def ask_to_mend(slug: str, idea_id: int) -> Response:
    """Show the slip for mending, where the commune returned it."""
    producer = own_producer(slug)
    idea = get_own_idea(db.session(), idea_id, producer.id)
    if idea.state is not IdeaState.RETURNED:
        return go(f"/gian-hang/{slug}/y-tuong/{idea_id}")
    return _form_page(producer, idea, idea_as_typed(idea))


@door.post(f"/<slug>/y-tuong/{IDEA}/sua")
@requires(Role.OWNER, Role.STAFF)
def hand_in_again(slug: str, idea_id: int) -> Response:
    """Hand the slip in again as mended."""
    facts = read_idea(request.form)
    try:
        with acting() as (session, actor):
            own = own_producer_in(session, actor, slug)
            resubmit_idea(session, actor, get_own_idea(session, idea_id, own.id), facts, clock.now())
    except InvalidIdea as refusal:
        return _mend_page(slug, idea_id, faults_of_idea(refusal))
    except (IdeaRepeated, TooManyIdeas) as refusal:
        return _mend_page(slug, idea_id, [("ten", explain(refusal))], refusal.status)
    return go(f"/gian-hang/{slug}/y-tuong/{idea_id}", _("Đã nộp lại. Xã xem rồi trả lời bạn ở đây."))


@door.post(f"/<slug>/y-tuong/{IDEA}/rut")
@requires(Role.OWNER, Role.STAFF)
def give_idea_up(slug: str, idea_id: int) -> Response:
    """Withdraw an idea."""
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        withdraw_idea(session, actor, get_own_idea(session, idea_id, own.id), clock.now())
    return go(f"/gian-hang/{slug}/y-tuong", _("Đã rút ý tưởng."))


@door.get(f"/<slug>/y-tuong/{IDEA}/phieu")
@requires(Role.OWNER, Role.STAFF)
def print_slip(slug: str, idea_id: int) -> Response:
    """Show the registration slip, ready to be printed and signed."""
    producer = own_producer(slug)
    idea = get_own_idea(db.session(), idea_id, producer.id, *whole_idea())
    return page(
        "idea_slip",
        producer,
        idea=idea,
        code=slip_code(idea),
        rubric=rubric_of_set(idea.set_number),
        texts=IDEA_TEXTS,
        checks=IDEA_CHECKS,
    )


def _mend_page(slug: str, idea_id: int, faults: Faults, status: int = 0) -> Response:
    producer = own_producer(slug)
    idea = get_own_idea(db.session(), idea_id, producer.id)
    return _form_page(producer, idea, request.form, faults, status)


def _form_page(
    producer: Producer,
    idea: ProductIdea | None,
    typed: Mapping[str, str],
    faults: Faults = (),
    status: int = 0,
) -> Response:
    year = clock.today().year
    return page(
        "idea_form",
        producer,
        faults=faults,
        status=status,
        idea=idea,
        typed=typed,
        texts=IDEA_TEXTS,
        years=[(str(one), str(one)) for one in range(year, year + YEARS_AHEAD + 1)],
        sets=grouped_sets(),
        at=f"/gian-hang/{producer.slug}/y-tuong/{f'{idea.id}/sua' if idea else 'moi'}",
    )
