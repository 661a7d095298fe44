"""Reporting a review or a question that breaks a rule: by anybody, without an account."""

from collections.abc import Callable
from functools import partial

from flask import Response, make_response, render_template, request
from sqlalchemy.orm import Session

from marketplace import clock
from marketplace.accounts.errors import TooManyAttempts
from marketplace.database import db, unit_of_work
from marketplace.reviews.errors import InvalidVoice
from marketplace.reviews.models import Review, Voice
from marketplace.reviews.moderation import claim_report, get_question, get_review, report_voice
from marketplace.reviews.reading import LONGEST_REPORT, SHORTEST_REPORT, read_words
from marketplace.storefront import door
from marketplace.web.guards import Guard, guarded
from marketplace.web.refusals import explain

Faults = list[tuple[str, str]]


@door.get("/bao-cao/danh-gia/<int(max=2147483647):review_id>")
@guarded(Guard.VISITOR)
def ask_about_review(review_id: int) -> Response:
    """Ask what rule a review breaks."""
    return _page(get_review(db.session(), review_id))


@door.post("/bao-cao/danh-gia/<int(max=2147483647):review_id>")
@guarded(Guard.VISITOR)
def take_report_of_review(review_id: int) -> Response:
    """Take a report of a review, within the limits of all reports."""
    return _take(partial(get_review, voice_id=review_id))


@door.get("/bao-cao/hoi-dap/<int(max=2147483647):question_id>")
@guarded(Guard.VISITOR)
def ask_about_question(question_id: int) -> Response:
    """Ask what rule a question or its answer breaks."""
    return _page(get_question(db.session(), question_id))


@door.post("/bao-cao/hoi-dap/<int(max=2147483647):question_id>")
@guarded(Guard.VISITOR)
def take_report_of_question(question_id: int) -> Response:
    """Take a report of a question, within the limits of all reports."""
    return _take(partial(get_question, voice_id=question_id))


def _take(get: Callable[[Session], Voice]) -> Response:
    path = _path(get(db.session()))
    try:
        words = read_words("words", request.form.get("loi", ""), SHORTEST_REPORT, LONGEST_REPORT)
    except InvalidVoice as refusal:
        return _page(get(db.session()), [("loi", explain(refusal))])
    at = clock.now()
    try:
        claim_report(request.remote_addr, at)
    except TooManyAttempts as refusal:
        response = _page(get(db.session()), [("loi", explain(refusal))], refusal.status)
        response.headers["Retry-After"] = str(refusal.parameters["wait"])
        return response
    with unit_of_work() as session:
        taken = report_voice(session, None, get(session), words, at)
    return make_response(render_template("storefront/review_reported.html", taken=taken, back_path=path))


def _page(voice: Voice, faults: Faults | None = None, status: int = 422) -> Response:
    page = render_template(
        "storefront/review_report.html",
        voice=voice,
        is_review=isinstance(voice, Review),
        back_path=_path(voice),
        action=request.path,
        longest=LONGEST_REPORT,
        faults=faults or [],
        faulty=dict(faults or []),
        typed=request.form,
    )
    return make_response(page, status if faults else 200)


def _path(voice: Voice) -> str:
    end = "danh-gia" if isinstance(voice, Review) else "hoi-dap"
    return f"/san-pham/{voice.product.slug}/{end}"
