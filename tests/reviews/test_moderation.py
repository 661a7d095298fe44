"""Reports and the desk's word: hidden for a rule, kept, put back; and nothing goes off view by a report."""

import pytest
from flask import Flask

from marketplace.accounts.errors import TooManyAttempts
from marketplace.catalogue.models import Product, Variant
from marketplace.database import db, unit_of_work
from marketplace.errors import NotFound
from marketplace.places.models import AdminUnit
from marketplace.register import current_version
from marketplace.reviews.errors import VoiceSettled
from marketplace.reviews.models import BrokenRule, Question, Review, Shown, Voice
from marketplace.reviews.moderation import (
    claim_report,
    get_question,
    get_review,
    hide_voice,
    keep_voice,
    report_voice,
    show_again,
)
from marketplace.reviews.queries import rate_product
from tests.conftest import NOON
from tests.factories import reviews
from tests.factories.accounts import a_person
from tests.factories.deeds import deeds
from tests.factories.listings import an_officer
from tests.factories.reviews import a_question, a_review
from tests.signin.browsing import write

OFFICER = an_officer()
WORDS = "Lời này chửi người bán."


@pytest.fixture(autouse=True)
def desk(app: Flask) -> None:
    """The officer is somebody."""
    write(a_person, id=OFFICER.person_id)


@pytest.fixture(params=[Review, Question])
def voice(request: pytest.FixtureRequest, variant: Variant, commune: AdminUnit) -> Voice:
    """A review, and an answered question."""
    if request.param is Review:
        return a_review(variant, commune)
    with unit_of_work() as session:
        product = session.get_one(Product, variant.product_id)
        question = a_question(session, product, contact="0912345678")
        question.answer, question.answered_at = "Mười ngày.", NOON
        return question


def report(voice: Voice) -> bool:
    with unit_of_work() as session:
        return report_voice(session, None, again(voice), WORDS, NOON)


def again(voice: Voice) -> Voice:
    return reviews.fresh(db.session(), voice)


def hide(voice: Voice) -> None:
    with unit_of_work() as session:
        hide_voice(session, OFFICER, again(voice), BrokenRule.INSULT, NOON)


def get(voice: Voice) -> Voice:
    db.session.rollback()
    find = get_review if isinstance(voice, Review) else get_question
    return find(db.session(), voice.id)


def test_a_report_takes_nothing_off_view(voice: Voice) -> None:
    before = current_version()
    assert report(voice)
    assert get(voice).shown is Shown.REPORTED
    assert (again(voice).report_words, again(voice).reported_at) == (WORDS, NOON)
    assert current_version() == before
    assert not report(voice)
    name = "review" if isinstance(voice, Review) else "question"
    assert [deed.actor_id for deed in deeds(f"{name}:report")] == [None]


def test_what_breaks_a_rule_is_hidden_with_the_rule(voice: Voice) -> None:
    report(voice)
    before = current_version()
    hide(voice)
    db.session.rollback()
    assert current_version() > before
    hidden = again(voice)
    assert (hidden.shown, hidden.hidden_because) == (Shown.HIDDEN, BrokenRule.INSULT)
    assert (hidden.decided_at, hidden.decided_by) == (NOON, OFFICER.person_id)
    with pytest.raises(NotFound):
        get(voice)
    assert rate_product(db.session(), voice.product_id).count == 0
    if isinstance(hidden, Question):
        assert hidden.contact is None
    [deed] = deeds(f"{'review' if isinstance(voice, Review) else 'question'}:hide")
    assert '"rule":"insult"' in deed.data


def test_what_was_kept_is_not_looked_at_again(voice: Voice) -> None:
    report(voice)
    with unit_of_work() as session:
        keep_voice(session, OFFICER, again(voice), NOON)
    assert get(voice).shown is Shown.PUBLISHED
    assert not report(voice)
    assert again(voice).shown is Shown.PUBLISHED


def test_what_nobody_reported_is_not_decided_on(voice: Voice) -> None:
    with pytest.raises(VoiceSettled):
        hide(voice)
    with pytest.raises(VoiceSettled), unit_of_work() as session:
        keep_voice(session, OFFICER, again(voice), NOON)
    with pytest.raises(VoiceSettled), unit_of_work() as session:
        show_again(session, OFFICER, again(voice), NOON)
    assert again(voice).shown is Shown.PUBLISHED


def test_what_was_hidden_in_error_comes_back(voice: Voice) -> None:
    report(voice)
    hide(voice)
    assert not report(voice)
    with unit_of_work() as session:
        show_again(session, OFFICER, again(voice), NOON)
    assert (get(voice).shown, get(voice).hidden_because) == (Shown.PUBLISHED, None)


def test_reports_count_with_those_of_products(voice: Voice) -> None:
    for _ in range(10):
        claim_report("203.0.113.7", NOON)
    with pytest.raises(TooManyAttempts):
        claim_report("203.0.113.7", NOON)
    claim_report(None, NOON)


def test_questions_without_an_answer_are_nobodys_to_report(variant: Variant) -> None:
    with unit_of_work() as session:
        number = a_question(session, session.get_one(Product, variant.product_id)).id
    with pytest.raises(NotFound):
        get_question(db.session(), number)
