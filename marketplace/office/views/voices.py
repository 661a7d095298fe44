"""Reviews and questions at the desk: hidden for breaking a rule and no other reason, kept, or put back."""

from collections.abc import Callable
from typing import TypeAlias

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.answer_times import answer_due
from marketplace.database import db
from marketplace.office import door
from marketplace.office.answers import Faults, go, page
from marketplace.office.deadlines import TimeLeft, time_left
from marketplace.office.tenancy import OFFICE, Reach
from marketplace.office.voices import list_voices, question_in_reach, review_in_reach
from marketplace.reviews.models import BrokenRule, Question, Review, Shown, Voice
from marketplace.reviews.moderation import DAYS_FOR_VOICES, hide_voice, keep_voice, name_of, show_again
from marketplace.web.guards import requires
from marketplace.web.visitors import acting, require_actor
from marketplace.web.voice_words import BROKEN_RULES
from marketplace.web.words import gettext as _

PATH = "/van-phong/loi-khach"
KEPT = "giu"
Finder: TypeAlias = Callable[[Session, Actor, int], Voice]


@door.get("/loi-khach")
@requires(*OFFICE)
def list_reported_voices() -> Response:
    """List what was reported and waits, and what is hidden."""
    session, reach = db.session(), Reach.of(require_actor())
    return page(
        "voices",
        reviews=list_voices(session, reach, Review, Shown.REPORTED),
        questions=list_voices(session, reach, Question, Shown.REPORTED),
        hidden_reviews=list_voices(session, reach, Review, Shown.HIDDEN),
        hidden_questions=list_voices(session, reach, Question, Shown.HIDDEN),
        left=_left,
        rules=BROKEN_RULES,
    )


@door.get("/loi-khach/danh-gia/<int(max=2147483647):review_id>")
@requires(*OFFICE)
def show_reported_review(review_id: int) -> Response:
    """Show a review that was reported, without anything of its order."""
    return _voice_page(review_in_reach, review_id)


@door.post("/loi-khach/danh-gia/<int(max=2147483647):review_id>")
@requires(*OFFICE)
def judge_review(review_id: int) -> Response:
    """Keep a reported review, or hide it for the rule that it breaks."""
    return _judge(review_in_reach, review_id)


@door.post("/loi-khach/danh-gia/<int(max=2147483647):review_id>/hien-lai")
@requires(*OFFICE)
def restore_review(review_id: int) -> Response:
    """Put a hidden review back on view."""
    return _restore(review_in_reach, review_id)


@door.get("/loi-khach/hoi-dap/<int(max=2147483647):question_id>")
@requires(*OFFICE)
def show_reported_question(question_id: int) -> Response:
    """Show a question that was reported, without whom its answer was to be told."""
    return _voice_page(question_in_reach, question_id)


@door.post("/loi-khach/hoi-dap/<int(max=2147483647):question_id>")
@requires(*OFFICE)
def judge_question(question_id: int) -> Response:
    """Keep a reported question, or hide it for the rule that it breaks."""
    return _judge(question_in_reach, question_id)


@door.post("/loi-khach/hoi-dap/<int(max=2147483647):question_id>/hien-lai")
@requires(*OFFICE)
def restore_question(question_id: int) -> Response:
    """Put a hidden question back on view."""
    return _restore(question_in_reach, question_id)


def _judge(find: Finder, number: int) -> Response:
    find(db.session(), require_actor(), number)
    typed = request.form.get("ket_qua", "")
    if typed != KEPT and typed not in set(BrokenRule):
        return _voice_page(find, number, [("ket_qua", _("Mời chọn một kết quả."))])
    with acting() as (session, actor):
        voice = find(session, actor, number)
        if typed == KEPT:
            keep_voice(session, actor, voice, clock.now())
        else:
            hide_voice(session, actor, voice, BrokenRule(typed), clock.now())
    return go(PATH, _("Đã giữ lại.") if typed == KEPT else _("Đã ẩn, kèm lý do."))


def _restore(find: Finder, number: int) -> Response:
    with acting() as (session, actor):
        show_again(session, actor, find(session, actor, number), clock.now())
    return go(PATH, _("Đã cho hiện lại."))


def _voice_page(find: Finder, number: int, faults: Faults = ()) -> Response:
    voice = find(db.session(), require_actor(), number)
    end = "danh-gia" if isinstance(voice, Review) else "hoi-dap"
    return page(
        "voice",
        faults=faults,
        voice=voice,
        is_review=name_of(voice) == "review",
        at=f"{PATH}/{end}/{voice.id}",
        waits=voice.shown is Shown.REPORTED,
        hidden_because=BROKEN_RULES[voice.hidden_because] if voice.hidden_because else "",
        choices=[
            (KEPT, _("Giữ lại: không phạm quy định")),
            *((rule.value, _("Ẩn vì %(reason)s", reason=words)) for rule, words in BROKEN_RULES.items()),
        ],
        left=_left(voice),
        typed=request.form,
    )


def _left(voice: Voice) -> TimeLeft:
    due = answer_due(voice.reported_at, DAYS_FOR_VOICES) if voice.reported_at else None
    return time_left(due, clock.now())
