"""Letters to members of a council: each to whom it concerns, once, and none about what is over."""

from typing import Any

import pytest
from flask import Flask

from marketplace import clock
from marketplace.certification.councils.conflicts import declare_conflict
from marketplace.certification.councils.models import Position
from marketplace.certification.councils.sessions import call_member, excuse_member, open_session
from marketplace.database import db, unit_of_work
from marketplace.letters.matters import find_matter
from marketplace.letters.outbox import Kept
from marketplace.web.post import Letter
from tests.factories.councils import USUAL, Chamber, a_chamber
from tests.office.test_councils import LIST, at, case_at, entered
from tests.signin.browsing import Browser, letters

WITH_SECRETARY = (*USUAL, Position.SECRETARY)


def post(app: Flask) -> dict[str, list[Kept]]:
    """Return by address what was written to it until now."""
    sent: dict[str, list[Kept]] = {}
    for one in letters(app):
        sent.setdefault(one.to, []).append(one)
    return sent


def emails(chamber: Chamber, *numbers: int) -> set[str]:
    return {str(chamber.people[number].email) for number in numbers}


@pytest.fixture
def office(app: Flask) -> Browser:
    """A browser for the officer of the chamber that a test makes."""
    return Browser(app)


def test_everybody_is_called_when_a_session_is_planned(app: Flask, office: Browser) -> None:
    chamber = a_chamber(opened=False)
    office.enter_as(chamber.officer)
    plan: dict[str, Any] = {"ngay_hop": "2026-12-01", "gio_hop": "08:00", "noi": "Phòng họp B"}
    path = str(office.send(f"{LIST}/{chamber.council}/phien", **plan).location)
    sent = post(app)
    assert set(sent) == emails(chamber, *range(5))
    [letter] = sent[str(chamber.people[0].email)]
    assert letter.subject == "Mời dự phiên 2 năm 2026, 01/12/2026"
    assert "08:00 01/12/2026" in letter.body
    assert "Phòng họp B" in letter.body
    assert path in letter.body
    assert office.send(f"{LIST}/{chamber.council}/phien", **plan).location == path, "a second tap"
    assert len(post(app)[str(chamber.people[0].email)]) == 1
    office.send(f"{LIST}/{chamber.council}/phien", **{**plan, "gio_hop": "09:00"})
    assert len(post(app)[str(chamber.people[0].email)]) == 2


def test_a_member_who_is_called_later_hears_of_it_once(app: Flask, office: Browser) -> None:
    chamber = a_chamber(opened=False)
    office.enter_as(chamber.officer)
    member = chamber.members[4]
    with unit_of_work() as session:
        excuse_member(session, chamber.officer_now(), chamber.session, member, clock.now())
    for _ in range(2):
        office.send(at(chamber, f"/thanh-vien/{member}/moi"))
    sent = post(app)
    assert set(sent) == emails(chamber, 4)
    assert len(sent[str(chamber.people[4].email)]) == 1
    with unit_of_work() as session:
        assert not call_member(session, chamber.officer_now(), chamber.session, member, clock.now())


def test_who_was_called_hears_that_the_session_is_not_held(app: Flask, office: Browser) -> None:
    chamber = a_chamber(opened=False)
    office.enter_as(chamber.officer)
    office.send(at(chamber, "/huy"))
    sent = post(app)
    assert set(sent) == emails(chamber, *range(5))
    [letter] = sent[str(chamber.people[2].email)]
    assert letter.subject == "Huỷ phiên 1 năm 2026, 13:00 21/11/2026"
    assert "Hội đồng đánh giá tỉnh không họp phiên 1 năm 2026" in letter.body


def test_a_refused_deed_writes_to_nobody(app: Flask, office: Browser) -> None:
    chamber = a_chamber()
    office.enter_as(chamber.officer)
    for tail in ("/huy", "/mo", f"/thanh-vien/{chamber.members[0]}/moi"):
        office.send(at(chamber, tail), 409)
    assert post(app) == {}


def test_who_has_to_score_is_told_when_scoring_opens(app: Flask, office: Browser) -> None:
    chamber = a_chamber(WITH_SECRETARY, opened=False)
    with unit_of_work() as session:
        own = chamber.member_now(3), chamber.session, chamber.dossier, chamber.members[3]
        declare_conflict(session, *own, "Em ruột.", clock.now())
    office.enter_as(chamber.officer)
    office.send(at(chamber, "/mo"))
    sent = post(app)
    assert set(sent) == emails(chamber, 0, 1, 2, 4)
    [letter] = sent[str(chamber.people[0].email)]
    assert letter.subject == "Mời chấm: phiên 1 năm 2026"
    assert at(chamber) in letter.body


def test_who_signed_is_asked_to_sign_anew_after_a_discussion(app: Flask) -> None:
    chamber = a_chamber(dossiers=2)
    with unit_of_work() as session:
        own = chamber.member_now(4), chamber.session, chamber.dossier, chamber.members[4]
        declare_conflict(session, *own, "Em ruột.", clock.now())
    chamber.score(0, 1, 2, 3)
    entered(app, chamber, 0).send(case_at(chamber, "/thao-luan"), noi_dung="Xem lại nhãn.")
    sent = post(app)
    assert set(sent) == emails(chamber, 0, 1, 2, 3)
    assert "ký lại" in sent[str(chamber.people[1].email)][0].subject


