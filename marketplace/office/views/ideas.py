"""Ideas at the office: what waits, the checklist, the answer, and the slips of the commune's book."""

from collections.abc import Mapping
from datetime import MAXYEAR

from flask import Response, request

from marketplace import clock
from marketplace.catalogue.errors import InvalidWords
from marketplace.certification.ideas.answers import accept_idea, mark_potential, save_ticks, turn_away
from marketplace.certification.ideas.errors import ChecksFailed, ChecksMissing
from marketplace.certification.ideas.models import IdeaState, ProductIdea
from marketplace.certification.ideas.queries import whole_idea
from marketplace.certification.ideas.roadmap import rubric_of_set
from marketplace.certification.ideas.slips import slip_code
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.deadlines import waited
from marketplace.office.idea_form import faults_of_ticks, read_ticks, ticks_as_typed
from marketplace.office.idea_hints import list_hints
from marketplace.office.ideas import Shelf, count_shelves, idea_in_reach, list_shelf, list_years, waits_since
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.office.words import IDEA_SHELVES
from marketplace.text import whole_number
from marketplace.web.guards import requires
from marketplace.web.idea_words import IDEA_CHECKS, IDEA_STATES, IDEA_TEXTS, PLAN_STATES
from marketplace.web.post import Letter, send_to_members
from marketplace.web.visitors import acting, require_actor
from marketplace.web.words import gettext as _

PATH = "/van-phong/y-tuong"
IDEA = "<int(max=2147483647):idea_id>"
ANSWERS = {"nhan": IdeaState.ACCEPTED, "tra-lai": IdeaState.RETURNED, "khong-nhan": IdeaState.DECLINED}
"""The answers by what their button sends; without one the checklist alone is kept."""


@door.get("/y-tuong")
@requires(*OFFICE)
def list_ideas() -> Response:
    """List ideas by what is to be done with them, of one year or of all."""
    session, reach = db.session(), Reach.of(require_actor())
    year, shelf = read_year(), _shelf()
    return page(
        "ideas",
        ideas=list_shelf(session, reach, shelf, year),
        shelf=shelf,
        shelves=IDEA_SHELVES,
        counts=count_shelves(session, reach, year),
        year=year,
        years=list_years(session, reach),
        states=IDEA_STATES,
        plan_states=PLAN_STATES,
        age=lambda idea: waited(waits_since(idea), clock.now()),
    )


@door.get(f"/y-tuong/{IDEA}")
@requires(*OFFICE)
def show_idea(idea_id: int) -> Response:
    """Show a slip with the checklist, what the register knows, and what came of it."""
    return _idea_page(_find(idea_id))


@door.post(f"/y-tuong/{IDEA}")
@requires(*OFFICE)
def answer_idea(idea_id: int) -> Response:
    """Keep the checklist, and with it take the idea in, return it or decline it."""
    to = ANSWERS.get(request.form.get("viec", ""))
    try:
        _write_answer(idea_id, to)
    except (ChecksMissing, ChecksFailed) as refusal:
        return _idea_page(_find(idea_id), faults_of_ticks(refusal))
    except InvalidWords as refusal:
        field = refusal.parameters["field"]
        words = _("Mời viết vì sao, không quá %(most)s chữ.", most=refusal.parameters["most"])
        return _idea_page(_find(idea_id), [("loi" if field == "words" else field, words)])
    return go(f"{PATH}/{idea_id}" if to in {None, IdeaState.ACCEPTED} else PATH, _said(to))


def _write_answer(idea_id: int, to: IdeaState | None) -> None:
    ticks, words, at = read_ticks(request.form), request.form.get("loi", ""), clock.now()
    with acting() as (session, actor):
        idea = idea_in_reach(session, actor, idea_id)
        if to is None:
            save_ticks(session, actor, idea, ticks, at)
            return
        if to is IdeaState.ACCEPTED:
            accept_idea(session, actor, idea, ticks, words, at)
        else:
            turn_away(session, actor, idea, to, ticks, words, at)
        send_to_members(session, Letter.IDEA_ANSWERED, idea.producer_id, at, idea.id)


def _said(to: IdeaState | None) -> str:
    said = {
        IdeaState.ACCEPTED: _("Đã nhận và ghi số vào sổ của xã. Cơ sở được báo."),
        IdeaState.RETURNED: _("Đã trả lại. Cơ sở đọc được lời của bạn."),
        IdeaState.DECLINED: _("Đã ghi không nhận. Cơ sở đọc được lời của bạn."),
    }
    return said[to] if to else _("Đã lưu phần xem xét.")


@door.post(f"/y-tuong/{IDEA}/tiem-nang")
@requires(*OFFICE)
def choose_idea(idea_id: int) -> Response:
    """Count an idea as a potential product, or no longer."""
    potential = request.form.get("co") == "1"
    with acting() as (session, actor):
        mark_potential(session, actor, idea_in_reach(session, actor, idea_id), potential, clock.now())
    if not potential:
        return go(f"{PATH}/{idea_id}", _("Đã bỏ khỏi danh sách tiềm năng."))
    return go(f"{PATH}/{idea_id}/lo-trinh", _("Đã đưa vào danh sách tiềm năng. Mời lập lộ trình."))


@door.get(f"/y-tuong/{IDEA}/phieu")
@requires(*OFFICE)
def print_slip(idea_id: int) -> Response:
    """Show the registration slip with the checklist, ready to be printed and signed."""
    idea = _find(idea_id)
    rubric = rubric_of_set(idea.set_number)
    return page(
        "idea_slip", idea=idea, code=slip_code(idea), rubric=rubric, texts=IDEA_TEXTS, checks=IDEA_CHECKS
    )


def read_year() -> int | None:
    """Return the year that the address asks for, None for all."""
    return whole_number(request.args.get("nam", ""), MAXYEAR) or None


def _shelf() -> Shelf:
    typed = request.args.get("muc", "")
    return Shelf(typed) if typed in set(Shelf) else Shelf.WAITING


def _find(idea_id: int) -> ProductIdea:
    return idea_in_reach(db.session(), require_actor(), idea_id, *whole_idea())


def _idea_page(idea: ProductIdea, faults: Faults = ()) -> Response:
    waits = idea.state is IdeaState.SUBMITTED
    typed: Mapping[str, str] = request.form if request.method == "POST" else ticks_as_typed(idea)
    return page(
        "idea",
        faults=faults,
        idea=idea,
        waits=waits,
        typed=typed,
        hints=list_hints(db.session(), idea) if waits else {},
        code=slip_code(idea),
        rubric=rubric_of_set(idea.set_number),
        checks=IDEA_CHECKS,
        states=IDEA_STATES,
        plan_states=PLAN_STATES,
        texts=IDEA_TEXTS,
        day=clock.today(),
    )
