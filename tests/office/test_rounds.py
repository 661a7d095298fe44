"""Rounds of evaluation and days offices are closed, as people keep them."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from marketplace.accounts.journal import Deed
from marketplace.certification.dossiers.models import DossierState, EvaluationRound, PublicHoliday
from marketplace.certification.dossiers.rounds import RoundFacts, ministry_round, suggest_round, usual_rounds
from marketplace.certification.dossiers.working_days import add_working_days, closed_days
from marketplace.database import db
from tests.factories.dossier_desk import DossierDesk, a_dossier_desk
from tests.factories.dossiers import a_round
from tests.signin.browsing import Browser, write

PATH, DAYS = "/van-phong/dot-danh-gia", "/van-phong/ngay-nghi"
FACTS = {"nam": "2027", "so": "3", "nhan_den": "31/07/2027", "xong": "30/09/2027"}
HOLIDAY = {"ngay": "2026-11-24", "ten": "Nghỉ bão", "nguon": "Công điện 01/CĐ-TTg"}


@pytest.fixture
def desk(app: Flask) -> DossierDesk:
    """A province with a dossier that was taken into a round."""
    found: DossierDesk = write(a_dossier_desk, DossierState.ACCEPTED)
    return found


def rounds() -> list[EvaluationRound]:
    db.session.rollback()
    wanted = sa.select(EvaluationRound).order_by(EvaluationRound.year, EvaluationRound.number)
    return list(db.session.scalars(wanted))


def deeds(action: str) -> int:
    return len(db.session.scalars(sa.select(Deed).where(Deed.action == action)).all())


def test_the_two_rounds_of_a_year_end_before_the_days_of_the_decision() -> None:
    first, second = usual_rounds(2027)
    assert (first.intake_until, first.decided_by) == (date(2027, 4, 29), date(2027, 6, 29))
    assert (second.intake_until, second.decided_by) == (date(2027, 10, 29), date(2027, 12, 29))


@pytest.mark.parametrize(
    ("day", "number"),
    [(date(2027, 1, 1), 1), (date(2027, 4, 29), 1), (date(2027, 4, 30), 2), (date(2027, 10, 30), None)],
)
def test_a_day_suggests_the_first_round_that_still_takes(day: date, number: int | None) -> None:
    held = [
        EvaluationRound(id=at, year=one.year, number=one.number, intake_until=one.intake_until)
        for at, one in enumerate(reversed(usual_rounds(2027)), start=1)
    ]
    found = suggest_round(held, day)
    assert (found.number if found else None) == number


@pytest.mark.parametrize(
    ("sent", "intake", "decided"),
    [
        (date(2027, 1, 29), date(2027, 1, 29), date(2027, 3, 29)),
        (date(2027, 1, 30), date(2027, 7, 29), date(2027, 9, 29)),
        (date(2027, 7, 29), date(2027, 7, 29), date(2027, 9, 29)),
        (date(2027, 7, 30), date(2028, 1, 29), date(2028, 3, 29)),
    ],
)
def test_the_ministry_holds_two_rounds_of_its_own(sent: date, intake: date, decided: date) -> None:
    """Article 7: before 30 July for 30 September, before 30 January for 30 March."""
    assert ministry_round(sent) == (intake, decided)


def test_the_page_tells_the_next_rounds_of_the_ministry(desk: DossierDesk, browser: Browser) -> None:
    browser.enter_as(desk.officer)
    words = browser.open(PATH).words
    assert "Nhận đến hết 29/01/2027, xong trước hết 29/03/2027." in words
    assert "Nhận đến hết 29/07/2027, xong trước hết 29/09/2027." in words


def test_both_rounds_are_opened_at_once_and_once(desk: DossierDesk, browser: Browser) -> None:
    browser.enter_as(desk.officer)
    for _time in range(2):
        browser.send(f"{PATH}/hai-dot", nam="2027")
    opened = [(one.number, one.unit_id) for one in rounds() if one.year == 2027]
    assert opened == [(1, desk.province), (2, desk.province)]
    assert deeds("round:open") == 2
    browser.send(f"{PATH}/hai-dot", nam="2031")
    assert [one for one in rounds() if one.year == 2031] == []
    page = browser.open(PATH)
    assert "Nhận đến hết 29/04/2027, xong trước hết 29/06/2027." in page.words


def test_one_more_round_is_opened(desk: DossierDesk, browser: Browser) -> None:
    browser.enter_as(desk.officer)
    browser.send(PATH, 303, **FACTS)
    [opened] = [one for one in rounds() if one.year == 2027]
    assert RoundFacts(
        year=opened.year,
        number=opened.number,
        intake_until=opened.intake_until,
        decided_by=opened.decided_by,
    ) == RoundFacts(year=2027, number=3, intake_until=date(2027, 7, 31), decided_by=date(2027, 9, 30))
    assert "Đợt 3 năm 2027 đã mở rồi" in browser.send(PATH, 422, **FACTS).text


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"nam": "xx"}, "nam"),
        ({"nam": "2101"}, "nam"),
        ({"so": "0"}, "so"),
        ({"so": "100"}, "so"),
        ({"nhan_den": ""}, "nhan_den"),
        ({"nhan_den": "1/1/2025"}, "nhan_den"),
        ({"xong": ""}, "xong"),
        ({"xong": "30/07/2027"}, "xong"),
        ({"xong": "30/07/2029"}, "xong"),
    ],
)
def test_days_that_cannot_be_are_refused(
    changes: dict[str, str], at: str, desk: DossierDesk, browser: Browser
) -> None:
    browser.enter_as(desk.officer)
    assert f'href="#{at}"' in browser.send(PATH, 422, **{**FACTS, **changes}).text
    assert len(rounds()) == 1


def test_an_administrator_says_of_which_province(desk: DossierDesk, browser: Browser) -> None:
    browser.enter_as(desk.administrator)
    assert 'href="#don_vi"' in browser.send(PATH, 422, **FACTS).text
    browser.send(f"{PATH}/hai-dot", 422, nam="2027")
    browser.send(PATH, 303, **FACTS, don_vi=desk.elsewhere)
    assert rounds()[-1].unit_id == desk.elsewhere
    browser.enter_as(desk.officer)
    browser.send(PATH, 303, **{**FACTS, "so": "4"}, don_vi=desk.elsewhere)
    assert rounds()[-1].unit_id == desk.province


def test_days_of_a_round_are_changed(desk: DossierDesk, browser: Browser) -> None:
    browser.enter_as(desk.officer)
    [one] = rounds()
    days = {"nhan_den": "2026-12-15", "xong": "2027-01-31"}
    browser.send(f"{PATH}/{one.id}", 303, **days)
    [moved] = rounds()
    assert (moved.intake_until, moved.decided_by) == (date(2026, 12, 15), date(2027, 1, 31))
    assert deeds("round:move") == 1
    browser.send(f"{PATH}/{one.id}", 422, **{**days, "xong": "2026-12-01"})
    browser.send(f"{PATH}/{one.id}", 303, **{**days, "xong": ""})
    assert rounds()[0].decided_by == date(2027, 1, 31)


def test_an_empty_round_goes_and_a_used_one_stays(desk: DossierDesk, browser: Browser) -> None:
    browser.enter_as(desk.officer)
    [used] = rounds()
    empty = write(a_round, desk.province, year=2027, number=9).id
    assert "đã có hồ sơ" in browser.send(f"{PATH}/{used.id}/bo", 409).text
    browser.send(f"{PATH}/{empty}/bo")
    assert [one.id for one in rounds()] == [used.id]
    assert deeds("round:remove") == 1


def test_rounds_of_others_are_not_there(desk: DossierDesk, browser: Browser) -> None:
    [own] = rounds()
    browser.enter_as(desk.stranger)
    assert browser.open(PATH).soup.select("main .rows") == []
    browser.send(f"{PATH}/{own.id}", 404, nhan_den="2026-12-15", xong="2027-01-31")
    browser.send(f"{PATH}/{own.id}/bo", 404)
    browser.enter_as(desk.commune_officer)
    assert len(browser.open(PATH).soup.select("main .rows > li")) == 1
    assert browser.open(PATH).soup.select("main form") == []
    for rest in ("", "/hai-dot", f"/{own.id}", f"/{own.id}/bo"):
        browser.send(f"{PATH}{rest}", 404, **FACTS)
    browser.enter_as(desk.owner)
    browser.open(PATH, 404)
    browser.open(DAYS, 404)


def test_each_form_of_the_page_leads_somewhere(desk: DossierDesk, browser: Browser) -> None:
    write(a_round, desk.province, year=2027, number=9)
    browser.enter_as(desk.officer)
    actions = {str(form["action"]) for form in browser.open(PATH).soup.select("main form")}
    ids = [one.id for one in rounds()]
    assert actions == {PATH, f"{PATH}/hai-dot", *(f"{PATH}/{one}" for one in ids), f"{PATH}/{ids[1]}/bo"}


def test_a_day_is_kept_and_deadlines_count_it(desk: DossierDesk, browser: Browser) -> None:
    browser.enter_as(desk.administrator)
    friday = date(2026, 11, 20)
    assert add_working_days(friday, 2, closed_days(db.session())) == date(2026, 11, 24)
    browser.send(DAYS, 303, **HOLIDAY)
    db.session.rollback()
    assert add_working_days(friday, 2, closed_days(db.session())) == date(2026, 11, 25)
    browser.send(DAYS, 303, **{**HOLIDAY, "ngay": "28/11/2026", "ten": "Làm bù"})
    db.session.rollback()
    kept = {one.day: one.worked for one in db.session.scalars(sa.select(PublicHoliday))}
    assert kept == {date(2026, 11, 24): False, date(2026, 11, 28): True}
    page = browser.open(DAYS)
    assert "Nghỉ bão" in page.words
    assert "làm bù" in page.texts(".tag")
    assert "đã ghi rồi" in browser.send(DAYS, 422, **HOLIDAY).text
    browser.send(f"{DAYS}/2026-11-24/bo")
    browser.send(f"{DAYS}/2026-11-24/bo", 404)
    browser.send(f"{DAYS}/ngay-nao/bo", 404)
    assert (deeds("holiday:add"), deeds("holiday:remove")) == (2, 1)


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"ngay": "x"}, "ngay"),
        ({"ngay": "1/1/2024"}, "ngay"),
        ({"ten": " "}, "ten"),
        ({"ten": "x" * 121}, "ten"),
        ({"nguon": ""}, "nguon"),
        ({"nguon": "x" * 301}, "nguon"),
    ],
)
def test_a_day_needs_its_name_and_source(
    changes: dict[str, str], at: str, desk: DossierDesk, browser: Browser
) -> None:
    browser.enter_as(desk.administrator)
    assert f'href="#{at}"' in browser.send(DAYS, 422, **{**HOLIDAY, **changes}).text
    assert db.session.scalars(sa.select(PublicHoliday)).all() == []


@pytest.mark.parametrize("who", ["officer", "commune_officer", "stranger"])
def test_officers_read_the_days_and_change_none(who: str, desk: DossierDesk, browser: Browser) -> None:
    browser.enter_as(getattr(desk, who))
    assert browser.open(DAYS).soup.select("main form") == []
    browser.send(DAYS, 404, **HOLIDAY)
    browser.send(f"{DAYS}/2026-11-24/bo", 404)
    assert db.session.scalars(sa.select(PublicHoliday)).all() == []