def test_minutes_wait_for_everybody_who_sat_and_each_version_is_told(app: Flask, office: Browser) -> None:
    chamber = a_chamber(WITH_SECRETARY)
    chamber.score(*range(5))
    entered(app, chamber, 0).send(case_at(chamber, "/chot"), ly_do="")
    before = post(app)
    office.enter_as(chamber.officer)
    office.send(at(chamber, "/bien-ban"), bien_ban="Phiên đã chấm đủ.")
    sent = post(app)
    assert {one for one in sent if sent[one] != before.get(one)} == emails(chamber, *range(6))
    letter = sent[str(chamber.people[5].email)][0]
    assert letter.subject == "Mời ký biên bản: phiên 1 năm 2026"
    assert "bản 1" in letter.body
    assert at(chamber, "/bien-ban") in letter.body
    office.send(at(chamber, "/bien-ban"), bien_ban="Phiên đã chấm đủ.")
    assert post(app) == sent, "a second tap makes no version"


def test_only_the_latest_minutes_are_sent_to_who_has_not_signed_them(app: Flask, office: Browser) -> None:
    chamber = a_chamber()
    chamber.score(*range(5))
    entered(app, chamber, 0).send(case_at(chamber, "/chot"), ly_do="")
    before = post(app)
    office.enter_as(chamber.officer)
    for words in ("Bản thứ nhất.", "Bản thứ hai."):
        office.send(at(chamber, "/bien-ban"), bien_ban=words)
    entered(app, chamber, 1).send(at(chamber, "/bien-ban/ky"), ban="2")
    sent = post(app)
    assert {one for one in sent if sent[one] != before.get(one)} == emails(chamber, 0, 2, 3, 4)
    for number in (0, 2, 3, 4):
        address = str(chamber.people[number].email)
        [letter] = sent[address][: len(sent[address]) - len(before.get(address, []))]
        assert "bản 2" in letter.body


def test_who_was_excused_meanwhile_is_not_invited(app: Flask, office: Browser) -> None:
    chamber = a_chamber(opened=False)
    office.enter_as(chamber.officer)
    plan: dict[str, Any] = {"ngay_hop": "2026-12-01", "gio_hop": "08:00", "noi": "Phòng họp B"}
    path = str(office.send(f"{LIST}/{chamber.council}/phien", **plan).location)
    with unit_of_work() as session:
        held = int(path.rsplit("/", 1)[1])
        excuse_member(session, chamber.officer_now(), held, chamber.members[4], clock.now())
    assert set(post(app)) == emails(chamber, 0, 1, 2, 3)


def test_who_has_signed_meanwhile_is_not_asked_to_score(app: Flask, office: Browser) -> None:
    chamber = a_chamber(opened=False)
    office.enter_as(chamber.officer)
    office.send(at(chamber, "/mo"))
    chamber.score(0, 3)
    assert set(post(app)) == emails(chamber, 1, 2, 4)


def test_who_has_signed_anew_meanwhile_is_not_asked_to(app: Flask) -> None:
    chamber = a_chamber()
    chamber.score(*range(5))
    before = post(app)
    entered(app, chamber, 0).send(case_at(chamber, "/thao-luan"), noi_dung="Xem lại nhãn.")
    chamber.sign(2)
    sent = post(app)
    assert {one for one in sent if sent[one] != before.get(one)} == emails(chamber, 0, 1, 3, 4)


def test_minutes_are_not_sent_to_who_lost_the_seat(app: Flask, office: Browser) -> None:
    chamber = a_chamber(WITH_SECRETARY)
    chamber.score(*range(5))
    entered(app, chamber, 0).send(case_at(chamber, "/chot"), ly_do="")
    before = post(app)
    office.enter_as(chamber.officer)
    office.send(at(chamber, "/bien-ban"), bien_ban="Phiên đã chấm đủ.")
    with unit_of_work() as session:
        excuse_member(session, chamber.officer_now(), chamber.session, chamber.members[5], clock.now())
    sent = post(app)
    assert {one for one in sent if sent[one] != before.get(one)} == emails(chamber, *range(5))


def test_no_letter_tells_of_what_is_over(app: Flask) -> None:
    chamber = a_chamber(opened=False)

    def find(letter: Letter) -> dict[str, Any] | None:
        return find_matter(db.session(), letter, chamber.session)

    assert find(Letter.COUNCIL_CALLED)
    assert not find(Letter.COUNCIL_SCORING)
    db.session.rollback()
    with unit_of_work() as session:
        open_session(session, chamber.officer_now(), chamber.session, clock.now())
    assert not find(Letter.COUNCIL_CALLED)
    assert find(Letter.COUNCIL_SCORING)
    assert not find(Letter.COUNCIL_MINUTES)
    assert find_matter(db.session(), Letter.COUNCIL_CANCELLED, chamber.council + 1) is None
