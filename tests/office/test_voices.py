"""Reported reviews and questions at the desk: hidden for a rule, kept, put back; of its units alone."""

import pytest
from flask import Flask

from marketplace.accounts.roles import Role, Scope, ScopeKind
from marketplace.catalogue.models import Product
from marketplace.database import db, unit_of_work
from marketplace.ordering.stock import receive
from marketplace.places.models import AdminUnit
from marketplace.reviews.models import BrokenRule, Review, Shown, Voice
from marketplace.reviews.moderation import report_voice
from tests.conftest import NOON
from tests.factories import reviews
from tests.factories.accounts import a_member
from tests.factories.catalogue import a_variant
from tests.factories.deeds import deeds
from tests.factories.media import encoded
from tests.factories.office import Desk
from tests.factories.ordering import a_commune
from tests.factories.reviews import a_question, a_review
from tests.signin.browsing import Browser, write

REPORT = "Lời này chửi người bán."
CONTACT = "0987000111"


@pytest.fixture(params=["danh-gia", "hoi-dap"])
def voice(request: pytest.FixtureRequest, desk: Desk) -> Voice:
    """A review with a photograph, and an answered question; neither reported yet."""
    if request.param == "danh-gia":
        commune: AdminUnit = write(a_commune)
        with unit_of_work() as session:
            variant = a_variant(session, session.get_one(Product, desk.other_product))
            receive(session, variant.id, 5, "nhập kho", NOON)
        return a_review(variant, commune, photographs=[encoded()])
    with unit_of_work() as session:
        product = session.get_one(Product, desk.other_product)
        question = a_question(session, product, contact=CONTACT)
        question.answer, question.answered_at = "Mười ngày.", NOON
        return question


@pytest.fixture
def path(voice: Voice) -> str:
    """The page of a reported text."""
    with unit_of_work() as session:
        report_voice(session, None, reviews.fresh(session, voice), REPORT, NOON)
    return f"/van-phong/loi-khach/{'danh-gia' if isinstance(voice, Review) else 'hoi-dap'}/{voice.id}"


def fresh(voice: Voice) -> Voice:
    db.session.rollback()
    return reviews.fresh(db.session(), voice)


def test_what_was_reported_waits(office: Browser, voice: Voice, path: str) -> None:
    page = office.open("/van-phong/loi-khach")
    assert path in page.links()
    assert "Lời khách bị báo 1" in " ".join(page.texts(".onav a"))
    assert "còn" in page.one(".rows .tag").get_text()
    assert "/van-phong/loi-khach" in office.open("/van-phong").links()
    shown = office.open(path)
    assert REPORT in shown.words
    assert CONTACT not in shown.response.text
    assert "09" not in shown.one("main .voice").get_text()
    values = [box["value"] for box in shown.soup.select("[name=ket_qua]")]
    assert values == ["giu", *BrokenRule]


def test_nothing_waits_where_nothing_was_reported(office: Browser, voice: Voice) -> None:
    assert "Không có lời nào bị báo." in office.open("/van-phong/loi-khach").words
    kind = "danh-gia" if isinstance(voice, Review) else "hoi-dap"
    office.open(f"/van-phong/loi-khach/{kind}/{voice.id}", 404)
    office.send(f"/van-phong/loi-khach/{kind}/{voice.id}", 404, ket_qua="insult")
    assert fresh(voice).shown is Shown.PUBLISHED


def test_it_is_hidden_for_a_rule_and_put_back(office: Browser, voice: Voice, path: str, desk: Desk) -> None:
    public = "/san-pham/mat-ong-rung"
    assert voice.words in office.client.get(public).text
    office.send(path, ket_qua="personal")
    hidden = fresh(voice)
    assert (hidden.shown, hidden.hidden_because) == (Shown.HIDDEN, BrokenRule.PERSONAL)
    assert hidden.decided_by == desk.officer.id
    assert voice.words not in office.client.get(public).text
    assert "ẩn vì lộ thông tin riêng" in office.open("/van-phong/loi-khach").words
    assert "Đã ẩn vì lộ thông tin riêng" in office.open(path).words
    office.send(f"{path}/hien-lai")
    assert fresh(voice).shown is Shown.PUBLISHED
    assert voice.words in office.client.get(public).text
    office.send(f"{path}/hien-lai", 409)
    name = "review" if isinstance(voice, Review) else "question"
    for verb in ("hide", "restore"):
        [deed] = deeds(f"{name}:{verb}")
        assert deed.actor_id == desk.officer.id


def test_it_is_kept(office: Browser, voice: Voice, path: str) -> None:
    office.send(path, ket_qua="giu")
    assert fresh(voice).shown is Shown.PUBLISHED
    page = office.open(path)
    assert "Đang hiện" in page.words
    assert page.soup.find("form", action=path) is None


@pytest.mark.parametrize("chosen", ["", "bad_goods", "hidden"])
def test_no_other_reason_is_taken(chosen: str, office: Browser, voice: Voice, path: str) -> None:
    answer = office.send(path, 422, ket_qua=chosen)
    assert 'href="#ket_qua"' in answer.text
    assert fresh(voice).shown is Shown.REPORTED


def test_of_two_decisions_the_first_counts(office: Browser, voice: Voice, path: str) -> None:
    office.send(path, ket_qua="giu")
    office.send(path, 409, ket_qua="insult")
    assert fresh(voice).shown is Shown.PUBLISHED


def test_what_lies_elsewhere_is_not_there(app: Flask, desk: Desk, voice: Voice, path: str) -> None:
    for person in (desk.stranger, desk.owner):
        browser = Browser(app)
        browser.enter_as(person)
        browser.open(path, 404)
        browser.send(path, 404, ket_qua="insult")
        browser.send(f"{path}/hien-lai", 404)
    stranger = Browser(app)
    stranger.enter_as(desk.stranger)
    assert path not in stranger.open("/van-phong/loi-khach").links()
    assert fresh(voice).shown is Shown.REPORTED
    commune = Browser(app)
    commune.enter_as(desk.commune_officer)
    assert path in commune.open("/van-phong/loi-khach").links()


def test_nobody_judges_what_concerns_their_own(app: Flask, desk: Desk, voice: Voice, path: str) -> None:
    write(a_member, Scope(ScopeKind.PRODUCER, desk.producer), Role.STAFF, desk.second)
    browser = Browser(app)
    browser.enter_as(desk.second)
    browser.open(path, 404)
    browser.send(path, 404, ket_qua="insult")
    assert fresh(voice).shown is Shown.REPORTED
