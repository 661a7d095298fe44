"""What people say and ask: answered, replied to, and reported to the desk where it breaks a rule."""

from collections.abc import Callable
from typing import Any, TypeAlias

from flask import Response, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.permissions import Actor
from marketplace.accounts.roles import Role
from marketplace.database import db
from marketplace.producers.models import Producer
from marketplace.reviews.asking import answer_question, reply_to_review
from marketplace.reviews.errors import InvalidVoice, VoiceHidden
from marketplace.reviews.models import Review, Shown, Voice
from marketplace.reviews.moderation import report_voice
from marketplace.reviews.queries import (
    count_unanswered,
    get_question_of,
    get_review_of,
    list_questions_for,
    list_reviews_for,
    rate_producer,
)
from marketplace.reviews.reading import LONGEST_REPLY, LONGEST_REPORT, SHORTEST_REPORT, read_words
from marketplace.web.addresses import page_url
from marketplace.web.guards import requires
from marketplace.web.refusals import explain
from marketplace.web.visitors import acting
from marketplace.web.voice_words import BROKEN_RULES
from marketplace.web.words import gettext as _
from marketplace.workspace import door
from marketplace.workspace.answers import Faults, go, page
from marketplace.workspace.tenancy import own_producer, own_producer_in

REVIEWS = "danh-gia"
LAST_PAGE = 100_000
Finder: TypeAlias = Callable[[Session, int, int], Voice]


@door.get("/<slug>/khach-noi")
@requires(Role.OWNER, Role.STAFF)
def list_voices(slug: str) -> Response:
    """List what was asked, what waits first; or what buyers said of the goods."""
    producer, session = own_producer(slug), db.session()
    shows_reviews = request.args.get("xem") == REVIEWS
    number = min(max(request.args.get("trang", 1, type=int), 1), LAST_PAGE)
    find: Callable[..., Any] = list_reviews_for if shows_reviews else list_questions_for
    path, shown = f"/gian-hang/{slug}/khach-noi", REVIEWS if shows_reviews else None
    return page(
        "voices",
        producer,
        shows_reviews=shows_reviews,
        list=find(session, producer.id, number),
        unanswered=count_unanswered(session, producer.id),
        ratings=rate_producer(session, producer.id),
        address=lambda one: page_url(path, xem=shown, trang=one if one > 1 else None),
    )


@door.get("/<slug>/khach-noi/danh-gia/<int(max=2147483647):review_id>")
@requires(Role.OWNER, Role.STAFF)
def show_review(slug: str, review_id: int) -> Response:
    """Show a review, to reply to it or to report it."""
    return _voice_page(own_producer(slug), get_review_of, review_id)


@door.post("/<slug>/khach-noi/danh-gia/<int(max=2147483647):review_id>")
@requires(Role.OWNER, Role.STAFF)
def reply(slug: str, review_id: int) -> Response:
    """Reply to a review, or write another reply."""
    return _say(slug, get_review_of, review_id, reply_to_review, _("Đã đăng lời trả lời."))


@door.post("/<slug>/khach-noi/danh-gia/<int(max=2147483647):review_id>/bao")
@requires(Role.OWNER, Role.STAFF)
def report_review(slug: str, review_id: int) -> Response:
    """Report a review that breaks a rule to the desk."""
    return _report(slug, get_review_of, review_id)


@door.get("/<slug>/khach-noi/hoi-dap/<int(max=2147483647):question_id>")
@requires(Role.OWNER, Role.STAFF)
def show_question(slug: str, question_id: int) -> Response:
    """Show a question, to answer it or to report it."""
    return _voice_page(own_producer(slug), get_question_of, question_id)


@door.post("/<slug>/khach-noi/hoi-dap/<int(max=2147483647):question_id>")
@requires(Role.OWNER, Role.STAFF)
def answer(slug: str, question_id: int) -> Response:
    """Answer a question, which makes it public, or write another answer."""
    words = _("Đã trả lời. Câu hỏi nay hiện công khai.")
    return _say(slug, get_question_of, question_id, answer_question, words)


@door.post("/<slug>/khach-noi/hoi-dap/<int(max=2147483647):question_id>/bao")
@requires(Role.OWNER, Role.STAFF)
def report_question(slug: str, question_id: int) -> Response:
    """Report a question that breaks a rule to the desk."""
    return _report(slug, get_question_of, question_id)


def _say(slug: str, find: Finder, number: int, say: Callable[..., None], done: str) -> Response:
    producer = own_producer(slug)
    find(db.session(), producer.id, number)
    try:
        words = read_words("words", request.form.get("loi", ""), 1, LONGEST_REPLY)
        _act(slug, find, number, lambda *given: say(*given, words, clock.now()))
    except InvalidVoice as refusal:
        return _voice_page(producer, find, number, [("loi", explain(refusal))])
    except VoiceHidden as refusal:
        return _voice_page(own_producer(slug), find, number, [("loi", explain(refusal))], refusal.status)
    return go(_back(slug, find), done)


def _report(slug: str, find: Finder, number: int) -> Response:
    producer = own_producer(slug)
    find(db.session(), producer.id, number)
    try:
        words = read_words("report", request.form.get("bao", ""), SHORTEST_REPORT, LONGEST_REPORT)
    except InvalidVoice as refusal:
        return _voice_page(producer, find, number, [("bao", explain(refusal))])

    def tell(session: Session, actor: Actor, voice: Voice) -> bool:
        return report_voice(session, actor, voice, words, clock.now())

    taken = _act(slug, find, number, tell)
    looks = _("Văn phòng OCOP xem trong 3 ngày làm việc.")
    return go(_back(slug, find), looks if taken else _("Văn phòng OCOP đang xem hoặc đã xem lời này."))


def _act(slug: str, find: Finder, number: int, deed: Callable[[Session, Actor, Voice], Any]) -> Any:
    with acting() as (session, actor):
        own = own_producer_in(session, actor, slug)
        return deed(session, actor, find(session, own.id, number))


def _back(slug: str, find: Finder) -> str:
    return f"/gian-hang/{slug}/khach-noi" + (f"?xem={REVIEWS}" if find is get_review_of else "")


def _voice_page(
    producer: Producer, find: Finder, number: int, faults: Faults = (), status: int = 0
) -> Response:
    voice = find(db.session(), producer.id, number)
    is_review = isinstance(voice, Review)
    said = voice.reply if isinstance(voice, Review) else voice.answer
    return page(
        "voice",
        producer,
        faults=faults,
        status=status,
        voice=voice,
        is_review=is_review,
        said=said or "",
        hidden_because=BROKEN_RULES[voice.hidden_because] if voice.hidden_because else "",
        reportable=voice.shown is Shown.PUBLISHED and voice.decided_at is None,
        at=f"/gian-hang/{producer.slug}/khach-noi/{'danh-gia' if is_review else 'hoi-dap'}/{voice.id}",
        longest=LONGEST_REPLY,
        longest_report=LONGEST_REPORT,
        typed=request.form if faults else {"loi": said or ""},
    )
